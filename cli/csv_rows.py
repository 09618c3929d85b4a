"""CSV as submissions: columns are envelope attributes and ``data.<field>``, a list is ``a|b``.

The separator is a comma or a semicolon, as the header shows. An empty cell leaves its property out, or gives an empty list
where the type asks for one. ``data.a.b`` is
field ``b`` of the object ``a``; a column ``data`` holds the whole payload as JSON instead. A cell becomes a number,
a truth value or a list where the event type declares one; what does not fit is left as text, and the ledger says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import inspect

from cli.submissions import Line
from ledger.catalogue import catalogue
from ledger.diagnosis import described
from ledger.errors import BadInput
from ledger.submission import Submission
from ledger.verdict import Message

Json = str | int | bool | list["Json"] | dict[str, "Json"] | msgspec.Raw

ATTRIBUTES = tuple(field.name for field in msgspec.structs.fields(Submission) if field.name != "data")
REQUIRED = tuple(field.name for field in msgspec.structs.fields(Submission) if field.required and field.name not in {"data", "specversion"})
_NUMBERS = {"sequence"}


def separator(header: str) -> str:
    """``;`` when the header has more of them than commas (as spreadsheets write it here), else ``,``."""
    return ";" if header.count(";") > header.count(",") else ","


def looks_like_header(text: str) -> bool:
    """Whether a first line names the columns of events: at least two envelope attributes."""
    cells = {cell.strip().strip('"').lower() for cell in text.split(separator(text))}
    return len(cells & set(ATTRIBUTES)) >= 2


def rows(path: Path, lines: Iterator[tuple[int, bytes, bool]]) -> Iterator[Line]:
    """The events of a CSV file.

    :raises BadInput: a column is missing or unknown, the header is not usable, or a quoted cell never ends.
    """
    first = next(lines)[1].decode()
    columns = header(path, first)
    width, reading = len(columns), _Text(path, lines)
    reader = csv.reader(reading, delimiter=separator(first), strict=True)
    while True:
        before = reading.number
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(
                f"{path}, line {before + 1}: this is no CSV ({error}): a cell that starts with a quote must end with one, "
                f"and a quote inside it is written twice"
            ) from None
        if not any(cell.strip() for cell in row):
            continue
        if reading.foreign:
            yield Line(reading.number, _as_sent(row), "", False, _NOT_UTF8)
            reading.foreign = False
        elif len(row) != width:
            yield Line(reading.number, _as_sent(row), "", False, _wrong_width(len(row), width))
        else:
            yield _line(reading.number, columns, row)


class _Text:
    """Lines as text for the CSV reader; remembers how far it is, and whether a line was not UTF-8."""

    def __init__(self, path: Path, lines: Iterator[tuple[int, bytes, bool]]) -> None:
        self._lines = lines
        self.number = 1
        self.foreign = False

    def __iter__(self) -> _Text:
        return self

    def __next__(self) -> str:
        self.number, raw, _ = next(self._lines)
        try:
            return raw.decode()
        except UnicodeDecodeError:
            self.foreign = True
            return raw.decode("latin-1")


def header(path: Path, text: str) -> list[str]:
    """The columns that a first line names.

    :raises BadInput: one is missing, unknown or named twice.
    """
    columns = [cell.strip() for cell in next(csv.reader([text], delimiter=separator(text)))]
    columns = [name if name.startswith("data.") else name.lower() for name in columns]
    known = f"columns are {', '.join(ATTRIBUTES)} and data.<field> (or data, as JSON)"
    for name in columns:
        if columns.count(name) > 1:
            raise BadInput(f"{path}, line 1: the column {name!r} stands there twice; leave one out")
        if name != "data" and not name.startswith("data.") and name not in ATTRIBUTES:
            raise BadInput(f"{path}, line 1: unknown column {name!r}; {known}")
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise BadInput(f"{path}, line 1: the column {', '.join(map(repr, missing))} is missing: add it; {known}")
    if "data" in columns and any(name.startswith("data.") for name in columns):
        raise BadInput(f"{path}, line 1: there is a column 'data' and a column 'data.<field>'; use one or the other")
    if "data" not in columns and not any(name.startswith("data.") for name in columns):
        raise BadInput(f"{path}, line 1: no column for the payload: add data.<field> for each field, or data with the payload as JSON")
    return columns


def _line(number: int, columns: Sequence[str], row: Sequence[str]) -> Line:
    event: dict[str, Json] = {"specversion": "1.0"}
    data: dict[str, Json] = {}
    cells = dict(zip(columns, row, strict=True))
    shapes = _shapes(cells["type"].strip())
    for name, cell in cells.items():
        if not cell:
            if name[5:] in shapes and shapes[name[5:]].list_required:
                _put(data, name[5:].split("."), [])
            continue
        if name == "data":
            try:
                event["data"] = msgspec.Raw(msgspec.json.encode(msgspec.json.decode(cell)))
            except (msgspec.MsgspecError, RecursionError):
                event["data"] = cell
        elif name.startswith("data."):
            _put(data, name[5:].split("."), _value(shapes[name[5:]].type if name[5:] in shapes else None, cell))
        elif name in _NUMBERS:
            event[name] = int(cell) if cell.isascii() and cell.isdigit() else cell
        else:
            event[name] = cell
    event.setdefault("data", data)
    return Line(number, msgspec.json.encode(event), cells["source"].strip(), bool(cells.get("admittedat")))


def _put(data: dict[str, Json], names: Sequence[str], value: Json) -> None:
    for name in names[:-1]:
        inner = data.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        data = inner
    data[names[-1]] = value


def _value(shape: inspect.Type | None, cell: str) -> Json:
    """A cell as the JSON value that its field declares; as text where it does not fit."""
    if shape is None:
        return cell
    if isinstance(shape, inspect.VarTupleType):
        return [_value(_bare(shape.item_type), item.strip()) for item in cell.split("|")]
    if isinstance(shape, inspect.IntType):
        digits = cell.removeprefix("-")
        return int(cell) if digits.isascii() and digits.isdigit() and len(digits) < 19 else cell
    if isinstance(shape, inspect.BoolType):
        return {"true": True, "false": False}.get(cell.lower(), cell)
    return cell


def _bare(shape: inspect.Type) -> inspect.Type:
    """A type without its annotations and without ``| None``."""
    while isinstance(shape, inspect.Metadata):
        shape = shape.type
    if isinstance(shape, inspect.UnionType):
        solid = [option for option in shape.types if not isinstance(option, inspect.NoneType)]
        return _bare(solid[0]) if len(solid) == 1 else shape
    return shape


class _Shape(NamedTuple):
    """How a field is declared."""

    type: inspect.Type
    list_required: bool


@cache
def _shapes(full_type: str) -> dict[str, _Shape]:
    """The declared fields of an event type by their column name; empty for an unknown type."""
    declared = catalogue().get(full_type)
    return dict(_fields(described(declared.payload), "")) if declared else {}


def _fields(struct: inspect.StructType, prefix: str) -> Iterator[tuple[str, _Shape]]:
    for field in struct.fields:
        bare = _bare(field.type)
        if isinstance(bare, inspect.StructType):
            yield from _fields(bare, f"{prefix}{field.encode_name}.")
        else:
            yield prefix + field.encode_name, _Shape(bare, field.required and isinstance(bare, inspect.VarTupleType))


def _as_sent(row: Sequence[str]) -> bytes:
    """A row that is no event, on one line, to be kept as a refusal."""
    return ";".join(row).replace("\r", " ").replace("\n", " ").encode()[: 60 * 1024]


_NOT_UTF8 = Message(
    nl="deze rij is geen UTF-8; bewaar het bestand als CSV UTF-8, of zet het om met iconv -f WINDOWS-1252 -t UTF-8",
    en="this row is not UTF-8; save the file as CSV UTF-8, or convert it with iconv -f WINDOWS-1252 -t UTF-8",
)


def _wrong_width(found: int, wanted: int) -> Message:
    return Message(
        nl=f"deze rij heeft {found} cellen, de kop {wanted} kolommen; zet aanhalingstekens rond een cel met het scheidingsteken erin",
        en=f"this row has {found} cells, the header {wanted} columns; put quotes around a cell that holds the separator",
    )
