"""Who speaks on a submission topic: the topic's name is the name of a credential, and the cluster's rules prove it."""

from __future__ import annotations

import time
from collections.abc import Iterable

from ledger.authority import Credential
from streams.folder import Mode
from streams.publishers import Publishers, Right

NOBODY = "0000000000"
"""No organisation has this number: a credential bound to it may speak for nobody, so all that it says is refused as R04."""


class Speakers:
    """Credentials by name, looked up anew after a while so that a revocation takes hold."""

    def __init__(self, publishers: Publishers, mode: Mode, seconds: float) -> None:
        self._publishers = publishers
        self._mode = mode
        self._seconds = seconds
        self._known: dict[str, Credential] = {}
        self._until = 0.0

    async def refresh(self, speaking: Iterable[str] = ()) -> None:
        """Look the credentials up, unless that was just done and all that are ``speaking`` are known: who was made a moment ago may speak.

        :raises StoreUnavailable: the database is away.
        """
        known = self._mode is Mode.SANDBOX or self._known.keys() >= set(speaking)
        if known and time.monotonic() < self._until:
            return
        self._known = {
            p.name: p.credential if p.revoked_at is None else Credential(name=p.name, org=NOBODY)
            for p in await self._publishers.list()
            if p.right is Right.PUBLISHER
        }
        self._until = time.monotonic() + self._seconds

    def credential(self, publisher: str) -> Credential:
        """What a publisher may speak as. In a sandbox a name that nobody bound may speak for everybody, as over HTTP."""
        known = self._known.get(publisher)
        if known is None:
            known = Credential(name=publisher, org=None if self._mode is Mode.SANDBOX else NOBODY)
        return known
