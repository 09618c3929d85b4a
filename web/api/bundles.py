"""GET /api/bundle: a file that proves a person's entries, a figure or a range of entries to whoever holds it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from ledger.access import Channel, ReadKind
from ledger.bundle import Kind, Line
from ledger.cohort import Unanswerable
from streams.bundling import Bundling
from streams.clock import SystemClock
from streams.figures import declared
from streams.wiring import Parts
from web.api.indicators import read_by, read_period, unanswerable
from web.api.responses import READERS, problems
from web.api.trajectories import person_asked
from web.problem import ProblemError, ProblemKind
from web.purposes import PURPOSE, opened, person_stream
from web.visitor import Visitor

MEDIA = "application/x-ndjson"
_RANGE = re.compile("([0-9]{1,15}):([0-9]{1,15})")


async def lines_of(
    parts: Parts,
    visitor: Visitor,
    *,
    person: str | None,
    figure: str | None,
    span: str | None,
    by: str | None,
    cohort: str | None,
    opening: bool,
    purpose: str | None,
) -> tuple[str, AsyncIterator[Line]]:
    """What the file is called, and its lines. Opening what is about persons is recorded first.

    :raises ProblemError: it may not be had, or not one thing was named.
    :raises UsageError: there is nothing of the kind, or no checkpoint covers it yet.
    """
    visitor.must_read()
    if sum(one is not None for one in (person, figure, span)) != 1:
        raise ProblemError(ProblemKind.BAD_PARAMETER, "noem één ding: person, figure of range", "name one thing: person, figure or range")
    maker = Bundling(parts.store, parts.ledger, parts.checkpoints, parts.subjects, restricted=visitor.operates)
    now = SystemClock().now()
    stream = person_stream(await person_asked(visitor, person)) if person is not None else None
    if opening:
        kind = Kind.PERSON if stream is not None else Kind.RANGE
        await opened(
            parts, visitor, ReadKind.BUNDLE, Channel.API, stream=stream, purpose=purpose, asked=f"bundle {kind} {span or ''}".strip()
        )
    if stream is not None:
        return f"person-{stream[8:16]}", maker.person(stream, opened=opening, now=now)
    if span is not None:
        match = _RANGE.fullmatch(span)
        if match is None:
            raise ProblemError(
                ProblemKind.BAD_PARAMETER,
                "range is eerste:laatste, bijvoorbeeld 1:100",
                "range is first:last, for example 1:100",
                pointer="range",
            )
        return f"entries-{match[1]}-{match[2]}", maker.range(int(match[1]), int(match[2]), opened=opening, now=now)
    chosen = declared(figure or "")
    try:
        found = await parts.figures.figure(chosen.id, by=read_by(by), cohort=read_period(cohort))
    except Unanswerable as error:
        raise unanswerable(error) from error
    return f"{chosen.id}-{found.position}", maker.figure(found, now=now)


@get("/api/bundle", summary="A bundle to be checked elsewhere", tags=["Proofs"], media_type=MEDIA, responses=problems(*READERS, 404))
async def bundle(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    person: Annotated[str | None, QueryParameter(max_length=60, description="Every entry of this pseudonym.")] = None,
    figure: Annotated[str | None, QueryParameter(max_length=10, description="An indicator, at the position of the views.")] = None,
    span: Annotated[str | None, QueryParameter(name="range", max_length=40, description="The entries first:last.")] = None,
    by: Annotated[str | None, QueryParameter(max_length=120, description="At most three dimensions of the figure.")] = None,
    cohort: Annotated[str | None, QueryParameter(max_length=60, description="The cohort of the figure.")] = None,
    opening: Annotated[bool, QueryParameter(name="open", description="With the content of what is about persons.")] = False,
    purpose: Annotated[str | None, QueryParameter(max_length=40, description=PURPOSE)] = None,
) -> Stream:
    """JSON lines: a signed checkpoint, and each entry with its inclusion proof; docs/verify_bundle.py checks it without code of the ledger.

    What is about persons is in it as a proof alone, unless it is asked for with ``open``; that is written to the access log.
    """
    name, lines = await lines_of(
        parts, visitor, person=person, figure=figure, span=span, by=by, cohort=cohort, opening=opening, purpose=purpose
    )
    # The first line is made before anything is sent, so that what cannot be had is a problem and not half a file.
    first = await anext(lines)

    async def content() -> AsyncIterator[bytes]:
        yield first.encode()
        async for line in lines:
            yield line.encode()

    headers = {"Content-Disposition": f'attachment; filename="{name}.bundle.jsonl"', "Cache-Control": "no-store"}
    return Stream(content(), media_type=MEDIA, headers=headers)


HANDLERS = [bundle]
