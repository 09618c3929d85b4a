"""Problems: every answer that is not what was asked for, as RFC 9457 problem details with a sentence in Dutch and English.

The kinds are a closed list, shown at ``/docs/problems``; ``type`` is the place of the kind on that page.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

import msgspec

from ledger.verdict import Message

MEDIA_TYPE = "application/problem+json"
PLACE = "/docs/problems"


class ProblemKind(Enum):
    """A kind of problem: its name in the ``type``, its HTTP status and its title."""

    BAD_JSON = ("bad-json", 400, "Geen geldige JSON", "Not valid JSON")
    BAD_PARAMETER = ("bad-parameter", 400, "Ongeldige parameter", "Invalid parameter")
    BAD_REQUEST = ("bad-request", 400, "Ongeldig verzoek", "Invalid request")
    UNAUTHENTICATED = ("unauthenticated", 401, "Aanmelden nodig", "Authentication needed")
    FORBIDDEN = ("forbidden", 403, "Niet toegelaten", "Not allowed")
    NOT_FOUND = ("not-found", 404, "Niet gevonden", "Not found")
    METHOD = ("method-not-allowed", 405, "Methode niet toegelaten", "Method not allowed")
    CONFLICT = ("conflict", 409, "Botst met wat er al is", "Conflicts with what exists")
    GONE = ("erased", 410, "Gewist", "Erased")
    TOO_LARGE = ("too-large", 413, "Te groot", "Too large")
    MEDIA = ("unsupported-media-type", 415, "Inhoudstype niet ondersteund", "Content type not supported")
    ELSEWHERE = ("written-elsewhere", 421, "Hier wordt niets opgenomen", "Nothing is taken in here")
    REFUSED = ("refused", 422, "Event geweigerd", "Event refused")
    UNPROCESSABLE = ("unprocessable", 422, "Inhoud niet bruikbaar", "Content not usable")
    OVERLOADED = ("overloaded", 429, "Te druk", "Too busy")
    TOO_LONG = ("took-too-long", 422, "Duurde te lang", "Took too long")
    INTERNAL = ("internal", 500, "Fout in het register", "Fault in the ledger")
    UNAVAILABLE = ("unavailable", 503, "Databank niet bereikbaar", "Database not reachable")

    def __init__(self, slug: str, status: int, nl: str, en: str) -> None:
        self.slug = slug
        self.status = status
        self.title = Message(nl=nl, en=en)

    @property
    def uri(self) -> str:
        """The ``type`` of RFC 9457: a relative reference to where the kind is explained."""
        return f"{PLACE}#{self.slug}"


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457 problem details. ``detail`` is the English sentence; ``message`` has it in both languages."""

    type: str
    title: str
    status: int
    detail: str
    message: Message
    pointer: str | None = None
    """Where in the request, as a JSON pointer or the name of a parameter, if there is one place."""
    retry_after: int | None = None
    """Seconds after which the same request may succeed."""


class ProblemError(Exception):
    """Raised anywhere in a handler: the answer to the request is this problem."""

    def __init__(
        self,
        kind: ProblemKind,
        nl: str,
        en: str,
        *,
        pointer: str | None = None,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(en)
        self.kind = kind
        self.message = Message(nl=nl, en=en)
        self.pointer = pointer
        self.retry_after = retry_after
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)

    def problem(self) -> Problem:
        """What is sent."""
        return Problem(
            type=self.kind.uri,
            title=self.kind.title.en,
            status=self.kind.status,
            detail=self.message.en,
            message=self.message,
            pointer=self.pointer,
            retry_after=self.retry_after,
        )


def missing(nl: str, en: str) -> ProblemError:
    """The 404 for something that is not in this ledger."""
    return ProblemError(ProblemKind.NOT_FOUND, nl, en)


def nobody() -> ProblemError:
    """The 404 for a pseudonym that the ledger does not know."""
    return missing(
        "niemand met dat pseudoniem staat in het register, of nog niet op die positie",
        "nobody of that pseudonym is in the ledger, or not yet at that position",
    )


def encoded(error: ProblemError) -> bytes:
    """The problem as JSON."""
    return msgspec.json.encode(error.problem())
