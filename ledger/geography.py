"""The municipalities of Flanders and Brussels by NIS code, in time, with their region (domain.md 1.3, 3.9).

A merger either makes a new code or is taken up by an existing one, so validity is tested on the local date. A code that
is not valid on its date is admitted and flagged F05, and its successor is used. Walloon codes are not in the table:
the policy does not reach there, and such a code is refused R08.

Facts: NIS codes of Statbel; reference regions of the annex to the decree of 3 February 2023 (regiovorming), which the
mergers of 2019 are read back into. 308 Flemish municipalities until 2018, 300 until 2024, 285 since.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

import msgspec

from ledger.codes.agency import Agency
from ledger.codes.region import Region

ANTWERPEN = "11002"
GENT = "44021"


class Municipality(msgspec.Struct, frozen=True, kw_only=True):
    """One code and the local dates, both inclusive, between which it is valid."""

    nis: str
    name: str
    region: Region
    """Reference region, or ``brussel``."""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str | None = None
    """The code that its inhabitants live under after ``valid_to``."""

    def valid_on(self, day: date) -> bool:
        """Whether the code is valid on a local date."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    @property
    def province(self) -> Region | None:
        """The province, None in Brussels. Zwijndrecht (11056) is the one whose region lies in another province."""
        return _PROVINCE_BY_PREFIX.get(self.nis[0] if self.nis[0] != "2" else self.nis[:2])


def municipality(nis: str) -> Municipality | None:
    """The municipality with this code, valid or retired; None for a code that is not in the table (R08)."""
    return _municipalities().get(nis)


def municipalities() -> tuple[Municipality, ...]:
    """The whole table, by code."""
    return tuple(_municipalities().values())


def resolve(nis: str, day: date) -> Municipality | None:
    """Where a code's inhabitants live on a local date: the code itself, or its successor once it is retired."""
    found = municipality(nis)
    while found is not None and found.valid_to is not None and found.valid_to < day:
        found = municipality(found.successor) if found.successor else None
    return found


def region_on(nis: str, day: date) -> Region | None:
    """The reference region (or ``brussel``) of a residence on a local date; None for an unknown code."""
    found = resolve(nis, day)
    return found.region if found else None


def is_brussels(nis: str) -> bool:
    """Whether the code is one of the nineteen of the Brussels-Capital Region."""
    return nis in _BRUSSELS


def province_of(region: Region) -> Region | None:
    """The province of a reference region (a province is its own); None for Brussels."""
    return _PROVINCES.get(region)


def agency_on(nis: str, day: date) -> Agency | None:
    """The agency in whose territory a residence lies on a local date; None for an unknown code."""
    found = resolve(nis, day)
    if found is None:
        return None
    if found.region is Region.BRUSSEL:
        return Agency.BON
    return {ANTWERPEN: Agency.ATLAS, GENT: Agency.AMAL}.get(found.nis, Agency.AGII)


class Merger(msgspec.Struct, frozen=True):
    """From ``day`` on, the ``gone`` codes (with their names) live under the ``into`` code; new, unless it lived on."""

    day: date
    into: str
    gone: str
    lives_on: bool = False


_2019, _2025 = date(2019, 1, 1), date(2025, 1, 1)

MERGERS: tuple[Merger, ...] = (
    Merger(_2019, "12041", "12030 Puurs, 12034 Sint-Amands"),
    Merger(_2019, "44083", "44011 Deinze, 44049 Nevele"),
    Merger(_2019, "44084", "44001 Aalter, 44029 Knesselare"),
    Merger(_2019, "44085", "44036 Lovendegem, 44072 Waarschoot, 44080 Zomergem"),
    Merger(_2019, "45068", "45017 Kruishoutem, 45057 Zingem"),
    Merger(_2019, "72042", "71047 Opglabbeek, 72040 Meeuwen-Gruitrode"),
    Merger(_2019, "72043", "72025 Neerpelt, 72029 Overpelt"),
    Merger(_2025, "11002", "11007 Borsbeek", lives_on=True),
    Merger(_2025, "23106", "23023 Galmaarden, 23024 Gooik, 23032 Herne"),
    Merger(_2025, "37021", "37012 Ruiselede, 37018 Wingene"),
    Merger(_2025, "37022", "37007 Meulebeke, 37015 Tielt"),
    Merger(_2025, "44086", "44012 De Pinte, 44048 Nazareth"),
    Merger(_2025, "44087", "44034 Lochristi, 44073 Wachtebeke"),
    Merger(_2025, "44088", "44040 Melle, 44043 Merelbeke"),
    Merger(_2025, "46029", "44045 Moerbeke, 46014 Lokeren"),
    Merger(_2025, "46030", "11056 Zwijndrecht, 46003 Beveren, 46013 Kruibeke"),
    Merger(_2025, "71071", "71057 Tessenderlo, 71069 Ham"),
    Merger(_2025, "71072", "71022 Hasselt, 73040 Kortessem"),
    Merger(_2025, "73110", "73006 Bilzen, 73032 Hoeselt"),
    Merger(_2025, "73111", "73009 Borgloon, 73083 Tongeren"),
)
"""The mergers since the first date that an event may carry (2010)."""

_TODAY: Mapping[Region, str] = {
    Region.ANTWERPEN: """
        11001 Aartselaar, 11002 Antwerpen, 11004 Boechout, 11005 Boom, 11008 Brasschaat, 11009 Brecht, 11013 Edegem, 11016 Essen,
        11018 Hemiksem, 11021 Hove, 11022 Kalmthout, 11023 Kapellen, 11024 Kontich, 11025 Lint, 11029 Mortsel, 11030 Niel,
        11035 Ranst, 11037 Rumst, 11038 Schelle, 11039 Schilde, 11040 Schoten, 11044 Stabroek, 11050 Wijnegem, 11052 Wommelgem,
        11053 Wuustwezel, 11054 Zandhoven, 11055 Zoersel, 11057 Malle
    """,
    Region.RIVIERENLAND: """
        12002 Berlaar, 12005 Bonheiden, 12007 Bornem, 12009 Duffel, 12014 Heist-op-den-Berg, 12021 Lier, 12025 Mechelen,
        12026 Nijlen, 12029 Putte, 12035 Sint-Katelijne-Waver, 12040 Willebroek, 12041 Puurs-Sint-Amands
    """,
    Region.KEMPEN: """
        13001 Arendonk, 13002 Baarle-Hertog, 13003 Balen, 13004 Beerse, 13006 Dessel, 13008 Geel, 13010 Grobbendonk,
        13011 Herentals, 13012 Herenthout, 13013 Herselt, 13014 Hoogstraten, 13016 Hulshout, 13017 Kasterlee, 13019 Lille,
        13021 Meerhout, 13023 Merksplas, 13025 Mol, 13029 Olen, 13031 Oud-Turnhout, 13035 Ravels, 13036 Retie, 13037 Rijkevorsel,
        13040 Turnhout, 13044 Vorselaar, 13046 Vosselaar, 13049 Westerlo, 13053 Laakdal
    """,
    Region.HALLE_VILVOORDE: """
        23002 Asse, 23003 Beersel, 23009 Bever, 23016 Dilbeek, 23025 Grimbergen, 23027 Halle, 23038 Kampenhout,
        23039 Kapelle-op-den-Bos, 23044 Liedekerke, 23045 Londerzeel, 23047 Machelen, 23050 Meise, 23052 Merchtem, 23060 Opwijk,
        23064 Pepingen, 23077 Sint-Pieters-Leeuw, 23081 Steenokkerzeel, 23086 Ternat, 23088 Vilvoorde, 23094 Zaventem,
        23096 Zemst, 23097 Roosdaal, 23098 Drogenbos, 23099 Kraainem, 23100 Linkebeek, 23101 Sint-Genesius-Rode, 23102 Wemmel,
        23103 Wezembeek-Oppem, 23104 Lennik, 23105 Affligem, 23106 Pajottegem
    """,
    Region.OOST_BRABANT: """
        23033 Hoeilaart, 23062 Overijse, 24001 Aarschot, 24007 Begijnendijk, 24008 Bekkevoort, 24009 Bertem, 24011 Bierbeek,
        24014 Boortmeerbeek, 24016 Boutersem, 24020 Diest, 24028 Geetbets, 24033 Haacht, 24038 Herent, 24041 Hoegaarden,
        24043 Holsbeek, 24045 Huldenberg, 24048 Keerbergen, 24054 Kortenaken, 24055 Kortenberg, 24059 Landen, 24062 Leuven,
        24066 Lubbeek, 24086 Oud-Heverlee, 24094 Rotselaar, 24104 Tervuren, 24107 Tienen, 24109 Tremelo, 24130 Zoutleeuw,
        24133 Linter, 24134 Scherpenheuvel-Zichem, 24135 Tielt-Winge, 24137 Glabbeek
    """,
    Region.BRUGGE: """
        31003 Beernem, 31004 Blankenberge, 31005 Brugge, 31006 Damme, 31012 Jabbeke, 31022 Oostkamp, 31033 Torhout,
        31040 Zedelgem, 31042 Zuienkerke, 31043 Knokke-Heist
    """,
    Region.OOSTENDE: """
        35002 Bredene, 35005 Gistel, 35006 Ichtegem, 35011 Middelkerke, 35013 Oostende, 35014 Oudenburg, 35029 De Haan
    """,
    Region.WESTHOEK: """
        32003 Diksmuide, 32006 Houthulst, 32010 Koekelare, 32011 Kortemark, 32030 Lo-Reninge, 33011 Ieper, 33016 Mesen,
        33021 Poperinge, 33037 Zonnebeke, 33039 Heuvelland, 33040 Langemark-Poelkapelle, 33041 Vleteren, 38002 Alveringem,
        38008 De Panne, 38014 Koksijde, 38016 Nieuwpoort, 38025 Veurne
    """,
    Region.MIDWEST: """
        36006 Hooglede, 36007 Ingelmunster, 36008 Izegem, 36010 Ledegem, 36011 Lichtervelde, 36012 Moorslede, 36015 Roeselare,
        36019 Staden, 37002 Dentergem, 37010 Oostrozebeke, 37011 Pittem, 37017 Wielsbeke, 37020 Ardooie, 37021 Wingene,
        37022 Tielt
    """,
    Region.ZUID_WEST_VLAANDEREN: """
        33029 Wervik, 34002 Anzegem, 34003 Avelgem, 34009 Deerlijk, 34013 Harelbeke, 34022 Kortrijk, 34023 Kuurne,
        34025 Lendelede, 34027 Menen, 34040 Waregem, 34041 Wevelgem, 34042 Zwevegem, 34043 Spiere-Helkijn
    """,
    Region.GENT: """
        42010 Laarne, 42025 Wetteren, 43002 Assenede, 43005 Eeklo, 43007 Kaprijke, 43010 Maldegem, 43014 Sint-Laureins,
        43018 Zelzate, 44013 Destelbergen, 44019 Evergem, 44020 Gavere, 44021 Gent, 44064 Sint-Martens-Latem, 44081 Zulte,
        44083 Deinze, 44084 Aalter, 44085 Lievegem, 44086 Nazareth-De Pinte, 44087 Lochristi, 44088 Merelbeke-Melle
    """,
    Region.VLAAMSE_ARDENNEN: """
        41027 Herzele, 41063 Sint-Lievens-Houtem, 41081 Zottegem, 44052 Oosterzele, 45035 Oudenaarde, 45041 Ronse, 45059 Brakel,
        45060 Kluisbergen, 45061 Wortegem-Petegem, 45062 Horebeke, 45063 Lierde, 45064 Maarkedal, 45065 Zwalm, 45068 Kruisem
    """,
    Region.DENDER: """
        41002 Aalst, 41011 Denderleeuw, 41018 Geraardsbergen, 41024 Haaltert, 41034 Lede, 41048 Ninove, 41082 Erpe-Mere,
        42003 Berlare, 42004 Buggenhout, 42006 Dendermonde, 42008 Hamme, 42011 Lebbeke, 42026 Wichelen, 42028 Zele
    """,
    Region.WAASLAND: """
        42023 Waasmunster, 46020 Sint-Gillis-Waas, 46021 Sint-Niklaas, 46024 Stekene, 46025 Temse, 46029 Lokeren,
        46030 Beveren-Kruibeke-Zwijndrecht
    """,
    Region.LIMBURG: """
        71002 As, 71004 Beringen, 71011 Diepenbeek, 71016 Genk, 71017 Gingelom, 71020 Halen, 71024 Herk-de-Stad,
        71034 Leopoldsburg, 71037 Lummen, 71045 Nieuwerkerken, 71053 Sint-Truiden, 71066 Zonhoven, 71067 Zutendaal,
        71070 Heusden-Zolder, 71071 Tessenderlo-Ham, 71072 Hasselt, 72003 Bocholt, 72004 Bree, 72018 Kinrooi, 72020 Lommel,
        72021 Maaseik, 72030 Peer, 72037 Hamont-Achel, 72038 Hechtel-Eksel, 72039 Houthalen-Helchteren, 72041 Dilsen-Stokkem,
        72042 Oudsbergen, 72043 Pelt, 73001 Alken, 73022 Heers, 73028 Herstappe, 73042 Lanaken, 73066 Riemst, 73098 Wellen,
        73107 Maasmechelen, 73109 Voeren, 73110 Bilzen-Hoeselt, 73111 Tongeren-Borgloon
    """,
    Region.BRUSSEL: """
        21001 Anderlecht, 21002 Oudergem, 21003 Sint-Agatha-Berchem, 21004 Brussel, 21005 Etterbeek, 21006 Evere, 21007 Vorst,
        21008 Ganshoren, 21009 Elsene, 21010 Jette, 21011 Koekelberg, 21012 Sint-Jans-Molenbeek, 21013 Sint-Gillis,
        21014 Sint-Joost-ten-Node, 21015 Schaarbeek, 21016 Ukkel, 21017 Watermaal-Bosvoorde, 21018 Sint-Lambrechts-Woluwe,
        21019 Sint-Pieters-Woluwe
    """,
}
"""The codes valid since 2025, by region."""


def _rows(text: str) -> list[tuple[str, str]]:
    """``nis name, nis name`` as pairs."""
    return [(nis, name) for nis, _, name in (item.strip().partition(" ") for item in text.split(","))]


@cache
def _municipalities() -> Mapping[str, Municipality]:
    born = {merger.into: merger.day for merger in MERGERS if not merger.lives_on}
    table = {
        nis: Municipality(nis=nis, name=name, region=region, valid_from=born.get(nis))
        for region, text in _TODAY.items()
        for nis, name in _rows(text)
    }
    for merger in MERGERS:
        last, region = merger.day - timedelta(days=1), table[merger.into].region
        for nis, name in _rows(merger.gone):
            table[nis] = Municipality(nis=nis, name=name, region=region, valid_to=last, successor=merger.into)
    return dict(sorted(table.items()))


_BRUSSELS = frozenset(nis for nis, _ in _rows(_TODAY[Region.BRUSSEL]))

_PROVINCE_BY_PREFIX: Mapping[str, Region] = {
    "1": Region.PROV_ANTWERPEN,
    "23": Region.PROV_VLAAMS_BRABANT,
    "24": Region.PROV_VLAAMS_BRABANT,
    "3": Region.PROV_WEST_VLAANDEREN,
    "4": Region.PROV_OOST_VLAANDEREN,
    "7": Region.PROV_LIMBURG,
}

_PROVINCES: Mapping[Region, Region] = {
    Region.PROV_ANTWERPEN: Region.PROV_ANTWERPEN,
    Region.ANTWERPEN: Region.PROV_ANTWERPEN,
    Region.KEMPEN: Region.PROV_ANTWERPEN,
    Region.RIVIERENLAND: Region.PROV_ANTWERPEN,
    Region.PROV_LIMBURG: Region.PROV_LIMBURG,
    Region.LIMBURG: Region.PROV_LIMBURG,
    Region.PROV_OOST_VLAANDEREN: Region.PROV_OOST_VLAANDEREN,
    Region.GENT: Region.PROV_OOST_VLAANDEREN,
    Region.VLAAMSE_ARDENNEN: Region.PROV_OOST_VLAANDEREN,
    Region.DENDER: Region.PROV_OOST_VLAANDEREN,
    Region.WAASLAND: Region.PROV_OOST_VLAANDEREN,
    Region.PROV_VLAAMS_BRABANT: Region.PROV_VLAAMS_BRABANT,
    Region.HALLE_VILVOORDE: Region.PROV_VLAAMS_BRABANT,
    Region.OOST_BRABANT: Region.PROV_VLAAMS_BRABANT,
    Region.PROV_WEST_VLAANDEREN: Region.PROV_WEST_VLAANDEREN,
    Region.BRUGGE: Region.PROV_WEST_VLAANDEREN,
    Region.OOSTENDE: Region.PROV_WEST_VLAANDEREN,
    Region.WESTHOEK: Region.PROV_WEST_VLAANDEREN,
    Region.MIDWEST: Region.PROV_WEST_VLAANDEREN,
    Region.ZUID_WEST_VLAANDEREN: Region.PROV_WEST_VLAANDEREN,
}
