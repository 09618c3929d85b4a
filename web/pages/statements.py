"""Beleidsnota: every statement of the policy note, and what in the ledger answers it."""

from __future__ import annotations

import msgspec

from ledger.catalogue import catalogue
from ledger.indicator import indicators
from ledger.statements import STATEMENTS, Statement
from web.page import Answer, Group, Shown, Visit, page, pages


class Link(msgspec.Struct, frozen=True):
    """A link with its words."""

    href: str
    text: str


class StatementRow(msgspec.Struct, frozen=True, kw_only=True):
    """A statement with what answers it."""

    statement: Statement
    said: str
    events: list[Link]
    indicators: list[Link]
    pages: list[Link]


class StatementsView(msgspec.Struct, frozen=True):
    """What the page shows."""

    rows: list[StatementRow]


@page("/beleidsnota", nl="Beleidsnota", en="Policy note", template="statements.html", group=Group.EVALUATION, order=95)
async def statements(visit: Visit) -> Answer:
    """The statements in their order."""
    numbered = {one.number: one for one in catalogue().newest.values()}
    titled = {one.title.nl: one for one in pages()}
    rows = []
    for one in STATEMENTS:
        events = [numbered[number] for number in one.events]
        shown = [titled[title] for title in one.pages if title in titled]
        figures = [indicators()[id] for id in one.indicators if id in indicators()]
        rows.append(
            StatementRow(
                statement=one,
                said=visit.say(one.said.nl, one.said.en),
                events=[Link(f"/catalogus/{event.full_name}", visit.say(event.nl, event.en)) for event in events],
                indicators=[Link(f"/indicatoren/{it.id}", f"{it.id} {visit.say(it.title.nl, it.title.en)}") for it in figures],
                pages=[Link(it.path, visit.say(it.title.nl, it.title.en)) for it in shown],
            )
        )
    return Shown(view=StatementsView(rows))
