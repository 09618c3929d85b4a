"""Business ids: which events define one, which refer to one, and in which stream it is defined.

A business id is a UUID made by the party that opens the thing (domain.md section 2). Every payload field that is named
like an id refers to the thing; the classes of :data:`DEFINED_BY` define it. A new event type that refers to a known kind
of thing is picked up by the names of its fields, without an edit here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache

import msgspec

from ledger.catalogue import Payload
from ledger.codes.policy import EvaluationSubject
from ledger.events.contract import ContractSigned
from ledger.events.course import MoCourseStarted
from ledger.events.diploma import DiplomaDossierSubmitted, RecognitionDecided
from ledger.events.edition import EditionParticipantEnrolled, EditionPlanned
from ledger.events.employer import EmployerNeedStated, EmployerSupportAgreed
from ledger.events.evc import EvcGuidanceStarted
from ledger.events.offer import OfferPublished
from ledger.events.pilot import AdvancedTrajectoryStarted, PilotOpened
from ledger.events.policy import EvaluationConcluded, FrameworkVersionAdopted
from ledger.events.referral import OfferRecommended, ReferralMade
from ledger.events.signal import DiscriminationSignalled
from ledger.events.vdab import FollowUpPlanRecorded, WorkPerspectiveShared
from ledger.events.work import EmploymentStarted, TrainingStarted


class Thing(StrEnum):
    """What a business id can name."""

    CONTRACT = "contract"
    MO_COURSE = "mo_course"
    REFERRAL = "referral"
    SHARE = "share"
    PLAN = "plan"
    TRAINING = "training"
    JOB = "job"
    CASE = "case"
    DEFICIT = "deficit"
    EVC = "evc"
    ENROLMENT = "enrolment"
    ADVANCED = "advanced"
    EDITION = "edition"
    OFFER = "offer"
    PILOT = "pilot"
    FRAMEWORK = "framework"
    NEED = "need"
    SUPPORT = "support"
    SIGNAL = "signal"


FIELDS: Mapping[str, Thing] = {
    "contract_id": Thing.CONTRACT,
    "mo_id": Thing.MO_COURSE,
    "referral_id": Thing.REFERRAL,
    "share_id": Thing.SHARE,
    "plan_id": Thing.PLAN,
    "training_id": Thing.TRAINING,
    "job_id": Thing.JOB,
    "case_id": Thing.CASE,
    "previous_case": Thing.CASE,
    "remedies_deficit": Thing.DEFICIT,
    "evc_id": Thing.EVC,
    "enrolment_id": Thing.ENROLMENT,
    "adv_id": Thing.ADVANCED,
    "edition_id": Thing.EDITION,
    "offer_id": Thing.OFFER,
    "compared_offers": Thing.OFFER,
    "pilot_id": Thing.PILOT,
    "framework_id": Thing.FRAMEWORK,
    "need_id": Thing.NEED,
    "support_id": Thing.SUPPORT,
    "signal_id": Thing.SIGNAL,
}
"""Payload fields that hold business ids."""

DEFINED_BY: Mapping[type[Payload], Thing] = {
    ContractSigned: Thing.CONTRACT,
    MoCourseStarted: Thing.MO_COURSE,
    ReferralMade: Thing.REFERRAL,
    WorkPerspectiveShared: Thing.SHARE,
    FollowUpPlanRecorded: Thing.PLAN,
    TrainingStarted: Thing.TRAINING,
    EmploymentStarted: Thing.JOB,
    DiplomaDossierSubmitted: Thing.CASE,
    EvcGuidanceStarted: Thing.EVC,
    EditionParticipantEnrolled: Thing.ENROLMENT,
    AdvancedTrajectoryStarted: Thing.ADVANCED,
    EditionPlanned: Thing.EDITION,
    OfferPublished: Thing.OFFER,
    PilotOpened: Thing.PILOT,
    FrameworkVersionAdopted: Thing.FRAMEWORK,
    EmployerNeedStated: Thing.NEED,
    EmployerSupportAgreed: Thing.SUPPORT,
    DiscriminationSignalled: Thing.SIGNAL,
}
"""The event that opens each thing; a deficit is opened inside RecognitionDecided."""

STREAMS: Mapping[Thing, str] = {
    Thing.EDITION: "editie/",
    Thing.OFFER: "aanbod/",
    Thing.PILOT: "beleid/pilot/",
    Thing.FRAMEWORK: "beleid/framework/",
}
"""Things that have a stream of their own, and the prefix of its key."""

_SAID_OTHERWISE: frozenset[tuple[type[Payload], str]] = frozenset(
    {
        (OfferRecommended, "offer_id"),  # F18 says that the offer is not published
        (RecognitionDecided, "case_id"),  # F22 says that there is no dossier
    }
)


class Reference(msgspec.Struct, frozen=True, gc=False):
    """One id that a payload mentions but does not define."""

    field: str
    thing: Thing
    id: str


class _Shape(msgspec.Struct, frozen=True, gc=False):
    """Which fields of one payload class hold ids."""

    defining: str | None
    referring: tuple[tuple[str, Thing], ...]
    streams: tuple[tuple[str, str], ...]
    """Fields that point at a stream, with the prefix of its key."""


@cache
def _shape(payload: type[Payload]) -> _Shape:
    own = DEFINED_BY.get(payload)
    fields = [(name, FIELDS[name]) for name in payload.__struct_fields__ if name in FIELDS]
    defining = next((name for name, thing in fields if thing is own), None)
    referring = tuple((name, thing) for name, thing in fields if name != defining and (payload, name) not in _SAID_OTHERWISE)
    return _Shape(defining, referring, tuple((name, STREAMS[thing]) for name, thing in fields if thing in STREAMS))


def defines(payload: type[Payload]) -> bool:
    """Whether events of a type open something."""
    return payload in DEFINED_BY or payload is RecognitionDecided


def refers(payload: type[Payload]) -> bool:
    """Whether events of a type can refer to something that another defines."""
    return bool(_shape(payload).referring) or payload is EvaluationConcluded


def defined(payload: Payload) -> Iterator[tuple[Thing, str]]:
    """The ids that an event opens."""
    shape = _shape(type(payload))
    if shape.defining is not None:
        yield DEFINED_BY[type(payload)], getattr(payload, shape.defining)
    if isinstance(payload, RecognitionDecided):
        for deficit in payload.deficits:
            yield Thing.DEFICIT, deficit.deficit_id


def referred(payload: Payload) -> Iterator[Reference]:
    """The ids that an event refers to and that another event should define."""
    for field, thing in _shape(type(payload)).referring:
        value = getattr(payload, field)
        if value is None:
            continue
        for one in value if isinstance(value, tuple) else (value,):
            yield Reference(field, thing, one)
    if isinstance(payload, EvaluationConcluded) and payload.subject_kind is EvaluationSubject.PILOT:
        yield Reference("subject_id", Thing.PILOT, payload.subject_id)


def points_elsewhere(payload: type[Payload]) -> bool:
    """Whether events of a type can point at a stream of its own."""
    return bool(_shape(payload).streams) or payload is EvaluationConcluded


def streams_mentioned(payload: Payload) -> Iterator[str]:
    """The streams of editions, offers, pilots and frameworks that an event points at."""
    for name, prefix in _shape(type(payload)).streams:
        value = getattr(payload, name)
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None:
                yield prefix + one
    if isinstance(payload, EvaluationConcluded) and payload.subject_kind is EvaluationSubject.PILOT:
        yield STREAMS[Thing.PILOT] + payload.subject_id
