"""/api/refusals: what was refused, why, and submitting it again after mending."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from ledger.access import Channel, ReadKind
from ledger.authority import Credential
from ledger.errors import NotFound
from ledger.submission import MAX_EVENT_BYTES
from ledger.verdict import Outcome, Reason
from streams.publishers import Right
from streams.refusals import Refusal, RefusalState, Shown
from streams.wiring import Parts
from web.api.answers import RefusalAnswer, RefusalRecord, RefusalsAnswer
from web.api.events import chunks, refused
from web.api.openapi import ResubmitOperation
from web.api.responses import READERS, problem, problems
from web.api.verdicts import PublishAnswer, RefusedProblem, publish_answer
from web.body import read_body
from web.masking import masked
from web.metrics import Metrics
from web.problem import ProblemError, ProblemKind, missing
from web.purposes import PURPOSE, opened
from web.visitor import Visitor

PAGE = 500
Number = Annotated[int, PathParameter(ge=1, le=2**53 - 1, description="Number of a refusal.")]


def refusal_record(refusal: Refusal) -> RefusalRecord:
    """A refusal as the API tells it."""
    return RefusalRecord(
        refusal=refusal.number,
        id=refusal.id,
        source=refusal.source,
        type=refusal.type,
        subject=refusal.subject,
        code=refusal.code.value,
        rule=refusal.rule,
        pointer=refusal.pointer,
        message=refusal.message,
        received_at=refusal.received_at,
        last_seen_at=refusal.last_seen_at,
        times_seen=refusal.times_seen,
        state=refusal.state.value,
        resubmitted_as=refusal.resubmitted_as,
    )


def original(raw: bytes | None) -> tuple[msgspec.Raw | None, str | None]:
    """A kept original as JSON, or else as text; masked."""
    if raw is None:
        return None, None
    shown = masked(raw)
    try:
        return msgspec.Raw(msgspec.json.encode(msgspec.json.decode(shown))), None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None, shown.decode(errors="replace")


@get("/api/refusals", summary="Refused submissions", tags=["Quality"], responses=problems(*READERS))
async def refusals(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    source: Annotated[str | None, QueryParameter(max_length=80, description="Only of this source.")] = None,
    code: Annotated[Reason | None, QueryParameter(description="Only with this reason.")] = None,
    standing: Annotated[
        Literal["open", "resubmitted", "closed"] | None, QueryParameter(name="state", description="Only open, resubmitted or closed ones.")
    ] = None,
    after: Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="Refusals after this number.")] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE, description="How many at the most.")] = 100,
) -> RefusalsAnswer:
    """Refused submissions by number. A publisher's token sees what was sent with it, whatever source that claimed."""
    sender = None if visitor.reads or visitor.credential is None else visitor.credential.name
    if sender is None:
        visitor.must_read()
    found = await parts.refusals.list(
        source=source, code=code, sender=sender, state=RefusalState(standing) if standing else None, after=after, limit=limit
    )
    return RefusalsAnswer(refusals=[refusal_record(one) for one in found], next=found[-1].number if len(found) == limit else None)


@get("/api/refusals/{number:int}", summary="One refused submission", tags=["Quality"], responses=problems(*READERS, 404))
async def refusal(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    number: Number,
    purpose: Annotated[str | None, QueryParameter(max_length=40, description=PURPOSE)] = None,
) -> RefusalAnswer:
    """A refusal with the event as it was sent. A number that names a person is masked; the original is kept sealed."""
    shown = await find(parts, number)
    own = _sent(visitor, shown.refusal)
    await opened(
        parts, visitor, ReadKind.REFUSAL, Channel.API, stream=person_of(shown), purpose=purpose, asked=f"refusal={number}", own=own
    )
    event, text = original(shown.raw)
    return RefusalAnswer(**msgspec.structs.asdict(refusal_record(shown.refusal)), event=event or msgspec.Raw(b"null"), raw=text)


@post(
    "/api/refusals/{number:int}/resubmit",
    status_code=200,
    summary="Submit a refused event again",
    tags=["Quality"],
    operation_class=ResubmitOperation,
    responses={**problems(*READERS, 404, 409, 413, 415, 429), 422: problem(422, RefusedProblem)},
    request_max_body_size=None,
)
async def resubmit(
    request: Request[Any, Any, Any],
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    metrics: NamedDependency[Metrics],
    number: Number,
) -> Response[PublishAnswer]:
    """Submit the mended event, or without a body the original again. Once it is admitted the refusal is no longer open.

    The operator does it in the name of the credential that sent it; a publisher's token for what was sent with it.
    """
    shown = await find(parts, number)
    credential = await speaker(parts, visitor, shown.refusal)
    must_be_open(shown)
    body = await read_body(chunks(request), encoding=request.headers.get("content-encoding", ""), limit=MAX_EVENT_BYTES)
    verdict = await parts.refusals.resubmit(number, credential, body.strip() or None)
    metrics.judged([verdict])
    if verdict.outcome is Outcome.REFUSED:
        return refused(verdict)  # type: ignore[return-value]
    return Response(publish_answer([verdict]))


@post(
    "/api/refusals/{number:int}/close",
    status_code=200,
    summary="Close a refusal that nobody will mend",
    tags=["Quality"],
    responses=problems(*READERS, 404, 409),
)
async def close(parts: NamedDependency[Parts], visitor: NamedDependency[Visitor], number: Number) -> RefusalRecord:
    """Take it off the list of what waits, without submitting it: the credential is revoked, say. It stays, sealed, and readable."""
    visitor.must_operate()
    must_be_open(await find(parts, number))
    return refusal_record(await parts.refusals.close(number))


async def find(parts: Parts, number: int) -> Shown:
    """A refusal with its original, or a 404."""
    try:
        return await parts.refusals.show(number)
    except NotFound as error:
        raise missing(f"er is geen weigering {number}: zie de lijst", f"there is no refusal {number}: see the list") from error


def person_of(shown: Shown) -> str | None:
    """The stream of the person that a refused event was about, as far as it can be told."""
    stream = shown.refusal.subject or ""
    return stream if stream.startswith("persoon/") else None


async def speaker(parts: Parts, visitor: Visitor, refusal: Refusal) -> Credential:
    """In whose name a refused event is submitted again, or a 401, 403 or 409 answer."""
    if visitor.sandbox or _sent(visitor, refusal):
        return visitor.must_publish()
    visitor.must_operate()
    for publisher in await parts.publishers.list():
        if publisher.name == refusal.credential and publisher.right is Right.PUBLISHER and publisher.revoked_at is None:
            return publisher.credential
    raise ProblemError(
        ProblemKind.CONFLICT,
        "het token dat dit instuurde, bestaat niet meer: laat de bron het zelf opnieuw insturen, of sluit de weigering af",
        "the credential that sent this is no more: let the publisher send it again, or close the refusal",
    )


def must_be_open(shown: Shown) -> None:
    """A 409 for a refusal that was settled already."""
    refusal = shown.refusal
    if refusal.state is RefusalState.RESUBMITTED:
        raise ProblemError(
            ProblemKind.CONFLICT,
            f"weigering {refusal.number} is al verholpen en staat op positie {refusal.resubmitted_as}",
            f"refusal {refusal.number} was resubmitted already and stands at position {refusal.resubmitted_as}",
        )
    if refusal.state is RefusalState.CLOSED:
        raise ProblemError(
            ProblemKind.CONFLICT,
            f"weigering {refusal.number} is afgesloten: laat de bron het event opnieuw insturen",
            f"refusal {refusal.number} is closed: let the publisher send the event again",
        )


def _sent(visitor: Visitor, refusal: Refusal) -> bool:
    """Whether the visitor's credential sent it. The source that it claims proves nothing: that may be why it was refused."""
    return visitor.credential is not None and visitor.credential.name == refusal.credential


HANDLERS = [refusals, refusal, resubmit, close]
