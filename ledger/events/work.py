"""Training and employment (domain.md 2.3, rows 32–35)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.course import Cefr
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.codes.work import OCMW_CONTRACTS, JobContractKind, JobEndReason, JobEvidence, LevelMatch, TrainingKind, TrainingOutcome
from ledger.fields import BasisPoints, Date, Kbo, Uuid
from ledger.verdict import Violation

FULL_TIME = 10_000
"""Full-time employment in basis points."""


@event(
    "training.started",
    32,
    stream=StreamKind.PERSON,
    publishers=[Role.VDAB, Role.ACTIRIS, Role.TRAINING_PROVIDER, Role.OCMW],
    nl="Opleiding of werkplekleren gestart",
    en="Training started",
    natural_key=("training_id",),
    after_life=True,
)
class TrainingStarted(Payload, frozen=True, kw_only=True):
    """The person starts a training or learning at work."""

    training_id: Uuid
    training_kind: TrainingKind
    sector: Sector
    planned_end: Date | None = None
    min_dutch_oral: Cefr | None = None
    remedies_deficit: Uuid | None = None
    offer_id: Uuid | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.planned_end is not None and self.planned_end < context.local_date:
            yield contradiction(
                "planned_end",
                f"het geplande einde ligt voor de start ({context.local_date}); verbeter planned_end of time",
                f"the planned end is before the start ({context.local_date}); mend planned_end or time",
            )


@event(
    "training.ended",
    33,
    stream=StreamKind.PERSON,
    publishers=[Role.VDAB, Role.ACTIRIS, Role.TRAINING_PROVIDER, Role.OCMW],
    nl="Opleiding beëindigd",
    en="Training ended",
    natural_key=("training_id",),
    after_life=True,
)
class TrainingEnded(Payload, frozen=True, kw_only=True):
    """The training ends, completed or stopped."""

    training_id: Uuid
    outcome: TrainingOutcome


@event(
    "employment.started",
    34,
    stream=StreamKind.PERSON,
    publishers=[Role.VDAB, Role.ACTIRIS, Role.OCMW, Role.AGENCY],
    nl="Tewerkstelling gestart",
    en="Employment started",
    natural_key=("job_id",),
    after_life=True,
)
class EmploymentStarted(Payload, frozen=True, kw_only=True):
    """The person starts a job; ``fte_bp`` is its share of full time in basis points. Evidence from an agency: B13."""

    job_id: Uuid
    contract_kind: JobContractKind
    evidence: JobEvidence
    fte_bp: BasisPoints
    sector: Sector
    employer_ref: Kbo | None = None
    level_match: LevelMatch

    def check(self, context: Context) -> Iterable[Violation]:
        if context.role is Role.OCMW and self.contract_kind not in OCMW_CONTRACTS:
            yield contradiction(
                "contract_kind",
                "een OCMW meldt alleen eigen tewerkstelling: contract_kind is art60 of twe",
                "an OCMW reports its own employment only: contract_kind is art60 or twe",
            )
        if not 1 <= self.fte_bp <= FULL_TIME:
            yield contradiction(
                "fte_bp",
                f"het arbeidsvolume ligt tussen 1 en {FULL_TIME} basispunten (voltijds is {FULL_TIME})",
                f"the working volume lies between 1 and {FULL_TIME} basis points (full time is {FULL_TIME})",
            )


@event(
    "employment.ended",
    35,
    stream=StreamKind.PERSON,
    publishers=[Role.VDAB, Role.ACTIRIS, Role.OCMW, Role.AGENCY],
    nl="Tewerkstelling beëindigd",
    en="Employment ended",
    natural_key=("job_id",),
    after_life=True,
)
class EmploymentEnded(Payload, frozen=True, kw_only=True):
    """The job ends."""

    job_id: Uuid
    reason: JobEndReason
