"""Buckets of records that grow past memory: kept until a limit, then written to temporary files.

A bucket is read back once, whole, when its turn comes. Bounded memory needs many buckets, not big ones.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

R = TypeVar("R", bound=msgspec.Struct)

HELD = 50_000
"""Records kept in memory over all buckets before they go to disk."""
_LENGTH = 4
"""Bytes of a chunk's length."""


class Spill(Generic[R]):
    """Records by bucket number; ``held`` of them (:data:`HELD`) are kept in memory before they go to ``directory``."""

    def __init__(self, kind: type[R], directory: Path | None, held: int | None = None) -> None:
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(list[kind]).decode  # type: ignore[valid-type]
        self._parent = directory
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._limit = HELD if held is None else held
        self._held = 0
        self._open: dict[int, list[R]] = {}
        self._on_disk: set[int] = set()

    def close(self) -> None:
        """Forget everything and remove what was written to disk."""
        self._open.clear()
        self._on_disk.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def put(self, bucket: int, record: R) -> None:
        """Keep a record."""
        held = self._open.get(bucket)
        if held is None:
            held = self._open[bucket] = []
        held.append(record)
        self._held += 1
        if self._held >= self._limit:
            self._flush()

    def take(self, bucket: int) -> list[R]:
        """All records of a bucket, in the order in which they came; the bucket is empty afterwards."""
        records: list[R] = []
        if bucket in self._on_disk:
            self._on_disk.discard(bucket)
            path = self._path(bucket)
            with path.open("rb") as file:
                while length := file.read(_LENGTH):
                    records.extend(self._decode(file.read(int.from_bytes(length, "big"))))
            path.unlink()
        held = self._open.pop(bucket, None)
        if held is not None:
            self._held -= len(held)
            records.extend(held)
        return records

    def buckets(self) -> Iterator[int]:
        """The numbers of the buckets that hold something, ascending."""
        return iter(sorted(self._on_disk | self._open.keys()))

    def _path(self, bucket: int) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix=".simulate-", dir=self._parent)
        return Path(self._folder.name) / str(bucket)

    def _flush(self) -> None:
        for bucket, records in self._open.items():
            chunk = self._encode(records)
            with self._path(bucket).open("ab") as file:
                file.write(len(chunk).to_bytes(_LENGTH, "big"))
                file.write(chunk)
            self._on_disk.add(bucket)
        self._open.clear()
        self._held = 0
