"""POST /api/events: publish one event or many, in every content mode, and hear the verdict on each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ledger.admission import Examined
from ledger.authority import Credential
from ledger.errors import Overloaded
from ledger.verdict import Outcome, Verdict
from streams.wiring import Parts
from web.api.openapi import PublishOperation
from web.api.responses import READERS, problem, problems
from web.api.verdicts import PublishAnswer, RefusedProblem, publish_answer
from web.body import read_body
from web.content import take_apart
from web.metrics import Metrics
from web.problem import MEDIA_TYPE, ProblemError, ProblemKind
from web.visitor import Visitor

AT_ONCE = 64
"""Requests whose events are held in memory at the same time."""
_SLICE = 100
"""Events that are examined before others get their turn."""

AnyRequest = Request[Any, Any, Any]


class Intake:
    """Counts the requests that are being taken in."""

    def __init__(self) -> None:
        self._held = 0

    def __enter__(self) -> Intake:
        if self._held >= AT_ONCE:
            raise Overloaded(f"{self._held} requests are being taken in already, which is as many as may", 1)
        self._held += 1
        return self

    def __exit__(self, *_: object) -> None:
        self._held -= 1


async def chunks(request: AnyRequest) -> AsyncIterator[bytes]:
    """The body of a request as it comes in."""
    while True:
        message = await request.receive()
        if message["type"] != "http.request":
            raise ProblemError(ProblemKind.BAD_REQUEST, "de verbinding werd verbroken", "the connection was cut")
        yield message["body"]
        if not message["more_body"]:
            return


async def examine(parts: Parts, events: Sequence[bytes], credential: Credential) -> list[Examined]:
    """Examine events in slices, so that a large request does not keep a lone event waiting."""
    look = parts.examiner.examine
    examined: list[Examined] = []
    for start in range(0, len(events), _SLICE):
        if start:
            await asyncio.sleep(0)
        examined.extend([look(raw, credential) for raw in events[start : start + _SLICE]])
    return examined


@post(
    "/api/events",
    status_code=200,
    summary="Publish events",
    tags=["Publishing"],
    operation_class=PublishOperation,
    responses={**problems(*READERS, 413, 415, 429), 422: problem(422, RefusedProblem)},
    request_max_body_size=None,
)
async def publish(
    request: AnyRequest,
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    metrics: NamedDependency[Metrics],
    intake: NamedDependency[Intake],
    dry_run: Annotated[bool, QueryParameter(description="Judge, and take nothing in.")] = False,
) -> Response[PublishAnswer]:
    """Publish one CloudEvent (structured or binary mode) or many (batch mode, or NDJSON).

    Every event gets its own verdict, in order: `admitted` with its position, `duplicate` with the position at which the same
    event stood already, or `refused` with a reason code, a JSON pointer and a sentence in Dutch and English. Sending the same
    event again is always safe. A batch is answered 200 whatever its verdicts; one event that is refused is answered 422.
    """
    credential = visitor.must_publish()
    with intake:
        body = await read_body(chunks(request), encoding=request.headers.get("content-encoding", ""))
        taken = take_apart(request.headers.get("content-type", ""), request.scope["headers"], body)
        examined = await examine(parts, taken.events, credential)
        verdicts = await parts.sequencer.submit(examined, dry_run=dry_run)
    if not dry_run:
        metrics.judged(verdicts)
    if taken.alone and verdicts[0].outcome is Outcome.REFUSED:
        return refused(verdicts[0])  # type: ignore[return-value]
    return Response(publish_answer(verdicts))


def refused(verdict: Verdict) -> Response[RefusedProblem]:
    """The answer to one event that was refused."""
    answer = publish_answer([verdict])
    first = answer.refusals[0]
    kind = ProblemKind.REFUSED
    problem_details = RefusedProblem(
        type=kind.uri,
        title=kind.title.en,
        status=kind.status,
        detail=f"{first.code.value}{f' {first.rule}' if first.rule else ''} at {first.pointer}: {first.message.en}",
        message=first.message,
        pointer=first.pointer,
        **msgspec.structs.asdict(answer),
    )
    return Response(problem_details, status_code=kind.status, media_type=MEDIA_TYPE)


HANDLERS = [publish]
