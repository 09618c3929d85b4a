"""Agreements as the API tells them. What may not be shown is null."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.agreements import Changed, ClauseView, ClockView
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party
from ledger.tally import PartyTally, Spread, Tally
from ledger.verdict import Message
from web.api.comparison_answers import Limits, limits
from web.api.pilot_answers import ConclusionItem, conclusion_item


class TallyItem(msgspec.Struct, frozen=True, kw_only=True):
    """Clocks that met their norm, of those decided."""

    met: int | None
    decided: int | None
    share: float | None
    interval: Limits | None
    hidden: bool


def tally_item(one: Tally) -> TallyItem:
    """A tally."""
    return TallyItem(met=one.met, decided=one.decided, share=one.share, interval=limits(one.interval), hidden=one.hidden)


class PartyItem(msgspec.Struct, frozen=True, kw_only=True):
    """The same for one responsible party."""

    party: str
    label: Message
    org: str | None
    tally: TallyItem
    place: str | None
    """In the funnel of all that answer for the clock: ``within``, ``note`` or ``apart``; null where it cannot be compared."""


def party_label(code: str) -> Message:
    """A responsible party in words."""
    party = Party(code)
    return Message(party.nl, party.en)


def _party(one: PartyTally) -> PartyItem:
    return PartyItem(party=one.party, label=party_label(one.party), org=one.org, tally=tally_item(one.tally), place=one.place)


class ChangedItem(msgspec.Struct, frozen=True, kw_only=True):
    """What another norm would have meant. ``used`` is the nearest norm to the asked one that may be told."""

    asked: str
    used: str
    tally: TallyItem
    more_late: int | None
    parties: list[PartyItem]


def _changed(one: Changed) -> ChangedItem:
    return ChangedItem(
        asked=one.asked, used=one.used, tally=tally_item(one.tally), more_late=one.more_late, parties=[_party(part) for part in one.parties]
    )


class QuarterItem(msgspec.Struct, frozen=True, kw_only=True):
    """A closed quarter, by the start of the clock."""

    quarter: str
    tally: TallyItem


class ClockItem(msgspec.Struct, frozen=True, kw_only=True):
    """One clock of a clause."""

    clock: str
    label: Message
    kind: str
    norm: str
    promised: str | None
    total: TallyItem
    running: int | None
    neutral: int | None
    quarters: list[QuarterItem]
    parties: list[PartyItem]
    spread: Spread | None
    """The funnel that the parties have their place in."""
    lies_with: dict[str, int | None]
    changed: ChangedItem | None


def _clock(one: ClockView) -> ClockItem:
    named = ClockId(one.clock)
    return ClockItem(
        clock=one.clock,
        label=Message(named.nl, named.en),
        kind=one.kind,
        norm=one.norm,
        promised=one.promised,
        total=tally_item(one.total),
        running=one.running.n,
        neutral=one.neutral.n,
        quarters=[QuarterItem(quarter=name, tally=tally_item(told)) for name, told in one.quarters],
        parties=[_party(part) for part in one.parties],
        spread=one.spread,
        lies_with={name: cell.n for name, cell in one.lies_with.items()},
        changed=_changed(one.changed) if one.changed else None,
    )


class ClauseItem(msgspec.Struct, frozen=True, kw_only=True):
    """One clause in force."""

    code: str
    id: str
    framework: str
    version: int
    topic: str
    label: Message
    norm: str | None
    parties: list[str]
    valid_from: date
    measured: bool
    indicators: list[str]
    clocks: list[ClockItem]
    conclusion: ConclusionItem | None


def clause_item(one: ClauseView) -> ClauseItem:
    """A clause."""
    clause = one.clause
    return ClauseItem(
        code=clause.code,
        id=clause.clause_id,
        framework=clause.framework_id,
        version=clause.version,
        topic=clause.topic.value,
        label=Message(clause.topic.nl, clause.topic.en),
        norm=clause.norm,
        parties=list(clause.parties),
        valid_from=clause.valid_from,
        measured=clause.measured,
        indicators=list(clause.indicators),
        clocks=[_clock(part) for part in one.clocks],
        conclusion=conclusion_item(one.concluded) if one.concluded else None,
    )


class AgreementsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every clause in force, or one, at one date and position."""

    as_of: date
    position: int
    norms: dict[str, str]
    clauses: list[ClauseItem]
