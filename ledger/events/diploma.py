"""Recognition of diplomas and professions (domain.md 2.4, rows 36–40)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.person import EducationLevel, EducationOrigin
from ledger.codes.recognition import (
    PROCEDURE_AUTHORITIES,
    STRICTLY_POSITIVE_OUTCOMES,
    DecisionKind,
    DeficitKind,
    ExplanationMode,
    FileStatus,
    NextStep,
    RecognitionAuthority,
    RecognitionOutcome,
    RecognitionProcedure,
    RegulatedProfession,
)
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.fields import Minutes, Uuid
from ledger.verdict import Violation


@event(
    "recognition-procedure.explained",
    36,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY, Role.HNB],
    nl="Procedure toegelicht",
    en="Recognition procedure explained",
    natural_key=("@date",),
)
class RecognitionProcedureExplained(Payload, frozen=True, kw_only=True):
    """The person hears which authorities and procedures there are."""

    authorities: tuple[RecognitionAuthority, ...]
    procedures: tuple[RecognitionProcedure, ...]
    mode: ExplanationMode

    def check(self, context: Context) -> Iterable[Violation]:
        if not self.authorities:
            yield contradiction(
                "authorities",
                "er is geen instantie toegelicht: noem er minstens één",
                "no authority was explained: name at least one",
            )
        if not self.procedures:
            yield contradiction(
                "procedures",
                "er is geen procedure toegelicht: noem er minstens één",
                "no procedure was explained: name at least one",
            )


@event(
    "diploma-dossier.submitted",
    37,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY, Role.NARIC, Role.RECOGNITION_AUTHORITY],
    nl="Dossier ingediend",
    en="Diploma dossier submitted",
    natural_key=("case_id",),
)
class DiplomaDossierSubmitted(Payload, frozen=True, kw_only=True):
    """A request for recognition is submitted to an authority."""

    case_id: Uuid
    authority: RecognitionAuthority
    procedure: RecognitionProcedure
    diploma_origin: EducationOrigin
    diploma_field: Sector
    claimed_level: EducationLevel
    regulated_profession: RegulatedProfession | None = None
    guided_by_agency: bool
    previous_case: Uuid | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if context.role is Role.NARIC and self.authority is not RecognitionAuthority.NARIC:
            yield contradiction(
                "authority",
                "NARIC meldt alleen dossiers bij NARIC: authority is naric",
                "NARIC reports dossiers with NARIC only: authority is naric",
            )
        if context.role is Role.AGENCY and not self.guided_by_agency:
            yield contradiction(
                "guided_by_agency",
                "een agentschap meldt alleen dossiers die het begeleidt: guided_by_agency is true",
                "an agency reports only dossiers that it guides: guided_by_agency is true",
            )
        allowed = PROCEDURE_AUTHORITIES[self.procedure]
        if self.authority not in allowed:
            names = ", ".join(sorted(allowed))
            yield contradiction(
                "authority",
                f"procedure {self.procedure.value} loopt niet bij {self.authority.value}; wel bij: {names}",
                f"procedure {self.procedure.value} does not run with {self.authority.value}; it does with: {names}",
            )


@event(
    "recognition-file.changed",
    38,
    stream=StreamKind.PERSON,
    publishers=[Role.NARIC, Role.RECOGNITION_AUTHORITY],
    nl="Status dossier",
    en="Recognition file status changed",
    natural_key=("case_id", "status", "@date"),
    after_life=True,
)
class RecognitionFileStatusChanged(Payload, frozen=True, kw_only=True):
    """The file moves to another status; some statuses pause the authority's clock."""

    case_id: Uuid
    status: FileStatus


class Deficit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is lacking for full recognition; ``size_min`` in minutes where it can be said."""

    deficit_id: Uuid
    kind: DeficitKind
    size_min: Minutes | None = None


@event(
    "recognition.decided",
    39,
    stream=StreamKind.PERSON,
    publishers=[Role.NARIC, Role.RECOGNITION_AUTHORITY],
    nl="Beslissing",
    en="Recognition decided",
    natural_key=("case_id", "decision_kind"),
    after_life=True,
)
class RecognitionDecided(Payload, frozen=True, kw_only=True):
    """The authority decides; that each decides for itself only is B07 and B08."""

    case_id: Uuid
    authority: RecognitionAuthority
    procedure: RecognitionProcedure
    decision_kind: DecisionKind
    outcome: RecognitionOutcome
    granted_level: EducationLevel | None = None
    deficits: tuple[Deficit, ...]

    def check(self, context: Context) -> Iterable[Violation]:
        if self.outcome in STRICTLY_POSITIVE_OUTCOMES and self.granted_level is None:
            yield contradiction(
                "granted_level",
                "een toekenning heeft een niveau: vul granted_level in",
                "a grant has a level: give granted_level",
            )
        if self.outcome is RecognitionOutcome.PARTIAL and not self.deficits:
            yield contradiction(
                "deficits",
                "een gedeeltelijke erkenning heeft tekorten: noem er minstens één in deficits",
                "a partial recognition has deficits: name at least one in deficits",
            )


@event(
    "post-decision-orientation.given",
    40,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY, Role.HNB],
    nl="Oriëntering na beslissing",
    en="Orientation after the decision",
    natural_key=("case_id",),
    after_life=True,
)
class PostDecisionOrientationGiven(Payload, frozen=True, kw_only=True):
    """The person is oriented on what to do with the decision."""

    case_id: Uuid
    next_step: NextStep
