"""Query parameters of the API: what a route does not know is refused, not passed over; and dates and positions are read."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import parse_qsl

import msgspec
from litestar.handlers import BaseRouteHandler

from ledger.time import local_midnight
from ledger.verdict import Position
from streams.postgres.store import Store
from web.problem import ProblemError, ProblemKind
from web.visitor import Connection

FREE = "free_query"
"""Handlers with this key in their ``opt`` take any query: pages, which people type."""
_RESERVED = frozenset({"request", "state", "scope", "headers", "cookies", "query", "body", "data", "socket"})
_POSITION = re.compile(r"[0-9]{1,16}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@lru_cache(maxsize=256)
def _known(handler: BaseRouteHandler) -> frozenset[str]:
    dependencies = handler.resolve_dependencies()
    in_path = {name for path in handler.paths for name in re.findall(r"\{([a-z_]+)[:}]", path)}
    fields = handler.parsed_fn_signature.parameters
    own = (name for name in fields if name not in _RESERVED and name not in dependencies and name not in in_path)
    return frozenset(getattr(fields[name].kwarg_definition, "name", None) or name for name in own)


def names_of(handler: object) -> dict[str, str]:
    """What parameters of a route are called in the address, where the code has to call them otherwise."""
    if not isinstance(handler, BaseRouteHandler):
        return {}
    fields = handler.parsed_fn_signature.parameters
    told = {name: getattr(field.kwarg_definition, "name", None) for name, field in fields.items()}
    return {name: alias for name, alias in told.items() if alias}


def only_known(connection: Connection, handler: BaseRouteHandler) -> None:
    """A guard: 400 for a query parameter that the route does not have, or that is given twice."""
    if handler.opt.get(FREE):
        return
    given = Counter(name for name, _ in parse_qsl(connection.scope["query_string"].decode("latin-1"), keep_blank_values=True))
    known = _known(handler)
    for name, times in given.items():
        shown = name[:60]
        if name not in known:
            listed = ", ".join(sorted(known)) or "–"
            raise ProblemError(
                ProblemKind.BAD_PARAMETER,
                f"de parameter {shown} bestaat hier niet; toegelaten: {listed}",
                f"there is no parameter {shown} here; allowed: {listed}",
                pointer=shown,
            )
        if times > 1:
            raise ProblemError(
                ProblemKind.BAD_PARAMETER, f"de parameter {shown} staat er tweemaal", f"the parameter {shown} is given twice", pointer=shown
            )


def read_day(text: str, name: str) -> date:
    """A date YYYY-MM-DD."""
    try:
        if _DAY.fullmatch(text):
            return msgspec.convert(text, date)
    except msgspec.ValidationError:
        pass
    raise ProblemError(
        ProblemKind.BAD_PARAMETER,
        f"{name} moet een bestaande datum JJJJ-MM-DD zijn",
        f"{name} must be an existing date YYYY-MM-DD",
        pointer=name,
    )


async def read_known_at(text: str, store: Store, name: str = "known_at") -> Position:
    """A position, or the last one known at a moment (RFC 3339) or by the end of a local date."""
    if _POSITION.fullmatch(text):
        return Position(int(text))
    try:
        if _DAY.fullmatch(text):
            following = date.fromordinal(msgspec.convert(text, date).toordinal() + 1)
            # The last instant of the day: what is admitted at the next midnight is not known yet.
            return await store.position_at(local_midnight(following) - datetime.resolution)
        # In a query a plus sign is a space: 2025-03-01T09:30:00 01:00 was meant as +01:00.
        moment = msgspec.convert(text.replace(" ", "+"), datetime)
        if moment.tzinfo is not None:
            return await store.position_at(moment)
    except (msgspec.ValidationError, ValueError, OverflowError):
        pass
    raise ProblemError(
        ProblemKind.BAD_PARAMETER,
        f"{name} moet een positie zijn, een tijdstip met tijdzone (RFC 3339) of een datum JJJJ-MM-DD",
        f"{name} must be a position, a moment with an offset (RFC 3339) or a date YYYY-MM-DD",
        pointer=name,
    )
