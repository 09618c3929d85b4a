"""What commands print: answers on stdout, progress and everything about the run on stderr.

Tables are for people; on a terminal they fit its width, in a pipe they are wide and plain. ``--json`` gives the
answer alone on stdout, one document, UTF-8.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Protocol

from ledger.verdict import Message

if TYPE_CHECKING:
    from rich.console import Console

_WIDE = 220
_GAP = 3


def console(*, stderr: bool = False) -> Console:
    """The console for tables (stdout) or for what is said about the run (stderr)."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, soft_wrap=False, width=None if stream.isatty() else _WIDE)


def say(text: str) -> None:
    """A sentence about the run, on stderr."""
    console(stderr=True).print(text, markup=False, soft_wrap=True)


def answer(text: str) -> None:
    """A line of the answer, on stdout."""
    console().print(text, markup=False, soft_wrap=True)


def answer_json(document: bytes) -> None:
    """A JSON document on stdout, ended by a newline."""
    write_bytes([document, b"\n"])


def write_bytes(parts: Iterable[bytes]) -> None:
    """Bytes on stdout as they are."""
    out: IO[bytes] = sys.stdout.buffer
    for part in parts:
        out.write(part)
    out.flush()


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None, right: Sequence[str] = (), clip: Sequence[str] = ()
) -> None:
    """A table on stdout. ``right`` names the columns that are numbers, ``clip`` those that are cut rather than folded."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    out = console()
    listed = _clipped([list(row) for row in rows], [columns.index(name) for name in clip], out.width, columns)
    for column in columns:
        shown.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in listed:
        shown.add_row(*(Text(cell) for cell in row))
    out.print(shown)


def _clipped(rows: list[list[str]], clip: Sequence[int], width: int, columns: Sequence[str]) -> list[list[str]]:
    """Rows whose clipped columns are cut to what the others leave them (Rich alone would narrow the others first)."""
    others = sum(max([len(columns[at]), *(len(row[at]) for row in rows)]) for at in range(len(columns)) if at not in clip)
    left = max(20, (width - others - _GAP * len(columns)) // max(1, len(clip)))
    for row in rows:
        for at in clip:
            if len(row[at]) > left:
                row[at] = row[at][: left - 1] + "…"
    return rows


def language() -> str:
    """``nl`` or ``en``: the language of the sentences that exist in both (``LEDGER_LANG``, else the locale; else English)."""
    for name in ("LEDGER_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "nl" if value.lower().startswith("nl") else "en"
    return "en"


def sentence(message: Message | None) -> str:
    """A message in the reader's language."""
    if message is None:
        return ""
    return message.nl if language() == "nl" else message.en


class Meter(Protocol):
    """Something that shows how far a long piece of work is."""

    def at(self, done: int, total: int | None = None, note: str = "") -> None:
        """Show that ``done`` of ``total`` is reached; ``note`` stands beside the bar."""
        ...


class _Silent:
    def at(self, done: int, total: int | None = None, note: str = "") -> None:
        """Show nothing."""


@contextmanager
def progress(what: str, total: int | None, *, unit: str = "") -> Iterator[Meter]:
    """A progress bar on stderr, when that is a terminal. ``unit`` ``bytes`` shows sizes, ``share`` percents; else the count."""
    if not sys.stderr.isatty():
        yield _Silent()
        return
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    size = DownloadColumn() if unit == "bytes" else TaskProgressColumn() if unit == "share" else MofNCompleteColumn()
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        size,
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task(what, total=total, note="")

        class _Bar:
            def at(self, done: int, total: int | None = None, note: str = "") -> None:
                """Move the bar."""
                bar.update(task, completed=done, total=total, note=note) if total is not None else bar.update(
                    task, completed=done, note=note
                )

        yield _Bar()
