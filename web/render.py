"""From a page's answer to HTML: the Jinja environment, and what every template may use."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import jinja2
import msgspec

from web import wording
from web.charts.bars import bar
from web.language import Language
from web.page import Page, navigation
from web.problem import ProblemError

HERE = Path(__file__).parent
STATIC = HERE / "static"


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around every page: where it is, who looks, and how the ledger stands."""

    title: str
    path: str
    """Of the page that is open, without the query."""
    query: Mapping[str, str]
    sandbox: bool
    signed_in: bool
    reads: bool
    operates: bool
    changes: bool = True
    """Whether forms that change something work here: not where the ledger is only shown."""
    position: int | None
    """None when the database is away."""
    known: str
    """The moment of the last entry, written out."""
    today: str
    """The ledger's today, written out."""


class Words:
    """The language of one page, as templates use it: ``t('Nederlands', 'English')``, ``n(1234)``, ``day(…)``."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def t(self, nl: str, en: str) -> str:
        """One of two texts."""
        return self.language.say(nl, en)

    def names(self) -> dict[str, object]:
        """The functions that a template sees."""
        language = self.language
        return {
            "lang": language.value,
            "other": language.other.value,
            "t": language.say,
            "say": language.of,
            "n": lambda value: wording.number(value, language),
            "count": lambda cell: "<5" if cell.n is None else wording.number(cell.n, language),
            "count_of": lambda value: self.t("afgeschermd", "hidden") if value is None else wording.number(value, language),
            "day": lambda value: wording.short_day(value, language),
            "long_day": lambda value: wording.day(value, language),
            "moment": lambda value: wording.moment(value, language),
            "sentence": wording.sentence,
            "events": lambda value: wording.events(value, language),
            "share": lambda part, whole: wording.share(part, whole, language),
        }


@cache
def environment() -> jinja2.Environment:
    """The one environment: everything is escaped, and a name that is not there is an error, not a blank."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        # A running ledger keeps the templates it began with, as it keeps its code: a newer one on disk may not fit it.
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(static=static_url, bar=bar, link=link, navigation=navigation)
    return made


@cache
def static_url(name: str) -> str:
    """The address of a file of ``web/static``, which changes with its content."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={mark}"


def link(path: str, query: Mapping[str, object] | None = None, **changed: object) -> str:
    """A path with a query; None or an empty value leaves a parameter out."""
    told = {**(query or {}), **changed}
    kept = {key: str(value) for key, value in told.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path


def render(template: str, *, language: Language, frame: Frame, view: object, here: Page | None = None) -> str:
    """One page as HTML."""
    return environment().get_template(template).render(**Words(language).names(), frame=frame, view=view, here=here)


def error_page(error: ProblemError, language: Language, *, sandbox: bool, signed_in: bool) -> str:
    """A problem as a page, without the database: it may be the database that is away. Who holds a token is believed to be signed in."""
    frame = Frame(
        title=language.of(error.kind.title),
        path="",
        query={},
        sandbox=sandbox,
        signed_in=signed_in,
        reads=False,
        operates=False,
        position=None,
        known="",
        today="",
    )
    return render("fault.html", language=language, frame=frame, view=error)
