"""The indicator catalogue: how a figure of the evaluation is declared and found (domain.md 6).

An indicator is a pure function from a :class:`~ledger.factbook.Factbook` to units (:mod:`ledger.units`), declared with
:func:`indicator` in a module of ``ledger.indicators``, found by itself. What is made of the units, how it is split and what
of it may be shown is the same for all of them (:mod:`ledger.figure`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

import polars as pl

from ledger.dimension import DIMENSIONS, QUARTER, YEAR
from ledger.factbook import Factbook
from ledger.verdict import Message

Words = tuple[str, str]
"""A text in Dutch and in English."""


class Theme(Enum):
    """The themes, in their order."""

    INTAKE = ("Intake, oriëntering en screening", "Intake, orientation, screening")
    PILLAR = ("Derde pijler", "Third pillar")
    REFERRAL = ("Kwaliteit van doorverwijzing", "Quality of referral")
    EXCHANGE = ("Uitwisseling met VDAB en Actiris", "Exchange with VDAB and Actiris")
    RECOGNITION = ("Diploma's en EVC", "Diplomas and validation of skills")
    EDITIONS = ("Sectortrajecten en groepsaanbod", "Sector trajectories and group offer")
    WORK = ("Werk en uitval", "Work and drop-out")
    OFFER = ("Aanbod en werkgevers", "Offer and employers")
    POLICY = ("Proeftuinen en middelen", "Pilots and money")
    DATA = ("Rollen, bronnen en signalen", "Roles, sources and signals")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)


class Method(Enum):
    """How a figure is made of units."""

    SHARE = "share"
    """Part of a whole, with Wilson's interval."""
    RATIO = "ratio"
    """One sum over another; each unit is one contributor."""
    TIME = "time"
    """Median and other quantiles of a time with censoring: Kaplan–Meier, with competing ends Aalen–Johansen."""
    RATE = "rate"
    """Events per 10 000, with the exact Poisson interval."""
    GAP = "gap"
    """The share of one group less the share of another (``between``), with Newcombe's interval; both stand in one cube."""
    MIX = "mix"
    """How many of all are in each category; the categories are the values of one dimension (``mix``), and together are all."""


class Unit(Enum):
    """What the value is in."""

    SHARE = ("aandeel", "share")
    DAYS = ("dagen", "days")
    CENTS = ("eurocent", "euro cents")
    PER_10000 = ("per 10 000", "per 10 000")
    MINUTES = ("minuten", "minutes")
    POINTS = ("procentpunt", "percentage points")
    BASIS_POINTS = ("basispunten", "basis points")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)


class Base(Enum):
    """What a cohort or period is read from."""

    CONTRACT = ("datum van het eerste contract", "date of the first contract")
    EVENT = ("datum van het feit zelf", "date of the fact itself")
    MONTH = ("maand van registratie bij de bron", "month of recording at the source")
    YEAR = ("kalenderjaar", "calendar year")
    STOCK = ("stand op de peildatum", "stock on the as-of date")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl, en)


Compute = Callable[[Factbook], pl.LazyFrame]


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One declared indicator."""

    id: str
    version: int
    """Raised when its meaning changes: two versions are never joined in one line."""
    theme: Theme
    title: Message
    definition: Message
    numerator: Message
    denominator: Message
    method: Method
    unit: Unit
    base: Base
    horizon: int | None
    """Days that a unit must have behind it to be counted."""
    dimensions: tuple[str, ...]
    needs: tuple[str, ...]
    """The views it reads."""
    decisions: tuple[str, ...]
    """Q1 to Q3: what it informs."""
    sources: tuple[str, ...]
    """Statements of the policy note that it answers."""
    coverage: bool
    """Whether it stands on what a service reports, so that missing feedback must be shown with it."""
    control: tuple[str, ...]
    """Roles whose control totals give that coverage; empty: the units themselves do."""
    restricted: bool
    """Only for auditors and the operator, and only in counts of ten or more."""
    caveat: Message | None
    mix: str | None
    """For a mix: the dimension whose values are the categories; None: shares are of everything together."""
    between: tuple[str, str, str] | None
    """For a gap: a dimension, and the two of its values whose shares are compared, the second taken from the first."""
    part_of: str | None
    """The indicator on the same units whose numerator holds all of this one's: they are protected together (:mod:`ledger.rollup`)."""
    compute: Compute

    @property
    def splits(self) -> tuple[str, ...]:
        """The dimensions that it can be split by, time included."""
        time = {Base.STOCK: (), Base.YEAR: (YEAR,)}.get(self.base, (YEAR, QUARTER))
        return (*self.dimensions, *time)


_declared: dict[str, Indicator] = {}


def indicator(
    id: str,
    *,
    theme: Theme,
    title: Words,
    definition: Words,
    numerator: Words,
    denominator: Words,
    base: Base,
    needs: Sequence[str],
    decisions: Sequence[str],
    sources: Sequence[str],
    dimensions: Sequence[str],
    method: Method = Method.SHARE,
    unit: Unit = Unit.SHARE,
    horizon: int | None = None,
    coverage: bool = False,
    control: Sequence[str] = (),
    restricted: bool = False,
    caveat: Words | None = None,
    mix: str | None = None,
    between: tuple[str, str, str] | None = None,
    part_of: str | None = None,
    version: int = 1,
) -> Callable[[Compute], Compute]:
    """Declare an indicator. ``ValueError`` when the id is taken or a dimension is not known."""

    def register(compute: Compute) -> Compute:
        if id in _declared:
            raise ValueError(f"indicator {id} is declared twice: in {_declared[id].compute.__module__} and {compute.__module__}")
        if strangers := [name for name in dimensions if name not in DIMENSIONS]:
            raise ValueError(f"indicator {id} splits by {', '.join(strangers)}: no such dimension")
        _declared[id] = Indicator(
            id=id,
            version=version,
            theme=theme,
            title=Message(*title),
            definition=Message(*definition),
            numerator=Message(*numerator),
            denominator=Message(*denominator),
            method=method,
            unit=unit,
            base=base,
            horizon=horizon,
            dimensions=tuple(dimensions),
            needs=tuple(needs),
            decisions=tuple(decisions),
            sources=tuple(sources),
            coverage=coverage,
            control=tuple(control),
            restricted=restricted,
            caveat=Message(*caveat) if caveat else None,
            mix=mix,
            between=between,
            part_of=part_of,
            compute=compute,
        )
        indicators.cache_clear()
        return compute

    return register


def withdraw(id: str) -> None:
    """Take an indicator out of the registry again: for tests that declare one on the fly."""
    del _declared[id]
    indicators.cache_clear()


@cache
def indicators() -> Mapping[str, Indicator]:
    """Every indicator by id; the modules of ``ledger.indicators`` are found by themselves."""
    import ledger.indicators

    for module in pkgutil.iter_modules(ledger.indicators.__path__):
        importlib.import_module(f"ledger.indicators.{module.name}")
    return dict(sorted(_declared.items(), key=lambda named: (len(named[0]), named[0])))
