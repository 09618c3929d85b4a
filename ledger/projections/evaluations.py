"""What was concluded, what norms hold, and who may publish as what: the policy side of pilots and agreements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from ledger.catalogue import StreamKind
from ledger.codes.policy import Conclusion, EvaluationSubject, NormKind, NormSource
from ledger.codes.publisher import AuthorityState
from ledger.codes.roles import Role
from ledger.events.policy import EvaluationConcluded, NormSet
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.projection import doc, projection
from ledger.subject import Subject
from ledger.time import local_date


class EvaluationRow(msgspec.Struct, frozen=True, gc=False):
    """One conclusion. The last one about a subject holds."""

    subject_kind: Annotated[EvaluationSubject, doc("What it is about: a pilot, a clause, a regulation")]
    subject_id: Annotated[str, doc("Which one")]
    conclusion: Annotated[Conclusion, doc("The conclusion")]
    checkpoint_position: Annotated[int, doc("Position of the ledger that it rests on")]
    indicator_ids: Annotated[tuple[str, ...], doc("Indicators that it rests on")]
    concluded_on: Annotated[date, doc("Day it was concluded")]
    role: Annotated[Role, doc("Role of who concluded")]
    org: Annotated[str, doc("KBO number of who concluded")]
    position: Annotated[int, doc("Position of the conclusion itself")]


@projection("evaluations", kinds=(StreamKind.POLICY,), row=EvaluationRow, nl="Evaluatieconclusies", en="Conclusions of evaluations")
def evaluations(subject: Subject) -> Iterable[EvaluationRow]:
    for fact in subject.history.of(EvaluationConcluded):
        said = fact.payload
        yield EvaluationRow(
            said.subject_kind,
            said.subject_id,
            said.conclusion,
            said.checkpoint_position,
            said.indicator_ids,
            fact.date,
            fact.entry.role,
            fact.publisher,
            fact.last_position,
        )


class NormRow(msgspec.Struct, frozen=True, gc=False):
    """One norm of a clock, for clocks that start on or after its first day, until the next one."""

    clock: Annotated[str, doc("Clock")]
    period: Annotated[str, doc("Period, ISO 8601")]
    kind: Annotated[NormKind, doc("Duty, may or target")]
    valid_from: Annotated[date, doc("First start date that it holds for")]
    source: Annotated[NormSource, doc("On what authority")]
    framework_id: Annotated[str | None, doc("Framework agreement that it comes from")]


@projection("norms", kinds=(StreamKind.POLICY,), row=NormRow, nl="Normen", en="Norms")
def norms(subject: Subject) -> Iterable[NormRow]:
    for fact in subject.history.of(NormSet):
        said = fact.payload
        yield NormRow(said.clock.value, said.period, said.kind, said.valid_from, said.source, said.framework_id)


class AuthorityRow(msgspec.Struct, frozen=True, gc=False):
    """One change of what an organisation may publish as. Of a role the last one that is valid holds."""

    org: Annotated[str, doc("KBO number")]
    role: Annotated[Role, doc("Role")]
    state: Annotated[AuthorityState, doc("Authorised, suspended or revoked")]
    valid_from: Annotated[date, doc("First day")]


@projection("authorities", kinds=(StreamKind.PUBLISHER,), row=AuthorityRow, nl="Bevoegdheden", en="Authorities")
def authorities(subject: Subject) -> Iterable[AuthorityRow]:
    for fact in subject.history.of(PublisherAuthorityChanged):
        said = fact.payload
        yield AuthorityRow(said.org, said.role, said.state, local_date(said.valid_from))
