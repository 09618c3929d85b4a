"""Vrijgaven: the releases of closed quarters, what each changed and through what."""

from __future__ import annotations

import msgspec

from ledger.catalogue import catalogue
from ledger.dimension import DIMENSIONS
from ledger.errors import NotFound
from ledger.indicator import indicators
from streams.releases import Change, Release, Waiting
from web.page import Answer, Group, Shown, Visit, page
from web.problem import missing

PATH = "/vrijgaven"
_WHY = {
    "closing": ("afsluiting van het kwartaal", "closing of the quarter"),
    "revision": ("herziening", "revision"),
    "yearly": ("jaarafsluiting", "yearly closing"),
}
SHOWN = 200
"""Changed cells that a page lists; the API has all."""


class ReleaseRow(msgspec.Struct, frozen=True):
    """A release in the list."""

    release: Release
    why: str
    newest: bool
    """Whether it is the newest of its quarter."""


class ReleasesView(msgspec.Struct, frozen=True, kw_only=True):
    """What the list shows."""

    rows: list[ReleaseRow]
    waiting: list[Waiting]


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """A published cell that changed, in words."""

    indicator: str
    title: str
    place: str
    before: str
    now: str


class ReleaseView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of one release shows."""

    release: Release
    why: str
    causes: list[tuple[str, str]]
    changes: list[ChangeRow]
    left: int
    """Changes that are not listed here."""
    titles: list[tuple[str, str]]
    """The indicators in it."""


@page(PATH, nl="Vrijgaven", en="Releases", template="releases.html", group=Group.EVALUATION, order=90)
async def releases(visit: Visit) -> Answer:
    """Every release, newest first."""
    found = await visit.parts.releases.all()
    newest = {one.quarter: one.revision for one in sorted(found, key=lambda one: one.revision)}
    rows = [ReleaseRow(one, visit.say(*_WHY[one.why.value]), one.revision == newest[one.quarter]) for one in found]
    return Shown(view=ReleasesView(rows=rows, waiting=await visit.parts.releases.waiting()))


@page(f"{PATH}/{{name}}", nl="Vrijgave", en="Release", template="release.html")
async def one_release(visit: Visit) -> Answer:
    """One release: where it stands, what it changed, and where its figures are."""
    try:
        told = await visit.parts.releases.tell(visit.path["name"])
    except NotFound as error:
        raise missing(
            "die vrijgave bestaat niet: zie de lijst van vrijgaven", "there is no such release: see the list of releases"
        ) from error
    named = {one.name: visit.say(one.nl, one.en) for one in catalogue().newest.values()}
    view = ReleaseView(
        release=told.release,
        why=visit.say(*_WHY[told.release.why.value]),
        causes=[(named.get(one.type, one.type), "< 5" if one.entries is None else str(one.entries)) for one in told.causes],
        changes=[_change(visit, one) for one in told.changes[:SHOWN]],
        left=max(0, len(told.changes) - SHOWN),
        titles=[
            (id, visit.say(indicators()[id].title.nl, indicators()[id].title.en)) for id in sorted({one.indicator for one in told.cells})
        ],
    )
    return Shown(view=view, title=visit.say(f"Vrijgave {told.release.release}", f"Release {told.release.release}"))


def _change(visit: Visit, one: Change) -> ChangeRow:
    lang = visit.language.value
    named = [(one.dimension_1, one.value_1), (one.dimension_2, one.value_2)]
    words = [DIMENSIONS[name].label(value, lang) for name, value in named if name is not None and value is not None]
    declared = indicators()[one.indicator]
    return ChangeRow(
        indicator=one.indicator,
        title=visit.say(declared.title.nl, declared.title.en),
        place=", ".join(words) or visit.say("alles samen", "all together"),
        before=_numbers(visit, one.old_numerator, one.old_denominator),
        now=_numbers(visit, one.new_numerator, one.new_denominator),
    )


def _numbers(visit: Visit, numerator: int | None, denominator: int | None) -> str:
    if numerator is None and denominator is None:
        return visit.say("afgeschermd", "hidden")
    return f"{'–' if numerator is None else numerator} / {'–' if denominator is None else denominator}"
