"""What the operator of a ledger can rewrite with every key of it in hand, a witness remembers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.audit_attacks import rewrite
from streams.checkpoints import Checkpoints
from streams.folder import Mode
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from streams.verifying import Outcome
from tests.attacks.scene import KEYS, by_hand, verified, wrong
from tests.attacks.watching import watched, watching
from tests.integration.feed import Feed


async def test_a_rewritten_tail_with_a_fresh_checkpoint_is_known_to_the_witness(copy: Store, tmp_path: Path) -> None:
    async with watching(tmp_path / "witness", Checkpoints(copy).key) as setting:
        watched(copy, setting)
        head = (await copy.head()).position
        found = await verified(copy)  # it asks the witness, who now knows this head
        assert wrong(found) == {}
        assert {one.check: one.outcome for one in found.checks}["witness"] is Outcome.GOOD
        # Every key in hand: the entry, its hash, leaf, tree, checkpoints and cosignatures are made anew.
        await rewrite(copy, head - 1)
        await by_hand(copy, "DELETE FROM ledger.cosignatures", f"DELETE FROM ledger.checkpoints WHERE size >= {head - 1}")
        fresh = await Checkpoints(copy).publish()
        assert fresh.checkpoint.size == head
        said = wrong(await verified(copy))
        assert list(said) == ["witness"]
        assert "saw another log than this" in said["witness"]
        assert "forked" in said["witness"]


async def test_entries_cut_off_with_a_fresh_checkpoint_are_known_to_the_witness(copy: Store, tmp_path: Path) -> None:
    async with watching(tmp_path / "witness", Checkpoints(copy).key) as setting:
        watched(copy, setting)
        assert wrong(await verified(copy)) == {}
        head = (await copy.head()).position
        last = await copy.pool.fetchrow("SELECT source FROM ledger.entries WHERE position = $1", head)
        assert last is not None
        await by_hand(
            copy,
            "DELETE FROM ledger.cosignatures",
            f"DELETE FROM ledger.checkpoints WHERE size >= {head - 1}",
            f"DELETE FROM ledger.entries WHERE position = {head}",
            f"UPDATE ledger.source_totals SET n = n - 1 WHERE source = '{last['source']}' AND outcome = 'admitted'",
            f"UPDATE ledger.sequencer SET position = {head - 1}, "
            f"admitted_at = (SELECT admitted_at FROM ledger.entries WHERE position = {head - 1})",
        )
        await Checkpoints(copy).publish()
        assert f"it has seen {head} entries of this log, and there are {head - 1}" in wrong(await verified(copy))["witness"]


class Hands:
    """A clock that somebody sets."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """What it shows."""
        return self.moment


async def test_a_clock_set_back_is_given_away_by_the_witness(database_url: str, tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    ledgers, theirs, feed = Hands(now - timedelta(days=9)), Hands(now - timedelta(days=9)), Feed(KEYS, sandbox=False)
    async with (
        await Store.open(database_url, keys=KEYS) as store,
        watching(tmp_path / "witness", Checkpoints(store).key, theirs) as setting,
    ):
        await store.found(Mode.ORDINARY, now)
        watched(store, setting)
        async with Sequencer(store, clock=ledgers) as sequencer:
            for day in (9, 5, 4):
                ledgers.moment = theirs.moment = now - timedelta(days=day)
                await sequencer.submit(feed.examined(feed.event(), feed.event()))
                await Checkpoints(store, clock=ledgers).publish()
            assert wrong(await verified(store)) == {}
            ledgers.moment, theirs.moment = now - timedelta(days=8), now
            await sequencer.submit(feed.examined(feed.event()))
            await Checkpoints(store).publish()
            await sequencer.submit(feed.examined(feed.event()))
        said = wrong(await verified(store))
        assert list(said) == ["clock"]
        assert said["clock"].startswith("entry 8 says that it was admitted at")
        assert said["clock"].endswith("the ledger's clock was set back")


async def test_a_clock_set_back_between_checkpoints_is_given_away_without_a_witness(database_url: str) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    clock, feed = Hands(now), Feed(KEYS, sandbox=False)
    async with await Store.open(database_url, keys=KEYS) as store:
        await store.found(Mode.ORDINARY, now)
        async with Sequencer(store, clock=clock) as sequencer:
            for day in (0, 3):
                clock.moment = now - timedelta(days=day)
                await sequencer.submit(feed.examined(feed.event()))
                await Checkpoints(store, clock=clock).publish()
        assert "the clock was set back" in wrong(await verified(store))["checkpoints"]
