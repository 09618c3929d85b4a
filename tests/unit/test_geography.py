"""The NIS table: counts, mergers, regions, agencies."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.codes.agency import Agency
from ledger.codes.region import PROVINCES, REFERENCE_REGIONS, Region
from ledger.geography import (
    MERGERS,
    agency_on,
    is_brussels,
    municipalities,
    municipality,
    province_of,
    region_on,
    resolve,
)

BEFORE, AFTER = date(2024, 12, 31), date(2025, 1, 1)


@pytest.mark.parametrize(("day", "count"), [(date(2018, 12, 31), 308), (date(2019, 1, 1), 300), (BEFORE, 300), (AFTER, 285)])
def test_as_many_flemish_municipalities_are_valid_as_there_were(day: date, count: int) -> None:
    assert sum(m.valid_on(day) and not is_brussels(m.nis) for m in municipalities()) == count


def test_brussels_has_its_nineteen() -> None:
    brussels = [m for m in municipalities() if m.region is Region.BRUSSEL]
    assert [m.nis for m in brussels] == [f"210{n:02}" for n in range(1, 20)]
    assert all(is_brussels(m.nis) and m.province is None for m in brussels)


def test_thirteen_mergers_of_28_municipalities_in_2025() -> None:
    mergers = [m for m in MERGERS if m.day == AFTER]
    gone = [m for m in municipalities() if m.valid_to == BEFORE]
    assert (len(mergers), len(gone) + sum(m.lives_on for m in mergers)) == (13, 28)


@pytest.mark.parametrize(
    ("old", "new"), [("71022", "71072"), ("46014", "46029"), ("46003", "46030"), ("11007", "11002"), ("11056", "46030"), ("73083", "73111")]
)
def test_a_merged_code_is_followed_by_its_successor_and_only_from_the_day_on(old: str, new: str) -> None:
    before, after = resolve(old, BEFORE), resolve(old, AFTER)
    assert before is not None
    assert after is not None
    assert (before.nis, after.nis) == (old, new)
    retired = municipality(old)
    assert retired is not None
    assert retired.valid_on(BEFORE)
    assert not retired.valid_on(AFTER)


def test_a_new_code_is_not_valid_before_the_merger() -> None:
    hasselt, antwerp = municipality("71072"), municipality("11002")
    assert hasselt is not None
    assert antwerp is not None
    assert not hasselt.valid_on(BEFORE)
    assert antwerp.valid_on(BEFORE)


def test_every_successor_exists_and_every_retired_code_has_one() -> None:
    for m in municipalities():
        assert (m.valid_to is None) == (m.successor is None), m
        assert m.successor is None or municipality(m.successor) is not None, m


def test_every_reference_region_has_municipalities_and_a_province() -> None:
    assert {m.region for m in municipalities()} == REFERENCE_REGIONS | {Region.BRUSSEL}
    assert {province_of(region) for region in REFERENCE_REGIONS} == PROVINCES
    assert province_of(Region.BRUSSEL) is None


def test_a_regions_province_is_that_of_its_municipalities_but_for_zwijndrecht() -> None:
    assert [m.nis for m in municipalities() if m.province is not province_of(m.region)] == ["11056"]


@pytest.mark.parametrize("nis", ["62063", "52011", "25112", "92094", "00000", "11003", "21020", "2100", ""])
def test_what_is_no_municipality_of_flanders_or_brussels_is_unknown(nis: str) -> None:
    assert municipality(nis) is None
    assert region_on(nis, AFTER) is None
    assert agency_on(nis, AFTER) is None


# Codes and names of the population's municipalities (domain-rules.md 7.3), by region.
WEIGHTED = {
    Region.ANTWERPEN: "11002 11029 11008 11040 11023 11007",
    Region.GENT: "44021 44083 43005 42025",
    Region.LIMBURG: "71022 71072 71016 71053 71004 73107",
    Region.OOST_BRABANT: "24062 24107 24001 24020",
    Region.HALLE_VILVOORDE: "23088 23027 23094 23002 23016",
    Region.RIVIERENLAND: "12025 12021 12040",
    Region.KEMPEN: "13040 13008 13025 13011",
    Region.WAASLAND: "46021 46014 46029 46003 46030",
    Region.DENDER: "41002 41048 42006",
    Region.ZUID_WEST_VLAANDEREN: "34022 34027 34040",
    Region.BRUGGE: "31005",
    Region.OOSTENDE: "35013",
    Region.MIDWEST: "36015",
    Region.VLAAMSE_ARDENNEN: "45041 45035",
    Region.WESTHOEK: "33011",
    Region.BRUSSEL: "21004 21012 21015 21001 21007 21009 21013 21010 21006 21011",
}


def test_the_populations_municipalities_lie_in_their_regions() -> None:
    found = {region: {region_on(nis, date(2023, 6, 1)) for nis in codes.split()} for region, codes in WEIGHTED.items()}
    assert found == {region: {region} for region in WEIGHTED}


@pytest.mark.parametrize(
    ("nis", "day", "agency"),
    [
        ("11002", BEFORE, Agency.ATLAS),
        ("11007", BEFORE, Agency.AGII),
        ("11007", AFTER, Agency.ATLAS),
        ("44021", AFTER, Agency.AMAL),
        ("21001", AFTER, Agency.BON),
        ("21019", AFTER, Agency.BON),
        ("24062", AFTER, Agency.AGII),
    ],
)
def test_the_agency_follows_the_residence(nis: str, day: date, agency: Agency) -> None:
    assert agency_on(nis, day) is agency
