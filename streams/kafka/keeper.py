"""Keeping a part of the Kafka side running: started again when it fails, and made anew when it moves no more.

A client of Kafka can be stuck without saying so: a request that is never answered, a background task of the client that died, a
metadata update that never ends. So each part beats a pulse at every turn it makes, work or no work, and whoever keeps it ends it
when the pulse stays away. Nothing is lost by that: every part asks anew where it stands when it starts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from ledger.errors import (
    BrokerRefused,
    BrokerUnavailable,
    Fenced,
    LedgerError,
    Overloaded,
    StoreFull,
    StoreUnavailable,
    UsageError,
)
from ledger.verdict import Message
from streams.clock import SystemClock
from streams.kafka.ending import end_task
from streams.transport import PartStanding

log = logging.getLogger(__name__)

STUCK_SECONDS = 45.0
"""After so long without a pulse a part is made anew: more than the longest single wait of a part that is well."""
_WATCH_SECONDS = 1.0
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
HEALTHY_SECONDS = 10.0
"""Who ran so long is well again, and is started again at once should it fail."""


class Pulse:
    """When a part last did something that shows it moves."""

    def __init__(self) -> None:
        self._at: float | None = None

    def beat(self) -> None:
        """It moves."""
        self._at = asyncio.get_running_loop().time()

    def age(self) -> float:
        """Seconds since it last moved."""
        return 0.0 if self._at is None else asyncio.get_running_loop().time() - self._at


class Part(Protocol):
    """What is kept running."""

    pulse: Pulse

    async def run(self) -> object:
        """Run until cancelled; asks anew where it stands each time it is called."""
        ...


class Keeper:
    """Keeps one part running until it is cancelled."""

    def __init__(
        self,
        name: str,
        part: Part,
        say: Callable[[str], None],
        *,
        stuck_seconds: float = STUCK_SECONDS,
        healthy_seconds: float = HEALTHY_SECONDS,
    ) -> None:
        """``say`` hears a sentence when something goes wrong, and when it is mended."""
        self.name = name
        self._part = part
        self._say = say
        self._stuck_seconds = stuck_seconds
        self._healthy_seconds = healthy_seconds
        self._trouble: Message | None = None
        self._since: datetime | None = None
        self._running = False
        self._restarts = 0
        self._stuck = 0

    def standing(self) -> PartStanding:
        """How it stands now."""
        return PartStanding(
            name=self.name,
            running=self._running,
            trouble=None if self._trouble is None else self._trouble.en,
            message=self._trouble,
            since=self._since,
            restarts=self._restarts,
            stuck=self._stuck,
        )

    async def keep(self) -> None:
        """Keep it running until cancelled, or until another ledger took over the writing."""
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE
        while True:
            began = loop.time()
            try:
                why = await self._once()
            except Fenced as error:
                self._tell(_said(error))
                return
            self._tell(why)
            pause = _FIRST_PAUSE if loop.time() - began > self._healthy_seconds else min(2 * pause, _LONGEST_PAUSE)
            await asyncio.sleep(pause)
            self._restarts += 1

    async def _once(self) -> Message:
        """Run it once; why it ended. ``Fenced`` is raised."""
        self._part.pulse.beat()
        # In a task of its own: a cancellation that a client lets out is a failure like others, and ours is not swallowed by one.
        task: asyncio.Task[object] = asyncio.create_task(self._run(), name=f"Kafka {self.name}")
        self._running = True
        stuck = False
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            while not task.done() and not stuck:
                await asyncio.wait({task}, timeout=min(_WATCH_SECONDS, self._stuck_seconds / 4))
                age, ran = self._part.pulse.age(), loop.time() - began
                stuck = not task.done() and age > self._stuck_seconds
                # Running is not enough: one that only waits for a cluster that does not answer is not mended.
                if not task.done() and ran > self._healthy_seconds and age < ran - self._healthy_seconds / 2:
                    self._mended()
        finally:
            self._running = False
            where = _where(task) if stuck else []
            await end_task(task)
        if stuck:
            self._stuck += 1
            log.error("a part of the Kafka side moves no more", extra={"fields": {"part": self.name, "where": where}})
            seconds = f"{self._stuck_seconds:.0f} s"
            return Message(
                nl=f"er bewoog {seconds} niets; de verbindingen worden opnieuw gemaakt, er gaat niets verloren",
                en=f"it did not move for {seconds}; its connections are made anew, nothing is lost",
            )
        if task.cancelled():
            return Message(
                nl="een Kafka-client stopte vanzelf; de verbindingen worden opnieuw gemaakt, er gaat niets verloren",
                en="a client of Kafka stopped by itself; its connections are made anew, nothing is lost",
            )
        return _why(self.name, task.exception())

    async def _run(self) -> object:
        return await self._part.run()

    def _tell(self, why: Message) -> None:
        if self._trouble is None:
            self._since = SystemClock().now()
        if self._trouble != why:
            self._trouble = why
            self._say(f"Kafka, {self.name}: {why.en}.")
            log.warning("a part of the Kafka side does not run", extra={"fields": {"part": self.name, "why": why.en, "stuck": self._stuck}})

    def _mended(self) -> None:
        if self._trouble is not None:
            self._trouble = self._since = None
            self._say(f"Kafka, {self.name}: runs again.")
            log.warning("a part of the Kafka side runs again", extra={"fields": {"part": self.name, "restarts": self._restarts}})


def _where(task: asyncio.Task[object]) -> list[str]:
    """File, line and function of each step in which a task waits, the innermost last."""
    found: list[str] = []
    step: object = task.get_coro()
    while (frame := getattr(step, "cr_frame", None) or getattr(step, "ag_frame", None)) is not None:
        code = frame.f_code
        found.append(f"{code.co_filename.rpartition('/site-packages/')[2].rpartition('/streams/')[2]}:{frame.f_lineno} {code.co_name}")
        step = getattr(step, "cr_await", None) or getattr(step, "ag_await", None)
    return found


def _why(name: str, error: BaseException | None) -> Message:
    if isinstance(error, Fenced):
        raise error
    if isinstance(error, LedgerError):
        return _said(error)
    log.error("the Kafka %s stopped", name, exc_info=error)
    kind = type(error).__name__
    return Message(nl=f"iets onvoorziens ({kind}); het logboek zegt waar", en=f"something unforeseen ({kind}); the log says where")


_IN_DUTCH: tuple[tuple[type[LedgerError], str], ...] = (
    (
        BrokerRefused,
        "de Kafka-cluster laat het register hier niet toe: een gebruiker, wachtwoord, certificaat, onderwerp of recht klopt niet",
    ),
    (BrokerUnavailable, "de Kafka-cluster is even weg; het wordt opnieuw geprobeerd, er gaat niets verloren"),
    (StoreFull, "de schijf van de databank is vol: maak plaats; wat bevestigd was, is bewaard"),
    (StoreUnavailable, "de databank is even weg; het wordt opnieuw geprobeerd, er gaat niets verloren"),
    (Fenced, "een ander register nam het schrijven over; dit schrijft niets meer"),
    (Overloaded, "er wacht te veel; het wordt opnieuw geprobeerd"),
    (UsageError, "de instellingen kloppen niet met deze cluster"),
)
"""By kind of error, the first that fits. The English sentence, which names what exactly, stands beside it."""


def _said(error: LedgerError) -> Message:
    return Message(nl=next((nl for kind, nl in _IN_DUTCH if isinstance(error, kind)), "dit deel stopte"), en=str(error))
