"""The person at the first contract, and how the trajectory ended (columns 2–20)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from ledger import geography
from ledger.aggregate import quarter
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState
from ledger.codes.contract import NEUTRAL_ENDINGS, ContractKind, EndingReason, TrajectoryPart
from ledger.codes.intake import Outlook, Scale
from ledger.codes.person import (
    BenefitStatus,
    EducationLevel,
    EducationOrigin,
    Gender,
    NationalityGroup,
    Obligation,
    ResidenceGround,
    WorkStatus,
)
from ledger.codes.region import Region
from ledger.events.contract import ContractSigned, ExemptionGranted, TrajectoryEnded
from ledger.events.diploma import DiplomaDossierSubmitted
from ledger.events.identity import PersonRegistered
from ledger.events.intake import SupportProfileAssessed
from ledger.history import Fact
from ledger.milestone import earliest, milestones
from ledger.projection import doc
from ledger.strands.contract import Contract, contract_on, first_contract_of, suspensions_of
from ledger.strands.profile import residence_on, statements_of, value_on
from ledger.subject import Subject
from ledger.time import days_after

_LEFT_SCOPE = frozenset({EndingReason.DECEASED, EndingReason.MOVED_ABROAD, EndingReason.MOVED_WALLONIA})
_GOAL = frozenset({EndingReason.ATTEST, EndingReason.DECLARATION_EFFORT})


class ContractFacts(msgspec.Struct, frozen=True, gc=False):
    """The first contract, what it holds, its pauses and its end."""

    contract_on: Annotated[date | None, doc("First live first contract")]
    contract_q: Annotated[str | None, doc("Quarter of contract_on: the cohort")]
    contract_id: Annotated[str | None, doc("Contract of contract_on")]
    agency0: Annotated[str | None, doc("KBO number of the agency that signed it")]
    agency_d: Annotated[str | None, doc("KBO number of the agency whose contract is open on the as-of date")]
    parts: Annotated[tuple[TrajectoryPart, ...], doc("Parts of the last first or amended contract, without the exempt ones")]
    exempt_parts: Annotated[tuple[TrajectoryPart, ...], doc("Parts with a live exemption")]
    scope3: Annotated[str, doc("Third pillar: fl_duty (C01 applies), bru_may (C02), out")]
    susp_days: Annotated[int, doc("Suspended days of the spells that are over: [suspended, resumed)")]
    susp_since: Annotated[date | None, doc("Start of the suspension that lasts; its days up to D come on top of susp_days")]
    end_on: Annotated[date | None, doc("Last live end that no new contract follows")]
    end_reason: Annotated[EndingReason | None, doc("Its reason")]
    end_kind: Annotated[str, doc("open, goal, neutral, dropout or left_scope")]


@milestones(ContractFacts, order=10)
def contract_facts(subject: Subject) -> ContractFacts:
    contract = subject.memo(first_contract_of)
    signings = [fact for fact in subject.history.of(ContractSigned) if fact.payload.contract_kind is not ContractKind.RENEWED]
    exempt = {fact.payload.part for fact in subject.history.of(ExemptionGranted)}
    current = contract_on(subject, subject.as_of)
    spells = subject.memo(suspensions_of)
    ended = _last_end(subject)
    return ContractFacts(
        contract_on=contract.signed_on if contract else None,
        contract_q=quarter(contract.signed_on) if contract else None,
        contract_id=contract.contract_id if contract else None,
        agency0=contract.agency if contract else None,
        agency_d=current.agency if current else None,
        parts=tuple(part for part in signings[-1].payload.parts if part not in exempt) if signings else (),
        exempt_parts=tuple(part for part in TrajectoryPart if part in exempt),
        scope3=_scope(subject, contract),
        susp_days=sum((stop - start).days for start, stop in spells if stop is not None),
        susp_since=next((start for start, stop in spells if stop is None), None),
        end_on=ended.date if ended else None,
        end_reason=ended.payload.reason if ended else None,
        end_kind=_end_kind(ended.payload.reason if ended else None),
    )


def _scope(subject: Subject, contract: Contract | None) -> str:
    for clock in subject.clocks_of(ClockId.C01, ClockId.C02):
        if contract is not None and clock.case == contract.contract_id and clock.state is not ClockState.UNKNOWN:
            return "fl_duty" if clock.clock is ClockId.C01 else "bru_may"
    return "out"


def _last_end(subject: Subject) -> Fact[TrajectoryEnded] | None:
    ends = subject.history.of(TrajectoryEnded)
    if not ends:
        return None
    renewals = [fact.date for fact in subject.history.of(ContractSigned) if fact.payload.contract_kind is not ContractKind.AMENDED]
    return next((end for end in reversed(ends) if not any(day >= end.date for day in renewals)), None)


def _end_kind(reason: EndingReason | None) -> str:
    if reason is None:
        return "open"
    if reason in _LEFT_SCOPE:
        return "left_scope"
    if reason in _GOAL:
        return "goal"
    return "neutral" if reason in NEUTRAL_ENDINGS else "dropout"


class PersonFacts(msgspec.Struct, frozen=True, gc=False):
    """Who the person was at the first contract."""

    nis0: Annotated[str | None, doc("Municipality (NIS) of residence at the contract, as stated")]
    region0: Annotated[Region | None, doc("Reference region of nis0, or brussel")]
    brussel0: Annotated[bool | None, doc("Whether nis0 lies in Brussels")]
    gender: Annotated[Gender | None, doc("Registered gender")]
    birth_year: Annotated[int | None, doc("Birth year")]
    age0: Annotated[int | None, doc("Year of the contract minus birth year")]
    obligation: Annotated[Obligation | None, doc("Obliged, entitled or exempt; last statement up to the contract, else the first after")]
    ground: Annotated[ResidenceGround | None, doc("Residence ground, idem")]
    nat_group: Annotated[NationalityGroup | None, doc("Nationality group, idem")]
    edu0: Annotated[str, doc("Education level at the contract: profile, else screening, else unknown")]
    edu_origin0: Annotated[str, doc("Where it was obtained: profile, else dossier, else unknown")]
    work0: Annotated[WorkStatus | None, doc("Work status in the contract")]
    work_allowed: Annotated[bool | None, doc("Whether the contract says that the person may work")]
    benefit0: Annotated[str, doc("Benefit status at the contract, else the first within 30 days after, else unknown")]
    profile_on: Annotated[date | None, doc("First support profile")]
    self_rel: Annotated[Scale | None, doc("Self-reliance at profile_on")]
    learn_ab: Annotated[Scale | None, doc("Learning ability at profile_on")]
    outlook: Annotated[Outlook | None, doc("Outlook at profile_on")]


@milestones(PersonFacts, order=20)
def person_facts(subject: Subject) -> PersonFacts:
    contract = subject.memo(first_contract_of)
    day = contract.signed_on if contract else None
    registered = _registered(subject, day)
    nis = residence_on(subject, day) if day is not None else None
    profile = earliest(subject.history.of(SupportProfileAssessed))
    return PersonFacts(
        nis0=nis,
        region0=geography.region_on(nis, day) if nis is not None and day is not None else None,
        brussel0=geography.is_brussels(nis) if nis is not None else None,
        gender=registered.gender if registered else None,
        birth_year=registered.birth_year if registered else None,
        age0=day.year - registered.birth_year if registered and day is not None else None,
        obligation=registered.obligation if registered else None,
        ground=registered.residence_ground if registered else None,
        nat_group=registered.nationality_group if registered else None,
        edu0=_education(subject, day),
        edu_origin0=_origin(subject, day),
        work0=contract.signed.payload.work_status if contract else None,
        work_allowed=contract.signed.payload.work_allowed if contract else None,
        benefit0=_benefit(subject, day),
        profile_on=profile.date if profile else None,
        self_rel=profile.payload.self_reliance if profile else None,
        learn_ab=profile.payload.learning_ability if profile else None,
        outlook=profile.payload.perspective if profile else None,
    )


def _registered(subject: Subject, day: date | None) -> PersonRegistered | None:
    """The last registration up to the contract, else the first after it; the root's own goes before an absorbed one's."""
    registered = subject.history.of(PersonRegistered)
    own = [fact for fact in registered if fact.entry.stream == subject.key] or list(registered)
    if not own:
        return None
    before = [fact for fact in own if day is not None and fact.date <= day]
    return before[-1].payload if before else own[0].payload


def _education(subject: Subject, day: date | None) -> str:
    stated = value_on(subject, "education", day) if day is not None else None
    if stated is None:
        screened = subject.memo(statements_of).get("screened_level", ())
        stated = str(screened[0].value) if screened else None
    return stated or EducationLevel.UNKNOWN.value


def _origin(subject: Subject, day: date | None) -> str:
    stated = value_on(subject, "education_origin", day) if day is not None else None
    if stated is None:
        dossier = earliest(subject.history.of(DiplomaDossierSubmitted))
        stated = dossier.payload.diploma_origin.value if dossier else None
    return stated or EducationOrigin.UNKNOWN.value


def _benefit(subject: Subject, day: date | None) -> str:
    stated = value_on(subject, "benefit_status", day) if day is not None else None
    if stated is None and day is not None:
        until = days_after(day, subject.parameters.benefit_at_contract_days)
        after = [one for one in subject.memo(statements_of).get("benefit_status", ()) if day < one.valid_from <= until]
        stated = str(after[0].value) if after else None
    return stated or BenefitStatus.UNKNOWN.value
