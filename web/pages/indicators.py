"""Indicatoren: the figures of the evaluation, all of them by theme and each on a page of its own."""

from __future__ import annotations

import re
from datetime import date

import msgspec

from ledger.cohort import Cohort, Unanswerable, read_cohort
from ledger.dimension import DIMENSIONS
from ledger.figure import Figure, Row
from ledger.indicator import Base, Indicator, Method, Theme, indicators
from streams.figures import declared
from web.figure_page import Stamp, stamp_of
from web.indicator_words import Shown as Told
from web.indicator_words import sentence_of, tell
from web.page import Answer, Group, Shown, Visit, page, read_query
from web.problem import ProblemError, ProblemKind
from web.scene import place

_POSITION = re.compile(r"[0-9]{1,16}")
_SPLITS = 3
DECISIONS = {
    "Q1": ("verankeren in regelgeving", "anchor in regulation"),
    "Q2": ("het afsprakenkader met VDAB en Actiris bijsturen", "adjust the agreements with VDAB and Actiris"),
    "Q3": ("kiezen bij beperkte middelen", "choose with limited means"),
}
"""The decisions that figures inform."""


class IndicatorQuery(msgspec.Struct, frozen=True):
    """What is asked for; the three dimensions may also stand in ``by``, with commas."""

    by: str = ""
    by2: str = ""
    by3: str = ""
    cohort: str = ""
    as_of: date | None = None
    known_at: str = ""


class ThemeBlock(msgspec.Struct, frozen=True):
    """The indicators of one theme."""

    label: str
    rows: list[Indicator]


class IndicatorsView(msgspec.Struct, frozen=True):
    """What the list shows."""

    themes: list[ThemeBlock]
    decisions: list[tuple[str, str]]


class IndicatorView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of one indicator shows."""

    indicator: Indicator
    figure: Figure
    sentence: str
    total: Told
    rows: list[Told]
    heads: list[str]
    splits: list[tuple[str, str]]
    chosen: list[str]
    """The dimensions that are chosen, filled up with empty ones."""
    query: IndicatorQuery
    fault: str
    """Why the question could not be answered as it was asked."""
    times: bool
    mix: bool
    """Whether it only divides a whole: then there is no figure of everything together."""
    coverage: bool
    cohorts: bool
    query_string: dict[str, str]
    """The question for the links to JSON and CSV."""
    decisions: list[tuple[str, str]]
    head: int
    """The last position of the ledger: how far the figure is behind it."""
    past: bool
    stamp: Stamp | None


@page("/indicatoren", nl="Indicatoren", en="Indicators", template="indicators.html", group=Group.EVALUATION, order=10)
async def all_indicators(visit: Visit) -> Answer:
    """The list."""
    blocks = [ThemeBlock(visit.language.of(theme.label), [one for one in indicators().values() if one.theme is theme]) for theme in Theme]
    decisions = [(code, visit.say(*words)) for code, words in DECISIONS.items()]
    return Shown(view=IndicatorsView([block for block in blocks if block.rows], decisions))


@page("/indicatoren/{id}", nl="Indicator", en="Indicator", template="indicator.html")
async def one_indicator(visit: Visit) -> Answer:
    """One of them, as it is asked for; what cannot be answered is said, and the plain figure is shown."""
    found = declared(visit.path["id"])
    if found.restricted and not visit.visitor.reads:
        raise ProblemError(
            ProblemKind.FORBIDDEN,
            "dit cijfer is alleen voor auditors en de beheerder: meld u aan",
            "this figure is for auditors and the operator only: sign in",
        )
    query = read_query(visit.query, IndicatorQuery)
    by = _split(query)
    fault = ""
    try:
        cohort = read_cohort(query.cohort) if query.cohort else None
        figure = await _asked(visit, found, query, by, cohort)
    except Unanswerable as error:
        fault = visit.language.of(error.message)
        by, figure = [], await visit.parts.figures.figure(found.id)
    language = visit.language
    view = IndicatorView(
        indicator=found,
        figure=figure,
        sentence=sentence_of(found, figure, language),
        total=tell(found, figure.total, language),
        rows=[tell(found, row, language) for row in _ordered(figure)],
        heads=[language.say(DIMENSIONS[name].nl, DIMENSIONS[name].en) for name in figure.by],
        splits=[(name, language.say(DIMENSIONS[name].nl, DIMENSIONS[name].en)) for name in found.splits],
        chosen=[*by, *[""] * _SPLITS][:_SPLITS],
        query=query,
        fault=fault,
        times=found.method is Method.TIME,
        mix=found.method is Method.MIX,
        coverage=found.coverage,
        cohorts=found.base is not Base.STOCK,
        query_string=_question(query, by),
        decisions=[(code, language.say(*DECISIONS[code])) for code in found.decisions],
        head=(await visit.parts.store.head()).position,
        past=bool(visit.visitor.reads and (query.as_of or query.known_at)),
        stamp=await stamp_of(visit, figure.position),
    )
    return Shown(view=view, title=f"{found.id} {language.of(found.title)}")


async def _asked(visit: Visit, found: Indicator, query: IndicatorQuery, by: list[str], cohort: Cohort | None) -> Figure:
    known = int(query.known_at) if _POSITION.fullmatch(query.known_at) else None
    as_of = query.as_of
    if not visit.visitor.reads:
        known = as_of = None
    return await visit.parts.figures.figure(found.id, by=by, cohort=cohort, as_of=as_of, known_at=known)


def _split(query: IndicatorQuery) -> list[str]:
    named = [*query.by.split(","), query.by2, query.by3]
    return list(dict.fromkeys(name.strip() for name in named if name.strip()))


def _question(query: IndicatorQuery, by: list[str]) -> dict[str, str]:
    told = {
        "by": ",".join(by),
        "cohort": query.cohort,
        "as_of": query.as_of.isoformat() if query.as_of else "",
        "known_at": query.known_at,
    }
    return {name: value for name, value in told.items() if value}


def _ordered(figure: Figure) -> tuple[Row, ...]:
    """The rows of a split, in the order of the lists; without one the total says all."""
    rows = figure.rows if figure.by else ()
    return tuple(sorted(rows, key=lambda row: tuple(place(name, value) for name, value in row.strata.items())))
