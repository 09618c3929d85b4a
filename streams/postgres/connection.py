"""Connections to PostgreSQL, and its failures in the ledger's own words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import asyncpg

from ledger.errors import LedgerError, StoreFull, StoreUnavailable

CONNECT_SECONDS = 10.0
_SESSION = {"application_name": "ledger", "timezone": "UTC", "jit": "off"}
_PASSWORD = re.compile(r"//[^@/]*@")

AWAY: tuple[type[BaseException], ...] = (
    OSError,
    asyncio.TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
)
"""What a database that is away, starting, stopping or dying answers."""


_ANY: tuple[type[BaseException], ...] = (*AWAY, asyncpg.PostgresError)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn the driver's errors about a database that is away or full into the ledger's own."""
    try:
        yield
    except (asyncpg.DiskFullError, asyncpg.OutOfMemoryError) as error:
        raise StoreFull(f"the database has no room ({_said(error)}): make room on its disk; nothing acknowledged is lost") from error
    except AWAY as error:
        if isinstance(error, LedgerError):
            raise
        raise StoreUnavailable(f"the database is away ({_said(error)}); nothing acknowledged is lost, try again when it is back") from error


async def connect(
    dsn: str, session: Mapping[str, str] | None = None, *, patience: float | None = None
) -> asyncpg.Connection[asyncpg.Record]:
    """One connection of one's own; a statement longer than ``patience`` seconds fails. ``StoreUnavailable`` when nobody answers."""
    with plainly():
        return await asyncpg.connect(
            dsn, timeout=CONNECT_SECONDS, command_timeout=patience, server_settings={**_SESSION, **(session or {})}
        )


async def create_pool(dsn: str, size: int, session: Mapping[str, str] | None = None) -> asyncpg.Pool[asyncpg.Record]:
    """A pool of at most ``size`` connections, made when they are needed. ``StoreUnavailable`` as above."""
    with plainly():
        pool: asyncpg.Pool[asyncpg.Record] = await asyncpg.create_pool(
            dsn, min_size=1, max_size=size, timeout=CONNECT_SECONDS, server_settings={**_SESSION, **(session or {})}
        )
        return pool


async def let_go(connection: asyncpg.Connection[asyncpg.Record], seconds: float = 1.0) -> None:
    """Close a connection in whatever state it is; never raises."""
    with suppress(*_ANY):
        await connection.close(timeout=seconds)
    # The driver takes a session that the server ended for a closed one, and would leave its socket open.
    connection.terminate()


def _said(error: BaseException) -> str:
    return _PASSWORD.sub("//…@", str(error)).splitlines()[0] if str(error) else type(error).__name__
