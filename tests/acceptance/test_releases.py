"""Releases on a real ledger, and what the roles of the database may read."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from ledger.projection import columns_of
from ledger.publication import Cell, Definition, Value
from ledger.release import Quarter, moved
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.export.figures import publication
from streams.postgres.server import EmbeddedPostgres
from streams.releases import Release, Releases
from tests.acceptance.conftest import execute
from tests.acceptance.serving import Served, serving

QUARTER = Quarter(2024, 2)


@pytest.fixture(scope="module")
def released(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Release]]:
    """A sandbox with a simulated population, and the release of one closed quarter."""
    execute(postgres.dsn, "CREATE DATABASE released TEMPLATE ledger_template STRATEGY file_copy")
    try:
        with serving(postgres.dsn_of("released"), tmp_path_factory.mktemp("released") / "data") as served:
            served.publish(stream(150, 11, FaultProfile.REALISTIC))
            served.project()
            first = served.do(lambda: served.parts.releases.close(QUARTER))
            assert first is not None
            yield served, first
    finally:
        execute(postgres.dsn, "DROP DATABASE released WITH (FORCE)")


def test_a_release_is_what_was_known_on_the_closing_day(released: tuple[Served, Release]) -> None:
    served, first = released
    parts = served.parts
    assert (first.release, first.as_of, first.why.value) == ("2024-Q2.r0", QUARTER.last, "closing")
    told = served.do(lambda: parts.releases.tell("2024-Q2.r0"))
    again = served.do(lambda: publication(parts.figures, as_of=QUARTER.last, known_at=first.position))
    assert sorted(told.cells, key=str) == sorted(again.cells, key=str)
    entry = served.do(lambda: parts.store.read(first.position - 1, 2))
    assert entry[0].admitted_at.date() <= QUARTER.closes_on(30) <= entry[1].admitted_at.date()


def test_it_is_no_longer_due_and_the_others_are(released: tuple[Served, Release]) -> None:
    served, _ = released
    due = served.do(lambda: served.parts.releases.due())
    assert QUARTER not in due
    assert due == sorted(due)
    assert len(due) > 8


def test_a_revision_never_differs_by_one_to_four_and_says_through_what(released: tuple[Served, Release]) -> None:
    served, first = released
    parts = served.parts
    second = served.do(lambda: parts.releases.revise(QUARTER))
    assert second is not None, "years of later events moved it, and yearly closings passed"
    assert (second.revision, second.why.value) == (1, "yearly")
    told = served.do(lambda: parts.releases.tell(second.release))
    assert told.causes
    assert all(one.entries is None or one.entries >= 5 for one in told.causes)
    exact = served.do(lambda: publication(parts.figures, as_of=QUARTER.last, known_at=second.position, protected=False))
    # After the yearly closing only what can be told without pointing at somebody appears.
    third = served.do(lambda: parts.releases.revise(QUARTER))
    if third is not None:
        newest = served.do(lambda: publication(parts.figures, as_of=QUARTER.last, known_at=third.position, protected=False))
        anew = {one.indicator for one in served.do(lambda: parts.releases.tell(third.release)).changes}
        assert not [one for one in moved(exact.cells, newest.cells) if one.place[0] in anew and one.telling(5)]
    assert served.do(lambda: parts.releases.tell(first.release)).release == first, "an older release stays readable as it was"


def test_the_api_and_the_page_tell_releases(released: tuple[Served, Release]) -> None:
    served, first = released
    with served.client() as client:
        listed = client.get("/api/releases").raise_for_status().json()["releases"]
        assert first.release in [one["release"] for one in listed]
        one = client.get(f"/api/releases/{first.release}", params={"indicator": "ind-01"}).raise_for_status().json()
        assert {cell["indicator"] for cell in one["cells"]} == {"IND-01"}
        assert one["release"]["digest"] == first.digest
        assert client.get("/api/releases/2001-Q1.r0").status_code == 404
        assert first.release in client.get("/vrijgaven").text
        assert first.digest in client.get(f"/vrijgaven/{first.release}").text


async def _may(dsn: str, role: str, statement: str) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"SET ROLE {role}")
        await connection.fetch(statement)
    except asyncpg.InsufficientPrivilegeError:
        return False
    finally:
        await connection.close()
    return True


@pytest.mark.parametrize(
    ("role", "table", "allowed"),
    [
        ("ledger_analyst", "analysis.figure", True),
        ("ledger_analyst", "analysis.release", True),
        ("ledger_analyst", "ledger.entries", False),
        ("ledger_analyst", "ledger.release_exact", False),
        ("ledger_analyst", "view.facts", False),
        ("ledger_auditor", "ledger.entries", True),
        ("ledger_auditor", "analysis.figure", True),
        ("ledger_auditor", "ledger.stream_keys", False),
        ("ledger_auditor", "ledger.identities", False),
        ("ledger_auditor", "ledger.release_exact", False),
        ("ledger_auditor", "ledger.publishers", False),
    ],
)
def test_the_roles_read_what_is_theirs(released: tuple[Served, Release], role: str, table: str, allowed: bool) -> None:
    served, _ = released
    assert served.do(lambda: _may(served.parts.store.dsn, role, f"SELECT * FROM {table} LIMIT 1")) is allowed


def test_nobody_may_write_there(released: tuple[Served, Release]) -> None:
    served, _ = released
    for role in ("ledger_analyst", "ledger_auditor"):
        assert not served.do(lambda role=role: _may(served.parts.store.dsn, role, "DELETE FROM analysis.cause"))  # type: ignore[misc]


def test_every_column_of_the_schema_is_described_as_in_the_code(released: tuple[Served, Release]) -> None:
    served, _ = released

    async def comments() -> dict[tuple[str, str], str | None]:
        rows = await served.parts.store.pool.fetch(
            "SELECT c.relname, a.attname, col_description(c.oid, a.attnum) AS told "
            "FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relnamespace = 'analysis'::regnamespace AND c.relkind = 'r' AND a.attnum > 0"
        )
        return {(row["relname"], row["attname"]): row["told"] for row in rows}

    told = served.do(comments)
    assert [column for column, text in told.items() if not text] == []
    for table, row in (("figure", Cell), ("definition", Definition), ("value", Value)):
        assert {column.name: column.comment for column in columns_of(row)}.items() <= {
            name: text for (of, name), text in told.items() if of == table
        }.items()


def test_releases_know_nothing_of_an_empty_ledger(database_url: str, tmp_path: Path) -> None:
    with serving(database_url, tmp_path / "data") as served:
        assert served.do(lambda: served.parts.releases.due()) == []
        assert isinstance(served.parts.releases, Releases)
        assert served.do(lambda: served.parts.releases.revise(QUARTER)) is None


def test_a_quarter_that_two_release_at_once_is_released_once(released: tuple[Served, Release]) -> None:
    served, _ = released
    releases = served.parts.releases

    async def both() -> list[Release | None]:
        quarter = (await releases.due())[-1]
        return list(await asyncio.gather(releases.close(quarter), releases.close(quarter)))

    one, other = served.do(both, 300)
    assert one is not None
    assert one == other
    assert [each.release for each in served.do(releases.all)].count(one.release) == 1


def test_the_oldest_quarter_that_is_due_is_released_by_a_process_of_its_own(released: tuple[Served, Release]) -> None:
    served, _ = released
    parts = served.parts
    oldest = served.do(lambda: parts.releases.due())[0]
    child = subprocess.run(
        [sys.executable, "-m", "streams.closing", str(parts.settings.data), parts.store.dsn], capture_output=True, timeout=120, check=False
    )
    assert child.returncode == 0, child.stderr.decode()
    assert f"{oldest}.r0" in [one.release for one in served.do(lambda: parts.releases.all())]
    assert oldest not in served.do(lambda: parts.releases.due())
