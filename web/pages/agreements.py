"""Afspraken: per clause of the agreements its norm, the clocks that measure it, with whom breaches lie, and another norm."""

from __future__ import annotations

import asyncio
import re
from datetime import date

import msgspec

from ledger.codes.policy import ClauseTopic
from streams.evaluation import Made
from web import wording
from web.evaluation.clauses import ClauseBlock, clause_block
from web.figure_page import Stamp, stamp_of
from web.page import Answer, Group, Shown, Visit, page, read_query

_NORM = re.compile(r"[1-9][0-9]{0,3}")
PATH = "/afspraken"


class AgreementsQuery(msgspec.Struct, frozen=True):
    """One topic; other norms stand in ``C01``, ``C10`` … in days."""

    onderwerp: str = ""


class AgreementsView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    clauses: list[ClauseBlock]
    topics: list[tuple[str, str]]
    topic: str
    norms: dict[str, str]
    as_of: str
    day: date
    position: int
    head: int
    """The last position of the ledger: how far the clauses are behind it."""
    stamp: Stamp | None
    sentence: str
    api: dict[str, str]


@page(PATH, nl="Afspraken", en="Agreements", template="agreements.html", group=Group.EVALUATION, order=65)
async def agreements(visit: Visit) -> Answer:
    """The clauses in force."""
    language = visit.language
    query = read_query(visit.query, AgreementsQuery)
    norms = {name: f"P{days}D" for name, days in visit.query.items() if re.fullmatch(r"C[0-9]{2}b?", name) and _NORM.fullmatch(days)}
    made: Made = await visit.parts.evaluations.live()
    views = await asyncio.to_thread(made.clauses, norms)
    shown = [view for view in views if query.onderwerp in ("", view.clause.topic.value)]
    topics = [(topic.value, topic.label(language.value)) for topic in ClauseTopic if any(v.clause.topic is topic for v in views)]
    measured = sum(view.clause.measured for view in views)
    view = AgreementsView(
        clauses=[clause_block(one, language) for one in shown],
        topics=topics,
        topic=query.onderwerp,
        norms={name: period[1:-1] for name, period in norms.items()},
        as_of=wording.day(made.facts.as_of, language),
        day=made.facts.as_of,
        position=made.facts.position,
        head=(await visit.parts.store.head()).position,
        stamp=await stamp_of(visit, made.facts.position),
        sentence=language.say(
            f"{measured} van {len(views)} bepalingen worden gemeten.", f"{measured} of {len(views)} clauses are measured."
        ),
        api={"norm": ",".join(f"{name}={period[1:-1]}" for name, period in norms.items())} if norms else {},
    )
    return Shown(view=view)
