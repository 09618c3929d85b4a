"""Events that their sender may not publish: they break a role boundary (R14) or the list of publishers (R03)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ledger.catalogue import Payload
from ledger.codes.course import CourseMode, CourseOutcome
from ledger.codes.intake import Ambition, Channel, OrientationMode, OrientationTopic
from ledger.codes.language import LanguageCode
from ledger.codes.offer import OfferKind
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.codes.vdab import ActivationStep, JobseekerCategory, StepState
from ledger.codes.work import JobContractKind, JobEvidence, LevelMatch, TrainingKind
from ledger.events.course import MoCourseEnded, MoCourseStarted
from ledger.events.identity import ProfileUpdated
from ledger.events.intake import CareerOrientationHeld, CompetenceScreeningCompleted
from ledger.events.referral import OfferRecommended
from ledger.events.vdab import ActivationStepReported, JobseekerRegistered
from ledger.events.work import EmploymentStarted, TrainingStarted
from ledger.verdict import Reason
from simulation.draw import Draws
from simulation.moment import as_date
from simulation.organisations import ABB, AGII, ATLAS, HVN, MENTORING, NARIC, NT2_A, OCMW_A, VDAB, Source


class Trespass(msgspec.Struct, frozen=True):
    """A kind of act that its source may not do, and how it is refused."""

    source: Source
    reason: Reason
    rule: str | None
    make: Callable[[Draws, int], Payload]
    """The payload, from draws and the local day."""


def _registered(draws: Draws, day: int) -> Payload:
    return JobseekerRegistered(category=JobseekerCategory.FREE, channel=Channel.OFFICE)


def _step(step: ActivationStep) -> Callable[[Draws, int], Payload]:
    return lambda draws, day: ActivationStepReported(step=step, state=StepState.DONE)


def _training(draws: Draws, day: int) -> Payload:
    return TrainingStarted(training_id=draws.uuid8("trespass"), training_kind=TrainingKind.VOCATIONAL, sector=Sector.CARE)


def _screening(draws: Draws, day: int) -> Payload:
    return CompetenceScreeningCompleted(preferred_sectors=(Sector.CARE,), ambition=Ambition.WORK_NOW, experience_sectors=())


def _course(draws: Draws, day: int) -> Payload:
    return MoCourseStarted(mo_id=draws.uuid8("trespass"), language=LanguageCode.FR, mode=CourseMode.ONLINE, planned_end=as_date(day + 60))


def _course_ended(draws: Draws, day: int) -> Payload:
    return MoCourseEnded(mo_id=draws.uuid8("trespass"), outcome=CourseOutcome.GOALS_MET)


def _job(draws: Draws, day: int) -> Payload:
    return EmploymentStarted(
        job_id=draws.uuid8("trespass"),
        contract_kind=JobContractKind.FIXED,
        evidence=JobEvidence.DIMONA,
        fte_bp=10_000,
        sector=Sector.RETAIL,
        level_match=LevelMatch.UNKNOWN,
    )


def _matching(draws: Draws, day: int) -> Payload:
    return CareerOrientationHeld(
        mode=OrientationMode.INDIVIDUAL, topics=(OrientationTopic.LIFE_CAREER, OrientationTopic.VACANCY_MATCHING), duration=60
    )


def _vacancy(draws: Draws, day: int) -> Payload:
    return OfferRecommended(offer_id=draws.uuid8("trespass"), offer_kind=OfferKind.VACANCY, provider_role=Role.VDAB)


def _profile(draws: Draws, day: int) -> Payload:
    return ProfileUpdated(dependent_children=1, valid_from=as_date(day))


_R14, _R03 = Reason.R14, Reason.R03
TRESPASSES: tuple[Trespass, ...] = (
    Trespass(AGII, _R14, "B01", _matching),
    Trespass(HVN, _R14, "B02", _vacancy),
    Trespass(AGII, _R14, "B03", _registered),
    Trespass(ATLAS, _R14, "B03", _step(ActivationStep.VACANCY_REFERRAL)),
    Trespass(ATLAS, _R14, "B04", _training),
    Trespass(VDAB, _R14, "B11", _screening),
    Trespass(HVN, _R14, "B12", _course),
    Trespass(AGII, _R14, "B13", _job),
    Trespass(OCMW_A, _R14, "B14", _step(ActivationStep.AGREEMENT_SHEET)),
    Trespass(ABB, _R14, "B18", _profile),
    Trespass(MENTORING, _R14, "B20", _training),
    Trespass(NARIC, _R03, None, _registered),
    Trespass(NT2_A, _R03, None, _course_ended),
    Trespass(MENTORING, _R03, None, _screening),
)
