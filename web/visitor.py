"""Who is asking: the token in the Authorization header or in the cookie that ``/aanmelden`` sets, and what it may do.

In a sandbox nobody is real, so every visitor may read, publish and operate. In an ordinary ledger publishing needs a
publisher's own token, persons and entries an auditor's or the operator's, and what changes the ledger the operator's.
"""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.connection import ASGIConnection

from ledger.authority import SANDBOX_CREDENTIAL, Credential
from ledger.errors import Unauthorised
from streams.folder import Mode
from streams.publishers import Right
from streams.wiring import Parts
from web.problem import ProblemError, ProblemKind

COOKIE = "ledger_token"
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="ledger"'}

Connection = ASGIConnection[Any, Any, Any, Any]


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who asks something of the ledger."""

    name: str = "visitor"
    """The credential's name; ``operator`` for the token of the data folder."""
    right: Right | None = None
    """What the token gives; None without a token."""
    credential: Credential | None = None
    """Who it speaks for when it publishes."""
    sandbox: bool

    @property
    def reads(self) -> bool:
        """May see persons, entries and refusals."""
        return self.sandbox or self.right in {Right.AUDITOR, Right.OPERATOR}

    @property
    def operates(self) -> bool:
        """May rebuild, resubmit and manage credentials."""
        return self.sandbox or self.right is Right.OPERATOR

    def must_read(self) -> None:
        """Answer 401 or 403 to whoever may not read."""
        if not self.reads:
            raise self._no("lezen kan met een token van een auditor of de beheerder", "reading needs an auditor's or the operator's token")

    def must_operate(self) -> None:
        """Answer 401 or 403 to whoever may not operate."""
        if not self.operates:
            raise self._no("dit kan alleen de beheerder", "only the operator may do this")

    def must_publish(self) -> Credential:
        """The credential to publish with, or a 401 or 403 answer."""
        if self.credential is not None:
            return self.credential
        if self.sandbox:
            return SANDBOX_CREDENTIAL
        raise self._no("publiceren kan met het token van een bron", "publishing needs a publisher's token")

    def _no(self, nl: str, en: str) -> ProblemError:
        if self.right is None:
            return ProblemError(
                ProblemKind.UNAUTHENTICATED,
                f"{nl}: stuur het mee als Authorization: Bearer …",
                f"{en}: send it as Authorization: Bearer …",
                headers=_CHALLENGE,
            )
        return ProblemError(ProblemKind.FORBIDDEN, f"{nl}; dit token mag het niet", f"{en}; this token may not")


async def visitor_of(connection: Connection, parts: Parts) -> Visitor:
    """Who sends this request.

    :raises Unauthorised: it carries a token that is unknown, revoked or expired. A stale cookie only makes nobody of its owner.
    :raises ProblemError: 400 for an Authorization header that is no bearer token.
    """
    sandbox = parts.ledger.mode is Mode.SANDBOX
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise ProblemError(
                ProblemKind.UNAUTHENTICATED,
                "deze Authorization wordt niet gelezen: stuur Bearer en het token",
                "this Authorization is not read: send Bearer and the token",
                headers=_CHALLENGE,
            )
        return await of_token(token.strip(), parts)
    cookie = connection.cookies.get(COOKIE)
    if cookie:
        try:
            return await of_token(cookie, parts)
        except Unauthorised:
            return Visitor(sandbox=sandbox)
    return Visitor(sandbox=sandbox)


async def of_token(token: str, parts: Parts) -> Visitor:
    """Whoever holds this token. ``Unauthorised`` when nobody does."""
    sandbox = parts.ledger.mode is Mode.SANDBOX
    if parts.is_operators(token):
        return Visitor(name="operator", right=Right.OPERATOR, sandbox=sandbox)
    holder = await parts.publishers.authenticate(token)
    credential = holder.credential if holder.right is Right.PUBLISHER else None
    return Visitor(name=holder.name, right=holder.right, credential=credential, sandbox=sandbox)
