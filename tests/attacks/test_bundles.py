"""Bundles hold what they say, in the ledger's own check and in the script that shares no code with it; what was changed in them shows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.audit_attacks import rewrite
from ledger.bundle import Kind, Line, check_bundle, check_one_log
from ledger.errors import BadInput, ProofBroken, UsageError
from streams.bundling import Bundling
from streams.checkpoints import Checkpoints
from streams.clock import SandboxClock
from streams.figures import Figures
from streams.postgres.store import Store
from streams.subjects import Subjects
from tests.attacks.scene import dice

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_bundle.py"
NOW = datetime(2026, 11, 24, tzinfo=UTC)


async def made(lines: AsyncIterator[Line]) -> list[bytes]:
    """The lines of a bundle."""
    return [line.encode() async for line in lines]


async def bundling(store: Store) -> Bundling:
    """Of this ledger."""
    ledger = await store.ledger()
    assert ledger is not None
    return Bundling(store, ledger, Checkpoints(store), Subjects(store))


def script(file: Path, lines: list[bytes], *arguments: str) -> subprocess.CompletedProcess[str]:
    """What the script says, run without anything of ours on its path."""
    file.write_bytes(b"".join(lines))
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(file), *arguments], capture_output=True, text=True, timeout=60, cwd=file.parent
    )


async def a_person(store: Store) -> str:
    """Somebody with many entries."""
    return str(
        await store.pool.fetchval(
            "SELECT stream FROM ledger.entries WHERE stream LIKE 'persoon/%' AND key_id IS NOT NULL "
            "GROUP BY stream ORDER BY count(*) DESC, stream LIMIT 1"
        )
    )


async def test_a_person_a_range_and_a_figure_are_checked_offline_by_both(copy: Store, tmp_path: Path) -> None:
    maker, key = await bundling(copy), Checkpoints(copy).key
    person = await a_person(copy)
    figures = Figures(copy, SandboxClock((await copy.head()).admitted_at))
    bundles = {
        Kind.PERSON: await made(maker.person(person, opened=True, now=NOW)),
        Kind.RANGE: await made(maker.range(1, 700, opened=False, now=NOW)),
        Kind.FIGURE: await made(maker.figure(await figures.figure("IND-01"), now=NOW)),
    }
    for kind, lines in bundles.items():
        report = check_bundle(lines, log=key)
        assert (report.kind, report.own_key) == (kind, False)
        said = script(tmp_path / kind, lines, "--key", key.text)
        assert (said.returncode, said.stderr) == (0, "")
        assert f"{report.entries} entries stand in that tree; the content of {report.opened} is there" in said.stdout
        assert report.root in said.stdout
        assert len(report.signed) > 2
    person_report = check_bundle(bundles[Kind.PERSON])
    assert person_report.opened == person_report.entries > 5
    assert person_report.own_key
    in_range = check_bundle(bundles[Kind.RANGE])
    assert in_range.entries == 700
    assert 0 < in_range.opened < 700
    assert b'"canonical"' not in b"".join(line for line in bundles[Kind.RANGE] if b"sealed" in line)
    figure = check_bundle(bundles[Kind.FIGURE])
    assert json.loads(bytes(figure.figure))["id"] == "IND-01"


async def test_what_was_changed_in_a_bundle_is_found_by_both(copy: Store, tmp_path: Path) -> None:
    rng = dice()
    maker = await bundling(copy)
    lines = await made(maker.person(await a_person(copy), opened=True, now=NOW))
    key = Checkpoints(copy).key
    entries = [at for at, line in enumerate(lines) if line.startswith(b'{"entry"')]
    chosen = rng.choice(entries[:-1])
    entry = json.loads(lines[chosen])["entry"]

    def changed(**what: object) -> list[bytes]:
        return [*lines[:chosen], json.dumps({"entry": entry | what}).encode() + b"\n", *lines[chosen + 1 :]]

    attempts = {
        f"entry {entry['position']}: its content is not what the log committed to": changed(
            canonical=entry["canonical"].replace('"version":', '"version": ')
        ),
        f"entry {entry['position']} is not the one that the log holds": changed(proof=entry["proof"][1:] + entry["proof"][:1]),
        "left out": [*lines[:chosen], *lines[chosen + 1 :]],
        "not whole": lines[:-1],
        "entries": [*lines[:-1], b'{"end":{"entries":1}}\n'],
        "log": [line.replace(b"trajectory-ledger/", b"trajectory-ledgers/") for line in lines],
    }
    for word, attempt in attempts.items():
        with pytest.raises((ProofBroken, BadInput)):
            check_bundle(attempt, log=key)
        said = script(tmp_path / "attempt", attempt, "--key", key.text)
        assert said.returncode == 1, word
        assert said.stderr.startswith("WRONG: "), word
        assert "Traceback" not in said.stderr
    for word in list(attempts)[:3]:
        with pytest.raises(ProofBroken, match=word):
            check_bundle(attempts[word], log=key)
    for _ in range(12):
        at = rng.choice([1, *entries])
        broken = bytearray(lines[at])
        place = rng.randrange(len(broken) - 1)
        broken[place] ^= 1
        print(f"line {at}, byte {place}")
        attempt = [*lines[:at], bytes(broken), *lines[at + 1 :]]
        with pytest.raises((ProofBroken, BadInput)):
            check_bundle(attempt, log=key)
        assert script(tmp_path / "attempt", attempt, "--key", key.text).returncode == 1, at


async def test_a_forked_log_shown_to_two_readers(copy: Store, tmp_path: Path) -> None:
    maker = await bundling(copy)
    one = await made(maker.range(1, 50, opened=False, now=NOW))
    head = (await copy.head()).position
    await rewrite(copy, head)
    async with copy.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("DELETE FROM ledger.checkpoints WHERE size = $1", head)
    await Checkpoints(copy).publish()
    other = await made((await bundling(copy)).range(1, 50, opened=False, now=NOW))
    reports = [check_bundle(lines) for lines in (one, other)]
    with pytest.raises(ProofBroken, match=f"was forked: it signed {head} entries"):
        check_one_log(reports)
    check_one_log([reports[0], reports[0]])


async def test_what_is_not_signed_yet_is_not_bundled(copy: Store) -> None:
    maker = await bundling(copy)
    head = (await copy.head()).position
    for first, last, why in [(head, head + 1, "not under a signed checkpoint"), (5, 4, "no range"), (1, 10**6, "at most")]:
        with pytest.raises(UsageError, match=why):
            await made(maker.range(first, last, opened=False, now=NOW))
