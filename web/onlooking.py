"""Where the ledger is only shown, whatever would change it is answered with where to send it instead."""

from __future__ import annotations

from collections.abc import Callable

from litestar.handlers import BaseRouteHandler

from ledger.errors import WrittenElsewhere
from web.visitor import Connection

READS = "reads"
"""Handlers with this in their ``opt`` are asked with POST and change nothing in the ledger."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def takes_nothing_in(place: str | None) -> Callable[[Connection, BaseRouteHandler], None]:
    """A guard that lets through what reads. ``place``: where the rest is to be sent, if that is known."""

    def guard(connection: Connection, handler: BaseRouteHandler) -> None:
        if connection.scope.get("method") not in _SAFE and not handler.opt.get(READS):
            raise WrittenElsewhere(place)

    return guard
