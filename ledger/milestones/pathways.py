"""Recognition, EVC, editions, advanced trajectories, pilots, recommendations (columns 46–54)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from ledger.codes.edition import EditionKind, ParticipationOutcome
from ledger.codes.evc import EvcOutcome, EvcPhase
from ledger.codes.pilot import AdvancedKind, AdvancedOutcome
from ledger.codes.recognition import RecognitionOutcome
from ledger.events.diploma import RecognitionProcedureExplained
from ledger.events.evc import EvcGuidanceStarted, EvcPhaseCompleted
from ledger.events.pilot import AdvancedTrajectoryEnded, AdvancedTrajectoryStarted
from ledger.events.referral import OfferRecommended
from ledger.findings.offers import not_live, too_hard
from ledger.history import Fact, P
from ledger.milestone import as_json, earliest, milestones
from ledger.projection import doc
from ledger.strands.contract import pilots_of
from ledger.strands.dossier import dossiers_of
from ledger.strands.participation import participations_of
from ledger.subject import Subject

_BEST_FIRST = {outcome: rank for rank, outcome in enumerate(RecognitionOutcome)}
"""The list of 3.7 is written from best to worst."""


class RecognitionFacts(msgspec.Struct, frozen=True, gc=False):
    """Diplomas and validation of skills."""

    expl_on: Annotated[date | None, doc("First explanation of a recognition procedure")]
    case_n: Annotated[int, doc("Dossiers submitted")]
    case1_on: Annotated[date | None, doc("First submission")]
    rec_best: Annotated[RecognitionOutcome | None, doc("Best outcome among the decisions that hold")]
    evc_on: Annotated[date | None, doc("First EVC guidance")]
    evc_assess_on: Annotated[date | None, doc("First EVC assessment on or after evc_on")]
    evc_out: Annotated[EvcOutcome | None, doc("Last EVC outcome")]


@milestones(RecognitionFacts, order=70)
def recognition_facts(subject: Subject) -> RecognitionFacts:
    history = subject.history
    explained = history.of(RecognitionProcedureExplained)
    dossiers = subject.memo(dossiers_of)
    submitted = [dossier.submitted.date for dossier in dossiers if dossier.submitted is not None]
    outcomes = [dossier.decision.payload.outcome for dossier in dossiers if dossier.decision is not None]
    guided = _day(earliest(history.of(EvcGuidanceStarted)))
    phases = history.of(EvcPhaseCompleted)
    assessed = [fact.date for fact in phases if fact.payload.phase is EvcPhase.ASSESSMENT and guided is not None and fact.date >= guided]
    results = [fact.payload.outcome for fact in phases if fact.payload.outcome is not None]
    return RecognitionFacts(
        expl_on=explained[0].date if explained else None,
        case_n=len(submitted),
        case1_on=min(submitted, default=None),
        rec_best=min(outcomes, key=_BEST_FIRST.__getitem__, default=None),
        evc_on=guided,
        evc_assess_on=assessed[0] if assessed else None,
        evc_out=results[-1] if results else None,
    )


class PathwayFacts(msgspec.Struct, frozen=True, gc=False):
    """Editions, advanced trajectories, pilots and recommended offers."""

    sec_on: Annotated[date | None, doc("First enrolment in a sector trajectory")]
    sec_out: Annotated[ParticipationOutcome | None, doc("Its outcome")]
    sec_n: Annotated[int, doc("Enrolments in sector trajectories")]
    grp_on: Annotated[date | None, doc("First enrolment in a group offer")]
    grp_out: Annotated[ParticipationOutcome | None, doc("Its outcome")]
    adv_kind: Annotated[AdvancedKind | None, doc("Kind of the first advanced trajectory")]
    adv_on: Annotated[date | None, doc("Its start")]
    adv_out: Annotated[AdvancedOutcome | None, doc("Its outcome")]
    pilots: Annotated[bytes, doc("Per pilot_id: offered_on, accepted_on, left_on")]
    rec_offer_n: Annotated[int, doc("Offers recommended")]
    rec_offer_bad: Annotated[int, doc("Of these, with F17 or F18")]


@milestones(PathwayFacts, order=80)
def pathway_facts(subject: Subject) -> PathwayFacts:
    history = subject.history
    participations = subject.memo(participations_of)
    sector = [one for one in participations if one.kind is EditionKind.SECTOR_TRAJECTORY]
    group = [one for one in participations if one.kind is EditionKind.GROUP_OFFER]
    advanced = earliest(history.of(AdvancedTrajectoryStarted))
    adv_id = advanced.payload.adv_id if advanced else None
    offers = history.of(OfferRecommended)
    pilots = {
        stay.pilot_id: {"offered_on": _day(stay.offered), "accepted_on": _day(stay.accepted), "left_on": _day(stay.left)}
        for stay in subject.memo(pilots_of)
    }
    return PathwayFacts(
        sec_on=sector[0].enrolled.date if sector else None,
        sec_out=sector[0].outcome if sector else None,
        sec_n=len(sector),
        grp_on=group[0].enrolled.date if group else None,
        grp_out=group[0].outcome if group else None,
        adv_kind=advanced.payload.kind if advanced else None,
        adv_on=_day(advanced),
        adv_out=next((fact.payload.outcome for fact in history.of(AdvancedTrajectoryEnded) if fact.payload.adv_id == adv_id), None),
        pilots=as_json(pilots),
        rec_offer_n=len(offers),
        rec_offer_bad=sum(too_hard(subject, fact) or not_live(subject, fact) for fact in offers),
    )


def _day(fact: Fact[P] | None) -> date | None:
    return fact.date if fact is not None else None
