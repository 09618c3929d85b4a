"""How fast events come in over HTTP: events a second in batches, and how long a lone one waits. Run: python -m benchmarks.http

Everything is real: the server in a process of its own (uvicorn on uvloop, sequencer, sealing, an embedded PostgreSQL that waits
for the disk), the publishers here. They are a few lines of sockets, so that on two cores the client is not what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import msgspec
import psutil
import uvicorn
import uvloop

from benchmarks.sequencer import make
from ledger.identity import SANDBOX_PSEUDONYM_KEY
from streams.folder import DataFolder, Mode
from streams.keys import Keys
from streams.postgres.server import EmbeddedPostgres
from streams.settings import Settings
from streams.wiring import running
from tests.integration.feed import Feed
from web.app import create_app
from web.content import BATCH, STRUCTURED

READY = b"ready "


class _Totals(msgspec.Struct):
    admitted: int
    duplicate: int
    refused: int


_totals = msgspec.json.Decoder(_Totals)


async def serve(folder: Path, dsn: str) -> None:
    """The server's side, until its parent ends it."""
    settings = msgspec.structs.replace(Settings(data=folder), queue_events=100_000)
    with DataFolder.open(folder, Mode.SANDBOX) as opened, socket.create_server(("127.0.0.1", 0)) as listener:
        async with running(settings, dsn, opened) as parts:
            config = uvicorn.Config(create_app(parts), loop="none", http="httptools", log_config=None, access_log=False)
            server = uvicorn.Server(config)
            print(f"{READY.decode()}{listener.getsockname()[1]}", flush=True)
            await server.serve(sockets=[listener])


@contextlib.asynccontextmanager
async def served(folder: Path, dsn: str) -> AsyncIterator[tuple[int, psutil.Process]]:
    """A server in a process of its own: its port and process."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.http", "--serve", str(folder), dsn, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    try:
        line = await child.stdout.readline()
        if not line.startswith(READY):
            raise SystemExit("the server did not start")
        yield int(line.removeprefix(READY)), psutil.Process(child.pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        await child.wait()


def request(body: bytes, media: str) -> bytes:
    """A whole HTTP request."""
    head = f"POST /api/events HTTP/1.1\r\nHost: ledger\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: bytes) -> _Totals:
    """Send a request and read its answer."""
    writer.write(asked)
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    status, length = head.split(b" ", 2)[1], 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    body = await reader.readexactly(length)
    if status != b"200":
        raise SystemExit(f"answered {status.decode()}: {body[:300].decode()}")
    return _totals.decode(body)


def seconds_of(processes: Sequence[psutil.Process]) -> float:
    """Processor time of some processes so far: the measure that a busy machine does not spoil."""
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system
    return total


async def throughput(port: int, server: psutil.Process, requests: Sequence[bytes], size: int, callers: int) -> None:
    """Events a second with so many publishers, each waiting for its answer before its next request."""
    waiting: Iterator[bytes] = iter(requests)
    totals = _Totals(0, 0, 0)

    async def caller() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
        for asked in waiting:
            told = await exchange(reader, writer, asked)
            totals.admitted += told.admitted
            totals.duplicate += told.duplicate
            totals.refused += told.refused
        writer.close()

    database = [process for process in psutil.Process().children(recursive=True) if "postgres" in process.name()]
    began, own, theirs = time.perf_counter(), seconds_of([server]), seconds_of(database)
    await asyncio.gather(*(caller() for _ in range(callers)))
    seconds, own, theirs = time.perf_counter() - began, seconds_of([server]) - own, seconds_of(database) - theirs
    count = totals.admitted + totals.duplicate + totals.refused
    print(
        f"  {callers:3d} publishers in batches of {size:4d}: {count / seconds:9,.0f} events/s "
        f"({totals.admitted} admitted, {totals.duplicate} duplicate, {totals.refused} refused); "
        f"processor time an event: ledger {1e6 * own / count:.1f} µs, database {1e6 * theirs / count:.1f} µs"
    )


async def lone(port: int, events: Sequence[bytes]) -> None:
    """How long one event waits for its acknowledgement when nobody else publishes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    waits = []
    for event in events:
        began = time.perf_counter()
        await exchange(reader, writer, request(event, STRUCTURED))
        waits.append(1000 * (time.perf_counter() - began))
    writer.close()
    waits.sort()
    print(f"  a lone event: median {statistics.median(waits):.1f} ms, 99 % {waits[int(len(waits) * 0.99)]:.1f} ms")


def batched(events: Sequence[bytes], size: int) -> list[bytes]:
    """Requests of so many events."""
    return [request(b"[" + b",".join(events[at : at + size]) + b"]", BATCH) for at in range(0, len(events), size)]


async def run(arguments: argparse.Namespace, folder: Path, dsn: str) -> None:
    """All measurements."""
    raws = make(Feed(Keys(bytes(32), SANDBOX_PSEUDONYM_KEY)), arguments.events, arguments.people)
    print(f"{len(raws)} events of {len(raws[0])} bytes on {arguments.people} people")
    third = len(raws) // 3
    async with served(folder, dsn) as (port, server):
        await throughput(port, server, batched(raws[:third], 500), 500, 8)
        await throughput(port, server, batched(raws[third : 2 * third], 1000), 1000, 8)
        await throughput(port, server, batched(raws[2 * third : -500], 50), 50, 32)
        await lone(port, raws[-500:])
        print("  all of it again, as duplicates:")
        await throughput(port, server, batched(raws[:third], 500), 500, 8)


def main() -> None:
    """Measure, or serve for a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=150_000)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--serve", nargs=2, metavar=("FOLDER", "DSN"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        with contextlib.suppress(KeyboardInterrupt):
            uvloop.run(serve(Path(arguments.serve[0]), arguments.serve[1]))
        return
    with tempfile.TemporaryDirectory(prefix="bench") as folder, EmbeddedPostgres(Path(folder) / "db") as server:
        uvloop.run(run(arguments, Path(folder) / "data", server.dsn))


if __name__ == "__main__":
    main()
