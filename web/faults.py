"""From errors to answers: problem details for programs, a page for people. No error ends in a trace on the screen."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from ledger.errors import (
    BadInput,
    Fenced,
    LedgerError,
    NotFound,
    Overloaded,
    StoreFull,
    StoreUnavailable,
    Unauthorised,
    UsageError,
    WrittenElsewhere,
)
from web import visitor as visitors
from web.language import COOKIE, language_of
from web.parameters import names_of
from web.problem import MEDIA_TYPE, ProblemError, ProblemKind, encoded
from web.render import error_page

LOGGER = logging.getLogger("ledger.web")

AnyRequest = Request[Any, Any, Any]

_NOT_LISTED = re.compile(r"Invalid enum value (.{1,80}?)(?: - at .*)?")
_BOUND = re.compile(r"Expected `(int|str)` (?:of length )?(>=|<=) (\d+)(?: - at .*)?")
_WANTED = re.compile(r"Expected `(\w+)")
_SHAPES = {
    "bool": ("true of false", "true or false"),
    "int": ("een geheel getal", "a whole number"),
    "date": ("een datum JJJJ-MM-DD", "a date YYYY-MM-DD"),
    "str": ("een tekst", "a text"),
}

_BY_STATUS = {kind.status: kind for kind in reversed(ProblemKind)}


def problem_of(error: Exception, names: Mapping[str, str] | None = None) -> ProblemError:
    """What an error means to whoever asked. ``names``: what parameters are called in the address, where the code calls them otherwise."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, ValidationException):
        return _invalid(error, names or {})
    if isinstance(error, HTTPException):
        return _http(error)
    if isinstance(error, LedgerError):
        return _ledger(error)
    return ProblemError(
        ProblemKind.INTERNAL,
        "er ging iets mis in het register; wat bevestigd was, is bewaard. Probeer het opnieuw en meld het als het blijft",
        "something went wrong in the ledger; what was acknowledged is kept. Try again, and report it if it stays",
    )


def _ledger(error: LedgerError) -> ProblemError:
    said = str(error)
    if isinstance(error, Overloaded):
        return ProblemError(
            ProblemKind.OVERLOADED,
            "de wachtrij van het register is vol: stuur hetzelfde straks opnieuw, niets hiervan is opgenomen",
            "the ledger's queue is full: send the same again shortly, nothing of this was taken in",
            retry_after=error.retry_after,
        )
    if isinstance(error, StoreFull):
        return ProblemError(
            ProblemKind.UNAVAILABLE,
            "de schijf van de databank is vol: de beheerder moet plaats maken; wat bevestigd was, is bewaard",
            "the disk of the database is full: the operator must make room; what was acknowledged is kept",
            retry_after=30,
        )
    if isinstance(error, StoreUnavailable | Fenced):
        return ProblemError(
            ProblemKind.UNAVAILABLE,
            "de databank van het register is even weg: stuur hetzelfde straks opnieuw; wat bevestigd was, is bewaard",
            "the ledger's database is away for a moment: send the same again shortly; what was acknowledged is kept",
            retry_after=2,
        )
    if isinstance(error, Unauthorised):
        return ProblemError(
            ProblemKind.UNAUTHENTICATED,
            "dit token is onbekend, ingetrokken of verlopen: vraag de beheerder een nieuw",
            "this token is unknown, revoked or expired: ask the operator for a new one",
            headers={"WWW-Authenticate": 'Bearer realm="ledger", error="invalid_token"'},
        )
    if isinstance(error, WrittenElsewhere):
        nl = f"stuur hetzelfde naar {error.place or 'het adres van ledger up'}"
        return ProblemError(ProblemKind.ELSEWHERE, f"dit adres toont het register en neemt niets op: {nl}", said)
    if isinstance(error, NotFound):
        return ProblemError(ProblemKind.NOT_FOUND, f"dit is hier niet: {said}", said)
    if isinstance(error, BadInput):
        return ProblemError(ProblemKind.BAD_REQUEST, f"dit is niet te lezen: {said}", said)
    if isinstance(error, UsageError):
        return ProblemError(ProblemKind.UNPROCESSABLE, f"dit kan zo niet: {said}", said)
    LOGGER.error("ledger error", exc_info=error)
    return problem_of(RuntimeError())


def _invalid(error: ValidationException, names: Mapping[str, str]) -> ProblemError:
    faults = error.extra if isinstance(error.extra, list) else []
    first = faults[0] if faults and isinstance(faults[0], dict) else {}
    key = str(first.get("key") or "")[:80]
    key = names.get(key, key)
    said = str(first.get("message") or error.detail)[:200]
    kind = ProblemKind.UNPROCESSABLE if first.get("source") == "body" else ProblemKind.BAD_PARAMETER
    where = f" {key}" if key else ""
    nl, en = _plainly(said)
    return ProblemError(
        kind, f"de parameter{where} is niet bruikbaar: {nl}", f"the parameter{where} is not usable: {en}", pointer=key or None
    )


def _plainly(said: str) -> tuple[str, str]:
    """What the decoder says of a parameter, for people."""
    if listed := _NOT_LISTED.fullmatch(said):
        return f"{listed[1]} staat niet in de lijst; zie /docs", f"{listed[1]} is not in its list; see /docs"
    if bound := _BOUND.fullmatch(said):
        least = bound[2] == ">="
        return (
            (
                f"verwacht een geheel getal van {'minstens' if least else 'hoogstens'} {bound[3]}",
                f"expected a whole number of at {'least' if least else 'most'} {bound[3]}",
            )
            if bound[1] == "int"
            else (
                f"verwacht een tekst van {'minstens' if least else 'hoogstens'} {bound[3]} tekens",
                f"expected a text of at {'least' if least else 'most'} {bound[3]} characters",
            )
        )
    if (wanted := _WANTED.match(said)) and wanted[1] in _SHAPES:
        nl, en = _SHAPES[wanted[1]]
        return f"verwacht {nl}", f"expected {en}"
    return said, said


def _http(error: HTTPException) -> ProblemError:
    kind = _BY_STATUS.get(error.status_code)
    headers = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    if kind is ProblemKind.METHOD:
        allowed = next(iter(headers.values()), "")
        return ProblemError(kind, f"dit adres kent alleen {allowed}", f"this address knows {allowed} only", headers=headers)
    if kind is ProblemKind.NOT_FOUND:
        return ProblemError(
            kind,
            "op dit adres staat niets; de adressen staan op /docs",
            "there is nothing at this address; the addresses are listed at /docs",
        )
    if kind is ProblemKind.TOO_LARGE:
        return ProblemError(kind, "het verzoek is te groot", "the request is too large")
    if kind is None or error.status_code >= 500:
        return problem_of(RuntimeError())
    return ProblemError(kind, "het verzoek klopt niet", f"the request is not right: {error.detail[:200]}")


def answer(request: AnyRequest, error: Exception) -> Response[Any]:
    """The exception handler of the application."""
    problem = problem_of(error, names_of(request.scope.get("route_handler")))
    if problem.kind is ProblemKind.INTERNAL:
        LOGGER.error("unexpected error", exc_info=error)
    if _wants_page(request):
        language = language_of(request.query_params.get("lang"), request.cookies.get(COOKIE))
        page = error_page(problem, language, sandbox=bool(request.app.state.get("sandbox")), signed_in=visitors.COOKIE in request.cookies)
        return Response(page, status_code=problem.kind.status, media_type="text/html", headers=problem.headers)
    return Response(encoded(problem), status_code=problem.kind.status, media_type=MEDIA_TYPE, headers=problem.headers)


def _wants_page(request: AnyRequest) -> bool:
    """Browsers name text/html; an API path always answers JSON."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")
