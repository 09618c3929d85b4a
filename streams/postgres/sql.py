"""The SQL of the store, by name: each statement stands in ``queries/*.sql`` under a line that says what it is for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "queries"
_NAME = re.compile(r"^-- name: ([a-z_]+)\n((?:-- .*\n)+)", re.MULTILINE)


@cache
def _statements() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted(_FOLDER.glob("*.sql")):
        text = file.read_text()
        marks = list(_NAME.finditer(text))
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            if mark[1] in found:
                raise ValueError(f"{file.name}: statement {mark[1]} is declared twice")
            found[mark[1]] = text[mark.end() : following.start() if following else len(text)].strip().rstrip(";")
    return found


def sql(name: str) -> str:
    """The statement of that name. ``KeyError`` when no file declares it."""
    return _statements()[name]
