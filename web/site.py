"""The pages as routes: every declared page and form becomes a handler, with its access checked and its language found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from ledger.errors import StoreUnavailable
from ledger.fields import UUID_PATTERN
from streams.clock import today
from streams.folder import Mode
from streams.wiring import Parts
from web import language as languages
from web import visitor as visitors
from web import wording
from web.api.events import chunks
from web.body import read_body
from web.content import content_type
from web.language import Language, language_of
from web.onlooking import READS
from web.page import Access, Action, Answer, Moved, Page, Shown, Visit, actions, pages
from web.parameters import FREE
from web.problem import ProblemError, ProblemKind
from web.purposes import person_stream, turned_away
from web.render import Frame, render
from web.visitor import Visitor

AnyRequest = Request[Any, Any, Any]

HTML = "text/html"
_FORM_BYTES = 256 * 1024
_YEAR = 365 * 24 * 3600
SIGN_IN = "/aanmelden"


def site_handlers() -> list[HTTPRouteHandler]:
    """A handler for every page and every form."""
    return [*(_page_handler(page) for page in pages()), *(_action_handler(action) for action in actions())]


def _route(path: str) -> str:
    """``/weigeringen/{number}`` as a route whose parameters are text."""
    return path.replace("}", ":str}")


def _page_handler(page: Page) -> HTTPRouteHandler:
    async def show(request: AnyRequest, parts: NamedDependency[Parts], visitor: NamedDependency[Visitor]) -> Response[str]:
        language = _language(request)
        away = _kept_out(page.access, visitor)
        if away is not None:
            if page.reads is not None:
                await turned_away(parts, visitor, page.reads, _person(request))
            return _away(request, away)
        visit = _visit(request, parts, visitor, language, {})
        return await _respond(request, parts, visitor, language, page, await page.show(visit))

    return get(_route(page.path), include_in_schema=False, opt={FREE: True}, name=f"page {page.path}")(show)


def _action_handler(action: Action) -> HTTPRouteHandler:
    here = next((page for page in pages() if page.path == action.path), None)

    async def run(request: AnyRequest, parts: NamedDependency[Parts], visitor: NamedDependency[Visitor]) -> Response[str]:
        language = _language(request)
        away = _kept_out(action.access, visitor)
        if away is not None:
            return _away(request, away)
        visit = _visit(request, parts, visitor, language, await _form(request))
        return await _respond(request, parts, visitor, language, here, await action.run(visit))

    return post(
        _route(action.path), status_code=200, include_in_schema=False, opt={FREE: True, READS: action.reads}, request_max_body_size=None
    )(run)


async def _form(request: AnyRequest) -> dict[str, str]:
    media = content_type(request.headers.get("content-type", ""))[0]
    if media not in {"", "application/x-www-form-urlencoded"}:
        raise ProblemError(ProblemKind.MEDIA, "dit adres leest een formulier", "this address reads a form", pointer="Content-Type")
    body = await read_body(chunks(request), limit=_FORM_BYTES)
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=50, encoding="utf-8", errors="strict"))
    except (UnicodeDecodeError, ValueError) as error:
        raise ProblemError(ProblemKind.BAD_REQUEST, "het formulier is niet leesbaar", "the form cannot be read") from error


def _language(request: AnyRequest) -> Language:
    return language_of(request.query_params.get("lang"), request.cookies.get(languages.COOKIE))


def _visit(request: AnyRequest, parts: Parts, visitor: Visitor, language: Language, form: Mapping[str, str]) -> Visit:
    query = {name: value for name, value in request.query_params.items() if name != "lang"}
    path = {name: str(value) for name, value in request.path_params.items()}
    return Visit(
        parts=parts, visitor=visitor, language=language, path=path, query=query, openapi=request.app.openapi_schema.to_schema, form=form
    )


def _person(request: AnyRequest) -> str | None:
    """The stream of the person in the path, if there is one."""
    person = str(request.path_params.get("person", ""))
    return person_stream(person) if re.fullmatch(UUID_PATTERN, person) else None


def _kept_out(access: Access, visitor: Visitor) -> str | None:
    """Why a visitor may not see this: ``sign`` in first, or ``forbidden``; None when they may."""
    if access is Access.OPEN or (visitor.reads if access is Access.READERS else visitor.operates):
        return None
    return "sign" if visitor.right is None else "forbidden"


def _away(request: AnyRequest, why: str) -> Response[str]:
    if why == "forbidden":
        raise ProblemError(ProblemKind.FORBIDDEN, "dit mag met uw token niet gezien of gedaan worden", "your token may not see or do this")
    back = request.url.path if request.method == "GET" else "/"
    return Response("", status_code=303, headers={"Location": f"{SIGN_IN}?{urlencode({'naar': back})}"})


async def _respond(
    request: AnyRequest, parts: Parts, visitor: Visitor, language: Language, page: Page | None, answer: Answer
) -> Response[str]:
    cookies = _cookies(request, language)
    if isinstance(answer, Moved):
        if answer.token is not None:
            cookies.append(_session(request, answer.token))
        return Response("", status_code=303, headers={"Location": answer.to}, cookies=cookies)
    frame = await _frame(request, parts, visitor, language, page, answer)
    template = answer.template or (page.template if page is not None else "fault.html")
    html = render(template, language=language, frame=frame, view=answer.view, here=page)
    return Response(html, status_code=answer.status, media_type=HTML, cookies=cookies)


async def _frame(request: AnyRequest, parts: Parts, visitor: Visitor, language: Language, page: Page | None, answer: Shown) -> Frame:
    try:
        head = await parts.store.head()
        position, known = head.position, wording.moment(head.admitted_at, language)
    except StoreUnavailable:
        position, known = None, ""
    title = answer.title or (language.of(page.title) if page is not None else "")
    return Frame(
        title=title,
        path=request.url.path,
        query={name: value for name, value in request.query_params.items() if name != "lang"},
        sandbox=parts.ledger.mode is Mode.SANDBOX,
        signed_in=visitor.right is not None,
        reads=visitor.reads,
        operates=visitor.operates,
        changes=not parts.only_shows,
        position=position,
        known=known,
        today=wording.day(today(parts.clock), language),
    )


def _cookies(request: AnyRequest, language: Language) -> list[Cookie]:
    """Remember the language when it was asked for."""
    if request.query_params.get("lang") not in {"nl", "en"}:
        return []
    return [
        Cookie(
            key=languages.COOKIE, value=language.value, path="/", max_age=_YEAR, httponly=True, samesite="strict", secure=_secure(request)
        )
    ]


def _session(request: AnyRequest, token: str) -> Cookie:
    return Cookie(
        key=visitors.COOKIE,
        value=token,
        path="/",
        max_age=None if token else 0,
        httponly=True,
        samesite="strict",
        secure=_secure(request),
    )


def _secure(request: AnyRequest) -> bool:
    return request.url.scheme == "https"
