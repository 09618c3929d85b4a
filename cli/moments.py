"""``--as-of`` and ``--known-at`` as people type them, read and checked before anything is asked."""

from __future__ import annotations

from datetime import date, datetime, time

from ledger.errors import UsageError
from ledger.time import BRUSSELS


def read_as_of(text: str | None, option: str = "--as-of") -> date | None:
    """The date of ``--as-of``, or of another option that takes one.

    :raises UsageError: it is no date.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is no date: write it as YYYY-MM-DD, for example 2025-03-01") from None


def read_known_at(text: str | None) -> int | datetime | None:
    """The position or the moment of ``--known-at``. A date is the end of that day in Brussels, a time without offset is Brussels time.

    :raises UsageError: it is neither.
    """
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.max, BRUSSELS)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"--known-at {text!r} is neither a position (a whole number) nor a moment: write 1234, or 2025-03-01T09:00:00+01:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)


def as_parameter(known_at: int | datetime | None) -> str | None:
    """The same for a query string: a number, or RFC 3339."""
    return known_at.isoformat() if isinstance(known_at, datetime) else None if known_at is None else str(known_at)
