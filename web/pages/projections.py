"""Projecties: the views, how far they are, what they cannot digest, and rebuilding one."""

from __future__ import annotations

import msgspec

from streams.partitions import PartitionLine, lines
from streams.standing import RebuildState, StalledStream, ViewStanding
from streams.transport import TransportStanding
from web.api.transport import shown
from web.labels import stream_label
from web.page import Access, Answer, Group, Moved, Shown, Visit, action, page

PATH = "/projecties"


class StalledRow(msgspec.Struct, frozen=True):
    """A stalled stream, written out."""

    stalled: StalledStream
    label: str
    person: str | None
    """The pseudonym, when it is a person."""


class ProjectionsView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    views: list[ViewStanding]
    stalled: list[StalledRow]
    rebuilds: list[RebuildState]
    asked: str | None
    """A rebuild that was just asked for."""
    partitions: list[PartitionLine]
    """While workers keep the views."""
    transport: TransportStanding | None
    """How the Kafka side stands; None without one."""


@page(PATH, nl="Projecties", en="Projections", template="projections.html", group=Group.QUALITY, order=40)
async def projections(visit: Visit) -> Answer:
    """All views."""
    reader = visit.parts.reader
    views = await reader.views()
    stalled = await reader.stalled() if visit.visitor.reads else []
    asked = visit.query.get("gevraagd")
    view = ProjectionsView(
        views=views,
        stalled=[_row(one, visit) for one in stalled],
        rebuilds=[one for one in await reader.rebuilds() if one.finished_at is not None][:10],
        asked=asked if asked in {one.name for one in views} else None,
        partitions=lines(views),
        transport=shown(await visit.parts.transport.standing(), visit.visitor),
    )
    return Shown(view=view)


@action(PATH, access=Access.OPERATOR)
async def rebuild(visit: Visit) -> Answer:
    """Ask for a rebuild, and show it on the way."""
    asked = await visit.parts.reader.rebuild(visit.form.get("projectie", ""))
    return Moved(to=f"{PATH}?gevraagd={asked.projection}")


def _row(one: StalledStream, visit: Visit) -> StalledRow:
    head, _, key = one.stream.partition("/")
    return StalledRow(one, stream_label(one.stream, visit.language), key if head == "persoon" else None)
