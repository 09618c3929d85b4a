"""Comparing two positions for a visitor: one at a time per ledger, within a time, and no longer than somebody waits for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import TypeVar
from weakref import WeakSet

from ledger.indicator import Indicator
from streams.clock import today
from streams.comparing import compare
from streams.differences import Compared
from streams.postgres.store import Store
from streams.wiring import Parts
from web.parameters import read_known_at
from web.problem import ProblemError, ProblemKind

SECONDS = 300
"""A visitor waits no longer, unless the question says so: a large ledger is compared with the command."""
MOST_SECONDS = 1_800
BUSY_SECONDS = 30
"""After how long it makes sense to ask again."""

T = TypeVar("T")
_busy: WeakSet[Store] = WeakSet()
"""Ledgers that are being compared: folding a whole ledger twice at once would slow everything else down."""


def running(store: Store) -> bool:
    """Whether a comparison is being made of this ledger."""
    return store in _busy


async def compared(
    parts: Parts,
    *,
    first: str,
    last: str,
    as_of: date | None,
    chosen: Sequence[Indicator],
    by: Sequence[str] = (),
    rows: int,
    seconds: float = SECONDS,
) -> Compared:
    """What changed between two moments, ``last`` empty for now. Cancelling it stops the work.

    :raises ProblemError: a moment cannot be read, another comparison is running, or it takes too long.
    """
    store = parts.store
    head = (await store.head()).position
    end = min(head, await read_known_at(last, store, "to")) if last else head
    start = min(head, await read_known_at(first, store, "from"))
    if start > end:
        raise ProblemError(
            ProblemKind.BAD_PARAMETER,
            f"het eerste moment is positie {start}, het tweede {end}: noem het vroegste eerst",
            f"the first moment is position {start}, the second {end}: name the earlier one first",
            pointer="from",
        )
    if running(store):
        raise ProblemError(
            ProblemKind.OVERLOADED,
            f"er loopt al een vergelijking in dit register: probeer het over {BUSY_SECONDS} seconden opnieuw",
            f"a comparison is running in this ledger already: try again in {BUSY_SECONDS} seconds",
            retry_after=BUSY_SECONDS,
        )
    _busy.add(store)
    try:
        async with asyncio.timeout(seconds):
            return await compare(store, first=start, last=end, as_of=as_of or today(parts.clock), indicators=chosen, by=by, rows=rows)
    except TimeoutError as error:
        raise ProblemError(
            ProblemKind.TOO_LONG,
            f"de vergelijking was na {seconds:.0f} seconden niet klaar: kies één cijfer, of gebruik ledger compare",
            f"the comparison was not done after {seconds:.0f} seconds: choose one figure, or use ledger compare",
        ) from error
    finally:
        _busy.discard(store)


async def while_awaited(work: Awaitable[T], gone: Callable[[], Awaitable[object]]) -> T | None:
    """The result of some work, which is stopped as soon as ``gone`` returns: nobody waits for it any more. None then."""
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(gone())
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, leaving):
            task.cancel()
        for task in (working, leaving):
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task
