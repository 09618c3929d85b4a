"""The evaluation plans: what is compared for the pilots of one theme, fixed before any run (evaluation.md 6.4.4).

A plan is declared with :func:`plan` in a module of ``ledger.pilots``, found by itself. It says who is looked at, from which
day time counts, which outcome decides, which indicators tell whether the pilot was done as meant, and which methods may be used.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from hashlib import blake2b

from ledger.codes.pilot import PilotTheme
from ledger.codes.policy import ClauseTopic
from ledger.verdict import Message

Words = tuple[str, str]
"""A text in Dutch and in English."""


class Design(Enum):
    """The methods of evaluation.md 6.4.2."""

    M1 = ("gematcht, exact op klassen", "matched, exact on classes")
    M2 = ("gematcht op kansscore", "matched on a propensity score")
    M3 = ("gespreide voor–na tussen regio's", "staggered before–after between regions")
    M4 = ("onderbroken tijdreeks", "interrupted time series")
    M5 = ("gewone voor–na", "plain before–after")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)


class Who(Enum):
    """The persons that a plan looks at; each is a condition on facts dated on or before the contract."""

    JOBLESS = ("zonder werk bij het contract", "without work at the contract")
    NUG = ("zonder werk en zonder uitkering bij het contract", "without work and benefit at the contract")
    EVERYBODY = ("iedereen met een contract", "everybody with a contract")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)


class Origin(Enum):
    """The day from which a comparison person must have come as far as the one who was offered a place."""

    CONTRACT = ("dagen sinds het contract", "days since the contract")
    CERTIFICATE = ("dagen sinds het attest", "days since the certificate")
    REGISTRATION = ("dagen sinds de inschrijving als werkzoekende", "days since the registration as a jobseeker")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)


class Event(Enum):
    """What can come of it: the first day of something, as a column of facts."""

    JOB = ("eerste betaalde job", "first paid job")
    NEXT_STEP = ("eerste job of opleiding", "first job or training")
    ORIENTED = ("loopbaanoriëntatie", "career orientation")
    SCREENED = ("screening van competenties", "screening of competences")
    INFORMED = ("informatie over een initiatief", "information on an initiative")
    FILED = ("erkenningsdossier ingediend", "recognition dossier submitted")
    REACHED = ("groepsaanbod of opvolgplan", "group offer or follow-up plan")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An event within some days of the offer. The share that had it is what is compared."""

    event: Event
    days: int
    indicator: str
    """The indicator whose measure it is, counted from the offer."""

    @property
    def code(self) -> str:
        """``job.365``."""
        return f"{self.event.name.lower()}.{self.days}"

    @property
    def label(self) -> Message:
        """In words."""
        return Message(f"{self.event.label.nl} binnen {self.days} dagen", f"{self.event.label.en} within {self.days} days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is compared for the pilots of a theme."""

    theme: PilotTheme
    designs: tuple[Design, ...]
    """Empty for a theme that is only described."""
    who: Who
    origin: Origin
    after_end: bool
    """Whether the pilot comes after the trajectory, so that its end bars nobody."""
    primary: Outcome | None
    secondary: tuple[Outcome, ...]
    """Exploratory: they decide nothing."""
    process: tuple[str, ...]
    """Indicators that tell whether it was done as meant."""
    series: tuple[str, ...]
    """Indicators that are followed month by month (M4); the first decides."""
    norm: Message | None
    """What could become a rule (Q1)."""
    clause: ClauseTopic | None
    """The clause that it touches (Q2)."""

    @property
    def comparative(self) -> bool:
        """Whether persons are compared with others."""
        return self.primary is not None and bool({Design.M1, Design.M2} & set(self.designs))

    @property
    def descriptive(self) -> bool:
        """Whether nothing can show an effect: neither a comparison of persons nor a series."""
        return not self.comparative and not self.series

    @property
    def digest(self) -> str:
        """A hash of all that the plan fixes: a run names it."""
        said = [self.theme.value, *(d.name for d in self.designs), self.who.name, self.origin.name, str(self.after_end)]
        said += (
            [o.code for o in ((self.primary,) if self.primary else ())]
            + [o.code for o in self.secondary]
            + list(self.process)
            + list(self.series)
        )
        return blake2b("\n".join(said).encode(), digest_size=8).hexdigest()


_declared: dict[PilotTheme, Plan] = {}


def plan(
    theme: PilotTheme,
    *,
    designs: tuple[Design, ...] = (),
    who: Who = Who.JOBLESS,
    origin: Origin = Origin.CONTRACT,
    after_end: bool = False,
    primary: Outcome | None = None,
    secondary: tuple[Outcome, ...] = (),
    process: tuple[str, ...] = (),
    series: tuple[str, ...] = (),
    norm: Words | None = None,
    clause: ClauseTopic | None = None,
) -> Plan:
    """Declare the plan of a theme. ``ValueError`` when it has one."""
    if theme in _declared:
        raise ValueError(f"theme {theme} has two plans")
    made = Plan(
        theme=theme,
        designs=designs,
        who=who,
        origin=origin,
        after_end=after_end,
        primary=primary,
        secondary=secondary,
        process=process,
        series=series,
        norm=Message(*norm) if norm else None,
        clause=clause,
    )
    _declared[theme] = made
    return made


@cache
def plans() -> Mapping[PilotTheme, Plan]:
    """The plan of every theme; the modules of ``ledger.pilots`` are found by themselves."""
    import ledger.pilots

    for module in pkgutil.iter_modules(ledger.pilots.__path__):
        importlib.import_module(f"ledger.pilots.{module.name}")
    return {theme: _declared[theme] for theme in PilotTheme if theme in _declared}
