"""``ledger up``: everything embedded in one process group, until Ctrl-C.

The main process runs PostgreSQL as its child, the sequencer and the web server; the projection runner is a child of its
own, so that admitting and folding use two cores. Whatever child dies is started again; whatever is killed loses nothing
that was acknowledged.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from cli.demo import Demo
from cli.serving import listening, server_of
from ledger.errors import LedgerError, UsageError
from streams.closing import keep_closing
from streams.durable import write_durably
from streams.folder import DataFolder, Mode
from streams.kafka.connection import cluster_of
from streams.kafka.side import KafkaSide
from streams.logs import configure, open_log
from streams.postgres.server import EmbeddedPostgres
from streams.projecting import GC_THRESHOLD
from streams.settings import Settings, load
from streams.wiring import Parts, running
from web.app import create_app

RESTARTS = 12
"""How often a child may die within a minute before the ledger gives up."""
STOP_SECONDS = 20.0
WATCH_SECONDS = 0.5
BESIDE_SECONDS = 5.0
"""After how long what runs beside the writing begins anew when it failed."""

log = logging.getLogger("ledger.up")


def up(*, data: Path | None, port: int | None, demo: int | None, empty: bool, sandbox: bool) -> int:
    """Run a ledger until it is told to stop. Answers the exit code; ``LedgerError`` for what it says no to."""
    if demo is not None and demo < 1:
        raise UsageError(f"--demo takes a number of people of at least 1, not {demo}")
    settings = load(data=data, port=port)
    mode = Mode.SANDBOX if sandbox or demo is not None else Mode.ORDINARY if empty else None
    with (
        listening(settings.host, settings.port, lambda: _is_it_ours(settings.data)) as listener,
        DataFolder.open(settings.data, mode) as folder,
    ):
        gc.set_threshold(*GC_THRESHOLD)
        log = open_log(folder.path)
        configure(log)
        with _database(settings, folder) as database:
            try:
                return asyncio.run(_Up(settings, folder, listener, database, demo).run())
            finally:
                (folder.path / "ledger.json").unlink(missing_ok=True)
                log.close()


class _External:
    """A PostgreSQL that somebody else keeps running."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.running = True

    def start(self) -> None:
        """Not ours to start."""


Database = EmbeddedPostgres | _External


@contextlib.contextmanager
def _database(settings: Settings, folder: DataFolder) -> Iterator[Database]:
    if settings.database_url is not None:
        yield _External(settings.database_url)
        return
    server = EmbeddedPostgres(folder.path)
    say("Starting the database …")
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _is_it_ours(data: Path) -> None:
    """Whether the port is taken because this very folder has a ledger: ``AlreadyRunning`` says so better than the port does."""
    if (data / "FORMAT").exists() and (data / "lock").exists():
        DataFolder.open(data).close()


class _Up:
    def __init__(self, settings: Settings, folder: DataFolder, listener: socket.socket, database: Database, demo: int | None) -> None:
        self._settings = settings
        self._folder = folder
        self._listener = listener
        self._database = database
        self._demo = demo
        self._stop = asyncio.Event()
        self._failure: LedgerError | None = None

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)
        async with running(self._settings, self._database.dsn, self._folder) as parts:
            self._announce(parts)
            server = server_of(create_app(parts))
            serving = asyncio.create_task(server.serve(sockets=[self._listener]))
            tasks = [
                asyncio.create_task(self._keep_runner()),
                asyncio.create_task(self._keep_database()),
                asyncio.create_task(self._beside("The demonstration", lambda: self._play(parts))),
                asyncio.create_task(self._beside("Signing checkpoints", lambda: parts.checkpoints.run(say))),
                asyncio.create_task(self._beside("The Kafka side", lambda: self._kafka(parts))),
                asyncio.create_task(self._beside("Closing quarters", lambda: self._close_quarters(parts))),
            ]
            stopping = asyncio.create_task(self._stop.wait())
            await asyncio.wait({serving, stopping, *tasks[:2]}, return_when=asyncio.FIRST_COMPLETED)
            say("Stopping …")
            server.should_exit = True
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, stopping, return_exceptions=True) if self._stop.is_set() else await self._gather(tasks)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(serving, STOP_SECONDS)
        stopping.cancel()
        for result in results:
            if isinstance(result, LedgerError):
                raise result
            if isinstance(result, Exception):
                raise LedgerError(
                    f"the ledger stopped by itself: {type(result).__name__}; {self._folder.path}/ledger.log says where"
                ) from result
        say("Stopped. Everything that was acknowledged is kept.")
        return 0

    async def _gather(self, tasks: list[asyncio.Task[None]]) -> list[object]:
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    def _announce(self, parts: Parts) -> None:
        port = self._listener.getsockname()[1]
        path = self._folder.path / "ledger.json"
        content = {"port": port, "pid": os.getpid(), "mode": parts.ledger.mode.value, "operator_token": parts.operator_token}
        write_durably(path, json.dumps(content).encode())
        kind = "a sandbox: everything in it is made up" if parts.ledger.mode is Mode.SANDBOX else "an ordinary ledger"
        say(f"The ledger runs on http://{self._settings.host}:{port}/ ({kind}). Data: {self._folder.path}. Ctrl-C stops it.")

    async def _keep_runner(self) -> None:
        """Run the projections in a child process; start it again when it dies."""
        loop = asyncio.get_running_loop()
        deaths: list[float] = []
        while True:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "streams.projecting", str(self._folder.path), self._database.dsn, str(os.getpid())),
                stdin=asyncio.subprocess.DEVNULL,
            )
            try:
                await child.wait()
            except asyncio.CancelledError:
                await _end(child)
                raise
            deaths = [moment for moment in deaths if moment > loop.time() - 60] + [loop.time()]
            if len(deaths) > RESTARTS:
                raise LedgerError(
                    f"the projection runner died {len(deaths)} times within a minute; {self._folder.path}/ledger.log says why"
                )
            say("The projection runner died; starting it again.")
            await asyncio.sleep(min(0.1 * 2 ** len(deaths), 5.0))

    async def _keep_database(self) -> None:
        """Start the embedded PostgreSQL again when it dies; publishers are told 503 meanwhile."""
        loop = asyncio.get_running_loop()
        deaths: list[float] = []
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if self._database.running:
                continue
            deaths = [moment for moment in deaths if moment > loop.time() - 60] + [loop.time()]
            if len(deaths) > RESTARTS * 3:
                raise LedgerError("the database died too often; see postgres.log in the data folder")
            say("The database died; starting it again.")
            # On this thread: its child is tied to the thread that starts it.
            self._database.start()

    async def _beside(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        """Run something that the writing does not need. When it fails that is said, and it begins anew after a while."""
        while True:
            try:
                return await run()
            except Exception as error:
                log.exception("something beside the ledger stopped", extra={"fields": {"what": name}})
                why = str(error) if isinstance(error, LedgerError) else f"{type(error).__name__}, {self._folder.path}/ledger.log says where"
                say(f"{name} stopped: {why}. It is tried again in {BESIDE_SECONDS:.0f} s; all else goes on.")
            await asyncio.sleep(BESIDE_SECONDS)

    async def _kafka(self, parts: Parts) -> None:
        """Intake and relay, when a cluster is configured; what is wrong with it is said, and the rest of the ledger goes on."""
        if self._settings.kafka_servers is not None:
            cluster = cluster_of(self._settings)
            say(f"Taking in from Kafka at {cluster.servers} and relaying to it.")
            side = KafkaSide(cluster, parts, say)
            parts.transport.carrier = side
            await side.run()

    async def _close_quarters(self, parts: Parts) -> None:
        """Release quarters as they close; in a sandbox, where years pass in seconds, only when asked for."""
        if parts.ledger.mode is Mode.ORDINARY:
            await keep_closing(parts.releases, self._folder.path, self._database.dsn)

    async def _play(self, parts: Parts) -> None:
        """The demonstration: load the people, then let the last events trickle in."""
        if self._demo is not None:
            await Demo(parts, self._folder.path, self._demo, say).play()


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), STOP_SECONDS)
        except TimeoutError:
            child.kill()
            await child.wait()


def say(sentence: str) -> None:
    """One line for whoever started the ledger."""
    print(sentence, file=sys.stderr, flush=True)
