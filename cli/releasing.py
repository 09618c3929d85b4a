"""``ledger releases``: the figures of closed quarters, fixed for good."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from cli.databases import beside
from cli.output import answer, answer_json, say, table
from ledger.errors import UsageError
from ledger.release import Quarter, read_quarter
from streams.releases import Release, Told
from streams.settings import load
from streams.wiring import Reading, reading

T = TypeVar("T")


class _Made(msgspec.Struct, frozen=True, kw_only=True):
    made: list[Release]


class _Listed(msgspec.Struct, frozen=True, kw_only=True):
    releases: list[Release]


def make(quarter: str | None, *, revise: bool, data: Path, as_json: bool) -> None:
    """Release what is due, and what moved. :raises UsageError: the quarter cannot be read."""
    chosen = _quarter(quarter) if quarter is not None else None
    made = _with(data, lambda parts: _make(parts, chosen, revise))
    if as_json:
        answer_json(msgspec.json.encode(_Made(made=made)))
        return
    _table(made) if made else answer("Nothing to release: no quarter closed since the last one, and none moved by enough to tell.")


def show_all(*, data: Path, as_json: bool) -> None:
    """List all releases and what waits."""
    found, waiting = _with(data, _list)
    if as_json:
        answer_json(msgspec.json.encode(_Listed(releases=found)))
        return
    _table(found) if found else answer("There is no release yet: make them with: ledger releases make")
    for one in waiting:
        answer(f"{one.quarter}: {len(one.indicators)} indicators wait for the yearly closing ({', '.join(one.indicators)})")


def show(release: str, *, indicator: str | None, data: Path, as_json: bool) -> None:
    """Show one release. :raises NotFound: there is no such release."""
    told: Told = _with(data, lambda parts: parts.releases.tell(release, indicator.upper() if indicator else None))
    if as_json:
        answer_json(msgspec.json.encode(told))
        return
    _table([told.release])
    if told.causes:
        table(
            ["came in since", "events"],
            [(one.type, "<5" if one.entries is None else str(one.entries)) for one in told.causes],
            right=["events"],
        )
    if told.changes:
        rows = [(one.indicator, _place(one.value_1, one.value_2), _told(one.old_value), _told(one.new_value)) for one in told.changes]
        table(["indicator", "of", "before", "now"], rows, right=["before", "now"])
    if indicator:
        cells = [(_place(one.value_1, one.value_2), _count(one.numerator), _count(one.denominator), _told(one.value)) for one in told.cells]
        table(["of", "numerator", "denominator", "value"], cells, right=["numerator", "denominator", "value"])


async def _make(parts: Reading, chosen: Quarter | None, revise: bool) -> list[Release]:
    made: list[Release] = []
    for quarter in await parts.releases.due():
        if chosen is None or quarter == chosen:
            say(f"Releasing {quarter} …")
            if (closed := await parts.releases.close(quarter)) is not None:
                made.append(closed)
    fresh = {one.quarter for one in made}
    if revise:
        known = {one.quarter for one in await parts.releases.all()} - fresh
        for name in sorted(known):
            found = read_quarter(name)
            if found is not None and (chosen is None or found == chosen):
                say(f"Looking whether {name} moved …")
                if (next_one := await parts.releases.revise(found)) is not None:
                    made.append(next_one)
    return made


async def _list(parts: Reading) -> tuple[list[Release], list[_Waiting]]:
    return await parts.releases.all(), [_Waiting(one.quarter, one.indicators) for one in await parts.releases.waiting()]


class _Waiting(msgspec.Struct, frozen=True):
    quarter: str
    indicators: tuple[str, ...]


def _with(data: Path, work: Callable[[Reading], Awaitable[T]]) -> T:
    settings = load(data=data)
    with beside(settings) as (dsn, folder):

        async def run() -> T:
            async with reading(settings, dsn, folder) as parts:
                return await work(parts)

        return asyncio.run(run())


def _quarter(text: str) -> Quarter:
    found = read_quarter(text)
    if found is None:
        raise UsageError(f"--quarter {text}: a quarter is written 2025-Q4")
    return found


def _table(releases: list[Release]) -> None:
    rows = [
        (
            one.release,
            one.why.value,
            one.as_of.isoformat(),
            str(one.position),
            one.cut_on.isoformat(),
            str(one.cells),
            str(one.hidden),
            str(one.changed),
            one.digest[:12],
        )
        for one in releases
    ]
    table(
        ["release", "why", "as of", "position", "cut on", "cells", "hidden", "changed", "digest"],
        rows,
        right=["position", "cells", "hidden", "changed"],
    )


def _place(*values: str | None) -> str:
    return ", ".join(value for value in values if value is not None) or "all"


def _count(n: int | None) -> str:
    return "hidden" if n is None else str(n)


def _told(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
