"""Credentials of publishers, and of those who may read: tokens made, rotated and revoked, never stored themselves.

A token is 256 random bits, so a plain hash of it is safe to keep and to look up by. What a token may do is bound to it:
a publisher's speaks for one organisation in one role; an operator's and an auditor's read.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from datetime import datetime, timedelta
from enum import StrEnum

import asyncpg
import msgspec

from ledger.authority import Credential
from ledger.codes.recognition import RecognitionAuthority
from ledger.codes.roles import Role
from ledger.errors import NotFound, Unauthorised, UsageError
from ledger.identity import kbo_is_valid
from streams.clock import Clock
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.settings import Settings

PREFIX = "ldg_"
"""What every token starts with, so that scanners for leaked secrets know it."""
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_TOKEN = re.compile(re.escape(PREFIX) + r"[A-Za-z0-9_-]{43}")
_LONGEST_CACHE = 10_000


class Right(StrEnum):
    """What a token is for."""

    PUBLISHER = "publisher"
    """Publishes for one organisation in one role."""
    OPERATOR = "operator"
    """Runs the ledger: reads everything, manages credentials and refusals."""
    AUDITOR = "auditor"
    """Reads the entries and the proofs."""


class Publisher(msgspec.Struct, frozen=True, kw_only=True):
    """A credential without its token. ``org``, ``role`` and ``authority`` are None unless it publishes."""

    name: str
    right: Right
    org: str | None
    role: Role | None
    authority: RecognitionAuthority | None
    created_at: datetime
    rotated_at: datetime | None
    previous_until: datetime | None
    """Until when the token before the last rotation is still taken; None when there is none."""
    revoked_at: datetime | None

    @property
    def credential(self) -> Credential:
        """What it may speak as. ``Unauthorised`` when it does not publish."""
        if self.right is not Right.PUBLISHER:
            raise Unauthorised(f"the token of {self.name} is for {self.right} and does not publish: use the publisher's own token")
        return Credential(name=self.name, org=self.org, role=self.role, authority=self.authority)


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A credential with its new token, which is shown this once."""

    publisher: Publisher
    token: str

    def __repr__(self) -> str:
        return f"Issued(publisher={self.publisher.name!r}, token=…)"


class Publishers:
    """The book of credentials. What was looked up is believed for ``credential_cache_seconds``, less if it changes here."""

    def __init__(self, store: Store, clock: Clock, settings: Settings | None = None) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings or store.settings
        self._seen: dict[bytes, tuple[float, Publisher]] = {}

    # -- managing -----------------------------------------------------------------------------------------------------

    async def create(
        self,
        name: str,
        *,
        right: Right = Right.PUBLISHER,
        org: str | None = None,
        role: Role | None = None,
        authority: RecognitionAuthority | None = None,
    ) -> Issued:
        """A new credential and its token.

        :raises UsageError: the name is taken or malformed, or organisation and role do not fit the right.
        """
        _check(name, right, org, role, authority)
        token = _new_token()
        with plainly():
            try:
                row = await self._store.pool.fetchrow(
                    sql("create_publisher"), name, right.value, org, role, authority, _hash(token), self._clock.now()
                )
            except asyncpg.UniqueViolationError:
                raise UsageError(
                    f"a credential named {name} exists (revoked ones keep their name): choose another name, or rotate it"
                ) from None
        assert row is not None
        return Issued(publisher=_publisher(row), token=token)

    async def rotate(self, name: str, *, grace: timedelta | None = None) -> Issued:
        """A new token; the old one stays valid for ``grace`` (by default ``credential_grace_seconds``).

        :raises NotFound: there is no such credential, or it is revoked.
        """
        token, now = _new_token(), self._clock.now()
        until = now + (timedelta(seconds=self._settings.credential_grace_seconds) if grace is None else grace)
        with plainly():
            row = await self._store.pool.fetchrow(sql("rotate_publisher"), name, _hash(token), now, until)
        self._seen.clear()
        return Issued(publisher=_publisher(_found(row, name)), token=token)

    async def revoke(self, name: str) -> Publisher:
        """Its tokens are refused from now on (elsewhere after ``credential_cache_seconds``). ``NotFound`` as for :meth:`rotate`."""
        with plainly():
            row = await self._store.pool.fetchrow(sql("revoke_publisher"), name, self._clock.now())
        self._seen.clear()
        return _publisher(_found(row, name))

    async def list(self) -> list[Publisher]:
        """Every credential by name, revoked ones too."""
        with plainly():
            return [_publisher(row) for row in await self._store.pool.fetch(sql("publishers"))]

    # -- asking -------------------------------------------------------------------------------------------------------

    async def authenticate(self, token: str) -> Publisher:
        """Whose token this is.

        :raises Unauthorised: it is malformed, unknown, revoked, or was rotated away and its grace is over.
        :raises StoreUnavailable: it is not remembered and the database is away.
        """
        if not _TOKEN.fullmatch(token):
            raise Unauthorised(f"this is no token of the ledger: a token starts with {PREFIX} and has {len(PREFIX) + 43} characters")
        hashed, now = _hash(token), time.monotonic()
        seen = self._seen.get(hashed)
        if seen is not None and seen[0] > now:
            return seen[1]
        with plainly():
            row = await self._store.pool.fetchrow(sql("publisher_of_token"), hashed, self._clock.now())
        if row is None:
            self._seen.pop(hashed, None)
            raise Unauthorised("this token is unknown, revoked or replaced by a newer one: ask the operator of the register for one")
        if len(self._seen) >= _LONGEST_CACHE:
            self._seen.clear()
        publisher = _publisher(row)
        self._seen[hashed] = (now + self._settings.credential_cache_seconds, publisher)
        return publisher


def _check(name: str, right: Right, org: str | None, role: Role | None, authority: RecognitionAuthority | None) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a credential: use lower case letters, digits, '.', '_' and '-', at most 63")
    if right is not Right.PUBLISHER:
        if org is not None or role is not None or authority is not None:
            raise UsageError(f"a credential for {right} speaks for nobody: leave organisation, role and authority out")
        return
    if org is None or role is None:
        raise UsageError("a publisher's credential is bound to an organisation (KBO number) and a role: give both")
    if not kbo_is_valid(org):
        raise UsageError(f"{org!r} is no KBO number: ten digits, the last two are 97 − (the first eight mod 97)")
    if (role is Role.RECOGNITION_AUTHORITY) != (authority is not None):
        raise UsageError(
            "a recognition_authority is bound to the authority it decides for (B08), other roles to none: give --authority for it alone"
        )


def _found(row: asyncpg.Record | None, name: str) -> asyncpg.Record:
    if row is None:
        raise NotFound(f"there is no credential {name}, or it is revoked: see the list")
    return row


def _publisher(row: asyncpg.Record) -> Publisher:
    return Publisher(
        name=row["name"],
        right=Right(row["right_held"]),
        org=row["org"],
        role=Role(row["role"]) if row["role"] else None,
        authority=RecognitionAuthority(row["authority"]) if row["authority"] else None,
        created_at=row["created_at"],
        rotated_at=row["rotated_at"],
        previous_until=row["previous_until"],
        revoked_at=row["revoked_at"],
    )


def _new_token() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
