"""The contract as the frame of a trajectory: after its end, without one, two at once, exempt, out of age (F07, F08, F20, F34, F35)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache

from ledger.catalogue import Payload, type_of
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState
from ledger.codes.contract import ContractKind, TrajectoryPart
from ledger.codes.course import LanguageEvidence
from ledger.codes.language import LanguageCode
from ledger.events.contract import ContractSigned, ExemptionGranted, TrajectoryEnded
from ledger.events.course import LanguageLevelAttained, MoCourseStarted, ParticipationRecorded
from ledger.events.identity import PersonRegistered
from ledger.events.vdab import FollowUpPlanRecorded, JobseekerRegistered
from ledger.finding import Hit, Severity, finding
from ledger.strands.contract import Plan, contracts_of, plans_of
from ledger.subject import Subject


@cache
def _after_life(payload: type[Payload]) -> bool:
    return type_of(payload).after_life


@cache
def _needs_contract(payload: type[Payload]) -> bool:
    return type_of(payload).needs_contract


@finding(
    "F07",
    Severity.WARN,
    nl="Gebeurtenis na het einde van het traject",
    en="After the end of the trajectory",
    mend_nl="Ga na of het einde klopt, of dat een nieuw contract ontbreekt.",
    mend_en="Check whether the end is right, or whether a new contract is missing.",
    needs=(TrajectoryEnded,),
)
def after_end(subject: Subject) -> Iterable[Hit]:
    first_end = subject.history.of(TrajectoryEnded)[0].date
    contracts = subject.memo(contracts_of)
    for fact in subject.history.facts:
        day = fact.date
        if day <= first_end or _after_life(type(fact.payload)):
            continue
        if isinstance(fact.payload, ContractSigned) and fact.payload.contract_kind is not ContractKind.AMENDED:
            continue
        # On its last day a contract still carries what happens.
        if not any(one.signed_on <= day and (one.ended_on is None or one.ended_on >= day) for one in contracts):
            yield Hit(since=day, position=fact.entry.position)


@finding(
    "F08",
    Severity.WARN,
    nl="Zonder contract",
    en="No contract",
    mend_nl="Het contract ontbreekt of is later gedateerd: laat het agentschap het doorgeven of verbeteren.",
    mend_en="The contract is missing or dated later: have the agency pass it on or correct it.",
)
def no_contract(subject: Subject) -> Iterable[Hit]:
    signed = subject.history.of(ContractSigned)
    first = signed[0].date if signed else None
    for fact in subject.history.facts:
        if first is not None and fact.date >= first:
            return
        if _needs_contract(type(fact.payload)):
            yield Hit(since=fact.date, position=fact.entry.position)


@finding(
    "F20",
    Severity.WARN,
    nl="Twee tegelijk open",
    en="Overlap",
    mend_nl="Sluit het oudste contract of plan af, of voeg de dubbele dossiers samen.",
    mend_en="Close the older contract or plan, or merge the double files.",
    needs=(ContractSigned, FollowUpPlanRecorded),
)
def overlap(subject: Subject) -> Iterable[Hit]:
    day = subject.as_of
    contracts = [one for one in subject.memo(contracts_of) if one.open_on(day)]
    for later in contracts[1:]:
        yield Hit(since=later.signed_on, position=later.signed.entry.position, case=later.contract_id)
    open_plans: dict[str, list[Plan]] = {}
    for plan in subject.memo(plans_of):
        if plan.open_on(day):
            open_plans.setdefault(plan.kind, []).append(plan)
    for plans in open_plans.values():
        for second in plans[1:]:
            yield Hit(since=second.opened.date, position=second.opened.entry.position, case=second.plan_id)


@finding(
    "F34",
    Severity.INFO,
    nl="Vrijgesteld en toch actief",
    en="Exempt but active",
    mend_nl="Geen fout op zich; ga na of de vrijstelling nog geldt.",
    mend_en="No error in itself; check whether the exemption still holds.",
    needs=(ExemptionGranted,),
)
def exempt_but_active(subject: Subject) -> Iterable[Hit]:
    since: dict[TrajectoryPart, date] = {}
    for granted in subject.history.of(ExemptionGranted):
        since.setdefault(granted.payload.part, granted.date)
    for fact in subject.history.facts:
        part = _pillar(fact.payload)
        if part in since and fact.date >= since[part]:
            yield Hit(since=fact.date, position=fact.entry.position)


def _pillar(payload: Payload) -> TrajectoryPart | None:
    """The part of the trajectory in which an event is an activity of the person."""
    if isinstance(payload, MoCourseStarted):
        return TrajectoryPart.MO
    if isinstance(payload, ParticipationRecorded):
        return TrajectoryPart.PNT
    if isinstance(payload, JobseekerRegistered):
        return TrajectoryPart.PILLAR3
    if isinstance(payload, LanguageLevelAttained):
        course = payload.language is LanguageCode.NL and payload.evidence is LanguageEvidence.COURSE_CERTIFICATE
        return TrajectoryPart.NT2 if course else None
    return None


@finding(
    "F35",
    Severity.INFO,
    nl="Leeftijd buiten de doelgroep van de derde pijler",
    en="Age out of scope",
    mend_nl="Ga het geboortejaar na; de termijn C01 geldt van 18 tot en met 64 jaar.",
    mend_en="Check the birth year; clock C01 is meant for ages 18 to 64.",
    needs=(ContractSigned,),
)
def age_out_of_scope(subject: Subject) -> Iterable[Hit]:
    born = birth_year_of(subject)
    if born is None:
        return
    low, high = subject.parameters.first_age, subject.parameters.last_age
    for clock in subject.clocks_of(ClockId.C01):
        if clock.start is None or clock.state is ClockState.NOT_STARTED or low <= clock.start.year - born <= high:
            continue
        yield Hit(since=clock.start, position=clock.position, case=clock.case)


def birth_year_of(subject: Subject) -> int | None:
    """The birth year registered last; the root stream's own registration goes before an absorbed one's."""
    registered = subject.history.of(PersonRegistered)
    if not registered:
        return None
    own = [fact for fact in registered if fact.entry.stream == subject.key]
    return (own or registered)[-1].payload.birth_year
