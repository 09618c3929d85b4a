"""Verifying: everything that the ledger keeps, checked against everything else that it keeps.

One check is one module of ``streams.verification``, found by itself. The entries are read once, in position order, and every check
that looks at entries is handed each page; then each check ends with what it compares beside them. A check stops at the first thing
that is wrong and names it: the entry, the table or topic, and what is wrong. Memory does not grow with the ledger.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache, partial
from typing import TypeVar

import msgspec

from ledger.errors import LedgerError, StoreUnavailable
from ledger.verdict import Message
from streams.content import stored_entries
from streams.folder import Mode
from streams.kafka.connection import Cluster
from streams.postgres.store import Head, Ledger, Store
from streams.stored import Stored
from streams.subjects import Surroundings
from streams.unsealing import Unsealed, Unsealing


class Outcome(StrEnum):
    """What a check found."""

    GOOD = "good"
    WRONG = "wrong"
    SKIPPED = "skipped"
    """There is nothing that it could look at."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """The first thing that is wrong."""

    where: str
    """The table, view or topic."""
    what: str
    """One sentence that names the thing and what is wrong with it; it holds no personal data."""
    position: int | None = None
    """The entry, if it is one."""


class Skipped(msgspec.Struct, frozen=True):
    """Why a check has nothing to look at."""

    why: str


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one check."""

    check: str
    title: Message
    outcome: Outcome
    fault: Fault | None = None
    why: str = ""
    """Why it was skipped."""


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """A whole verification. ``first`` is the fault at the lowest position, or the first of those that have none."""

    position: int
    entries: int
    good: bool
    first: Fault | None
    checks: Sequence[Checked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What checks look at: one ledger as it stood when the verification began."""

    store: Store
    ledger: Ledger
    head: Head
    now: datetime
    """The moment of the system's clock."""
    surroundings: Surroundings
    cluster: Cluster | None = None
    """The Kafka cluster to compare with."""
    told: Callable[[str, int, int], None] = lambda name, done, total: None
    """Hears the check (or ``entries``), how much is done, of how much."""

    @property
    def ordinary(self) -> bool:
        """Whether its moments are those of a real clock."""
        return self.ledger.mode is Mode.ORDINARY


class Sheet(msgspec.Struct, frozen=True):
    """A page of entries: the rows as stored and, of each, its data opened."""

    rows: Sequence[Stored]
    unsealed: Sequence[Unsealed]


class Check:
    """What a check may do; each step answers the first fault, or nothing. A check that found one is not asked again."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit

    async def begin(self) -> Fault | Skipped | None:
        """Before any entry is read."""
        return None

    async def take(self, sheet: Sheet) -> Fault | None:
        """The next entries, in position order."""
        return None

    async def end(self) -> Fault | Skipped | None:
        """When all entries were read."""
        return None

    async def close(self) -> None:
        """Let go of what it holds; always called."""


C = TypeVar("C", bound=type[Check])


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A declared check."""

    name: str
    order: int
    title: Message
    make: type[Check]


_checks: dict[str, Declared] = {}


def check(name: str, *, order: int, nl: str, en: str) -> Callable[[C], C]:
    """Declare a check. ``ValueError`` when its name is taken."""

    def register(made: C) -> C:
        if name in _checks:
            raise ValueError(f"check {name} is declared twice: in {_checks[name].make.__module__} and {made.__module__}")
        _checks[name] = Declared(name=name, order=order, title=Message(nl=nl, en=en), make=made)
        return made

    return register


@cache
def _discover() -> None:
    import streams.verification

    for module in pkgutil.iter_modules(streams.verification.__path__):
        importlib.import_module(f"streams.verification.{module.name}")


def checks() -> tuple[Declared, ...]:
    """Every check in its order; the modules of ``streams.verification`` are found by themselves."""
    _discover()
    return tuple(sorted(_checks.values(), key=lambda one: (one.order, one.name)))


@dataclass(slots=True)
class _Running:
    declared: Declared
    work: Check
    found: Fault | Skipped | None = None

    async def step(self, work: Callable[[], Awaitable[Fault | Skipped | None]]) -> None:
        if self.found is not None:
            return
        try:
            self.found = await work()
        except StoreUnavailable:
            raise
        except LedgerError as error:
            self.found = Fault(where=self.declared.name, what=str(error))

    @property
    def checked(self) -> Checked:
        found, name, title = self.found, self.declared.name, self.declared.title
        if isinstance(found, Fault):
            return Checked(check=name, title=title, outcome=Outcome.WRONG, fault=found)
        if isinstance(found, Skipped):
            return Checked(check=name, title=title, outcome=Outcome.SKIPPED, why=found.why)
        return Checked(check=name, title=title, outcome=Outcome.GOOD)


async def verify(audit: Audit, chosen: Sequence[Declared] | None = None) -> Verified:
    """Run the checks, all by default.

    :raises StoreUnavailable: the database is away.
    """
    running = [_Running(declared, declared.make(audit)) for declared in (checks() if chosen is None else chosen)]
    entries = 0
    try:
        for one in running:
            await one.step(one.work.begin)
        unsealing = Unsealing(audit.store)
        async for page in stored_entries(audit.store, audit.head.position):
            rows = [Stored(*row) for row in page]
            sheet = Sheet(rows, await unsealing.open(rows))
            for one in running:
                await one.step(partial(one.work.take, sheet))
            entries += len(rows)
            audit.told("entries", entries, audit.head.position)
        for number, one in enumerate(running):
            audit.told(one.declared.name, number, len(running))
            await one.step(one.work.end)
    finally:
        for one in running:
            await one.work.close()
    checked = [one.checked for one in running]
    faults = [one.fault for one in checked if one.fault is not None]
    first = min(faults, key=lambda fault: audit.head.position + 1 if fault.position is None else fault.position, default=None)
    return Verified(position=audit.head.position, entries=entries, good=not faults, first=first, checks=checked)
