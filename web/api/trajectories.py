"""GET /api/trajectories/{person}: the timeline answer of design.md section 4."""

from __future__ import annotations

import re
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from ledger.access import Channel, ReadKind
from ledger.errors import NotFound
from ledger.fields import UUID_PATTERN
from ledger.timeline import Timeline, without_restricted
from streams.wiring import Parts
from web.api.responses import READERS, problems
from web.parameters import read_day, read_known_at
from web.problem import ProblemError, ProblemKind, nobody
from web.purposes import PURPOSE, opened, person_stream
from web.visitor import Visitor

_UUID = re.compile(UUID_PATTERN.removeprefix("^").removesuffix("$"))


def read_person(text: str) -> str:
    """The pseudonym in ``<uuid>`` or ``persoon/<uuid>``; 404 for anything else, which is nobody."""
    person = text.strip().lower().removeprefix("persoon/")
    if not _UUID.fullmatch(person):
        raise ProblemError(
            ProblemKind.NOT_FOUND,
            "dat is geen pseudoniem: verwacht een UUID, of persoon/ en een UUID",
            "that is no pseudonym: a UUID is expected, or persoon/ and a UUID",
            pointer="person",
        )
    return person


@get(
    ["/api/trajectories/{person:str}", "/api/trajectories/persoon/{person:str}"],
    summary="One trajectory",
    tags=["Trajectories"],
    responses=problems(*READERS, 404),
)
async def trajectory(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    person: Annotated[str, PathParameter(description="The pseudonym: a UUID, or persoon/ and a UUID.")],
    as_of: Annotated[str | None, QueryParameter(description="Business date YYYY-MM-DD; default the ledger's today.")] = None,
    known_at: Annotated[
        str | None, QueryParameter(description="A position, a moment (RFC 3339) or a date: what the ledger knew then; default everything.")
    ] = None,
    purpose: Annotated[str | None, QueryParameter(max_length=40, description=PURPOSE)] = None,
) -> Timeline:
    """Entries with what became of them (late, corrected, retracted, superseded), clocks, findings and facts of one person.

    A merged person is answered under the surviving pseudonym, whichever of the pseudonyms is asked for.
    """
    pseudonym = await person_asked(visitor, person)
    asked = " ".join(f"{name}={text[:40]}" for name, text in (("as_of", as_of), ("known_at", known_at)) if text)
    await opened(parts, visitor, ReadKind.TRAJECTORY, Channel.API, stream=person_stream(pseudonym), purpose=purpose, asked=asked)
    day = read_day(as_of, "as_of") if as_of is not None else None
    position = await read_known_at(known_at, parts.store) if known_at is not None else None
    try:
        told = await parts.reader.timeline(pseudonym, as_of=day, known_at=position)
    except NotFound as error:
        raise nobody() from error
    return told if visitor.operates else without_restricted(told)


async def person_asked(visitor: Visitor, text: str) -> str:
    """The pseudonym; whoever may not read is told so before what they typed is judged."""
    try:
        return read_person(text)
    except ProblemError:
        visitor.must_read()
        raise


HANDLERS = [trajectory]
