"""Frameworks, norms, resources, evaluation (domain.md 2.7, rows 58–61)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.clock import ClockId
from ledger.codes.policy import ClauseTopic, Conclusion, EvaluationSubject, NormKind, NormSource, ResourceKind
from ledger.codes.roles import Role
from ledger.fields import Cents, Count, Date, Kbo, Period, PositionNumber, Token, Uuid, Year
from ledger.verdict import Violation


class Clause(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One clause of a framework agreement, with the period it promises, if any."""

    clause_id: Uuid
    topic: ClauseTopic
    norm: Period | None = None


@event(
    "framework.adopted",
    58,
    stream=StreamKind.POLICY,
    policy_kind="framework",
    publishers=[Role.POLICY_OWNER],
    nl="Afsprakenkader, versie",
    en="Framework version adopted",
    natural_key=("framework_id", "version"),
)
class FrameworkVersionAdopted(Payload, frozen=True, kw_only=True):
    """A version of the agreement between the parties; that there are at least two is B23."""

    framework_id: Uuid
    version: Count
    parties: tuple[Kbo, ...]
    clauses: tuple[Clause, ...]
    valid_from: Date

    def check(self, context: Context) -> Iterable[Violation]:
        if self.version < 1:
            yield contradiction("version", "versies tellen vanaf 1", "versions count from 1")
        ids = [clause.clause_id for clause in self.clauses]
        if len(set(ids)) != len(ids):
            yield contradiction(
                "clauses",
                "twee bepalingen hebben hetzelfde clause_id: geef elke bepaling een eigen id",
                "two clauses have the same clause_id: give each clause an id of its own",
            )

    def stream_key(self) -> str | None:
        return self.framework_id


@event(
    "norm.set",
    59,
    stream=StreamKind.POLICY,
    policy_kind="norm",
    publishers=[Role.POLICY_OWNER],
    nl="Norm vastgesteld",
    en="Norm set",
    natural_key=("clock", "valid_from"),
)
class NormSet(Payload, frozen=True, kw_only=True):
    """The period of a clock from a date on; the norm valid on a clock's start date applies to it for good."""

    clock: ClockId
    period: Period
    kind: NormKind
    valid_from: Date
    source: NormSource
    framework_id: Uuid | None = None

    def stream_key(self) -> str | None:
        return self.clock.value


@event(
    "resource.recorded",
    60,
    stream=StreamKind.POLICY,
    policy_kind="budget",
    publishers=[Role.POLICY_OWNER],
    nl="Middelen",
    en="Resources recorded",
    natural_key=("pilot_id", "year", "kind", "executor"),
)
class ResourceRecorded(Payload, frozen=True, kw_only=True):
    """Money allocated to, or spent on, a pilot in a year; ``amount`` in euro cents."""

    pilot_id: Uuid
    year: Year
    kind: ResourceKind
    amount: Cents
    executor: Kbo | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.amount < 0:
            yield contradiction(
                "amount",
                "een bedrag is nul of meer eurocent; verminder met een correctie van het eerdere event",
                "an amount is zero or more euro cents; lower it by correcting the earlier event",
            )


@event(
    "evaluation.concluded",
    61,
    stream=StreamKind.POLICY,
    policy_kind="evaluation",
    publishers=[Role.EVALUATOR, Role.POLICY_OWNER],
    nl="Evaluatieconclusie",
    en="Evaluation concluded",
    natural_key=("subject_kind", "subject_id"),
)
class EvaluationConcluded(Payload, frozen=True, kw_only=True):
    """What an evaluation concludes, on which indicators, at which position of the ledger."""

    subject_kind: EvaluationSubject
    subject_id: Uuid
    conclusion: Conclusion
    checkpoint_position: PositionNumber
    indicator_ids: tuple[Token, ...]

    def check(self, context: Context) -> Iterable[Violation]:
        if not self.indicator_ids:
            yield contradiction(
                "indicator_ids",
                "een conclusie rust op minstens één indicator: vul indicator_ids in",
                "a conclusion rests on at least one indicator: fill indicator_ids",
            )
