"""``ledger web``: the pages and the reading API of a ledger that another process writes, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from pathlib import Path

from cli.output import say
from cli.serving import listening, server_of
from streams.folder import DataFolder, Mode
from streams.logs import configure
from streams.postgres.server import EmbeddedPostgres
from streams.settings import Settings, load
from streams.wiring import onlooking
from web.app import create_app


def show(*, data: Path, port: int | None) -> int:
    """Show until told to stop. ``DataFolderError`` or ``StoreUnavailable`` when there is no ledger to show."""
    settings = load(data=data, port=port)
    with DataFolder.open(settings.data, lock=False) as folder, listening(settings.host, settings.port) as listener:
        configure(sys.stderr)
        asyncio.run(_serve(settings, folder, listener))
    say("Stopped. The ledger itself goes on.")
    return 0


async def _serve(settings: Settings, folder: DataFolder, listener: socket.socket) -> None:
    dsn = settings.database_url or EmbeddedPostgres(settings.data).dsn
    async with onlooking(settings, dsn, folder) as parts:
        server = server_of(create_app(parts))

        def stop() -> None:
            server.should_exit = True

        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop)
        kind = "a sandbox: everything in it is made up" if folder.mode is Mode.SANDBOX else "an ordinary ledger"
        say(f"The ledger is shown on http://{settings.host}:{listener.getsockname()[1]}/ ({kind}). It takes nothing in. Ctrl-C stops it.")
        await server.serve(sockets=[listener])
