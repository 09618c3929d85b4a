"""How a projection is declared, found, given a table and folded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated

import msgspec
import pytest

from ledger.catalogue import StreamKind
from ledger.codes.roles import Role
from ledger.finding import EVERY_KIND
from ledger.projection import Column, Projection, columns_of, ddl, doc, projection, projections, projections_of, withdraw
from ledger.subject import Subject
from ledger.verdict import Position
from tests.given import Story
from tests.unit.finding_stories import contract


class Everything(msgspec.Struct, frozen=True):
    text: Annotated[str, doc("It's a text")]
    maybe: str | None
    count: int
    place: Position
    yes: bool
    day: date
    moment: datetime | None
    role: Role
    tags: tuple[str, ...]
    numbers: tuple[int, ...]
    nested: bytes


def test_annotations_become_columns() -> None:
    assert columns_of(Everything) == (
        Column("text", "text", False, "It's a text"),
        Column("maybe", "text", True),
        Column("count", "bigint", False),
        Column("place", "bigint", False),
        Column("yes", "boolean", False),
        Column("day", "date", False),
        Column("moment", "timestamp with time zone", True),
        Column("role", "text", False),
        Column("tags", "text[]", False),
        Column("numbers", "bigint[]", False),
        Column("nested", "jsonb", False),
    )


@pytest.mark.parametrize("hint", [complex, dict[str, int], str | int, tuple[str, int], object])
def test_what_no_column_can_hold_is_refused(hint: object) -> None:
    row = msgspec.defstruct("Row", [("wrong", hint)])
    with pytest.raises(TypeError, match=r"Row\.wrong"):
        columns_of(row)


@pytest.fixture
def declared() -> Iterable[Projection]:
    """A projection added on the fly: one function and its row, and no list edited elsewhere."""

    @projection("everything", kinds=[StreamKind.PERSON], row=Everything, nl="Alles", en="Everything", version=3, index=[("day", "role")])
    def everything(subject: Subject) -> Iterable[Everything]:
        moment = datetime(2025, 1, 1, tzinfo=UTC)
        for fact in subject.history.facts:
            yield Everything(
                "a", None, 1, Position(fact.entry.position), True, fact.date, moment, fact.entry.role, ("x",), (1, 2), b'{"a":1}'
            )

    yield projections()["everything"]
    withdraw("everything")
    assert "everything" not in projections()


def test_a_projection_is_added_by_declaring_it(declared: Projection) -> None:
    assert declared in projections_of(StreamKind.PERSON)
    assert declared not in projections_of(StreamKind.EDITION)
    assert declared.version == 3


def test_records_are_tuples_with_the_key_in_front_and_json_as_text(declared: Projection) -> None:
    story = Story()
    contract(story)
    (record,) = declared.records(story.subject())
    assert record == (
        story.stream, "a", None, 1, 1, True, date(2025, 1, 10), datetime(2025, 1, 1, tzinfo=UTC), "agency", ("x",), (1, 2), '{"a":1}',
    )  # fmt: skip


def test_the_table_of_a_projection(declared: Projection) -> None:
    text = ddl(declared, "view.everything_3_b")
    assert text.startswith('CREATE TABLE view.everything_3_b (\n    "key" text NOT NULL,\n    "text" text NOT NULL,\n    "maybe" text,\n')
    assert 'CREATE INDEX "everything_3_b_key_ix" ON view.everything_3_b ("key");' in text
    assert 'CREATE INDEX "everything_3_b_day_role_ix" ON view.everything_3_b ("day", "role");' in text
    assert "COMMENT ON COLUMN view.everything_3_b.\"text\" IS 'It''s a text';" in text


def test_a_name_is_taken_once(declared: Projection) -> None:
    with pytest.raises(ValueError, match="declared twice"):
        projection("everything", kinds=[StreamKind.PERSON], row=Everything, nl="", en="")(lambda subject: ())


def test_an_index_names_columns(declared: Projection) -> None:
    with pytest.raises(ValueError, match="colour"):
        projection("other", kinds=[StreamKind.PERSON], row=Everything, nl="", en="", index=[("colour",)])(lambda subject: ())


@pytest.mark.parametrize(
    "name", ["timeline", "facts", "cases", "deficits", "clocks", "findings", "flows", "tallies", "participation", "feeds"]
)
def test_the_first_catalogue(name: str) -> None:
    found = projections()[name]
    assert found.columns[0] == Column("key", "text", False, "Root stream that the row belongs to")
    assert all(column.comment for column in found.columns)
    assert found.nl
    assert found.en
    assert ddl(found, f"view.{name}_1").count("CREATE INDEX") == 1 + len(found.index)


def test_every_kind_of_stream_has_a_timeline() -> None:
    assert projections()["timeline"].kinds == EVERY_KIND


def test_signals_are_in_no_flow_and_marked_where_they_are() -> None:
    assert {declared.name for declared in projections_of(StreamKind.SIGNAL)} == {"timeline", "clocks", "findings", "signals"}
