"""What is done to what stands beside the entries is found too: views, keys, refusals, totals."""

from __future__ import annotations

import pytest

from streams.postgres.store import Store
from tests.attacks.scene import by_hand, dice, verified, wrong


async def _table(store: Store, view: str) -> str:
    return str(await store.pool.fetchval("SELECT table_name FROM ledger.projections WHERE name = $1 AND state = 'live'", view))


async def test_a_view_edited_by_hand(copy: Store) -> None:
    table = await _table(copy, "clocks")
    keys = [row["key"] for row in await copy.pool.fetch("SELECT DISTINCT key FROM view.clocks ORDER BY key")]
    key = dice().choice(keys)
    await by_hand(copy, f"UPDATE view.{table} SET deadline = deadline + 1 WHERE key = '{key}' AND deadline IS NOT NULL")
    found = await verified(copy)
    assert found.first is not None
    assert found.first.where == "view.clocks"
    assert found.first.what.startswith(f"{key}: the row is not what the entries give: deadline differ")


async def test_a_row_taken_from_a_view(copy: Store) -> None:
    table = await _table(copy, "timeline")
    row = await copy.pool.fetchrow("SELECT key, position FROM view.timeline ORDER BY key DESC LIMIT 1")
    assert row is not None
    await by_hand(copy, f"DELETE FROM view.{table} WHERE key = '{row['key']}' AND position = {row['position']}")
    said = wrong(await verified(copy))
    assert said["views"].startswith(f"{row['key']}: a row is missing that the entries give")


async def test_a_person_put_into_a_view(copy: Store) -> None:
    table = await _table(copy, "flows")
    await by_hand(copy, f"INSERT INTO view.{table} SELECT * FROM (SELECT (t).* FROM view.{table} t LIMIT 1) one")
    await by_hand(copy, f"UPDATE view.{table} SET key = 'zzz/nobody' WHERE ctid = (SELECT max(ctid) FROM view.{table})")
    assert "view" in str(wrong(await verified(copy)))


async def test_a_finding_over_many_taken_away(copy: Store) -> None:
    await by_hand(copy, "DELETE FROM view.aggregate_finding WHERE key = (SELECT min(key) FROM view.aggregate_finding)")
    assert "a finding is missing" in wrong(await verified(copy))["views"]


@pytest.mark.parametrize(
    ("statement", "check", "said"),
    [
        pytest.param(
            "UPDATE ledger.stream_keys SET wrapped = NULL, destroyed_by = 3 WHERE key_id = (SELECT min(key_id) FROM ledger.stream_keys)",
            "erasures",
            "was destroyed, and no erasure says so",
            id="a key destroyed",
        ),
        pytest.param(
            "DELETE FROM ledger.stream_keys WHERE key_id = (SELECT min(key_id) FROM ledger.entries)",
            "opening",
            "is not in ledger.stream_keys",
            id="a key deleted",
        ),
        pytest.param(
            "UPDATE ledger.stream_keys a SET wrapped = (SELECT wrapped FROM ledger.stream_keys b WHERE b.key_id <> a.key_id LIMIT 1) "
            "WHERE key_id = (SELECT min(key_id) FROM ledger.entries)",
            "opening",
            "does not open with the master key",
            id="a key of somebody else",
        ),
        pytest.param(
            "UPDATE ledger.refusals SET raw = raw || '\\x00' "
            "WHERE number = (SELECT min(number) FROM ledger.refusals WHERE raw IS NOT NULL)",
            "refusals",
            "does not open",
            id="a refused original changed",
        ),
        pytest.param(
            "DELETE FROM ledger.refusals WHERE number = (SELECT min(number) FROM ledger.refusals)", "verdicts", "refused", id="a refusal"
        ),
        pytest.param("UPDATE ledger.source_totals SET n = n + 1 WHERE outcome = 'admitted'", "verdicts", "was told", id="a total"),
        pytest.param(
            "UPDATE ledger.sequencer SET admitted_at = admitted_at - interval '1 day'", "moments", "the head says", id="the head set back"
        ),
    ],
)
async def test_what_stands_beside_the_entries(copy: Store, statement: str, check: str, said: str) -> None:
    await by_hand(copy, statement)
    found = wrong(await verified(copy))
    assert said in found[check], found
