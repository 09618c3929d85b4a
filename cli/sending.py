"""Handing events in over HTTP: batches, several at a time, safely retried.

Events of one source are sent in their order: each source has its lane, and a lane has one request under way. Events
that carry ``admittedat`` (simulated ones) all share one lane, so that a sandbox knows them in exactly the order of
the file. A request that got no answer is sent again: admission is idempotent, and what the first attempt had
already written is counted as what it is, admitted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import httpx
import msgspec

from cli.client import Place, away, said_no
from cli.submissions import Line
from cli.tally import LOCAL, Answered, Refused, Tally
from ledger.errors import LedgerError, StoreUnavailable
from ledger.verdict import Outcome

LANES = 4
BATCH_EVENTS = 1_000
BATCH_BYTES = 4 * 1024 * 1024
PATIENCE_SECONDS = 60.0
"""How long a request is retried while nobody answers."""
BUSY_SECONDS = 600.0
"""How long a request is retried while the ledger says that it is busy."""

_TIMEOUT = httpx.Timeout(120, connect=5)
_NDJSON = "application/x-ndjson"


class Sent(msgspec.Struct, frozen=True):
    """A line of a file on its way."""

    file: Path
    line: Line


class _Answer(msgspec.Struct):
    verdicts: list[Answered]


_answer = msgspec.json.Decoder(_Answer)


class Sender:
    """Sends lines and keeps the tally. Use as an async context; :meth:`put` waits when the ledger is slower than the file."""

    def __init__(
        self,
        where: Callable[[], Place],
        tally: Tally,
        *,
        dry_run: bool,
        stop: asyncio.Event,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """``where`` finds the ledger; it is asked again when nobody answers, for one that was restarted has another token."""
        self._where = where
        self._place = where()
        self._tally = tally
        self._stop = stop
        self._params = {"dry_run": "true"} if dry_run else {}
        self._http = httpx.AsyncClient(timeout=_TIMEOUT, trust_env=False, transport=transport)
        self._waiting: list[list[Sent]] = [[] for _ in range(LANES)]
        self._bytes = [0] * LANES
        self._queues: list[asyncio.Queue[list[Sent] | None]] = [asyncio.Queue(1) for _ in range(LANES)]
        self._workers: list[asyncio.Task[None]] = []
        self._failure: LedgerError | None = None
        self._highest = 0

    async def __aenter__(self) -> Sender:
        self._workers = [asyncio.create_task(self._work(queue)) for queue in self._queues]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        await self._http.aclose()

    async def put(self, sent: Sent) -> bool:
        """Take one line. False when no more is taken: the run was stopped, or a request failed for good."""
        if self._halted:
            return False
        line = sent.line
        if len(line.raw) >= BATCH_BYTES // 4:
            self._tally.refuse(_refused(sent, Answered(outcome=Outcome.REFUSED, code=LOCAL, pointer="/")))
            return True
        lane = 0 if line.timed else crc32(line.source.encode()) % LANES
        if len(self._waiting[lane]) >= BATCH_EVENTS or self._bytes[lane] + len(line.raw) >= BATCH_BYTES:
            await self._flush(lane)
        self._waiting[lane].append(sent)
        self._bytes[lane] += len(line.raw) + 1
        return True

    async def finish(self) -> None:
        """Send what waits and wait for every answer. After a stop only what is under way is waited for.

        :raises LedgerError: a request failed for good; what the tally holds was acknowledged.
        """
        for lane, queue in enumerate(self._queues):
            if not self._halted:
                await self._flush(lane)
            await queue.put(None)
        await asyncio.gather(*self._workers)
        if self._failure is not None:
            raise self._failure

    @property
    def _halted(self) -> bool:
        return self._stop.is_set() or self._failure is not None

    async def _flush(self, lane: int) -> None:
        batch, self._waiting[lane], self._bytes[lane] = self._waiting[lane], [], 0
        if batch:
            await self._queues[lane].put(batch)

    async def _work(self, queue: asyncio.Queue[list[Sent] | None]) -> None:
        while (batch := await queue.get()) is not None:
            if self._halted:
                continue  # taken from the queue, so that nobody waits for room, and not sent
            try:
                await self._send(batch)
            except LedgerError as error:
                self._failure = self._failure or error

    async def _send(self, batch: Sequence[Sent]) -> None:
        body = b"\n".join(sent.line.raw for sent in batch)
        before, began, pause, lost = self._highest, time.monotonic(), 0.1, False
        while True:
            place = self._place
            try:
                response = await self._post(place, body)
            except httpx.TransportError as error:
                lost = lost or not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                failure: LedgerError = away(place, error)
                limit = PATIENCE_SECONDS
                self._find_again()
            else:
                if response.status_code == 200:
                    self._take(batch, _verdicts(response.content, len(batch), place), before if lost else None)
                    return
                failure = said_no(response.status_code, response.content, place, hint=False)
                moved = response.status_code == 401 and self._find_again()
                if not isinstance(failure, StoreUnavailable) and not moved:
                    raise failure
                limit = BUSY_SECONDS if response.status_code == 429 else PATIENCE_SECONDS
                pause = max(pause, _retry_after(response))
            if self._stop.is_set() or time.monotonic() - began + pause > limit:
                raise failure
            try:
                await asyncio.wait_for(self._stop.wait(), pause)
            except TimeoutError:
                pause = min(pause * 2, 5.0)
            else:
                raise failure

    async def _post(self, place: Place, body: bytes) -> httpx.Response:
        headers = {"Content-Type": _NDJSON} | ({"Authorization": f"Bearer {place.token}"} if place.token else {})
        return await self._http.post(f"{place.url}/api/events", params=self._params, content=body, headers=headers)

    def _find_again(self) -> bool:
        """Look where the ledger is now; whether that is elsewhere, or with another token."""
        before = self._place
        with suppress(LedgerError):
            self._place = self._where()
        return self._place != before

    def _take(self, batch: Sequence[Sent], verdicts: Sequence[Answered], before: int | None) -> None:
        """Count verdicts. ``before`` is the highest position known when a first, unanswered attempt was made."""
        own: set[tuple[str | None, str | None]] = set()
        for sent, verdict in zip(batch, verdicts, strict=True):
            position, key = verdict.position or 0, (verdict.source, verdict.id)
            self._highest = max(self._highest, position)
            if verdict.outcome is Outcome.REFUSED:
                self._tally.refuse(_refused(sent, verdict))
                continue
            written_then = before is not None and position > before and key not in own
            own.add(key)
            self._tally.count(Outcome.ADMITTED if written_then else verdict.outcome)


def _refused(sent: Sent, verdict: Answered) -> Refused:
    return Refused(
        id=verdict.id,
        source=verdict.source,
        code=verdict.code or LOCAL,
        rule=verdict.rule,
        pointer=verdict.pointer,
        message=sent.line.fault or verdict.message,
        file=str(sent.file),
        line=sent.line.number,
        refusal=verdict.refusal,
    )


def _verdicts(body: bytes, wanted: int, place: Place) -> Sequence[Answered]:
    try:
        verdicts = _answer.decode(body).verdicts
    except msgspec.MsgspecError as error:
        raise LedgerError(f"what answers at {place.url} is no ledger of this version ({error})") from error
    if len(verdicts) != wanted:
        raise LedgerError(f"the ledger at {place.url} answered {len(verdicts)} verdicts for {wanted} events; see its log")
    return verdicts


def _retry_after(response: httpx.Response) -> float:
    said = response.headers.get("Retry-After", "")
    return min(float(said), 30.0) if said.isdigit() else 0.0
