"""Towards VDAB, Actiris and OCMW: the wrong service, no screening, out of order, no basis, unconfirmed (F09, F10, F21, F24, F26)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from ledger import geography
from ledger.codes.identity import BasisState, Purpose
from ledger.codes.referral import ReferralTarget
from ledger.codes.roles import Role
from ledger.codes.work import JobEvidence
from ledger.events.identity import SharingBasisRecorded
from ledger.events.intake import CompetenceScreeningCompleted
from ledger.events.referral import ReferralMade
from ledger.events.vdab import ActivationStepReported, JobseekerRegistered, WorkPerspectiveShared
from ledger.events.work import EmploymentStarted
from ledger.finding import Hit, Severity, finding
from ledger.history import Fact
from ledger.strands.job import jobs_of
from ledger.strands.profile import residence_on
from ledger.subject import Subject
from ledger.time import days_after

SERVICES = frozenset({ReferralTarget.VDAB, ReferralTarget.ACTIRIS})


def off_ground(subject: Subject, day: date, *, vdab: bool) -> bool:
    """Whether the service (VDAB, else Actiris) is not that of the person's residence on a day; False when it is unknown."""
    nis = residence_on(subject, day)
    return nis is not None and geography.municipality(nis) is not None and geography.is_brussels(nis) is vdab


@finding(
    "F09",
    Severity.INFO,
    nl="Ingeschreven bij de dienst van een ander gewest",
    en="Service of the other region",
    mend_nl="Ga de woonplaats op die dag na; inschrijven bij de andere dienst mag, maar vraagt afstemming.",
    mend_en="Check the residence on that day; registering with the other service is allowed but asks for coordination.",
    needs=(JobseekerRegistered,),
)
def wrong_region_service(subject: Subject) -> Iterable[Hit]:
    for registered in subject.history.of(JobseekerRegistered):
        if off_ground(subject, registered.date, vdab=registered.entry.role is Role.VDAB):
            yield Hit(since=registered.date, position=registered.entry.position)


@finding(
    "F10",
    Severity.WARN,
    nl="Doorverwezen zonder screening",
    en="Referral without screening",
    mend_nl="Screen competenties en ambities vóór de toeleiding, of geef de ontbrekende screening door.",
    mend_en="Screen competences and ambitions before referring, or pass on the missing screening.",
    needs=(ReferralMade,),
)
def referral_without_screening(subject: Subject) -> Iterable[Hit]:
    screenings = subject.history.of(CompetenceScreeningCompleted)
    first = screenings[0].date if screenings else None
    for referral in subject.history.of(ReferralMade):
        if referral.payload.target in SERVICES and (first is None or first > referral.date):
            yield Hit(since=referral.date, position=referral.entry.position, case=referral.payload.referral_id)


@finding(
    "F21",
    Severity.INFO,
    nl="Stap vóór de inschrijving",
    en="Step before registration",
    mend_nl="Een van beide datums klopt wellicht niet: laat de dienst ze nakijken.",
    mend_en="One of the two dates is probably wrong: have the service check them.",
    needs=(JobseekerRegistered,),
)
def step_before_registration(subject: Subject) -> Iterable[Hit]:
    first: dict[Role, date] = {}
    for registered in subject.history.of(JobseekerRegistered):
        first.setdefault(registered.entry.role, registered.date)
    for step in subject.history.of(ActivationStepReported):
        since = first.get(step.entry.role)
        if since is not None and step.date < since:
            yield Hit(since=since, position=step.entry.position)


_RECIPIENT: Mapping[ReferralTarget, Role] = {
    ReferralTarget.VDAB: Role.VDAB,
    ReferralTarget.ACTIRIS: Role.ACTIRIS,
    ReferralTarget.OCMW: Role.OCMW,
    ReferralTarget.NARIC: Role.NARIC,
    ReferralTarget.RECOGNITION_AUTHORITY: Role.RECOGNITION_AUTHORITY,
}
"""Referral targets that receive the person's data as a publisher of their own."""


@finding(
    "F24",
    Severity.HIGH,
    nl="Gedeeld zonder grondslag",
    en="Sharing without a basis",
    mend_nl="Leg de grondslag voor dit doel en deze ontvanger vast, of stop het delen.",
    mend_en="Record the basis for this purpose and this recipient, or stop sharing.",
    needs=(ReferralMade, WorkPerspectiveShared),
)
def sharing_without_basis(subject: Subject) -> Iterable[Hit]:
    for fact, purpose, recipient in _shared(subject):
        if not basis_on(subject, purpose, recipient, fact.date):
            yield Hit(since=fact.date, position=fact.entry.position)


def _shared(subject: Subject) -> Iterator[tuple[Fact[ReferralMade] | Fact[WorkPerspectiveShared], Purpose, Role]]:
    for referral in subject.history.of(ReferralMade):
        recipient = _RECIPIENT.get(referral.payload.target)
        if recipient is not None and recipient is not referral.entry.role:
            yield referral, Purpose.REFERRAL, recipient
    for share in subject.history.of(WorkPerspectiveShared):
        yield share, Purpose.WORK_PERSPECTIVE, Role(share.payload.recipient.value)


def basis_on(subject: Subject, purpose: Purpose, recipient: Role, day: date) -> bool:
    """Whether a basis for a purpose and a recipient lives on a day: valid then, and not ended on or before it."""
    records = [fact.payload for fact in subject.history.of(SharingBasisRecorded)]
    ends: dict[str, list[date]] = {}
    for one in records:
        if one.state is BasisState.ENDED:
            ends.setdefault(one.basis_id, []).append(one.valid_from)
    return any(
        one.state is BasisState.LIVE
        and one.purpose is purpose
        and one.recipient_role is recipient
        and one.valid_from <= day
        and (one.valid_to is None or day <= one.valid_to)
        and not any(one.valid_from <= ended <= day for ended in ends.get(one.basis_id, ()))
        for one in records
    )


@finding(
    "F26",
    Severity.INFO,
    nl="Tewerkstelling niet bevestigd",
    en="Unverified employment",
    mend_nl="Wacht op de bevestiging uit Dimona door VDAB of Actiris, of laat de job nakijken.",
    mend_en="Wait for the confirmation from Dimona by VDAB or Actiris, or have the job checked.",
    needs=(EmploymentStarted,),
)
def unverified_employment(subject: Subject) -> Iterable[Hit]:
    patience = subject.parameters.unverified_days + 1
    for job in subject.memo(jobs_of):
        if job.verified:
            continue
        for start in job.starts:
            if start.payload.evidence is JobEvidence.SELF_REPORT:
                yield Hit(since=days_after(start.date, patience), position=start.entry.position, case=job.job_id)
