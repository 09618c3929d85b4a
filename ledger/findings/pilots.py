"""Pilots (proeftuinen): who is in them, where and when, and what they cost (F29, F30, F31)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from ledger import geography
from ledger.catalogue import StreamKind
from ledger.codes.policy import ResourceKind
from ledger.codes.region import Region
from ledger.events.evc import EvcGuidanceStarted
from ledger.events.pilot import AdvancedTrajectoryStarted, PilotEnrolled, PilotOpened
from ledger.events.policy import ResourceRecorded
from ledger.finding import Hit, Severity, finding
from ledger.history import Fact
from ledger.strands.contract import pilots_of
from ledger.strands.profile import residence_on
from ledger.subject import Subject


@finding(
    "F29",
    Severity.WARN,
    nl="Buiten de periode of regio van de proeftuin",
    en="Pilot out of scope",
    mend_nl="Ga de datum, de woonplaats en de afbakening van de proeftuin na.",
    mend_en="Check the date, the residence and the scope of the pilot.",
    needs=(PilotEnrolled, EvcGuidanceStarted, AdvancedTrajectoryStarted),
)
def pilot_out_of_scope(subject: Subject) -> Iterable[Hit]:
    for fact, pilot_id in _enrolments(subject):
        pilot = subject.reference.pilot(pilot_id)
        if pilot is None or pilot.opened is None:
            continue
        if not _in_period(pilot.opened.payload, fact.date) or not _in_regions(subject, pilot.opened.payload, fact.date):
            yield Hit(since=fact.date, position=fact.entry.position, case=pilot_id)


def _enrolments(subject: Subject) -> Iterator[tuple[Fact[PilotEnrolled] | Fact[EvcGuidanceStarted] | Fact[AdvancedTrajectoryStarted], str]]:
    for enrolled in subject.history.of(PilotEnrolled):
        yield enrolled, enrolled.payload.pilot_id
    for guided in subject.history.of(EvcGuidanceStarted):
        yield guided, guided.payload.pilot_id
    for advanced in subject.history.of(AdvancedTrajectoryStarted):
        if advanced.payload.pilot_id is not None:
            yield advanced, advanced.payload.pilot_id


def _in_period(pilot: PilotOpened, day: date) -> bool:
    return pilot.valid_from <= day and (pilot.valid_to is None or day <= pilot.valid_to)


def _in_regions(subject: Subject, pilot: PilotOpened, day: date) -> bool:
    """Whether the residence lies in the pilot's regions, or is not known; no regions means everywhere."""
    nis = residence_on(subject, day)
    region = None if nis is None else geography.region_on(nis, day)
    if region is None or not pilot.regions:
        return True
    found = geography.resolve(nis, day) if nis is not None else None
    homes: set[Region | None] = {region, geography.province_of(region), found.province if found is not None else None}
    return not homes.isdisjoint(pilot.regions)


@finding(
    "F30",
    Severity.INFO,
    nl="In twee proeftuinen tegelijk",
    en="Double pilot",
    mend_nl="Geen fout; de evaluatie houdt deze personen in een eigen groep.",
    mend_en="No error; the evaluation keeps these persons in a group of their own.",
    needs=(PilotEnrolled,),
)
def double_pilot(subject: Subject) -> Iterable[Hit]:
    stays = [stay for stay in subject.memo(pilots_of) if stay.accepted is not None]
    if len(stays) < 2:
        return
    open_until: list[date] = []
    spells: list[tuple[date, date, Fact[PilotEnrolled], str]] = []
    for stay in stays:
        assert stay.accepted is not None
        pilot = subject.reference.pilot(stay.pilot_id)
        ends = [date.max] if stay.left is None else [stay.left.date]
        if pilot is not None and pilot.opened is not None and pilot.opened.payload.valid_to is not None:
            ends.append(pilot.opened.payload.valid_to)
        spells.append((stay.accepted.date, min(ends), stay.accepted, stay.pilot_id))
    for begins, ends_on, accepted, pilot_id in sorted(spells, key=lambda spell: (spell[0], spell[2].entry.position)):
        if any(until > begins for until in open_until):
            yield Hit(since=begins, position=accepted.entry.position, case=pilot_id)
        open_until.append(ends_on)


@finding(
    "F31",
    Severity.WARN,
    nl="Meer besteed dan toegekend",
    en="Cost over budget",
    mend_nl="Laat de beleidseigenaar de middelen nakijken of een bijkomende toekenning vastleggen.",
    mend_en="Have the policy owner check the resources or record a further allocation.",
    kinds=(StreamKind.POLICY,),
    needs=(ResourceRecorded,),
)
def cost_over_budget(subject: Subject) -> Iterable[Hit]:
    balance: dict[tuple[str, int], int] = {}
    over: dict[tuple[str, int], Fact[ResourceRecorded]] = {}
    for fact in subject.history.of(ResourceRecorded):
        resource = fact.payload
        key = (resource.pilot_id, resource.year)
        balance[key] = balance.get(key, 0) + (-resource.amount if resource.kind is ResourceKind.SPENT else resource.amount)
        if balance[key] >= 0:
            over.pop(key, None)
        else:
            over.setdefault(key, fact)
    for (pilot_id, year), fact in sorted(over.items()):
        yield Hit(since=fact.date, position=fact.entry.position, case=f"{pilot_id}/{year}")
