"""The database of a data folder for a command of its own, beside the ledger that runs on it or without one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cli.output import say
from ledger.errors import AlreadyRunning, UsageError
from streams.folder import DataFolder, Mode
from streams.postgres.server import EmbeddedPostgres
from streams.settings import Settings


@contextmanager
def beside(settings: Settings) -> Iterator[tuple[str, DataFolder]]:
    """Beside the ledger that runs on the folder or, when none does, started for this command alone.

    :raises UsageError: there is no ledger in the data folder.
    """
    if not (settings.data / "FORMAT").exists():
        raise UsageError(
            f"{settings.data} holds no ledger: name its folder with --data, or make one with: ledger up --data {settings.data}"
        )
    try:
        folder = DataFolder.open(settings.data)
    except AlreadyRunning:
        with DataFolder.open(settings.data, lock=False) as folder:
            yield settings.database_url or EmbeddedPostgres(settings.data).dsn, folder
        return
    with folder, _started(settings, "No ledger runs on this folder: starting its database for this command …") as dsn:
        yield dsn, folder


@contextmanager
def alone(settings: Settings, mode: Mode | None) -> Iterator[tuple[str, DataFolder]]:
    """On a folder that no ledger runs on, made when it is new. ``AlreadyRunning`` when one does."""
    with DataFolder.open(settings.data, mode) as folder, _started(settings, "Starting the database …") as dsn:
        yield dsn, folder


@contextmanager
def rotating(settings: Settings) -> Iterator[tuple[str, DataFolder]]:
    """As :func:`alone` on a folder that exists, to give it another master key or to finish that.

    :raises UsageError: there is no ledger in the data folder.
    :raises AlreadyRunning: a ledger runs on it.
    """
    if not (settings.data / "FORMAT").exists():
        raise UsageError(f"{settings.data} holds no ledger: name its folder with --data")
    with DataFolder.open(settings.data, rotating=True) as folder, _started(settings, "Starting the database …") as dsn:
        yield dsn, folder


@contextmanager
def _started(settings: Settings, sentence: str) -> Iterator[str]:
    if settings.database_url is not None:
        yield settings.database_url
        return
    server = EmbeddedPostgres(settings.data)
    say(sentence)
    server.start()
    try:
        yield server.dsn
    finally:
        server.stop()
