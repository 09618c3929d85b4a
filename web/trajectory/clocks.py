"""Deadlines for people: state, dates and whom each runs against. The services' side is never told as the person's shortcoming."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState, Side
from ledger.codes.referral import ReferralTarget
from ledger.events.referral import ReferralMade
from ledger.fact import State
from ledger.timeline import Timeline, TimelineClock
from web import wording
from web.labels import code_label
from web.language import Language
from web.trajectory.lines import payload_of

_ORDER = (Side.SYSTEM.value, Side.PERSON.value, Side.NOBODY.value, "delivery")
_SERVICES = frozenset({ReferralTarget.VDAB, ReferralTarget.ACTIRIS})

TONES = {
    ClockState.MET: "met",
    ClockState.MET_BEFORE_START: "met",
    ClockState.RUNNING: "running",
    ClockState.PAUSED: "running",
    ClockState.BREACHED_OPEN: "late",
    ClockState.BREACHED_CLOSED: "late",
}
"""Class of the style sheet by state; others are neutral."""


class ClockRow(msgspec.Struct, frozen=True, kw_only=True):
    """One deadline, written out."""

    clock: TimelineClock
    group: str
    """``system``, ``person``, ``nobody``, or ``delivery`` for the delivery of reports to the ledger (C24)."""
    label: str
    state: str
    tone: str
    against: str
    kind: str
    days: str
    acts: tuple[str, ...]
    """For C01 and C02: what the agency itself did to lead the person to the service."""


def tone_of(clock: TimelineClock) -> str:
    """The class of the style sheet for a clock."""
    return TONES.get(ClockState(clock.state), "neutral")


def _group(clock: TimelineClock) -> str:
    return "delivery" if clock.clock == ClockId.C24 else clock.side


def clock_rows(told: Timeline, language: Language) -> list[ClockRow]:
    """Every clock, the services' side first, then by start."""
    ordered = sorted(told.clocks, key=lambda c: (_ORDER.index(_group(c)), c.start or date.min, c.clock, c.case))
    return [_row(clock, told, language) for clock in ordered]


def _row(clock: TimelineClock, told: Timeline, language: Language) -> ClockRow:
    may = clock.kind == "may"
    kinds = {"duty": ("plicht", "duty"), "may": ("mogelijkheid", "may"), "target": ("streefdoel", "target")}
    return ClockRow(
        clock=clock,
        group=_group(clock),
        label=code_label("clock", clock.clock, language),
        state=code_label("state", clock.state, language),
        tone=tone_of(clock),
        against=language.say("niemand: het is een mogelijkheid", "nobody: it is a possibility")
        if may
        else code_label("party", clock.against, language),
        kind=language.say(*kinds.get(clock.kind, (clock.kind, clock.kind))),
        days=_days(clock, language),
        acts=_acts(clock, told, language) if clock.clock in {ClockId.C01, ClockId.C02} else (),
    )


def _days(clock: TimelineClock, language: Language) -> str:
    if clock.elapsed is None:
        return wording.NOTHING
    if clock.clock == ClockId.C24:
        hours = clock.elapsed // 3600
        if hours > 96:
            return wording.days(hours // 24, language)
        return wording.counted(hours, ("uur", "hour"), ("uur", "hours"), language)
    return wording.days(clock.elapsed, language)


def _acts(clock: TimelineClock, told: Timeline, language: Language) -> tuple[str, ...]:
    """The agency is accountable for leading the person there: its own acts stand beside the deadline (domain.md 5)."""
    if clock.start is None:
        return ()
    acts: list[str] = []
    for entry in told.entries:
        if entry.name != "referral.made" or entry.state not in {State.LIVE, State.CORRECTED}:
            continue
        payload = payload_of(entry.type, (entry.effective.data if entry.effective else entry.data))
        if isinstance(payload, ReferralMade) and payload.target in _SERVICES:
            days = (entry.date - clock.start).days
            where = language.say(f"dag {days}", f"day {days}") if days >= 0 else language.say("vóór de start", "before the start")
            acts.append(
                language.say(
                    f"het agentschap verwees naar {payload.target.label('nl')} op {wording.short_day(entry.date, language)} ({where})",
                    f"the agency referred to {payload.target.label('en')} on {wording.short_day(entry.date, language)} ({where})",
                )
            )
    if not acts:
        acts.append(
            language.say(
                "er is geen verwijzing van het agentschap naar VDAB of Actiris gekend",
                "no referral by the agency to VDAB or Actiris is known",
            )
        )
    return tuple(acts)
