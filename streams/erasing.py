"""Erasing a person: the event that does it, and the list that keeps anybody from coming back with an old backup.

Erasing is admitting ``erasure.executed``: in the transaction of that entry the sequencer destroys the keys of the person's
streams, forgets the number behind them and the refused originals (:mod:`streams.draft`), and from then on refuses
everything about the person (R13). Entries, positions and proofs stay.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from ledger.authority import Credential
from ledger.codes.identity import ErasureGround
from ledger.codes.roles import Role
from ledger.entry import Entry
from ledger.errors import AlreadyErased, LedgerError, NotFound, RefusedInput, UsageError
from ledger.events.identity import ErasureExecuted
from ledger.examination import Examiner
from ledger.merge import Links
from ledger.time import local_date
from ledger.verdict import Outcome, StreamId, Verdict
from streams.clock import Clock
from streams.erasure_event import ERASURE, erasure_event, for_stream
from streams.erasure_list import ErasureList, Listed
from streams.folder import Mode
from streams.postgres.connection import plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store
from streams.publishers import Publishers, Right
from streams.writer import Writer

log = logging.getLogger(__name__)

SYSTEM = "register"
"""The system part of the source under which the register itself publishes."""
SANDBOX_ORG = "1999038059"
"""The organisation that runs a sandbox."""
_AGAIN_SECONDS = 5.0
_PAGE = 1_000
_data = msgspec.json.Decoder(ErasureExecuted)


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure that stands in the ledger."""

    position: int
    stream: str
    """The stream that it was executed on."""
    streams: tuple[str, ...]
    """Every stream that went with it."""
    requested_on: date
    ground: ErasureGround
    keys_destroyed: int
    controllers: tuple[str, ...]
    executed_at: str
    """When the ledger knew, RFC 3339."""


class Erasing:
    """Erases persons and keeps the list of who is erased, in the folder of the keys."""

    def __init__(
        self, store: Store, examiner: Examiner, sequencer: Writer, publishers: Publishers, clock: Clock, *, mode: Mode, keys: Path
    ) -> None:
        self._store = store
        self._examiner = examiner
        self._sequencer = sequencer
        self._publishers = publishers
        self._clock = clock
        self._mode = mode
        self._list = ErasureList(keys)
        self._writing = asyncio.Lock()

    # -- erasing ------------------------------------------------------------------------------------------------------

    async def erase(self, stream: StreamId, ground: ErasureGround, *, requested_on: date | None = None) -> Erased:
        """Erase a person, with every stream that is united in them.

        :raises NotFound: nobody of that pseudonym is in the ledger.
        :raises AlreadyErased: they are.
        :raises UsageError: no credential speaks for the organisation that runs this register.
        :raises RefusedInput: the ledger does not admit it.
        :raises StoreUnavailable: the database is away.
        """
        known = await self._store.erased()
        if stream in known:
            raise AlreadyErased(f"{stream} is erased already, at position {known[stream]}")
        streams = await self._members(stream)
        entries = await self._store.read_streams(streams)
        if not entries:
            raise NotFound(f"nobody of the pseudonym {stream} is in the ledger")
        with plainly():
            keys = await self._store.pool.fetchval(sql("live_keys"), list(streams))
        now = self._clock.now()
        executed = ErasureExecuted(
            requested_on=requested_on or local_date(now),
            ground=ground,
            keys_destroyed=max(keys, 1),
            controllers=tuple(sorted({entry.publisher for entry in entries})),
        )
        credential = await self._credential()
        source = f"urn:kbo:{credential.org}:{SYSTEM}"
        with plainly():
            sequence = await self._store.pool.fetchval(sql("next_sequence"), source)
        event = erasure_event(
            id=str(uuid.uuid4()),
            source=source,
            subject=stream,
            time=now.isoformat(),
            recordedat=now.isoformat(),
            sequence=sequence,
            admittedat=now.isoformat() if self._mode is Mode.SANDBOX else None,
            data=msgspec.json.encode(executed),
        )
        verdict = await self._submit(event, credential)
        if verdict.outcome is Outcome.REFUSED:
            said = verdict.message.en if verdict.message is not None else "no reason given"
            raise RefusedInput(f"the erasure of {stream} is refused, {verdict.rule or verdict.code}: {said}")
        await self.note()
        return next(one for one in await self.executed(after=(verdict.position or 1) - 1, limit=1))

    async def executed(self, *, after: int = 0, limit: int = 100) -> list[Erased]:
        """A page of the erasures that stand in the ledger, by position."""
        entries = await self._store.of_types([ERASURE], after=after, limit=limit)
        gone: dict[int, list[str]] = {}
        for stream, position in (await self._store.erased()).items():
            gone.setdefault(position, []).append(stream)
        return [_told(entry, gone.get(entry.position, [])) for entry in entries]

    async def _members(self, stream: StreamId) -> Sequence[StreamId]:
        links = Links().extended((await self._store.open_entries(await self._store.read_links())).entries)
        return links.members_of(stream)

    async def _credential(self) -> Credential:
        """Who speaks for the organisation that runs this register."""
        if self._mode is Mode.SANDBOX:
            return Credential(name=SYSTEM, org=SANDBOX_ORG, role=Role.LEDGER_OPERATOR)
        for one in await self._publishers.list():
            if one.right is Right.PUBLISHER and one.role is Role.LEDGER_OPERATOR and one.revoked_at is None:
                return one.credential
        raise UsageError(
            "an erasure is published by the organisation that runs this register: name it once with "
            "ledger publishers create register --org KBO --role ledger_operator"
        )

    async def _submit(self, event: bytes, credential: Credential) -> Verdict:
        (verdict,) = await self._sequencer.submit([self._examiner.examine(event, credential)])
        return verdict

    # -- the list -----------------------------------------------------------------------------------------------------

    async def reconcile(self) -> int:
        """Execute again whatever the list knows and the database does not: it comes from a backup. Answers how many streams.

        :raises LedgerError: an erasure is not admitted: such a ledger must not be served.
        """
        again = 0
        erased = await self._store.erased()
        for listed in self._list.read():
            for number, stream in enumerate(listed.streams):
                if stream in erased:
                    continue
                event = listed.event if number == 0 else for_stream(listed.event, stream)
                source = msgspec.json.decode(listed.event, type=_Source).source
                verdict = await self._submit(bytes(event), Credential(name=SYSTEM, org=source[8:18], role=Role.LEDGER_OPERATOR))
                erased = await self._store.erased()
                if stream not in erased:
                    said = verdict.message.en if verdict.message is not None else verdict.outcome.value
                    raise LedgerError(
                        f"{stream} was erased and stands in this older database again, and the erasure cannot be executed anew "
                        f"({verdict.rule or verdict.code}: {said}): mend that before the ledger starts"
                    )
                again += 1
        if again:
            log.warning("the database was older than the list of erasures: %d streams were erased again", again)
        await self.note()
        return again

    async def note(self) -> None:
        """Write to the list whatever stands in the ledger and not yet there."""
        async with self._writing:
            noted = {stream for listed in self._list.read() for stream in listed.streams}
            missing: dict[int, list[StreamId]] = {}
            for stream, position in (await self._store.erased()).items():
                if stream not in noted:
                    missing.setdefault(position, []).append(stream)
            lines: list[Listed] = []
            for place in sorted(missing):
                (entry,) = await self._store.read(place - 1, 1)
                streams = sorted(missing[place], key=lambda one, root=entry.stream: (one != root, one))  # type: ignore[misc]
                lines.append(Listed(position=place, streams=tuple(streams), event=msgspec.Raw(self._event_of(entry))))
            self._list.append(lines)

    @contextlib.asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the list up to date, whoever publishes erasures, until the block is left."""
        task = asyncio.create_task(self._keep(), name="erasure list")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            with contextlib.suppress(LedgerError, OSError):
                await self.note()

    async def _keep(self) -> None:
        erased = self._sequencer.erased
        while True:
            await erased.wait()
            erased.clear()
            try:
                await self.note()
            except (LedgerError, OSError) as error:
                log.error("the list of erasures could not be written, trying again: %s", error)
                erased.set()
                await asyncio.sleep(_AGAIN_SECONDS)

    def _event_of(self, entry: Entry) -> bytes:
        return erasure_event(
            id=entry.id,
            source=entry.source,
            subject=entry.stream,
            time=entry.time.isoformat(),
            recordedat=entry.recorded_at.isoformat(),
            sequence=entry.sequence,
            timeprecision=entry.time_precision,
            grondslag=entry.legal_basis,
            causationid=entry.causation_id,
            correlationid=entry.correlation_id,
            admittedat=entry.admitted_at.isoformat() if self._mode is Mode.SANDBOX else None,
            data=entry.data,
        )


class _Source(msgspec.Struct):
    source: str


def _told(entry: Entry, streams: Sequence[str]) -> Erased:
    executed = _data.decode(entry.data)
    return Erased(
        position=entry.position,
        stream=entry.stream,
        streams=tuple(sorted(streams)),
        requested_on=executed.requested_on,
        ground=executed.ground,
        keys_destroyed=executed.keys_destroyed,
        controllers=executed.controllers,
        executed_at=entry.admitted_at.isoformat(),
    )
