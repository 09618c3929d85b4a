"""Ctrl-C under long work that is not asynchronous.

The exception that Python throws for Ctrl-C can land in a finaliser, which swallows it, and the work goes on as if nobody
had asked. So under ``stoppable`` the signal only leaves a mark, and the work looks at it where it can stop.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def stoppable() -> Iterator[Callable[[], None]]:
    """Gives what the work calls now and then: it raises ``KeyboardInterrupt`` once Ctrl-C was pressed. A second Ctrl-C raises at once."""
    asked = False

    def mark(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    def look() -> None:
        if asked:
            raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        yield look
        return
    signal.signal(signal.SIGINT, mark)
    try:
        yield look
    finally:
        signal.signal(signal.SIGINT, before)
