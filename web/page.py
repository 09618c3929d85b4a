"""The page catalogue: a page is one module of ``web.pages``, declared with :func:`page` and found by itself.

A page has a path, a title in both languages, a place in the navigation, a template and a function that answers what the
template shows. Its query parameters are the fields of a Struct; a value that does not fit falls back to the default, so
that a link that somebody typed never ends in an error. A form of a page is declared with :func:`action`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any, TypeVar

import msgspec

from ledger.access import ReadKind
from ledger.verdict import Message
from streams.wiring import Parts
from web.language import Language
from web.visitor import Visitor


class Group(Enum):
    """The groups of the navigation, in their order."""

    EVALUATION = ("Cijfers", "Figures")
    EXCHANGE = ("Uitwisseling", "Exchange")
    LEDGER = ("Personen", "Persons")
    QUALITY = ("Toezicht", "Oversight")
    REFERENCE = ("Naslag", "Reference")

    def __init__(self, nl: str, en: str) -> None:
        self.label = Message(nl=nl, en=en)


class Access(Enum):
    """Who may see a page in an ordinary ledger. In a sandbox everybody sees everything."""

    OPEN = "open"
    READERS = "readers"
    """Auditors and the operator."""
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request for a page: who asks, in which language, with what."""

    parts: Parts
    visitor: Visitor
    language: Language
    path: Mapping[str, str]
    """Parameters in the path."""
    query: Mapping[str, str]
    """Parameters after the question mark; the last value of each."""
    openapi: Callable[[], dict[str, Any]]
    """The OpenAPI document of this application."""
    form: Mapping[str, str] = field(default_factory=dict)
    """Fields of a submitted form."""

    def say(self, nl: str, en: str) -> str:
        """The one of two texts that is in the language of the visit."""
        return self.language.say(nl, en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a template shows: its name, the page's own data, and the title when it is not the declared one."""

    view: object
    template: str | None = None
    title: str | None = None
    status: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Go and look there instead (303), with cookies to set or forget on the way."""

    to: str
    token: str | None = None
    """A token to keep in the session cookie; empty forgets it; None leaves it."""


Answer = Shown | Moved
Handle = Callable[[Visit], Awaitable[Answer]]
H = TypeVar("H", bound=Handle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A declared page."""

    path: str
    """With parameters in braces: ``/weigeringen/{number}``."""
    title: Message
    template: str
    group: Group | None
    """None keeps it out of the navigation."""
    order: int
    access: Access
    show: Handle
    reads: ReadKind | None = None
    """Data of a person that it opens: whoever is kept out of it is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What a form of a page posts to."""

    path: str
    access: Access
    run: Handle
    reads: bool
    """Whether it changes nothing in the ledger."""


_pages: dict[str, Page] = {}
_actions: dict[str, Action] = {}


def page(
    path: str,
    *,
    nl: str,
    en: str,
    template: str,
    group: Group | None = None,
    order: int = 0,
    access: Access = Access.OPEN,
    reads: ReadKind | None = None,
) -> Callable[[H], H]:
    """Declare a page. ``ValueError`` when its path is taken."""

    def register(show: H) -> H:
        if path in _pages:
            raise ValueError(f"page {path} is declared twice: in {_pages[path].show.__module__} and {show.__module__}")
        _pages[path] = Page(
            path=path, title=Message(nl=nl, en=en), template=template, group=group, order=order, access=access, show=show, reads=reads
        )
        return show

    return register


def action(path: str, *, access: Access = Access.OPEN, reads: bool = False) -> Callable[[H], H]:
    """Declare what a form posts to; one that ``reads`` changes nothing in the ledger. ``ValueError`` when its path is taken."""

    def register(run: H) -> H:
        if path in _actions:
            raise ValueError(f"action {path} is declared twice: in {_actions[path].run.__module__} and {run.__module__}")
        _actions[path] = Action(path=path, access=access, run=run, reads=reads)
        return run

    return register


def withdraw(path: str) -> None:
    """Take a page out of the registry again: for tests that declare one on the fly."""
    _pages.pop(path, None)
    _actions.pop(path, None)


@cache
def _discover() -> None:
    import web.pages

    for module in pkgutil.iter_modules(web.pages.__path__):
        importlib.import_module(f"web.pages.{module.name}")


def pages() -> tuple[Page, ...]:
    """Every page; the modules of ``web.pages`` are found by themselves."""
    _discover()
    return tuple(_pages.values())


def actions() -> tuple[Action, ...]:
    """Everything that forms post to."""
    _discover()
    return tuple(_actions.values())


def navigation() -> tuple[tuple[Group, tuple[Page, ...]], ...]:
    """The groups that have pages, each with its pages in order."""
    grouped = ((group, tuple(sorted((p for p in pages() if p.group is group), key=lambda p: p.order))) for group in Group)
    return tuple((group, members) for group, members in grouped if members)


Q = TypeVar("Q", bound=msgspec.Struct)


def read_query(given: Mapping[str, str], kind: type[Q]) -> Q:
    """The query parameters of a page as its Struct. A value that does not fit is left out; fields have defaults."""
    kept: dict[str, object] = {}
    for name in kind.__struct_fields__:
        if not given.get(name):
            continue
        try:
            kept[name] = getattr(msgspec.convert({name: given[name]}, kind, strict=False), name)
        except msgspec.ValidationError:
            continue
    return kind(**kept)
