"""Charts: what is hidden has a name and no shape, nothing is drawn of nothing, and every text is escaped."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from ledger.funnel import Unit, funnel
from web.charts.axes import grouped, percent_ticks, percent_top, plain_ticks, plain_top
from web.charts.funnels import Dot, funnel_plot
from web.charts.incidence import Course, Spot, incidence
from web.charts.process import Station, process
from web.charts.ranges import Range, folded, ranges
from web.charts.river import Node, Ribbon, river
from web.charts.stacked import Stack, Stretch, stacked
from web.charts.trend import Moment, trend

HIDDEN = Range("Geheim <&>", None, None, None, "afgeschermd", "Geheim: afgeschermd")
SHOWN = Range("Getoond", 0.4, 0.3, 0.5, "40,0 %", "Getoond: 40,0 %")


def shapes(drawing: str) -> list[str]:
    """What can be read out, in order; the drawing is sound XML."""
    ElementTree.fromstring(drawing)
    return re.findall(r'data-say="([^"]*)"', drawing)


def test_a_hidden_group_has_no_bar() -> None:
    drawn = ranges([HIDDEN, SHOWN], title="t", name="n")
    assert shapes(drawn) == ["Getoond: 40,0 %"]
    assert "Geheim &lt;&amp;&gt;" in drawn
    assert ranges([HIDDEN], title="t", name="n") == ""


def test_a_hidden_category_has_no_stretch() -> None:
    stack = Stack("", [Stretch(0, 0.6, "a"), Stretch(1, None, "b"), Stretch(2, None, "c")], "afgeschermd")
    assert shapes(stacked([stack], title="t", name="n")) == ["a"]


def test_a_hidden_node_has_no_ribbon() -> None:
    columns = [
        [Node("yes", "ja 90", 90, "ja: 90", "go"), Node("no", "nee", None, "nee", "stay")],
        [Node("yes", "ja 80", 80, "ook ja: 80", "go"), Node("no", "nee 20", 20, "ook nee: 20", "stay")],
    ]
    ribbons = [[Ribbon("yes", "yes", 80, "ja → ja: 80"), Ribbon("no", "no", 10, "nee → nee: 10")]]
    drawn = river(["a", "b"], columns, ribbons, total=100, title="t", name="n")
    assert shapes(drawn) == ["ja → ja: 80", "ja: 90", "ook ja: 80", "ook nee: 20"]


def test_a_hidden_quarter_is_a_gap_and_an_open_one_an_open_dot() -> None:
    moments = [
        Moment("2025-Q1", 0.4, 0.3, 0.5, "een", True),
        Moment("2025-Q2", None, None, None, "twee", True),
        Moment("2025-Q3", 0.5, 0.4, 0.6, "drie", False),
    ]
    drawn = trend(moments, title="t", name="n")
    assert shapes(drawn) == ["een", "drie"]
    assert drawn.count('class="course s0"') == 2
    assert 'class="spot open"' in drawn
    assert trend(moments[:2], title="t", name="n") == ""


def test_a_curve_of_nothing_is_not_drawn() -> None:
    assert incidence([Course("a", [])], title="t", name="n", days="dagen") == ""
    told = incidence([Course("a", [Spot(7, 0.2, 0.1, 0.3, "dag 7")])], title="t", name="n", days="dagen", marks=[(60, "dag 60")])
    assert shapes(told) == ["dag 7"]
    assert "dag 60" in told


def test_a_place_in_a_funnel_is_a_shape_of_its_own() -> None:
    units = [Unit(40, 100), Unit(52, 100), Unit(75, 100), Unit(40, 100)]
    found = funnel(units)
    assert found is not None
    drawn = funnel_plot([Dot(u.bottom, u.share, f"{u.top}", found.verdict(u)) for u in units], found, title="t", name="n", size="n")
    assert shapes(drawn) == ["40", "52", "75", "40"]
    assert "unit within" in drawn
    assert "unit apart" in drawn


def test_a_process_map_tells_each_station() -> None:
    stations = [Station("Contract", "100", ""), Station("Werk", "afgeschermd", "–")]
    assert shapes(process(stations, title="t", name="n")) == ["Contract: 100", "Werk: afgeschermd"]


@pytest.mark.parametrize("highest", [0.0, 0.03, 0.25, 0.31, 0.55, 0.99, 1.0, 1.15, 2.5])
def test_axes_end_above_what_they_show(highest: float) -> None:
    top = percent_top(highest)
    assert top >= highest
    assert percent_ticks(top)[-1][0] == 1.0
    assert plain_top(highest * 1000) >= highest * 1000


def test_a_ratio_above_all_has_room_and_thousands_stand_apart() -> None:
    drawn = ranges([Range("a", 0.9, 0.65, 1.15, "90 %", "a: 90 %")], title="t", name="n")
    assert "120 %" in drawn
    assert (grouped(7.5), grouped(0), grouped(1_000), grouped(150_000)) == ("7.5", "0", "1\u202f000", "150\u202f000")
    assert plain_ticks(1_000)[-1] == (1.0, "1\u202f000")


def test_a_long_label_takes_two_lines_and_only_more_is_cut() -> None:
    assert folded("Kort") == ["Kort"]
    assert folded("Beroepsinschakelingstijd of inschakelingsuitkering") == ["Beroepsinschakelingstijd of", "inschakelingsuitkering"]
    assert folded("Vervolg binnen 180 dagen na een sectortraject", 20) == ["Vervolg binnen 180", "dagen na een sector…"]
    assert folded("x" * 60) == ["x" * 37 + "…"]


def test_the_word_beside_the_last_line_stays_within_the_drawing() -> None:
    told = incidence(
        [Course("a", [Spot(7, 0.2, 0.1, 0.3, "dag 7")])], title="t", name="n", days="dagen", marks=[(60, "dag 60"), (730, "dag 730")]
    )
    early, late = (
        next(one for one in re.findall("<text[^>]*>[^<]*</text>", told) if one.endswith(f">dag {day}</text>")) for day in (60, 730)
    )
    assert "text-anchor" not in early
    assert 'text-anchor="end"' in late


def test_a_funnel_ends_where_its_units_do() -> None:
    units = [Unit(1, 40), Unit(100, 2_000), Unit(150, 2_500), Unit(200, 4_000)]
    found = funnel(units)
    assert found is not None
    drawn = funnel_plot([Dot(u.bottom, u.share, f"{u.top}", found.verdict(u)) for u in units], found, title="t", name="n", size="n")
    assert ">10 %<" in drawn
    assert ">100 %<" not in drawn
    assert "4\u202f000" in drawn
