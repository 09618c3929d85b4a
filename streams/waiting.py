"""The queue before the sequencer: bounded, in order, taken off in batches."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Mapping, Sequence

from ledger.admission import Examined
from ledger.errors import LedgerError, Overloaded, StoreUnavailable
from ledger.verdict import Verdict
from streams.stretch import Partition, Redelivered, Stretch


class Call:
    """One call of submit, and how far it has come."""

    __slots__ = ("answer", "dry_run", "examined", "stretch", "taken", "verdicts")

    def __init__(self, examined: Sequence[Examined], *, dry_run: bool, stretch: Stretch | None = None) -> None:
        self.examined = examined
        self.stretch = stretch
        self.dry_run = dry_run
        self.answer: asyncio.Future[list[Verdict]] = asyncio.get_running_loop().create_future()
        self.taken = 0
        """How many of its submissions were taken off the queue."""
        self.verdicts: list[Verdict] = []

    def add(self, verdicts: Sequence[Verdict]) -> None:
        """Give it the next verdicts; with the last of them it is answered."""
        self.verdicts += verdicts
        if len(self.verdicts) == len(self.examined) and not self.answer.done():
            self.answer.set_result(self.verdicts)

    def fail(self, error: Exception) -> None:
        """Answer it with an error, unless it was answered or its caller went away."""
        if not self.answer.done():
            self.answer.set_exception(error)


class Batch:
    """Submissions that are written together, and the calls they came with."""

    __slots__ = ("_parts", "dry_run", "stretches", "submitted")

    def __init__(self) -> None:
        self._parts: list[tuple[Call, int]] = []
        self.submitted: list[Examined] = []
        self.stretches: list[tuple[int, Stretch]] = []
        """What of it comes from a Kafka partition: stretches with the place of their first submission."""
        self.dry_run = False

    def take(self, call: Call, count: int) -> None:
        """Add the next ``count`` submissions of a call."""
        self._parts.append((call, count))
        if call.stretch is not None:
            self.stretches.append((len(self.submitted), call.stretch.part(call.taken, count)))
        self.submitted += call.examined[call.taken : call.taken + count]
        self.dry_run = call.dry_run
        call.taken += count

    def leave_out_redelivered(self, offsets: Mapping[Partition, int]) -> None:
        """Leave out stretches that do not begin where the ledger stands, and tell their callers so."""
        at = dict(offsets)
        kept: list[tuple[Call, int]] = []
        submitted, stretches = self.submitted, dict(self.stretches)
        self.submitted, self.stretches = [], []
        start = 0
        for call, count in self._parts:
            stretch = stretches.get(start)
            if stretch is not None and at.get(stretch.partition) != stretch.start:
                stands = at.get(stretch.partition)
                call.fail(
                    Redelivered(f"{stretch.partition[0]} was read from {stretch.start}, the ledger stands at {stands}: read from there")
                )
            else:
                if stretch is not None:
                    at[stretch.partition] = stretch.ends[-1]
                    self.stretches.append((len(self.submitted), stretch))
                self.submitted += submitted[start : start + count]
                kept.append((call, count))
            start += count
        self._parts = kept

    def answer(self, verdicts: Sequence[Verdict]) -> None:
        """Hand the verdicts, in the order of ``submitted``, to the calls."""
        start = 0
        for call, count in self._parts:
            call.add(verdicts[start : start + count])
            start += count

    def fail(self, error: Exception) -> None:
        """Answer every call of it with an error."""
        for call, _ in self._parts:
            call.fail(error)


class Waiting:
    """Calls that wait. ``limit`` bounds the submissions in it; an empty queue takes a list of any length."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._calls: deque[Call] = deque()
        self.size = 0
        """Submissions that wait."""
        self.filled = asyncio.Event()
        """Set when a call came in, or when somebody wants the taker to look up."""

    def __bool__(self) -> bool:
        return bool(self._calls)

    def put(self, examined: Sequence[Examined], *, dry_run: bool, rate: float, stretch: Stretch | None = None) -> Call:
        """Queue a call. ``Overloaded`` when it is full, with the seconds that it needs at ``rate`` submissions a second."""
        if self.size and self.size + len(examined) > self._limit:
            retry_after = max(1, math.ceil(self.size / rate))
            raise Overloaded(
                f"{self.size} events wait already and at most {self._limit} may (queue_events): try again after {retry_after} s",
                retry_after,
            )
        call = Call(examined, dry_run=dry_run, stretch=stretch)
        self._calls.append(call)
        self.size += len(examined)
        self.filled.set()
        return call

    def take(self, most: int) -> Batch:
        """The next submissions, at most so many; a dry run is taken alone and whole."""
        batch = Batch()
        room = most
        while self._calls and room:
            call = self._calls[0]
            if call.dry_run and room < most:
                break
            left = len(call.examined) - call.taken
            count = left if call.dry_run else min(left, room)
            batch.take(call, count)
            self.size -= count
            room -= min(count, room)
            if count == left:
                self._calls.popleft()
            if call.dry_run:
                break
        return batch

    def fail(self, error: Exception) -> None:
        """Answer everybody with an error and start empty."""
        while self._calls:
            self._calls.popleft().fail(error)
        self.size = 0


def told(error: BaseException) -> LedgerError:
    """What a publisher is told: the ledger's own errors as they are, of any other its kind alone."""
    if isinstance(error, LedgerError):
        return error
    return StoreUnavailable(f"the ledger could not write this ({type(error).__name__}); nothing acknowledged is lost, try again")
