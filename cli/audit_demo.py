"""``make demo-audit``: a ledger that an outside tool verifies, nine attacks on copies of it, and what caught each.

Everything runs as processes of this machine, in a temporary folder, and is gone afterwards: ``python -m cli.audit_demo [PEOPLE]``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import copy
import itertools
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg

from cli.audit_attacks import ATTACKS, Scene, a_changed_kafka_copy, told, verified
from cli.output import answer, say, table
from ledger.errors import LedgerError, UsageError
from ledger.transparency.note import SEED_BYTES
from simulation.faults import FaultProfile
from simulation.run import stream
from streams.entropy import Entropy
from streams.folder import DataFolder
from streams.kafka.broker import java_command
from streams.kafka.connection import quiet
from streams.postgres.cluster import DATABASE
from streams.postgres.migrate import migrate
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.store import Store
from streams.settings import Settings
from streams.witnessing import Witness

PEOPLE = 100
SEED = 2026
PATIENCE = 600.0
LEDGER = str(Path(sys.executable).parent / "ledger")
OUTSIDE = Path(__file__).parents[1] / "tests" / "outside"
FSCK = "github.com/transparency-dev/tessera/cmd/fsck"
_WHOLE = "Successfully fsck'd log"


@contextlib.contextmanager
def child(*arguments: str, said: Path, until: str, **environment: str) -> Iterator[str]:
    """A command that runs until the block is left; what it said once it said ``until``."""
    with said.open("wb") as out:
        process = subprocess.Popen([LEDGER, *arguments], env=os.environ | environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL)  # noqa: S603
    try:
        deadline = time.monotonic() + PATIENCE
        while until not in (text := said.read_text()):
            if process.poll() is not None or time.monotonic() > deadline:
                raise LedgerError(f"ledger {arguments[0]} did not start: {text.strip()[-400:]}")
            time.sleep(0.1)
        yield text
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def ask(data: Path, *arguments: str) -> dict[str, object]:
    """The answer of a command on the ledger in a folder."""
    done = subprocess.run(  # noqa: S603
        [LEDGER, *arguments, "--data", str(data), "--json"], capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False
    )
    if not done.stdout:
        raise LedgerError(f"ledger {arguments[0]} answered nothing: {done.stderr.decode()[-400:]}")
    found: dict[str, object] = json.loads(done.stdout)
    return found


def settled(data: Path) -> None:
    """Wait until every view stands at the head."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        standing = ask(data, "status")["projections"]
        assert isinstance(standing, list)
        if all(one["lag"] == 0 and one["state"] == "live" for one in standing):
            return
        time.sleep(0.5)
    raise LedgerError("the views did not reach the head in time")


def outside(folder: Path, url: str, key: str) -> str:
    """What fsck of transparency-dev/tessera says of the running ledger; why it was not asked, without Go."""
    if shutil.which("go") is None or not OUTSIDE.is_dir():
        return "skipped: there is no Go on this machine"
    environment = os.environ | {"GOTOOLCHAIN": "local", "GOWORK": "off", "CGO_ENABLED": "0"}
    build = ["go", "build", "-mod=readonly", "-buildvcs=false", "-o", str(folder / "fsck"), FSCK]
    built = subprocess.run(build, cwd=OUTSIDE, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
    if built.returncode != 0:
        return f"skipped: it cannot be built here ({built.stderr.strip().splitlines()[-1:]}); run 'make setup'"
    (folder / "key").write_text(f"{key}\n")
    command = [str(folder / "fsck"), "--ui=false", f"--storage_url={url}/tlog/", f"--public_key={folder / 'key'}"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)  # noqa: S603
    last = ran.stderr.strip().splitlines()[-1:]
    return "whole" if _WHOLE in ran.stderr else f"NOT WHOLE: {last}"


def play(people: int, folder: Path, *, kafka: bool) -> bool:
    """The whole demonstration; whether the sound ledger was found sound and every attack was caught."""
    data, lines = folder / "data", folder / "events.ndjson"
    events = list(stream(people, SEED, FaultProfile.HARSH))
    lines.write_bytes(b"".join(line.rstrip(b"\n") + b"\n" for line in events))
    with child("witness", "run", "--data", str(folder / "witness"), "--port", "0", said=folder / "w", until="LEDGER_WITNESSES") as heard:
        setting = heard.split("LEDGER_WITNESSES='")[1].split("'")[0]
        up = ("up", "--sandbox", "--empty", "--port", "0", "--data", str(data))
        with child(*up, said=folder / "u", until="http://", LEDGER_WITNESSES=setting):
            wait_for(data / "ledger.json")
            key = str(ask(data, "checkpoint", "--key")["key"])
            with Witness(folder / "witness", hold=False) as known:
                known.trust(key)
            published = ask(data, "publish", str(lines))
            settled(data)
            ask(data, "checkpoint", "--now")
            counts = ", ".join(f"{published[name]} {name}" for name in ("admitted", "duplicate", "refused"))
            answer(f"Events of {people} simulated people published: {counts}.")
            url = f"http://127.0.0.1:{json.loads((data / 'ledger.json').read_bytes())['port']}"
            found = outside(folder, url, key)
            answer(f"fsck of transparency-dev/tessera, over HTTP: {found}")
        settings = Settings(data=data, witnesses=setting)
        with DataFolder.open(data) as opened, EmbeddedPostgres(data) as server:
            work = _attack(opened, server, settings, events, folder, kafka=kafka)
            return asyncio.run(work) and not found.startswith("NOT")


def wait_for(file: Path) -> None:
    """Wait until it is there."""
    deadline = time.monotonic() + PATIENCE
    while not file.exists():
        if time.monotonic() > deadline:
            raise LedgerError(f"{file.name} did not appear in time")
        time.sleep(0.1)


async def _attack(
    opened: DataFolder, server: EmbeddedPostgres, settings: Settings, events: list[bytes], folder: Path, *, kafka: bool
) -> bool:
    numbers = itertools.count(1)
    chance = random.Random(SEED)  # noqa: S311  which row is attacked is no secret

    @contextlib.asynccontextmanager
    async def database(template: str) -> AsyncIterator[Store]:
        name = f"attacked_{next(numbers)}"
        await _execute(server.dsn_of("postgres"), f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            if template != DATABASE:
                await migrate(server.dsn_of(name))
            keys = copy.copy(opened.keys)
            if template != DATABASE:
                keys.log = Entropy().take(SEED_BYTES)  # another ledger, another log
            async with await Store.open(server.dsn_of(name), keys=keys, settings=settings) as store:
                yield store
        finally:
            await _execute(server.dsn_of("postgres"), f"DROP DATABASE {name} WITH (FORCE)")

    def trust(key: str) -> None:
        with Witness(folder / "witness", hold=False) as known:
            known.trust(key)

    plain = [json.dumps({k: v for k, v in json.loads(line).items() if k != "admittedat"}).encode() for line in events[:200]]
    scene = Scene(
        copy=lambda: database(DATABASE),
        empty=lambda: database("template0"),
        lines=plain,
        folder=folder,
        chance=chance,
        trust=trust,
        kafka=kafka,
    )
    async with scene.copy() as store:
        sound = told(await verified(store))
        answer(f"ledger verify, on the ledger as it is: {sound or 'all good'}")
    rows, caught = [], not sound
    for number, attack in enumerate(ATTACKS, 1):
        say(f"{number}. {attack.what} …")
        if attack.run is a_changed_kafka_copy and not kafka:
            rows.append((str(number), attack.what, "skipped", "there is no Java with the broker's jars here: run 'make setup'"))
            continue
        by = await attack.run(scene)
        caught &= bool(by)
        rows.append((str(number), attack.what, "caught" if by else "NOT CAUGHT", by))
    table(["", "attack", "", "what gave it away"], rows, title="Attacks, each on a copy")
    return caught


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def main() -> int:
    """Run it; the exit code is 1 when anything went uncaught."""
    parser = argparse.ArgumentParser(prog="python -m cli.audit_demo", description="A ledger, an outside tool, and nine attacks.")
    parser.add_argument("people", nargs="?", type=int, default=PEOPLE)
    parser.add_argument("--without-kafka", action="store_true", help="leave out the attack that needs a broker")
    given = parser.parse_args()
    kafka = not given.without_kafka
    try:
        java_command()
    except UsageError:
        kafka = False
    logging.disable(logging.CRITICAL)  # what goes wrong on purpose is told in the table
    try:
        with quiet(), tempfile.TemporaryDirectory(prefix="ledger-audit", ignore_cleanup_errors=True) as folder:
            return 0 if play(given.people, Path(folder), kafka=kafka) else 1
    except LedgerError as error:
        say(f"demo-audit: {error}")
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
