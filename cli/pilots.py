"""Decision sheets and scenarios on the command line: asked over HTTP, shown as tables or JSON."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import msgspec

from cli.client import LedgerClient, decoded, find
from cli.moments import as_parameter, read_as_of, read_known_at
from cli.output import answer, answer_json, sentence, table
from ledger.errors import UsageError
from ledger.verdict import Message

PATIENCE = 3600.0
"""Seconds to wait: a cut in the past is recomputed from the log."""


class _Conclusion(msgspec.Struct, frozen=True):
    label: Message
    on: str


class _Pilot(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    theme: str
    label: Message
    target: int | None
    offered: int | None
    accepted: int | None
    reach: float | None
    spent: int
    per_participant: float | None
    proposal_label: Message
    conclusion: _Conclusion | None
    deviating: bool | None
    due_days: int | None


class _Scenario(msgspec.Struct, frozen=True, kw_only=True):
    label: Message
    budget: int
    people: int
    lost_people: int
    results: float
    lost_results: float


class _Budget(msgspec.Struct, frozen=True, kw_only=True):
    base_year: int
    base: int
    lean_year: int
    planned: int
    budget: int
    scenarios: list[_Scenario]
    envelopes: list[_Scenario]


class _Pilots(msgspec.Struct, frozen=True, kw_only=True):
    as_of: str
    position: int
    pilots: list[_Pilot]
    budget: _Budget | None


class _Estimate(msgspec.Struct, frozen=True, kw_only=True):
    method: str
    offered: int
    others: int
    share_offered: float | None
    share_others: float | None
    difference: float | None
    interval: tuple[float, float] | None
    unmatched: float


class _Change(msgspec.Struct, frozen=True, kw_only=True):
    value: float
    interval: tuple[float, float]


class _Series(msgspec.Struct, frozen=True, kw_only=True):
    indicator: str
    start: str
    months_before: int | None
    months_after: int | None
    jump: _Change | None
    slope: _Change | None


class _Criterion(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    label: Message
    state_label: Message
    why: Message
    needed: Message | None


class _Otherwise(msgspec.Struct, frozen=True, kw_only=True):
    label: Message


class _Sheet(msgspec.Struct, frozen=True, kw_only=True):
    pilot: _Pilot
    as_of: str
    position: int
    sentence: Message
    caveat: Message | None
    m1: _Estimate | None
    m2: _Estimate | None
    series: list[_Series]
    criteria: list[_Criterion]
    proposal_why: Message
    missing: list[str]
    otherwise: _Otherwise | None


def show(
    pilot: str | None,
    *,
    budget: int | None,
    amounts: list[str],
    rule_needed: str,
    as_of: str | None,
    known_at: str | None,
    data: Path,
    as_json: bool,
) -> None:
    """Print the pilots and the budget, or one sheet.

    :raises UsageError: an option cannot be read, or does not go with a sheet.
    """
    if rule_needed not in {"yes", "no", "unknown"}:
        raise UsageError(f"--rule-needed {rule_needed!r}: answer yes, no or unknown")
    if pilot is not None and (budget is not None or amounts):
        raise UsageError("--budget and --amount divide money over all pilots: leave PILOT out")
    day, known = read_as_of(as_of), as_parameter(read_known_at(known_at))
    cut = {"as_of": day.isoformat() if day else None, "known_at": known}
    with LedgerClient(find(data), patience=PATIENCE) as ledger:
        if pilot is None:
            body = ledger.get("/api/pilots", budget=budget, amounts=",".join(amounts) or None, **cut)
        else:
            asked = rule_needed if rule_needed != "unknown" else None
            body = ledger.get(f"/api/pilots/{quote(pilot, safe='')}", rule_needed=asked, **cut)
    if as_json:
        answer_json(body)
    elif pilot is None:
        _list(decoded(body, _Pilots))
    else:
        _sheet(decoded(body, _Sheet))


def _list(told: _Pilots) -> None:
    answer(f"as of {told.as_of}, as known at position {told.position}")
    columns = ["pilot", "offered", "accepted", "of target", "spent", "per participant", "proposal", "conclusion"]
    rows = []
    for one in told.pilots:
        concluded = "" if one.conclusion is None else f"{sentence(one.conclusion.label)}{' (deviating)' if one.deviating else ''}"
        rows.append(
            (
                one.theme,
                count(one.offered),
                count(one.accepted),
                share(one.reach),
                _euro(one.spent),
                _euro(one.per_participant),
                sentence(one.proposal_label),
                concluded,
            )
        )
    table(columns, rows, right=columns[1:6])
    if told.budget is None:
        answer("No year with known spending is over yet: there is no scenario.")
        return
    money = told.budget
    spent = f"instead of the {_euro(money.base)} spent in {money.base_year}"
    answer(f"{_euro(money.budget)} {spent}; planned for {money.lean_year}: {_euro(money.planned)}")
    heads = ["division", "persons reached", "persons lost", "results kept", "results lost"]
    table(heads, [_scenario(one) for one in money.scenarios], right=heads[1:])
    answer("None of these is chosen by the ledger. Results are participants with the primary outcome, not effects.")


def _scenario(one: _Scenario) -> tuple[str, ...]:
    return sentence(one.label), str(one.people), str(one.lost_people), f"{one.results:.0f}", f"{one.lost_results:.0f}"


def _sheet(told: _Sheet) -> None:
    one = told.pilot
    answer(f"{sentence(one.label)} ({one.id})")
    answer(f"as of {told.as_of}, as known at position {told.position}")
    answer(f"offered {count(one.offered)}, accepted {count(one.accepted)} of {count(one.target)}; spent {_euro(one.spent)}")
    answer(sentence(told.sentence))
    columns = ["method", "offered", "others", "share offered", "share others", "difference", "95% interval", "unmatched"]
    rows = [_estimate(part) for part in (told.m1, told.m2) if part is not None]
    if rows:
        table(columns, rows, right=columns[1:])
    if told.series:
        heads = ["series", "months before", "months after", "jump", "slope by month"]
        table(heads, [_series(part) for part in told.series], right=heads[1:])
    table(
        ["criterion", "", "state", "why", "needed"],
        [
            (part.id, sentence(part.label), sentence(part.state_label), sentence(part.why), sentence(part.needed) if part.needed else "")
            for part in told.criteria
        ],
    )
    missing = f"; missing: {', '.join(told.missing)}" if told.missing else ""
    answer(f"Proposal: {sentence(one.proposal_label)} ({sentence(told.proposal_why)}{missing})")
    if told.otherwise is not None:
        answer(f"If only the data were in order: {sentence(told.otherwise.label)}")
    if one.conclusion is not None:
        answer(f"Concluded on {one.conclusion.on}: {sentence(one.conclusion.label)}{' - deviating' if one.deviating else ''}")
    elif one.due_days is not None:
        answer(f"To be concluded within {one.due_days} days")
    if told.caveat is not None:
        answer(sentence(told.caveat))


def _estimate(one: _Estimate) -> tuple[str, ...]:
    limits = "" if one.interval is None else f"{one.interval[0] * 100:.1f} to {one.interval[1] * 100:.1f}"
    points = "hidden" if one.difference is None else f"{one.difference * 100:.1f}"
    return (
        one.method,
        str(one.offered),
        str(one.others),
        share(one.share_offered),
        share(one.share_others),
        points,
        limits,
        share(one.unmatched),
    )


def _series(one: _Series) -> tuple[str, ...]:
    before, after = (str(n) if n is not None else "too few" for n in (one.months_before, one.months_after))
    return one.indicator, before, after, _change(one.jump), _change(one.slope)


def _change(one: _Change | None) -> str:
    return "" if one is None else f"{one.value * 100:+.1f} [{one.interval[0] * 100:.1f} to {one.interval[1] * 100:.1f}]"


def count(n: int | None) -> str:
    """A count that may be hidden."""
    return "hidden" if n is None else str(n)


def share(value: float | None) -> str:
    """A share in per cent."""
    return "" if value is None else f"{value * 100:.1f}%"


def _euro(cents: float | None) -> str:
    return "" if cents is None else f"€ {cents / 100:,.0f}"
