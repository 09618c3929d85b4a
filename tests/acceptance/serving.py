"""A whole ledger for tests: the real parts on a real PostgreSQL, served by uvicorn on loopback, in a thread of this process."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import httpx
import uvicorn

from streams.clock import SystemClock
from streams.folder import DataFolder, Mode
from streams.projecting import Projecting
from streams.settings import Settings
from streams.wiring import Parts, running
from web.app import create_app

T = TypeVar("T")

BATCH = "application/cloudevents-batch+json"
_START_SECONDS = 120.0
_STOP_SECONDS = 120.0


class Served:
    """A ledger that is being served."""

    def __init__(self, url: str, parts: Parts, loop: asyncio.AbstractEventLoop) -> None:
        self.url = url
        self.parts = parts
        self._loop = loop

    def do(self, work: Callable[[], Awaitable[T]], seconds: float = 120.0) -> T:
        """Run something on the ledger's own event loop and wait for it."""

        async def run() -> T:
            return await work()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(seconds)

    def client(self, token: str | None = None) -> httpx.Client:
        """A client of this ledger; use it as a context manager."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)

    def publish(self, lines: Iterable[bytes], size: int = 500) -> None:
        """Publish events as a sandbox's publisher would, in batches."""
        waiting = list(lines)
        with self.client() as client:
            for start in range(0, len(waiting), size):
                body = b"[" + b",".join(waiting[start : start + size]) + b"]"
                client.post("/api/events", content=body, headers={"content-type": BATCH}).raise_for_status()

    def project(self) -> None:
        """Bring every view up to the head."""

        async def catch_up() -> None:
            projecting = Projecting(self.parts.store, wall=SystemClock(), sandbox=self.parts.ledger.mode is Mode.SANDBOX)
            await projecting.prepare()
            while await projecting.runner.advance(projecting.tables) is not None:
                pass
            while await projecting.serve_rebuilds():
                pass

        self.do(catch_up)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.contextmanager
def serving(dsn: str, folder: Path, *, mode: Mode = Mode.SANDBOX, settings: Settings | None = None) -> Iterator[Served]:
    """Serve a ledger on a fresh database until the block is left."""
    started = threading.Event()
    held: list[Served] = []
    failed: list[BaseException] = []
    stop: list[Callable[[], None]] = []

    async def live() -> None:
        loop = asyncio.get_running_loop()
        stopping = asyncio.Event()
        stop.append(lambda: _tell(loop, stopping))
        with DataFolder.open(folder, mode) as opened, socket.create_server(("127.0.0.1", 0)) as listener:
            async with running(settings or Settings(data=folder), dsn, opened) as parts:
                config = uvicorn.Config(
                    create_app(parts), loop="none", http="httptools", log_config=None, access_log=False, timeout_graceful_shutdown=1
                )
                server = _Server(config)
                task = asyncio.create_task(server.serve(sockets=[listener]))
                while not server.started:  # noqa: ASYNC110  uvicorn offers nothing to wait for
                    await asyncio.sleep(0.01)
                held.append(Served(f"http://127.0.0.1:{listener.getsockname()[1]}", parts, loop))
                started.set()
                await stopping.wait()
                server.should_exit = True
                await task

    def run() -> None:
        try:
            asyncio.run(live())
        except BaseException as error:
            failed.append(error)
            started.set()

    thread = threading.Thread(target=run, name="served ledger", daemon=True)
    thread.start()
    assert started.wait(_START_SECONDS), "the ledger did not start"
    if failed:
        raise failed[0]
    try:
        yield held[0]
    finally:
        stop[0]()
        thread.join(_STOP_SECONDS)
        assert not thread.is_alive(), "the ledger did not stop"
        if failed:
            raise failed[0]


def _tell(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    loop.call_soon_threadsafe(event.set)
