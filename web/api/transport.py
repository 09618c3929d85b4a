"""How events are carried beside HTTP, as the API tells it, and a topic that is read from its beginning."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import PathParameter

from ledger.errors import BrokerRefused, BrokerUnavailable, NotFound
from streams.transport import TransportStanding
from streams.wiring import Parts
from web.api.responses import READERS, problems
from web.problem import ProblemError, ProblemKind
from web.visitor import Visitor


class RereadAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is read anew."""

    publisher: str
    records: int
    """As many as its topic holds."""


def shown(standing: TransportStanding | None, visitor: Visitor) -> TransportStanding | None:
    """What a visitor may see: that something is wrong is everybody's business, what exactly and with whom is the operator's."""
    if standing is None or visitor.operates:
        return standing
    quiet = tuple(msgspec.structs.replace(part, trouble=None, message=None) for part in standing.parts)
    return msgspec.structs.replace(standing, servers="", parts=quiet, publishers=())


@post(
    "/api/transport/{publisher:str}/reread",
    status_code=202,
    summary="Read a publisher's Kafka topic from its beginning",
    tags=["Operations"],
    responses=problems(*READERS, 404, 422),
)
async def reread(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    publisher: Annotated[str, PathParameter(description="The name in its topic.")],
) -> RereadAnswer:
    """For a topic that was deleted and made anew. What the ledger knows already of what is read is a duplicate; nothing stands twice."""
    visitor.must_operate()
    if parts.transport.carrier is None:
        raise NotFound("this ledger runs without Kafka: set LEDGER_KAFKA_SERVERS and start it again")
    try:
        records = await parts.transport.carrier.reread(publisher)
    except (BrokerUnavailable, BrokerRefused) as error:
        said = "de Kafka-cluster is even weg of laat het register hier niet toe: probeer straks opnieuw"
        raise ProblemError(ProblemKind.UNAVAILABLE, said, str(error), retry_after=5) from error
    return RereadAnswer(publisher=publisher, records=records)


HANDLERS = [reread]
