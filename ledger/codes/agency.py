"""The four integration agencies, by territory (domain.md 1.2, 3.9)."""

from ledger.code import Code, code_list


@code_list("1.2", nl="Agentschappen", en="Agencies")
class Agency(Code):
    """Whose territory a residence is in stands in :func:`ledger.geography.agency_on`."""

    AGII = "agii", "Agentschap Integratie en Inburgering", "Integration agency (AgII)"
    BON = "bon", "AgII-Bon (Brussel)", "AgII-Bon (Brussels)"
    ATLAS = "atlas", "Atlas (Antwerpen)", "Atlas (Antwerp)"
    AMAL = "amal", "Amal (Gent)", "Amal (Ghent)"
