"""What the criteria of a decision sheet stand on, pilot by pilot, in exact figures (evaluation.md 6.4.6).

:mod:`ledger.sheet` says what of it may be shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
import polars as pl

from ledger import conduct
from ledger.codes.pilot import PilotTheme
from ledger.codes.policy import Conclusion
from ledger.codes.region import Region
from ledger.codes.roles import Role
from ledger.data_state import DataState, data_state
from ledger.disclosure import K_PERSONS, small_share
from ledger.factbook import Factbook
from ledger.figure import Row, figure
from ledger.funnel import Funnel, Unit, Verdict
from ledger.indicator import Method, indicators
from ledger.plan import Plan
from ledger.profiles import ByYear, by_year
from ledger.rule_facts import RuleFacts, rule_facts
from ledger.verdict import StreamId


class Pilot(msgspec.Struct, frozen=True, kw_only=True):
    """A pilot as it was opened."""

    pilot_id: str
    theme: PilotTheme
    executors: tuple[str, ...]
    regions: tuple[Region, ...]
    valid_from: date
    valid_to: date | None
    target: int | None


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """A year of money, in cents, and the persons who accepted and were offered a place in it."""

    year: int
    recurrent: int
    once: int
    spent: int
    accepted: int
    offered: int


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """A process indicator among participants, beside that of everybody."""

    indicator: str
    top: int | None
    bottom: int | None
    value: float | None
    everybody: float | None
    verdict: Verdict | None
    """Against the funnel around everybody's share; None when it cannot be told."""
    below: bool | None
    """Whether it lies under the 95 % limit of that funnel."""


class Concluded(msgspec.Struct, frozen=True, kw_only=True):
    """A conclusion that was published."""

    conclusion: Conclusion
    on: date
    role: Role
    position: int
    """Position that it rests on."""
    indicators: tuple[str, ...]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Everything but the comparison itself."""

    pilot: Pilot
    offered: int
    accepted: int
    left: int
    by_region: dict[str, int]
    """Accepted, by region at the contract."""
    profiles: ByYear
    """Accepted, by region and by profile, per year."""
    money: tuple[Money, ...]
    process: tuple[Process, ...]
    equity: dict[str, tuple[int, int, int, int]]
    """Per vulnerable group: participants in it, participants, persons of the cohort in it, persons of the cohort."""
    coverage: float | None
    data: DataState
    rule_facts: RuleFacts
    role_findings: tuple[tuple[str, date], ...]
    """Role patterns of executors that stand longer than allowed: rule and since when."""
    roles_apart: bool
    """Whether the rate of role refusals of an executor lies outside the funnel of all publishers."""
    partner_met: int
    partner_decided: int
    due: date | None
    """When it must be evaluated (C23)."""
    due_state: str | None
    concluded: Concluded | None


def pilots_of(facts: Factbook) -> list[Pilot]:
    """Every pilot, by its first day."""
    rows = facts.table("pilots").sort("valid_from", "pilot_id").iter_rows(named=True)
    return [
        Pilot(
            pilot_id=row["pilot_id"],
            theme=PilotTheme(row["theme"]),
            executors=tuple(row["executors"]),
            regions=tuple(Region(one) for one in row["regions"]),
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            target=row["target_reach"],
        )
        for row in rows
    ]


def evidence(facts: Factbook, pilot: Pilot, plan: Plan | None, data: DataState | None = None) -> Evidence:
    """What the facts say of a pilot; ``data`` is the state of its sources, when that is known already."""
    stays = facts.table("pilot_stays").filter(pl.col("pilot_id") == pilot.pilot_id)
    accepted = stays.filter(pl.col("accepted_on").is_not_null())
    people = facts.people().select("key", "region", "self_reliance", "benefit0", "work0", "reg_on", "fb_state", "contract_on").collect()
    participants = people.join(accepted.select("key", "accepted_on"), on="key")
    mine = facts if pilot.theme in _OF_EMPLOYERS else among(facts, participants["key"].to_list(), pilot.pilot_id)
    registered = participants.filter(pl.col("reg_on").is_not_null())
    heard = registered.filter(pl.col("fb_state") == "received").height
    due = facts.table("clocks").filter((pl.col("clock") == "C23") & (pl.col("key") == f"beleid/pilot/{pilot.pilot_id}"))
    met, decided = conduct.partners(facts, participants)
    return Evidence(
        pilot=pilot,
        offered=stays["offered_on"].count(),
        accepted=accepted.height,
        left=stays["left_on"].count(),
        by_region={str(region): n for region, n in participants.group_by("region").len().sort("region").iter_rows()},
        profiles=by_year(participants),
        money=_money(facts, pilot, stays),
        process=tuple(_process(facts, mine, plan)) if plan is not None else (),
        equity=_equity(people, participants),
        coverage=heard / registered.height if registered.height and not small_share(heard, registered.height) else None,
        data=data if data is not None else data_state(facts, pilot.executors),
        rule_facts=rule_facts(plan, mine) if plan is not None else RuleFacts(),
        role_findings=conduct.role_findings(facts, pilot.executors),
        roles_apart=conduct.roles_apart(facts, pilot.executors),
        partner_met=met,
        partner_decided=decided,
        due=due["deadline"][0] if due.height else None,
        due_state=due["state"][0] if due.height else None,
        concluded=conclusion_of(facts, pilot.pilot_id),
    )


def conclusion_of(facts: Factbook, subject_id: str) -> Concluded | None:
    """The last conclusion about something."""
    rows = facts.table("evaluations").filter(pl.col("subject_id") == subject_id).sort("concluded_on", "position")
    if not rows.height:
        return None
    row = rows.row(-1, named=True)
    return Concluded(
        conclusion=Conclusion(row["conclusion"]),
        on=row["concluded_on"],
        role=Role(row["role"]),
        position=row["checkpoint_position"],
        indicators=tuple(row["indicator_ids"]),
    )


def _money(facts: Factbook, pilot: Pilot, stays: pl.DataFrame) -> tuple[Money, ...]:
    rows = facts.table("resources").filter(pl.col("pilot_id") == pilot.pilot_id)
    sums = {(year, kind): cents for year, kind, cents in rows.group_by("year", "kind").agg(pl.col("cents").sum()).iter_rows()}
    joined = stays.select(pl.col("accepted_on").dt.year().alias("accepted"), pl.col("offered_on").dt.year().alias("offered"))
    accepted = dict(joined["accepted"].drop_nulls().value_counts().iter_rows())
    offered = dict(joined["offered"].drop_nulls().value_counts().iter_rows())
    years = sorted({year for year, _ in sums} | set(accepted) | set(offered))
    return tuple(
        Money(
            year=year,
            recurrent=sums.get((year, "allocated_recurrent"), 0),
            once=sums.get((year, "allocated_once"), 0),
            spent=sums.get((year, "spent"), 0),
            accepted=accepted.get(year, 0),
            offered=offered.get(year, 0),
        )
        for year in years
    )


def among(facts: Factbook, keys: Sequence[str], pilot_id: str | None = None) -> Factbook:
    """The same facts of some persons only; editions of one pilot only, when it is named."""
    some = set(keys)
    frames = {}
    for name, frame in facts.frames.items():
        kept = frame.filter(~pl.col("key").str.starts_with("persoon/") | pl.col("key").is_in(some))
        if name == "editions" and pilot_id is not None:
            kept = kept.filter(pl.col("pilot_id") == pilot_id)
        frames[name] = kept
    return Factbook(frames, as_of=facts.as_of, position=facts.position, erased=facts.erased, parameters=facts.parameters)


_OF_EMPLOYERS = frozenset({PilotTheme.EMPLOYER_LANGUAGE, PilotTheme.EMPLOYER_DIVERSITY, PilotTheme.DATA_EXCHANGE, PilotTheme.BRUSSELS})


def works_on_persons(theme: PilotTheme) -> bool:
    """Whether a pilot of this theme enrols persons; others work on employers, services or a region."""
    return theme not in _OF_EMPLOYERS


def _process(facts: Factbook, mine: Factbook, plan: Plan) -> list[Process]:
    found = []
    for id in plan.process:
        declared = indicators()[id]
        own, all_of_them = figure(declared, mine, protected=False).total, figure(declared, facts, protected=False).total
        verdict, below = None, None
        enough = (own.denominator or 0) >= K_PERSONS and bool(all_of_them.denominator)
        comparable = declared.method is Method.SHARE and mine is not facts and enough
        if comparable and own.numerator is not None and own.denominator and all_of_them.value is not None:
            around, unit = Funnel(all_of_them.value, None), Unit(own.numerator, own.denominator)
            verdict = around.verdict(unit)
            below = unit.share < around.limits(unit.bottom).low
        found.append(
            Process(
                indicator=id,
                top=own.numerator,
                bottom=own.denominator,
                value=own.value,
                everybody=all_of_them.value if mine is not facts and not _few(declared.method, all_of_them) else None,
                verdict=verdict,
                below=below,
            )
        )
    return found


def _few(method: Method, total: Row) -> bool:
    """Whether the figure of everybody would tell of few."""
    if total.numerator is None or total.denominator is None:
        return True
    return small_share(total.numerator, total.denominator) if method is Method.SHARE else total.denominator < K_PERSONS


def _equity(people: pl.DataFrame, participants: pl.DataFrame) -> dict[str, tuple[int, int, int, int]]:
    groups = {
        "self_reliance_low": pl.col("self_reliance").cast(pl.String) == "low",
        "nug": (pl.col("benefit0") == "none") & (pl.col("work0") == "jobless"),
    }
    return {
        name: (participants.filter(who).height, participants.height, people.filter(who).height, people.height)
        for name, who in groups.items()
    }


def subject_of(pilot: Pilot) -> StreamId:
    """The stream of its conclusions."""
    return StreamId(f"beleid/evaluation/{pilot.pilot_id}")
