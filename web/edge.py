"""The outer layer of the web server, around every answer, also those that no route gives: security headers, the same-origin
check, HEAD, request logs and measures."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import cast
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.enums import HttpMethod
from litestar.types import HTTPScope, Message, Receive, Scope, Send

from web.metrics import Metrics
from web.problem import MEDIA_TYPE, ProblemError, ProblemKind, encoded

LOGGER = logging.getLogger("ledger.web")

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", _CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_FOREIGN = ProblemError(
    ProblemKind.FORBIDDEN,
    "dit verzoek komt van een andere site: open de pagina van het register zelf en probeer daar opnieuw",
    "this request comes from another site: open the ledger's own page and try there",
)
_NUL = ProblemError(ProblemKind.BAD_REQUEST, "het adres bevat een NUL-teken", "the address holds a NUL character")
_CACHED = ("/static/",)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Edge:
    """An ASGI application around the Litestar one."""

    def __init__(self, inner: Litestar, metrics: Metrics) -> None:
        self.inner = inner
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":  # type: ignore[comparison-overlap]  # the enum of Litestar is a plain string on the wire
            await self._serve(cast("HTTPScope", scope), receive, send)
        else:
            await self.inner(scope, receive, send)

    async def _serve(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        method = str(scope["method"])
        status = 500
        # An event stream has no end to wait for: it has no HEAD.
        bodiless = method == "HEAD" and not scope["path"].endswith("/stream")
        if bodiless:
            # A copy, because the server looks at its own scope to know that no body follows.
            scope = cast("HTTPScope", {**scope, "method": HttpMethod.GET})
        cacheable = scope["path"].startswith(_CACHED)

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                held = {name for name, _ in message["headers"]}
                extra = [pair for pair in _HEADERS if pair[0] not in held]
                if not cacheable and b"cache-control" not in held:
                    extra.append((b"cache-control", b"no-store"))
                message["headers"] = [*message["headers"], *extra]
            elif bodiless and message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        try:
            if "\0" in scope["path"] or b"%00" in scope["query_string"]:
                await _refuse(guarded, _NUL)
            elif method not in _SAFE and is_foreign(scope["headers"]):
                await _refuse(guarded, _FOREIGN)
            else:
                await self.inner(scope, receive, guarded)
        finally:
            route = str(scope.get("path_template") or "-")
            seconds = time.perf_counter() - started
            self._metrics.answered(method, route, status, seconds)
            LOGGER.info("request", extra={"fields": {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 2)}})


def is_foreign(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a browser sends this on behalf of another site, or hides whose page it comes from while it carries cookies."""
    told = {name: value.decode("latin-1") for name, value in headers}
    site = told.get(b"sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = told.get(b"origin") or told.get(b"referer")
    if origin is not None:
        return urlsplit(origin).netloc != told.get(b"host", "")
    return b"cookie" in told


async def _refuse(send: Send, error: ProblemError) -> None:
    await send({"type": "http.response.start", "status": error.kind.status, "headers": [(b"content-type", MEDIA_TYPE.encode())]})
    await send({"type": "http.response.body", "body": encoded(error), "more_body": False})
