"""What ``ledger witness`` does."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import uvicorn

from cli.output import answer, answer_json, say
from ledger.errors import DataFolderError, UsageError
from ledger.transparency.witness import origin_hash
from streams.witnessing import Witness
from web.witness import create_witness


class LogItem(msgspec.Struct, frozen=True):
    """A log that the witness knows."""

    origin: str
    key: str
    size: int | None
    """Entries of the last checkpoint that it cosigned; null before the first."""
    root: str | None


class WitnessAnswer(msgspec.Struct, frozen=True):
    """What ``ledger witness show --json`` answers."""

    name: str
    key: str
    logs: list[LogItem]
    contradicted: list[str]
    """Files with requests that contradict what a log showed before."""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(data: Path, *, name: str | None, logs: Sequence[str], host: str, port: int) -> int:
    """Answer logs until Ctrl-C or a SIGTERM."""
    with Witness(data, name=name) as witness, _listening(host, port) as listener:
        for key in logs:
            witness.trust(key)
        address = f"http://{host}:{listener.getsockname()[1]}"
        say(f"The witness {witness.key.verifier.name} listens on {address} and knows {len(witness.logs())} logs.")
        say(f"For a ledger that it is to cosign for: LEDGER_WITNESSES='{witness.key.verifier.text} {address}'")
        asyncio.run(_serve(witness, listener))
    say("Stopped. What was cosigned is kept.")
    return 0


async def _serve(witness: Witness, listener: socket.socket) -> None:
    server = _Server(
        uvicorn.Config(
            create_witness(witness),
            http="httptools",
            loop="none",
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
    )

    def stop() -> None:
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    await server.serve(sockets=[listener])


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror}; choose with --port") from error
    with listener:
        yield listener


def trust(data: Path, key: str) -> None:
    """Know another log."""
    with _looked_at(data) as witness:
        answer(f"The witness {witness.key.verifier.name} cosigns for {witness.trust(key).name}.")


def show(data: Path, *, as_json: bool) -> int:
    """Show what it keeps; 1 when something contradicts it."""
    with _looked_at(data) as witness:
        logs = []
        for key in witness.logs():
            kept = witness.kept(origin_hash(key.name))
            size, root = (kept.checkpoint.size, kept.checkpoint.root.hex()) if kept else (None, None)
            logs.append(LogItem(key.name, key.text, size, root))
        against = [str(file) for file in witness.contradictions()]
        told = WitnessAnswer(witness.key.verifier.name, witness.key.verifier.text, logs, against)
    if as_json:
        answer_json(msgspec.json.encode(told))
        return 1 if against else 0
    answer(told.key)
    for one in logs:
        answer(f"{one.origin}: {'nothing cosigned yet' if one.size is None else f'{one.size} entries, root {one.root}'}")
    for file in against:
        answer(f"CONTRADICTED: {file}")
    return 1 if against else 0


@contextlib.contextmanager
def _looked_at(data: Path) -> Iterator[Witness]:
    if not (data / "NAME").exists():
        raise DataFolderError(f"there is no witness in {data}: name its folder with --data, or make one with ledger witness run")
    with Witness(data, hold=False) as witness:
        yield witness
