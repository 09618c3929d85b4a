"""/api/publishers: the quality of every source, and the operator's management of credentials."""

from __future__ import annotations

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from ledger.codes.recognition import RecognitionAuthority
from ledger.codes.roles import Role
from ledger.disclosure import Cell, protect_each, protect_list
from streams.publishers import Issued, Publisher, Right
from streams.standing import SourceStanding
from streams.wiring import Parts
from web.api.answers import IssuedAnswer, NewPublisher, PublisherItem, PublishersAnswer, SourceItem
from web.api.responses import READERS, problems
from web.problem import ProblemError, ProblemKind
from web.visitor import Visitor

Name = Annotated[str, PathParameter(description="Name of a credential.")]


def source_item(source: SourceStanding, exact: bool) -> SourceItem:
    """A source as the API tells it."""

    def shown(n: int) -> int | None:
        return n if exact else protect_each([n])[0].n

    counts = {reason.code: reason.n for reason in source.reasons}
    reasons = {code: Cell(n) for code, n in counts.items()} if exact else protect_list(counts).cells
    return SourceItem(
        source=source.source,
        role=source.role,
        admitted=shown(source.admitted),
        duplicate=shown(source.duplicate),
        refused=shown(source.refused),
        late=shown(source.late),
        slow=shown(source.slow),
        skew=shown(source.skew),
        corrections=shown(source.corrections),
        retractions=shown(source.retractions),
        missing=source.missing,
        reasons={code: cell.n for code, cell in reasons.items()},
        last_seen=source.last_seen,
    )


def publisher_item(publisher: Publisher) -> PublisherItem:
    """A credential as the API tells it; of the token only that there is one."""
    return PublisherItem(
        name=publisher.name,
        org=publisher.org,
        role=publisher.role.value if publisher.role else None,
        authority=publisher.authority.value if publisher.authority else None,
        right=publisher.right.value,
        created=publisher.created_at,
        rotated=publisher.rotated_at,
        revoked=publisher.revoked_at,
        grace_until=publisher.previous_until,
    )


def _issued(issued: Issued) -> IssuedAnswer:
    item = publisher_item(issued.publisher)
    return IssuedAnswer(
        name=item.name,
        right=item.right,
        org=item.org,
        role=item.role,
        authority=item.authority,
        created=item.created,
        rotated=item.rotated,
        revoked=item.revoked,
        grace_until=item.grace_until,
        token=issued.token,
    )


@get("/api/publishers", summary="Sources and credentials", tags=["Quality"], responses=problems(*READERS))
async def publishers(parts: NamedDependency[Parts], visitor: NamedDependency[Visitor]) -> PublishersAnswer:
    """The quality of every source since the beginning: late, slow, refused, missing. The operator also sees the credentials."""
    sources = await parts.reader.sources()
    book = await parts.publishers.list() if visitor.operates else []
    return PublishersAnswer(
        sources=[source_item(source, visitor.reads) for source in sources], publishers=[publisher_item(one) for one in book]
    )


@post("/api/publishers", status_code=201, summary="Make a credential", tags=["Operations"], responses=problems(*READERS, 409, 415, 422))
async def create(parts: NamedDependency[Parts], visitor: NamedDependency[Visitor], data: JSONBody[NewPublisher]) -> IssuedAnswer:
    """A token bound to one organisation and one role. It is shown this once; only its hash is kept."""
    visitor.must_operate()
    try:
        right = Right(data.right)
    except ValueError as error:
        raise _unusable("right", "right is publisher, auditor of operator", "right is publisher, auditor or operator") from error
    try:
        role = Role(data.role) if data.role is not None else None
    except ValueError as error:
        raise _unusable("role", "role staat niet in lijst Role", "role is not in list Role") from error
    try:
        authority = RecognitionAuthority(data.authority) if data.authority is not None else None
    except ValueError as error:
        raise _unusable("authority", "authority staat niet in zijn lijst", "authority is not in its list") from error
    if any(one.name == data.name for one in await parts.publishers.list()):
        raise ProblemError(
            ProblemKind.CONFLICT,
            "er is al een token met die naam (ook een ingetrokken naam blijft bezet): kies een andere, of vernieuw het",
            "there is a credential of that name already (revoked ones keep theirs): choose another, or rotate it",
            pointer="/name",
        )
    return _issued(await parts.publishers.create(data.name, right=right, org=data.org, role=role, authority=authority))


@post(
    "/api/publishers/{name:str}/rotate", status_code=200, summary="Rotate a token", tags=["Operations"], responses=problems(*READERS, 404)
)
async def rotate(parts: NamedDependency[Parts], visitor: NamedDependency[Visitor], name: Name) -> IssuedAnswer:
    """A new token for a credential; the old one stays valid until `grace_until`."""
    visitor.must_operate()
    return _issued(await parts.publishers.rotate(name))


@post(
    "/api/publishers/{name:str}/revoke",
    status_code=200,
    summary="Revoke a credential",
    tags=["Operations"],
    responses=problems(*READERS, 404),
)
async def revoke(parts: NamedDependency[Parts], visitor: NamedDependency[Visitor], name: Name) -> PublisherItem:
    """From now on its tokens are not believed. The name is never given again."""
    visitor.must_operate()
    return publisher_item(await parts.publishers.revoke(name))


def _unusable(name: str, nl: str, en: str) -> ProblemError:
    return ProblemError(ProblemKind.UNPROCESSABLE, nl, en, pointer=f"/{name}")


HANDLERS = [publishers, create, rotate, revoke]
