"""The projection catalogue: how a view is declared, found, given a table and folded.

A projection is a function from one :class:`~ledger.subject.Subject` (a history, the references it needs, an as-of
date) to rows; its row is a frozen Struct whose annotations are the table's columns. It is declared with
:func:`projection` in a module of ``ledger.projections``, which is found by itself. The same function serves the
first run, the restart, the rebuild and the single person that a page looks at: rows are a function of the *set* of
admitted events, so any arrival order and any split into batches gives the same rows.

The mechanism puts one column in front of every view: ``key``, the root stream that the rows belong to. A change
of a history replaces all rows of its key.
"""

from __future__ import annotations

import importlib
import pkgutil
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import msgspec

from ledger.catalogue import StreamKind

if TYPE_CHECKING:
    from ledger.subject import Subject

SqlValue = str | int | float | bool | date | datetime | tuple[str, ...] | tuple[int, ...] | None

KEY = "key"
_SQL_TYPES: Mapping[object, str] = {
    str: "text",
    bool: "boolean",
    int: "bigint",
    float: "double precision",
    date: "date",
    datetime: "timestamp with time zone",
    bytes: "jsonb",
}


class Column(msgspec.Struct, frozen=True):
    """One column of a view."""

    name: str
    sql_type: str
    nullable: bool
    comment: str | None = None


def doc(text: str) -> msgspec.Meta:
    """What a column says, for its comment in SQL and for the reference: ``Annotated[int, doc("…")]``."""
    return msgspec.Meta(description=text)


def columns_of(row: type[msgspec.Struct]) -> tuple[Column, ...]:
    """The columns of a row Struct, in field order; ``bytes`` is JSON, tuples are arrays, codes are text.

    Raises ``TypeError`` for an annotation that no column can hold.
    """
    hints = typing.get_type_hints(row, include_extras=True)
    return tuple(_column(f"{row.__name__}.{name}", name, hints[name]) for name in row.__struct_fields__)


def _column(where: str, name: str, hint: object) -> Column:
    comment = None
    if typing.get_origin(hint) is typing.Annotated:
        hint, *extras = typing.get_args(hint)
        comment = next((extra.description for extra in extras if isinstance(extra, msgspec.Meta)), None)
    arms = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    solid = [arm for arm in arms if arm is not type(None)]
    if len(solid) != 1:
        raise TypeError(f"{where}: {hint!r} is no column type; use one type, with | None where it may be empty")
    return Column(name, _sql_type(where, solid[0]), len(arms) > 1, comment)


def _sql_type(where: str, hint: object) -> str:
    if typing.get_origin(hint) is typing.Annotated:
        hint = typing.get_args(hint)[0]
    if typing.get_origin(hint) is tuple:
        item, *rest = typing.get_args(hint)
        if rest == [...]:
            return f"{_sql_type(where, item)}[]"
    hint = getattr(hint, "__supertype__", hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return "text"
    try:
        return _SQL_TYPES[hint]
    except (KeyError, TypeError):
        raise TypeError(
            f"{where}: no column type for {hint!r}; use str, int, float, bool, date, datetime, bytes (JSON) or a tuple of one"
        ) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """One declared view."""

    name: str
    version: int
    """Raised when the meaning of a row changes: the view is then rebuilt beside the old one and swapped."""
    kinds: frozenset[StreamKind]
    """The kinds of root stream that it folds."""
    row: type[msgspec.Struct]
    nl: str
    en: str
    index: tuple[tuple[str, ...], ...]
    """Column groups to index besides ``key``."""
    columns: tuple[Column, ...]
    """``key`` first, then the row's fields."""
    fold: Callable[[Subject], Iterable[msgspec.Struct]]
    json_columns: tuple[int, ...]

    def records(self, subject: Subject) -> list[tuple[SqlValue, ...]]:
        """The rows of one subject as tuples in column order, ready for COPY (JSON as text)."""
        key = subject.key
        astuple = msgspec.structs.astuple
        records = [(key, *astuple(row)) for row in self.fold(subject)]
        if self.json_columns:
            return [self._with_json_as_text(record) for record in records]
        return records

    def _with_json_as_text(self, record: tuple[object, ...]) -> tuple[SqlValue, ...]:
        values = list(record)
        for at in self.json_columns:
            value = values[at]
            if isinstance(value, bytes):
                values[at] = value.decode()
        return tuple(typing.cast("list[SqlValue]", values))


R = TypeVar("R", bound=msgspec.Struct)
Fold = Callable[["Subject"], Iterable[R]]

_registry: dict[str, Projection] = {}


def projection(
    name: str,
    *,
    kinds: Iterable[StreamKind],
    row: type[R],
    nl: str,
    en: str,
    version: int = 1,
    index: Sequence[Sequence[str]] = (),
) -> Callable[[Fold[R]], Fold[R]]:
    """Declare a projection. ``ValueError`` when the name is taken or an index names no column."""

    def register(fold: Fold[R]) -> Fold[R]:
        if name in _registry:
            raise ValueError(f"projection {name} is declared twice: {_registry[name].fold.__module__} and {fold.__module__}")
        columns = (Column(KEY, "text", False, "Root stream that the row belongs to"), *columns_of(row))
        unknown = {column for group in index for column in group} - {column.name for column in columns}
        if unknown:
            raise ValueError(f"projection {name} indexes {', '.join(sorted(unknown))}, which {row.__name__} does not have")
        _registry[name] = Projection(
            name=name,
            version=version,
            kinds=frozenset(kinds),
            row=row,
            nl=nl,
            en=en,
            index=tuple(tuple(group) for group in index),
            columns=columns,
            fold=fold,
            json_columns=tuple(at for at, column in enumerate(columns) if column.sql_type == "jsonb"),
        )
        projections.cache_clear()
        projections_of.cache_clear()
        return fold

    return register


def withdraw(name: str) -> None:
    """Take a projection out of the registry again: for tests that declare one on the fly."""
    del _registry[name]
    projections.cache_clear()
    projections_of.cache_clear()


@cache
def projections() -> Mapping[str, Projection]:
    """Every projection by name; the modules of ``ledger.projections`` are found by themselves."""
    import ledger.projections

    for module in pkgutil.iter_modules(ledger.projections.__path__):
        importlib.import_module(f"ledger.projections.{module.name}")
    return dict(sorted(_registry.items()))


@cache
def projections_of(kind: StreamKind) -> tuple[Projection, ...]:
    """The projections that fold root streams of this kind."""
    return tuple(declared for declared in projections().values() if kind in declared.kinds)


def ddl(declared: Projection, table: str) -> str:
    """The SQL that creates a projection's table with its indexes and comments.

    ``table`` is a name in lower case, with its schema if need be: ``view.timeline_1_b``. Statements end in ``;``.
    """
    return table_ddl(table, declared.columns, declared.index, declared.en)


def table_ddl(table: str, columns: Sequence[Column], index: Sequence[Sequence[str]], comment: str) -> str:
    """The SQL for any table that holds rows of ``columns``, indexed by ``key`` and by the groups of ``index``."""
    lines = [f'    "{column.name}" {column.sql_type}{"" if column.nullable else " NOT NULL"}' for column in columns]
    base = table.rpartition(".")[2]
    statements = [f"CREATE TABLE {table} (\n" + ",\n".join(lines) + "\n)"]
    for group in ((KEY,), *index):
        names = ", ".join(f'"{name}"' for name in group)
        statements.append(f'CREATE INDEX "{_index_name(base, group)}" ON {table} ({names})')
    statements.append(f"COMMENT ON TABLE {table} IS {_literal(comment)}")
    statements += [f'COMMENT ON COLUMN {table}."{column.name}" IS {_literal(column.comment)}' for column in columns if column.comment]
    return ";\n".join(statements) + ";\n"


def _index_name(base: str, group: Sequence[str]) -> str:
    # PostgreSQL cuts identifiers at 63 bytes; keep the table's end, which tells the copies apart.
    return f"{base[-40:]}_{'_'.join(group)[:19]}_ix"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
