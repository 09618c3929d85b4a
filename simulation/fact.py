"""A fact of the true world, before anybody sends it: what happened, when, and who will publish it."""

from __future__ import annotations

from ledger.catalogue import Payload, type_of
from ledger.events.course import LanguageLevelAttained, MoCourseEnded, MoCourseStarted
from ledger.events.diploma import DiplomaDossierSubmitted, RecognitionDecided, RecognitionFileStatusChanged
from ledger.events.edition import EditionEnded, EditionParticipationEnded, EditionStarted
from ledger.events.identity import ProfileUpdated
from ledger.events.offer import OfferPublished, OfferWithdrawn
from ledger.events.policy import FrameworkVersionAdopted, NormSet, ResourceRecorded
from ledger.events.work import EmploymentEnded, EmploymentStarted, TrainingEnded, TrainingStarted
from simulation.draw import Draws, as_uuid7
from simulation.moment import HOUR, MINUTE, instant
from simulation.organisations import Source

DAY_PRECISE: frozenset[type[Payload]] = frozenset(
    {
        ProfileUpdated,
        MoCourseStarted,
        MoCourseEnded,
        LanguageLevelAttained,
        DiplomaDossierSubmitted,
        RecognitionFileStatusChanged,
        RecognitionDecided,
        EditionStarted,
        EditionEnded,
        EditionParticipationEnded,
        TrainingStarted,
        TrainingEnded,
        EmploymentStarted,
        EmploymentEnded,
        OfferPublished,
        OfferWithdrawn,
        FrameworkVersionAdopted,
        NormSet,
        ResourceRecorded,
    }
)
"""Types whose ``time`` is a day: local midnight on the wire."""

OFFICE_OPENS = 8 * HOUR + 30 * MINUTE
OFFICE_SECONDS = 8 * HOUR + 30 * MINUTE
"""Office hours are 08:30–17:00."""

_DAY_PRECISE_BY_CLASS = dict.fromkeys(DAY_PRECISE, True)


class Fact:
    """One thing that happened. ``key`` is its hash: id, time of day and time of recording are cut from it."""

    __slots__ = ("day", "key", "payload", "precise", "recorded", "second", "source", "subject")

    def __init__(self, payload: Payload, source: Source, day: int, key: str, subject: str) -> None:
        self.payload = payload
        self.source = source
        self.day = day
        self.key = key
        self.subject = subject
        """The stream key; for a person ``insz/<number>``."""
        office = int(key[20:28], 16) * OFFICE_SECONDS >> 32
        self.precise = type(payload) not in _DAY_PRECISE_BY_CLASS
        """Whether ``time`` has seconds; else it is the local day."""
        if self.precise:
            self.second = OFFICE_OPENS + office
            self.recorded = instant(day, self.second) + MINUTE + (int(key[28:36], 16) * (30 * MINUTE) >> 32)
        else:
            self.second = 0
            self.recorded = instant(day, OFFICE_OPENS + office)

    @property
    def time(self) -> int:
        """Seconds since 1970 at which it happened."""
        return instant(self.day, self.second)

    def event_id(self, recorded: int) -> str:
        """The UUIDv7 of the event that reports the fact: its time part is when it was recorded."""
        return as_uuid7(recorded * 1000, self.key)


class Story:
    """What happens to one thing that is no person: an edition, an offer, an employer, a pilot."""

    def __init__(self, draws: Draws, last_day: int) -> None:
        self.draws = draws
        self.last_day = last_day
        self.facts: list[Fact] = []
        self._counts: dict[str, int] = {}

    def add(self, source: Source, payload: Payload, day: int, subject: str) -> None:
        """Something happens on a day; nothing happens after the end of the simulated period."""
        if day > self.last_day:
            return
        name = type_of(type(payload)).name
        n = self._counts.get(name, 0)
        self._counts[name] = n + 1
        self.facts.append(Fact(payload, source, day, self.draws.key(f"fact.{name}", n), subject))
