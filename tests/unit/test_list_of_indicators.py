"""The evaluation's list: every row has its figures or says where else it stands, and every figure has its row."""

from __future__ import annotations

import re
from pathlib import Path

from ledger.indicator import indicators

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "list-of-indicators.md"
ROW = re.compile(r"^\| (I\d\d) \| (.*) \|$", re.MULTILINE)
FLOW = "IND-100"


def table() -> dict[str, str]:
    text, _, _ = PAGE.read_text(encoding="utf-8").partition("## What is no figure")
    return dict(ROW.findall(text))


def test_every_row_of_the_list_has_a_figure_or_says_where_it_stands() -> None:
    rows = table()
    assert list(rows) == [f"I{number:02}" for number in range(1, 86)]
    for row, said in rows.items():
        named = re.findall(r"`(IND-\d+)`", said)
        assert named or "page" in said, row
        assert set(named) <= set(indicators()), row


def test_every_figure_has_its_row_and_later_ones_its_number() -> None:
    named = {id: row for row, said in table().items() for id in re.findall(r"`(IND-\d+)`", said)}
    assert set(named) == set(indicators()) - {FLOW}
    for id, row in named.items():
        number = id.removeprefix("IND-")
        if len(number) == 3:
            assert number[1:] == row[1:], f"{id} stands in row {row}"
