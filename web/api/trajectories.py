"""GET /api/trajectories/{person}: the timeline answer of design.md section 4."""

from __future__ import annotations

import re
from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from ledger.errors import NotFound
from ledger.fields import UUID_PATTERN
from ledger.timeline import Timeline
from streams.wiring import Parts
from web.api.responses import READERS, problems
from web.parameters import read_day, read_known_at
from web.problem import ProblemError, ProblemKind, nobody
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
) -> Timeline:
    """Entries with what became of them (late, corrected, retracted, superseded), clocks, findings and facts of one person.

    A merged person is answered under the surviving pseudonym, whichever of the pseudonyms is asked for.
    """
    visitor.must_read()
    pseudonym = read_person(person)
    day = read_day(as_of, "as_of") if as_of is not None else None
    position = await read_known_at(known_at, parts.store) if known_at is not None else None
    try:
        return await parts.reader.timeline(pseudonym, as_of=day, known_at=position)
    except NotFound as error:
        raise nobody() from error


HANDLERS = [trajectory]
