"""A web server in a command: it listens before anything else is started, and leaves the signals to the command."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Callable, Iterator

import uvicorn

from ledger.errors import AlreadyRunning, UsageError
from web.edge import Edge


class Server(uvicorn.Server):
    """A web server that leaves the signals to the ledger."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def server_of(app: Edge) -> Server:
    """The server of an application."""
    return Server(
        uvicorn.Config(app, http="httptools", loop="none", log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=2)
    )


@contextlib.contextmanager
def listening(host: str, port: int, taken: Callable[[], None] = lambda: None) -> Iterator[socket.socket]:
    """A listening socket. ``taken`` may say better than the port does why it is in use.

    :raises AlreadyRunning: another program listens there.
    :raises UsageError: there can be no listening there.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        try:
            listener.bind((host, port))
            listener.listen(512)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                taken()
                raise AlreadyRunning(
                    f"port {port} is in use by another program, perhaps another ledger: stop that one, or choose with --port"
                ) from error
            raise UsageError(f"cannot listen on {host}:{port}: {error.strerror}; choose with --port") from error
        yield listener
    finally:
        listener.close()
