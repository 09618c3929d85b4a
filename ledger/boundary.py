"""Role boundaries B01–B23: what a role may never do. A hit denies with R14 and the rule's id.

The rules here are decided on the event alone; B05 and B08 need the registry (:mod:`ledger.authority`).
Pattern rules (domain-rules.md 4.3) are findings, never refusals. Source: domain.md 4.1, domain-rules.md 4.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import msgspec

from ledger.catalogue import Payload, StreamKind
from ledger.codes.evc import EvcPhase
from ledger.codes.intake import MEDIATION_TOPICS
from ledger.codes.offer import OfferKind
from ledger.codes.recognition import RecognitionAuthority
from ledger.codes.roles import Role
from ledger.codes.vdab import STEP_REPORTERS
from ledger.codes.work import JobEvidence
from ledger.events.correction import EventCorrected, EventRetracted
from ledger.events.diploma import RecognitionDecided
from ledger.events.evc import EvcGuidanceStarted, EvcPhaseCompleted
from ledger.events.intake import CareerOrientationHeld
from ledger.events.policy import FrameworkVersionAdopted
from ledger.events.referral import OfferRecommended
from ledger.events.vdab import ActivationStepReported
from ledger.events.work import EmploymentStarted
from ledger.verdict import Message, Reason, Violation

AGENCY_SIDE = frozenset({Role.AGENCY, Role.HNB})
MEDIATORS = frozenset({Role.VDAB, Role.ACTIRIS, Role.OCMW})
OTHER_SIDE = MEDIATORS | {Role.TRAINING_PROVIDER, Role.NARIC, Role.RECOGNITION_AUTHORITY, Role.EVC_PROVIDER}
"""Roles that one organisation may not hold beside agency or hnb (B05)."""

_AGENCY_UNITS = AGENCY_SIDE | {Role.EDITION_ORGANISER, Role.EMPLOYER_SUPPORT}
_EVERYONE = frozenset(Role)
_CONTRACT = frozenset({"contract.signed", "contract.suspended", "contract.resumed"})
_MO = frozenset({"mo-course.started", "mo-course.ended"})
_TRAINING = frozenset({"training.started", "training.ended"})


class Act(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a boundary rule looks at: who does what, on which stream."""

    role: Role
    name: str
    """Short type."""
    payload: Payload
    subject: str
    source: str


class Boundary(msgspec.Struct, frozen=True, kw_only=True):
    """One rule: these roles (all when None) publishing these types (all when None) are denied when ``denies`` says so."""

    id: str
    roles: frozenset[Role] | None = None
    types: frozenset[str] | None = None
    denies: Callable[[Act], bool] = lambda act: True
    pointer: str
    nl: str
    en: str


def _of(*names: str) -> frozenset[str]:
    return frozenset(names)


def _instrument_of_another(act: Act) -> bool:
    return isinstance(act.payload, ActivationStepReported) and act.role not in STEP_REPORTERS[act.payload.step]


BOUNDARIES: tuple[Boundary, ...] = (
    Boundary(
        id="B01",
        roles=frozenset({Role.AGENCY}),
        types=_of("career-orientation.held"),
        denies=lambda a: isinstance(a.payload, CareerOrientationHeld) and not MEDIATION_TOPICS.isdisjoint(a.payload.topics),
        pointer="/data/topics",
        nl="agentschappen oriënteren en bemiddelen niet: laat vacatures, sollicitaties en onderhandelingen aan VDAB, Actiris of OCMW",
        en="agencies orient and do not mediate: leave vacancies, applications and negotiations to VDAB, Actiris or OCMW",
    ),
    Boundary(
        id="B02",
        roles=AGENCY_SIDE,
        types=_of("offer.recommended"),
        denies=lambda a: isinstance(a.payload, OfferRecommended) and a.payload.offer_kind is OfferKind.VACANCY,
        pointer="/data/offer_kind",
        nl="agentschappen en het Huis van het Nederlands bevelen geen vacatures aan; verwijs door naar VDAB of Actiris",
        en="agencies and the house of Dutch recommend no vacancies; refer to VDAB or Actiris",
    ),
    Boundary(
        id="B03",
        roles=_AGENCY_UNITS,
        types=_of("activation-step.reported", "follow-up-plan.recorded", "jobseeker.registered"),
        pointer="/type",
        nl="inschrijving, stappen en opvolgplannen melden VDAB, Actiris en OCMW zelf",
        en="registration, steps and follow-up plans are reported by VDAB, Actiris and OCMW themselves",
    ),
    Boundary(
        id="B04",
        roles=_AGENCY_UNITS,
        types=_TRAINING | {"offer.published", "offer.withdrawn"},
        pointer="/type",
        nl="agentschappen zijn geen aanbieder of regisseur van opleiding; informeren mag (initiative.informed, offer.recommended)",
        en="agencies are no provider or director of training; informing is open to them (initiative.informed, offer.recommended)",
    ),
    Boundary(
        id="B06",
        roles=_EVERYONE - {Role.NARIC, Role.RECOGNITION_AUTHORITY},
        types=_of("recognition.decided", "recognition-file.changed"),
        pointer="/publisherrole",
        nl="alleen een beslissende instantie meldt dossierstatus en beslissing",
        en="only a deciding authority reports a file's status and its decision",
    ),
    Boundary(
        id="B07",
        types=_of("recognition.decided"),
        denies=lambda a: (
            isinstance(a.payload, RecognitionDecided) and (a.role is Role.NARIC) != (a.payload.authority is RecognitionAuthority.NARIC)
        ),
        pointer="/data/authority",
        nl="NARIC beslist voor NARIC en niemand anders",
        en="NARIC decides for NARIC, and nobody else does",
    ),
    Boundary(
        id="B09",
        roles=_EVERYONE - {Role.EVC_PROVIDER},
        types=_of("evc-phase.completed"),
        denies=lambda a: isinstance(a.payload, EvcPhaseCompleted) and a.payload.phase in {EvcPhase.ASSESSMENT, EvcPhase.CERTIFICATION},
        pointer="/data/phase",
        nl="alleen een EVC-testcentrum beoordeelt en certificeert",
        en="only a validation centre assesses and certifies",
    ),
    Boundary(
        id="B10",
        types=_of("evc-guidance.started"),
        denies=lambda a: isinstance(a.payload, EvcGuidanceStarted) and not a.payload.pilot_id,
        pointer="/data/pilot_id",
        nl="EVC-begeleiding bestaat alleen binnen een proeftuin: vul pilot_id in",
        en="validation guidance exists only inside a pilot: give pilot_id",
    ),
    Boundary(
        id="B11",
        roles=MEDIATORS,
        types=_CONTRACT | _MO | {"intake.completed", "competence-screening.completed", "exemption.granted", "certificate.issued"},
        pointer="/type",
        nl="contract, intake, screening, MO, vrijstelling en attest zijn kerntaken van de agentschappen",
        en="contract, intake, screening, civic orientation, exemption and certificate are core tasks of the agencies",
    ),
    Boundary(
        id="B12",
        roles=frozenset({Role.HNB}),
        types=_CONTRACT | _MO | {"exemption.granted", "certificate.issued", "trajectory.ended"},
        pointer="/type",
        nl="het Huis van het Nederlands doet taal, AgII-Bon doet contracten en MO",
        en="the house of Dutch does language, AgII-Bon does contracts and civic orientation",
    ),
    Boundary(
        id="B13",
        roles=frozenset({Role.AGENCY}),
        types=_of("employment.started"),
        denies=lambda a: isinstance(a.payload, EmploymentStarted) and a.payload.evidence is not JobEvidence.SELF_REPORT,
        pointer="/data/evidence",
        nl="een agentschap geeft alleen door wat de persoon zelf meldt: evidence moet self_report zijn",
        en="an agency relays only what the person reports: evidence must be self_report",
    ),
    Boundary(
        id="B14",
        roles=MEDIATORS,
        types=_of("activation-step.reported"),
        denies=_instrument_of_another,
        pointer="/data/step",
        nl="elke dienst meldt alleen haar eigen instrumenten; zie lijst ActivationStep",
        en="each service reports only its own instruments; see list ActivationStep",
    ),
    Boundary(
        id="B15",
        roles=frozenset({Role.ACTIRIS}),
        types=_of("activation-step.reported"),
        denies=lambda a: (
            isinstance(a.payload, ActivationStepReported)
            and a.payload.step.value in {"sector_bath", "ibo", "wijkwerken", "training_screening"}
        ),
        pointer="/data/step",
        nl="Actiris meldt geen instrumenten van VDAB",
        en="Actiris does not report instruments of VDAB",
    ),
    Boundary(
        id="B16",
        types=_of("employer-need.stated"),
        denies=lambda a: getattr(a.payload, "stated_by", None) != "employer",
        pointer="/data/stated_by",
        nl="de werkgever bepaalt zijn noden en zijn investering: stated_by moet employer zijn",
        en="the employer states the need and the investment: stated_by must be employer",
    ),
    Boundary(
        id="B17",
        types=_of("discrimination.signalled"),
        denies=lambda a: a.subject.partition("/")[0] in {StreamKind.PERSON, StreamKind.EMPLOYER, "insz"},
        pointer="/subject",
        nl="een signaal van discriminatie noemt geen persoon en geen betrokkene: gebruik signaal/<signal_id>",
        en="a discrimination signal names no person and no accused: use signaal/<signal_id>",
    ),
    Boundary(
        id="B18",
        roles=frozenset({Role.POLICY_OWNER}),
        denies=lambda a: a.subject.partition("/")[0] in {StreamKind.PERSON, "insz"},
        pointer="/subject",
        nl="de beleidseigenaar schrijft nooit over een persoon",
        en="the policy owner never writes on a person",
    ),
    Boundary(
        id="B19",
        roles=frozenset({Role.EVALUATOR}),
        denies=lambda a: a.name not in {"evaluation.concluded", "insight.recorded"},
        pointer="/type",
        nl="een evaluator publiceert alleen conclusies en inzichten",
        en="an evaluator publishes conclusions and insights only",
    ),
    Boundary(
        id="B20",
        roles=frozenset({Role.PARTNER}),
        types=_TRAINING | {"activation-step.reported", "employment.started", "employment.ended"},
        pointer="/type",
        nl="partners melden alleen deelname (initiative.attended, referral.answered)",
        en="partners report participation only (initiative.attended, referral.answered)",
    ),
    Boundary(
        id="B21",
        types=_of("event.corrected", "event.retracted"),
        denies=lambda a: isinstance(a.payload, EventCorrected | EventRetracted) and a.payload.target_source != a.source,
        pointer="/data/target_source",
        nl="alleen de bron zelf corrigeert of trekt in: target_source moet gelijk zijn aan source",
        en="only the author corrects or retracts: target_source must equal source",
    ),
    Boundary(
        id="B22",
        roles=frozenset({Role.LEDGER_OPERATOR}),
        denies=lambda a: a.name not in {"erasure.executed", "publisher-authority.changed", "feed.reconciled"},
        pointer="/type",
        nl="de beheerder van het register publiceert geen feiten",
        en="the operator of the register publishes no facts",
    ),
    Boundary(
        id="B23",
        types=_of("framework.adopted"),
        denies=lambda a: isinstance(a.payload, FrameworkVersionAdopted) and len(set(a.payload.parties)) < 2,
        pointer="/data/parties",
        nl="een afsprakenkader heeft minstens twee verschillende partijen",
        en="a framework has at least two different parties",
    ),
)
"""The rules decided on the event alone, in the order in which they are reported."""


@cache
def _applicable(role: Role, name: str) -> tuple[Boundary, ...]:
    return tuple(b for b in BOUNDARIES if (b.roles is None or role in b.roles) and (b.types is None or name in b.types))


def boundary_violations(act: Act) -> Iterator[Violation]:
    """The boundary rules that the act breaks by itself."""
    for boundary in _applicable(act.role, act.name):
        if boundary.denies(act):
            yield Violation(reason=Reason.R14, rule=boundary.id, pointer=boundary.pointer, message=Message(nl=boundary.nl, en=boundary.en))
