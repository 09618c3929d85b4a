"""Files of submissions: opened, recognised, and read one line at a time, however large they are.

A file is NDJSON (one CloudEvent in structured mode a line) or CSV (:mod:`cli.csv_rows`), plain or gzip, in UTF-8.
Which of them is told by its content, not by its name. A file that is none of these is refused as a whole before
anything is sent; a single line that cannot be read is handed in as it is, so that the ledger keeps it as a refusal.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from ledger.errors import BadInput
from ledger.verdict import Message

MAX_LINE = 1024 * 1024
"""Bytes of a line that are read. A longer one cannot be an event (at most 64 KiB): the rest is skipped, it is refused."""
LOST_AFTER = 100
"""Lines in a row that cannot be read before the file is given up."""

_HEAD = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_GZIP = b"\x1f\x8b"
_OTHER_ENCODINGS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class Line(NamedTuple):
    """One event to hand in."""

    number: int
    """Where it stands in its file, from 1; for CSV the line on which its row ends."""
    raw: bytes
    """Without line end, never blank."""
    source: str
    """Its publisher, or empty when it cannot be told."""
    timed: bool
    """Whether it carries ``admittedat``: then it keeps its place among all others, not only among its source's."""
    fault: Message | None = None
    """Why it cannot be an event, when that is plain already."""


class _Glance(msgspec.Struct):
    source: str | None = None
    admittedat: str | None = None


_glance = msgspec.json.Decoder(_Glance)


class SubmissionFile:
    """One opened file. :meth:`lines` may be walked once; :meth:`progress` may be asked at any time."""

    def __init__(self, path: Path) -> None:
        """Open and recognise.

        :raises BadInput: it is missing, unreadable, empty, binary, in another encoding, or neither NDJSON nor CSV.
        """
        self.path = path
        self._outer = _opened(path)
        try:
            self._inner = _plain(path, self._outer)
            self.is_csv = _recognised(path, _peek(path, self._inner))
        except BaseException:
            self._outer.close()
            raise

    def __enter__(self) -> SubmissionFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._inner.close()
        self._outer.close()

    def progress(self) -> int:
        """Bytes of the file on disk that are read; 0 for a pipe."""
        return self._outer.tell() if self._outer.seekable() else 0

    def lines(self) -> Iterator[Line]:
        """The events in file order.

        :raises BadInput: the file breaks off (gzip), cannot be read on, or is no NDJSON from some line on.
        """
        if self.is_csv:
            from cli.csv_rows import rows

            lines = rows(self.path, self.raw_lines())
        else:
            lines = ndjson(self.raw_lines())
        lost = 0
        for line in lines:
            lost = lost + 1 if line.fault is not None else 0
            if lost > LOST_AFTER:
                raise BadInput(
                    f"{self.path}, line {line.number}: {LOST_AFTER} lines in a row cannot be read, so the rest of the file is left alone; "
                    f"mend it from line {line.number - LOST_AFTER} on and publish it again (what was acknowledged is recognised)"
                )
            yield line

    def raw_lines(self) -> Iterator[tuple[int, bytes, bool]]:
        """(number, bytes with the line end, whether it was cut at :data:`MAX_LINE`)."""
        number = 0
        while True:
            try:
                raw = self._inner.readline(MAX_LINE)
                cut = len(raw) == MAX_LINE and not raw.endswith(b"\n")
                if cut:
                    rest = raw
                    while rest and not rest.endswith(b"\n"):
                        rest = self._inner.readline(MAX_LINE)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise BadInput(f"{self.path}, after line {number}: the gzip file is damaged or cut off ({error}); copy it again") from error
            except OSError as error:
                raise BadInput(
                    f"{self.path}, after line {number}: it cannot be read on ({error.strerror}); copy it elsewhere and try again"
                ) from error
            if not raw:
                return
            number += 1
            yield number, raw.removeprefix(_BOM) if number == 1 else raw, cut


def ndjson(lines: Iterator[tuple[int, bytes, bool]]) -> Iterator[Line]:
    """The events of an NDJSON file. Blank lines are skipped."""
    for number, raw, cut in lines:
        line = raw.strip()
        if not line:
            continue
        if cut:
            yield Line(number, line[:MAX_LINE], "", False, _too_long())
            continue
        try:
            glance = _glance.decode(line)
            if not line.isascii():
                line.decode()  # what the glance skips, it does not check
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            yield Line(number, line, "", False, _unreadable(line, ends=raw.endswith(b"\n")))
        else:
            yield Line(number, line, glance.source or "", glance.admittedat is not None)


def _unreadable(line: bytes, *, ends: bool) -> Message | None:
    """Why a line is no event; None when it is JSON and only its shape is wrong, which the ledger tells better."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return Message(
            nl="deze regel is geen UTF-8; zet het bestand om, bv. met iconv -f WINDOWS-1252 -t UTF-8",
            en="this line is not UTF-8; convert the file, for example with iconv -f WINDOWS-1252 -t UTF-8",
        )
    try:
        msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError) as error:
        if not ends and "truncated" in str(error):
            return Message(
                nl="de laatste regel is afgebroken: het bestand houdt midden in een event op; kopieer het opnieuw",
                en="the last line is cut off: the file ends in the middle of an event; copy it again",
            )
        return Message(
            nl=f"deze regel is geen geldige JSON ({error}); zet één JSON-object per regel",
            en=f"this line is not valid JSON ({error}); put one JSON object on a line",
        )
    return None


def _too_long() -> Message:
    return Message(
        nl=f"deze regel is langer dan {MAX_LINE} bytes; een event is hoogstens 65536 bytes: zet één event per regel",
        en=f"this line is longer than {MAX_LINE} bytes; an event is at most 65536 bytes: put one event on a line",
    )


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise BadInput(f"{path}: no such file; check the name") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder; name the files in it, for example {path}/*.ndjson") from None
    except PermissionError:
        raise BadInput(f"{path} may not be read by this user; change its permissions") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be opened: {error.strerror}") from error


def _plain(path: Path, outer: IO[bytes]) -> io.BufferedReader:
    assert isinstance(outer, io.BufferedReader)
    if outer.peek(2)[:2] != _GZIP:
        return outer
    return io.BufferedReader(gzip.GzipFile(fileobj=outer, mode="rb"), buffer_size=_HEAD)


def _peek(path: Path, inner: io.BufferedReader) -> bytes:
    try:
        return inner.peek(_HEAD)[:_HEAD]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BadInput(f"{path}, line 1: the gzip file is damaged or cut off ({error}); copy it again") from error
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error


def _recognised(path: Path, head: bytes) -> bool:
    """Whether it is CSV; else it is NDJSON.

    :raises BadInput: it is neither.
    """
    if not head.strip():
        raise BadInput(f"{path} is empty: nothing to publish")
    if encoding := _OTHER_ENCODINGS.get(head[:2]):
        raise BadInput(f"{path}, line 1: the file is {encoding}, not UTF-8; convert it: iconv -f {encoding} -t UTF-8 {path} > new-file")
    if b"\x00" in head:
        raise BadInput(f"{path} is a binary file; give NDJSON (one CloudEvent a line) or CSV, plain or gzip")
    first = head.removeprefix(_BOM).lstrip().split(b"\n", 1)[0].strip()
    try:
        text = first.decode()
    except UnicodeDecodeError as error:
        if error.end == len(first) == len(head.lstrip()):  # the head ends within a character
            text = first[: error.start].decode()
        else:
            raise BadInput(f"{path}, line 1: not UTF-8; convert the file: iconv -f WINDOWS-1252 -t UTF-8 {path} > new-file") from None
    if text.startswith("{"):
        try:
            if len(first) < _HEAD - 1024:
                msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        except (msgspec.MsgspecError, RecursionError) as error:
            if text == "{" or "truncated" in str(error):
                raise BadInput(
                    f"{path}, line 1: the object does not end on its line; NDJSON has one whole object a line: jq -c . {path} > new-file"
                ) from None
            raise BadInput(f"{path}, line 1: this is no NDJSON ({error}); put one JSON object on each line") from None
        return False
    if text.startswith("["):
        raise BadInput(f"{path}, line 1: this is a JSON array; NDJSON has one object a line: jq -c '.[]' {path} > new-file")
    from cli.csv_rows import header, looks_like_header

    if looks_like_header(text):
        header(path, text)
        return True
    raise BadInput(
        f"{path}, line 1: neither NDJSON (one JSON object a line) nor CSV (a first line with the columns id, source, type …); "
        f"see 'ledger publish --help'"
    )
