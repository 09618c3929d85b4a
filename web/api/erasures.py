"""/api/erasures: erasing a person, for the operator; and the erasures that stand in the ledger, for readers."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from ledger.codes.identity import ErasureGround
from ledger.errors import AlreadyErased, RefusedInput
from streams.erasing import Erased
from streams.wiring import Parts
from web.api.responses import READERS, problems
from web.api.trajectories import read_person
from web.problem import ProblemError, ProblemKind
from web.purposes import person_stream
from web.visitor import Visitor

PAGE = 1_000


class Erase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who is to be erased, and on what ground."""

    person: str
    """The pseudonym."""
    ground: ErasureGround
    requested_on: date | None = None
    """When it was asked for; today by default."""


class ErasureItem(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure that stands in the ledger."""

    position: int
    stream: str
    streams: list[str]
    """Every stream that went with it, those that were merged with the person's included."""
    requested_on: date
    ground: str
    keys_destroyed: int
    controllers: list[str]
    executed_at: str


class ErasuresAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of erasures, by position."""

    erasures: list[ErasureItem]
    next: int | None
    """Give it as ``after`` for the next page; None at the end."""


def erasure_item(one: Erased) -> ErasureItem:
    """An erasure as the API tells it."""
    return ErasureItem(
        position=one.position,
        stream=one.stream,
        streams=list(one.streams),
        requested_on=one.requested_on,
        ground=one.ground.value,
        keys_destroyed=one.keys_destroyed,
        controllers=list(one.controllers),
        executed_at=one.executed_at,
    )


@get("/api/erasures", summary="Erased persons", tags=["Audit"], responses=problems(*READERS))
async def erasures(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    after: Annotated[int, QueryParameter(ge=0, le=2**53 - 1, description="Erasures after this position.")] = 0,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE, description="How many at the most.")] = 100,
) -> ErasuresAnswer:
    """Which streams were erased, when, on what ground, and for which controllers. Whose they were, nobody knows any more."""
    visitor.must_read()
    found = await parts.erasing.executed(after=after, limit=limit)
    return ErasuresAnswer(erasures=[erasure_item(one) for one in found], next=found[-1].position if len(found) == limit else None)


@post("/api/erasures", status_code=201, summary="Erase a person", tags=["Audit"], responses=problems(*READERS, 404, 409, 422))
async def erase(parts: NamedDependency[Parts], visitor: NamedDependency[Visitor], data: JSONBody[Erase]) -> ErasureItem:
    """Destroy the person's keys: what was said about them is unreadable in every copy, for ever. Positions and proofs stay."""
    visitor.must_operate()
    person = read_person(data.person)
    try:
        done = await parts.erasing.erase(person_stream(person), data.ground, requested_on=data.requested_on)
    except RefusedInput as error:
        raise ProblemError(ProblemKind.UNPROCESSABLE, f"de wissing is geweigerd: {error}", str(error)) from error
    except AlreadyErased as error:
        raise ProblemError(ProblemKind.CONFLICT, "deze persoon is al gewist", str(error)) from error
    return erasure_item(done)


HANDLERS = [erasures, erase]
