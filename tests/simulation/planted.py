"""A true world with its potential outcomes: what the evaluation of pilots is calibrated against (domain-rules.md 7.6).

The facts of persons are read straight off their simulated lives, without feed faults, because thousands of them are needed per
seed; a test compares them with what the ledger's own fold makes of the same lives.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import msgspec
import numpy as np
import polars as pl

from ledger.codes.contract import ContractKind
from ledger.codes.course import Cefr
from ledger.codes.language import LanguageCode
from ledger.codes.pilot import PilotTheme
from ledger.codes.vdab import ActivationStep
from ledger.events.contract import CertificateIssued, ContractSigned, TrajectoryEnded
from ledger.events.course import LanguageLevelAttained, MoCourseStarted
from ledger.events.edition import EditionParticipantEnrolled
from ledger.events.intake import CareerOrientationHeld, CompetenceScreeningCompleted, SupportProfileAssessed
from ledger.events.referral import InitiativeInformed
from ledger.events.vdab import ActivationStepReported, FollowUpPlanRecorded, JobseekerRegistered
from ledger.events.work import TrainingStarted
from ledger.factbook import Factbook, schema_of
from ledger.milestones.person import _end_kind
from ledger.projection import projections
from ledger.strands.course import GOAL_EVIDENCE
from ledger.strands.job import PAID
from simulation.life import NEVER, Life
from simulation.moment import as_date, day_of
from simulation.offers import Catalogue
from simulation.parameters import DEFAULT, Period
from simulation.parameters import Parameters as World
from simulation.person import Person
from simulation.population import live
from simulation.work import chain, first_job

RIPE = msgspec.structs.replace(DEFAULT, period=Period(contracts_from=day_of("2024-04-01"), end=day_of("2027-06-30")))
"""A world in which whoever is offered a place early has the whole horizon behind them."""


class Planted:
    """Lives, the facts that a ledger would hold of them, and what would have become of each without or with a pilot."""

    def __init__(self, seed: int, people: int, world: World = RIPE, *, only: Callable[[Person], bool] = lambda person: True) -> None:
        self.seed = seed
        self.world = world
        catalogue = Catalogue(seed, world)
        persons = (Person(seed, index, world) for index in range(people))
        self.lives = [live(seed, person, world, catalogue) for person in persons if only(person)]
        self.as_of = as_date(world.period.end)

    @cached_property
    def factbook(self) -> Factbook:
        """The facts that comparisons read."""
        rows = [facts_of(life) for life in self.lives]
        jobs, stays = [], []
        for life in self.lives:
            key = key_of(life)
            jobs += [{"key": key, "begins": as_date(job.first), "paid": job.kind in PAID} for job in life.jobs]
            for chance in life.chances.values():
                if chance.offered:
                    taken = as_date(chance.enrolled) if chance.accepted and chance.enrolled <= life.last_day else None
                    stays.append({"key": key, "pilot_id": chance.pilot_id, "offered_on": as_date(chance.on), "accepted_on": taken})
        frames = {name: _frame(name, told) for name, told in (("facts", rows), ("jobs", jobs), ("pilot_stays", stays))}
        return Factbook(frames, as_of=self.as_of, position=len(rows))

    def effects(self, theme: PilotTheme, days: int) -> dict[str, float]:
        """Per person who was eligible: whether the first paid job within some days of the lottery, with the offer less without."""
        told: dict[str, float] = {}
        for life in self.lives:
            chance = life.chances.get(theme)
            if chance is None or life.potential is None:
                continue
            others = [(life.takes_part(one), effect(self.world, one)) for one in (_EFFECTIVE - {theme})]
            without = first_job(life, others)
            with_it = first_job(life, [*others, (chance.enrolled, effect(self.world, theme))]) if chance.accepted else without
            told[key_of(life)] = _had(life, with_it, chance.on, days) - _had(life, without, chance.on, days)
        return told


_EFFECTIVE = frozenset({PilotTheme.SECTOR_TRAJECTORY, PilotTheme.VERVOLGTRAJECT})


def effect(world: World, theme: PilotTheme) -> float:
    """The planted odds on a first job."""
    planted = {PilotTheme.SECTOR_TRAJECTORY: world.pilots.sector_effect, PilotTheme.VERVOLGTRAJECT: world.pilots.advanced_effect}
    return planted.get(theme, 1.0)


def _had(life: Life, first: int, index: int, days: int) -> float:
    paid = next((job.first for job in chain(life, first) if job.kind in PAID), NEVER)
    return float(paid <= index + days)


def key_of(life: Life) -> str:
    """The stream of a person in these facts."""
    return f"persoon/{life.person.index:08d}"


def _frame(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema_of(projections()[name].columns))


def facts_of(life: Life) -> dict[str, object]:
    """The milestones that comparisons read."""
    person, start = life.person, life.start
    first: dict[str, int] = {}

    def note(name: str, day: int) -> None:
        first[name] = min(day, first.get(name, NEVER))

    row: dict[str, object] = {"self_rel": None, "learn_ab": None, "outlook": None, "oral0": "pre_a1"}
    ends: list[tuple[int, object]] = []
    signed: list[int] = []
    for fact in life.facts:
        said, day = fact.payload, fact.day
        if isinstance(said, SupportProfileAssessed) and "profile_on" not in first:
            row |= {"self_rel": said.self_reliance.value, "learn_ab": said.learning_ability.value, "outlook": said.perspective.value}
            note("profile_on", day)
        elif isinstance(said, CareerOrientationHeld):
            note("orient_on", day)
        elif isinstance(said, CompetenceScreeningCompleted):
            note("screen_on", day)
        elif isinstance(said, InitiativeInformed):
            note("inf_on", day)
        elif isinstance(said, MoCourseStarted):
            note("mo_on", day)
        elif isinstance(said, CertificateIssued):
            note("cert_on", day)
        elif isinstance(said, TrainingStarted) and day > start:
            note("train1_on", day)
        elif isinstance(said, JobseekerRegistered):
            note("reg_on", day)
        elif isinstance(said, ActivationStepReported) and said.step is not ActivationStep.DEREGISTERED:
            note("step1_on", day)
        elif isinstance(said, FollowUpPlanRecorded):
            note("plan_on", day)
        elif isinstance(said, LanguageLevelAttained):
            _language(said, day, note)
        elif isinstance(said, TrajectoryEnded):
            ends.append((day, said.reason))
        elif isinstance(said, ContractSigned) and said.contract_kind is not ContractKind.AMENDED:
            signed.append(day)
        elif isinstance(said, EditionParticipantEnrolled):
            note("edition_on", day)
    lasting = [(day, reason) for day, reason in ends if not any(again >= day for again in signed)]
    end = max(lasting, default=None, key=lambda one: one[0])
    paid = [job.first for job in life.jobs if job.kind in PAID and job.first > start]
    row |= {
        "key": key_of(life),
        "contract_on": as_date(start),
        "region0": person.region.value,
        "agency0": person.agency.kbo,
        "gender": person.gender.value,
        "age0": as_date(start).year - person.birth.year,
        "obligation": person.obligation.value,
        "ground": person.ground.value,
        "nat_group": person.nationality.value,
        "edu0": person.education.value,
        "work0": person.status.value,
        "benefit0": person.benefit.value,
        "pilots": "{}",
        "parts": [],
        "fb_state": "received",
        "end_on": as_date(end[0]) if end else None,
        "end_kind": _end_kind(end[1] if end else None),  # type: ignore[arg-type]
        "job1_on": as_date(min(paid)) if paid else None,
    }
    first.pop("edition_on", None)
    return row | {name: as_date(day) for name, day in first.items()}


def _language(said: LanguageLevelAttained, day: int, note: Callable[[str, int], None]) -> None:
    oral = said.levels.oral
    if said.language is LanguageCode.NL and said.evidence in GOAL_EVIDENCE and oral is not None and oral.rank >= Cefr.A2.rank:
        note("a2_on", day)


def mean_effect(effects: dict[str, float], keys: list[str]) -> float:
    """The true effect on some persons."""
    return float(np.mean([effects[key] for key in keys]))
