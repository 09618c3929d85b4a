"""Provinces, the Brussels region and the fifteen reference regions (domain.md 3.9)."""

from ledger.code import Code, code_list


@code_list("3.9", nl="Regio's", en="Regions")
class Region(Code):
    """A person's region is read from the NIS table valid on the local date (:mod:`ledger.geography`)."""

    PROV_ANTWERPEN = "prov_antwerpen", "Provincie Antwerpen", "Province of Antwerp"
    PROV_LIMBURG = "prov_limburg", "Provincie Limburg", "Province of Limburg"
    PROV_OOST_VLAANDEREN = "prov_oost_vlaanderen", "Provincie Oost-Vlaanderen", "Province of East Flanders"
    PROV_VLAAMS_BRABANT = "prov_vlaams_brabant", "Provincie Vlaams-Brabant", "Province of Flemish Brabant"
    PROV_WEST_VLAANDEREN = "prov_west_vlaanderen", "Provincie West-Vlaanderen", "Province of West Flanders"
    BRUSSEL = "brussel", "Brussels Hoofdstedelijk Gewest", "Brussels-Capital Region"
    BRUGGE = "brugge", "Referentieregio Brugge", "Reference region Bruges"
    OOSTENDE = "oostende", "Referentieregio Oostende", "Reference region Ostend"
    WESTHOEK = "westhoek", "Referentieregio Westhoek", "Reference region Westhoek"
    MIDWEST = "midwest", "Referentieregio Midwest", "Reference region Midwest"
    ZUID_WEST_VLAANDEREN = "zuid_west_vlaanderen", "Referentieregio Zuid-West-Vlaanderen", "Reference region South West Flanders"
    GENT = "gent", "Referentieregio Gent", "Reference region Ghent"
    VLAAMSE_ARDENNEN = "vlaamse_ardennen", "Referentieregio Vlaamse Ardennen", "Reference region Flemish Ardennes"
    DENDER = "dender", "Referentieregio Dender", "Reference region Dender"
    WAASLAND = "waasland", "Referentieregio Waasland", "Reference region Waasland"
    ANTWERPEN = "antwerpen", "Referentieregio Antwerpen", "Reference region Antwerp"
    KEMPEN = "kempen", "Referentieregio Kempen", "Reference region Kempen"
    RIVIERENLAND = "rivierenland", "Referentieregio Rivierenland (Mechelen)", "Reference region Rivierenland (Mechelen)"
    HALLE_VILVOORDE = "halle_vilvoorde", "Referentieregio Halle-Vilvoorde", "Reference region Halle-Vilvoorde"
    OOST_BRABANT = "oost_brabant", "Referentieregio Oost-Brabant (Leuven)", "Reference region East Brabant (Leuven)"
    LIMBURG = "limburg", "Referentieregio Limburg", "Reference region Limburg"


PROVINCES: frozenset[Region] = frozenset(region for region in Region if region.value.startswith("prov_"))
"""The five Flemish provinces."""

REFERENCE_REGIONS: frozenset[Region] = frozenset(Region) - PROVINCES - {Region.BRUSSEL}
"""The fifteen reference regions of Flanders."""
