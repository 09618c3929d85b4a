"""Where the population lives: municipalities with their weights, and the mergers of 1 January 2025.

Weights per 10 000 persons, codes and names from domain-rules.md 7.3; a municipality outside the list is
represented by its neighbour.
"""

from __future__ import annotations

import msgspec

from ledger.codes.region import Region
from simulation.draw import Table
from simulation.moment import day_of

MERGER_DAY = day_of("2025-01-01")


class Municipality(msgspec.Struct, frozen=True):
    """A municipality by its NIS code before the mergers of 2025, and the code that follows it, if it merged."""

    nis: str
    name: str
    region: Region
    weight: float
    successor: str | None = None

    def nis_on(self, day: int) -> str:
        """The code valid on a local day."""
        return self.successor if self.successor is not None and day >= MERGER_DAY else self.nis


ANTWERPEN = "11002"
GENT = "44021"

_ROWS: tuple[tuple[Region, str], ...] = (
    (
        Region.ANTWERPEN,
        "11002 Antwerpen 2000, 11029 Mortsel 90, 11008 Brasschaat 80, 11040 Schoten 80, 11023 Kapellen 60, 11007>11002 Borsbeek 70",
    ),
    (Region.GENT, "44021 Gent 900, 44083 Deinze 120, 43005 Eeklo 110, 42025 Wetteren 104"),
    (Region.LIMBURG, "71022>71072 Hasselt 240, 71016 Genk 290, 71053 Sint-Truiden 121, 71004 Beringen 120, 73107 Maasmechelen 110"),
    (Region.OOST_BRABANT, "24062 Leuven 430, 24107 Tienen 110, 24001 Aarschot 85, 24020 Diest 80"),
    (Region.HALLE_VILVOORDE, "23088 Vilvoorde 260, 23027 Halle 190, 23094 Zaventem 130, 23002 Asse 113, 23016 Dilbeek 100"),
    (Region.RIVIERENLAND, "12025 Mechelen 420, 12021 Lier 110, 12040 Willebroek 87"),
    (Region.KEMPEN, "13040 Turnhout 230, 13008 Geel 110, 13025 Mol 100, 13011 Herentals 89"),
    (Region.WAASLAND, "46021 Sint-Niklaas 280, 46014>46029 Lokeren 100, 46003>46030 Beveren 61"),
    (Region.DENDER, "41002 Aalst 212, 41048 Ninove 70, 42006 Dendermonde 70"),
    (Region.ZUID_WEST_VLAANDEREN, "34022 Kortrijk 212, 34027 Menen 80, 34040 Waregem 60"),
    (Region.BRUGGE, "31005 Brugge 176"),
    (Region.OOSTENDE, "35013 Oostende 176"),
    (Region.MIDWEST, "36015 Roeselare 132"),
    (Region.VLAAMSE_ARDENNEN, "45041 Ronse 54, 45035 Oudenaarde 34"),
    (Region.WESTHOEK, "33011 Ieper 44"),
    (
        Region.BRUSSEL,
        "21004 Brussel 190, 21012 Sint-Jans-Molenbeek 180, 21015 Schaarbeek 180, 21001 Anderlecht 190, 21007 Vorst 60, "
        "21009 Elsene 70, 21013 Sint-Gillis 50, 21010 Jette 60, 21006 Evere 60, 21011 Koekelberg 60",
    ),
)


def _municipalities() -> tuple[Municipality, ...]:
    made = []
    for region, row in _ROWS:
        for item in row.split(", "):
            codes, name, weight = item.split(" ")
            nis, _, successor = codes.partition(">")
            made.append(Municipality(nis, name, region, float(weight), successor or None))
    return tuple(made)


MUNICIPALITIES = _municipalities()
BY_NIS = {m.nis: m for m in MUNICIPALITIES}
EVERYWHERE = Table([(m, m.weight) for m in MUNICIPALITIES])
WITHIN: dict[Region, Table[Municipality]] = {
    region: Table([(m, m.weight) for m in MUNICIPALITIES if m.region is region]) for region, _ in _ROWS
}
REGIONS: tuple[Region, ...] = tuple(region for region, _ in _ROWS)
REGION_WEIGHT: dict[Region, float] = {region: WITHIN[region].total for region in REGIONS}
BY_SUCCESSOR: dict[str, str] = {m.successor: m.nis for m in MUNICIPALITIES if m.successor is not None and m.successor not in BY_NIS}
"""The old code of each code that the mergers made."""
