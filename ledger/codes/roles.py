"""Who takes part: publisher roles (domain.md 3.1)."""

from ledger.code import Code, code_list


@code_list("3.1", nl="Rollen van bronnen", en="Publisher roles")
class Role(Code):
    """The role under which an organisation publishes; one credential carries one role."""

    AGENCY = "agency", "Agentschap Integratie en Inburgering", "Integration agency"
    HNB = "hnb", "Huis van het Nederlands Brussel", "Brussels house of Dutch"
    EDITION_ORGANISER = "edition_organiser", "Organisator sectortraject of groepsaanbod", "Edition organiser"
    EMPLOYER_SUPPORT = "employer_support", "Werkgeversondersteuning agentschap", "Agency unit for employers"
    VDAB = "vdab", "VDAB", "Flemish employment service (VDAB)"
    ACTIRIS = "actiris", "Actiris", "Brussels employment service (Actiris)"
    OCMW = "ocmw", "OCMW", "Public centre for social welfare (OCMW)"
    NARIC = "naric", "NARIC-Vlaanderen", "Academic recognition (NARIC)"
    RECOGNITION_AUTHORITY = "recognition_authority", "Andere erkenningsinstantie", "Other recognition authority"
    EVC_PROVIDER = "evc_provider", "EVC-testcentrum", "Validation centre (EVC)"
    TRAINING_PROVIDER = "training_provider", "Opleidingsverstrekker", "Training provider"
    NT2_PROVIDER = "nt2_provider", "Aanbieder NT2", "Dutch course provider"
    PARTNER = "partner", "Partnerorganisatie", "Partner or intermediary"
    SECTOR_BODY = "sector_body", "Sectorfonds of sectororganisatie", "Sector body"
    LOCAL_GOVERNMENT = "local_government", "Lokaal bestuur", "Local government"
    EQUALITY_BODY = "equality_body", "Gelijkheidsorgaan", "Equality body"
    POLICY_OWNER = "policy_owner", "Beleidseigenaar", "Policy owner"
    EVALUATOR = "evaluator", "Evaluator", "Evaluator"
    IDENTITY_SERVICE = "identity_service", "Identiteitsdienst", "Identity service"
    LEDGER_OPERATOR = "ledger_operator", "Beheerder register", "Ledger operator"
