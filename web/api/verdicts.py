"""What publishing answers. Keys that design.md names keep their names and meanings for ever."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ledger.verdict import Message, Outcome, Reason, Verdict


class RefusalItem(msgspec.Struct, frozen=True, kw_only=True):
    """A refused event: why, where and how to mend it."""

    id: str | None
    source: str | None
    code: Reason
    rule: str | None
    pointer: str
    message: Message
    number: int | None
    """Under which it is kept until it is mended; None for a dry run."""


class PublishAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the events of one request, in their order."""

    admitted: int
    duplicate: int
    refused: int
    refusals: list[RefusalItem]
    verdicts: list[Verdict]


class RefusedProblem(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to one event that was refused: problem details and the publishing answer in one."""

    type: str
    title: str
    status: int
    detail: str
    message: Message
    pointer: str
    admitted: int
    duplicate: int
    refused: int
    refusals: list[RefusalItem]
    verdicts: list[Verdict]


def publish_answer(verdicts: Sequence[Verdict]) -> PublishAnswer:
    """The totals and refusals of some verdicts."""
    refusals = [
        RefusalItem(
            id=verdict.id,
            source=verdict.source,
            code=verdict.code,
            rule=verdict.rule,
            pointer=verdict.pointer or "",
            message=verdict.message,
            number=verdict.refusal,
        )
        for verdict in verdicts
        if verdict.code is not None and verdict.message is not None
    ]
    outcomes = [verdict.outcome for verdict in verdicts]
    return PublishAnswer(
        admitted=outcomes.count(Outcome.ADMITTED),
        duplicate=outcomes.count(Outcome.DUPLICATE),
        refused=outcomes.count(Outcome.REFUSED),
        refusals=refusals,
        verdicts=list(verdicts),
    )


class PseudonymItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The pseudonym of one number, or what is wrong with the number. The number itself is never repeated."""

    person: str | None = None
    """The pseudonym, a UUID."""
    subject: str | None = None
    """The same as a stream: ``persoon/<uuid>``."""
    code: Reason | None = None
    pointer: str | None = None
    message: Message | None = None


class PseudonymAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One item per number, in order."""

    pseudonyms: list[PseudonymItem]
    refused: int
