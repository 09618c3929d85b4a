"""A witness of our own, served on loopback in the loop of the test."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec
import uvicorn

from ledger.transparency.note import VerifierKey
from streams.clock import Clock
from streams.postgres.store import Store
from streams.witnessing import Witness
from web.witness import create_witness


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def watching(folder: Path, log: VerifierKey, clock: Clock | None = None) -> AsyncIterator[str]:
    """A witness that knows this log; what a ledger has in its setting ``witnesses``."""
    with Witness(folder, clock=clock) as witness, socket.create_server(("127.0.0.1", 0)) as listener:
        witness.trust(log.text)
        server = _Server(
            uvicorn.Config(create_witness(witness), loop="none", http="httptools", log_config=None, access_log=False, lifespan="off")
        )
        task = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            async with asyncio.timeout(60):
                while not server.started:  # noqa: ASYNC110  uvicorn offers nothing to wait for
                    await asyncio.sleep(0.01)
            yield f"{witness.key.verifier.text} http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


def watched(store: Store, setting: str) -> Store:
    """The store of a ledger with this witness in its settings."""
    store.settings = msgspec.structs.replace(store.settings, witnesses=setting, witness_seconds=60.0)
    return store
