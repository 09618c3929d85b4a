"""An entry as a record of Kafka and back: a CloudEvent in binary mode from which the stored row can be made again, byte for byte.

Attributes of the event stand in ``ce_`` headers; those that the ledger adds are extension attributes: ``ce_position``,
``ce_streamversion``, ``ce_admittedat``, ``ce_digest`` (base64url: tells a redelivery from another event), ``ce_commitment`` (base64url:
the entry's leaf in the Merkle tree) and ``ce_keyid`` (which key seals the data; absent when none does). The key of the record is the
stream, its value the data as stored: sealed, or canonical JSON.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from aiokafka import ConsumerRecord

from ledger.errors import BadInput
from streams.kafka.clients import Header, Message
from streams.postgres.appender import ENTRY_COLUMNS, EntryRow

SEALED = b"application/octet-stream"
PLAIN = b"application/json"
POSITION = "ce_position"

_HEADERS = {
    "position": POSITION,
    "version": "ce_streamversion",
    "sequence": "ce_sequence",
    "time": "ce_time",
    "recorded_at": "ce_recordedat",
    "admitted_at": "ce_admittedat",
    "key_id": "ce_keyid",
    "id": "ce_id",
    "causation_id": "ce_causationid",
    "correlation_id": "ce_correlationid",
    "stream": "ce_subject",
    "type": "ce_type",
    "source": "ce_source",
    "role": "ce_publisherrole",
    "time_precision": "ce_timeprecision",
    "legal_basis": "ce_grondslag",
    "digest": "ce_digest",
    "commitment": "ce_commitment",
}
"""Which header holds which column of the stored row."""
_NAMES = [_HEADERS.get(column) for column in ENTRY_COLUMNS]
_INTEGERS = frozenset({"position", "version", "sequence", "key_id"})
_MOMENTS = frozenset({"time", "recorded_at", "admitted_at"})
_OPTIONAL = frozenset({"key_id", "causation_id", "correlation_id", "legal_basis", "commitment"})
_BYTES = frozenset({"digest", "commitment"})
KEY_ID: Literal[6] = 6
STREAM: Literal[10] = 10
TYPE: Literal[11] = 11
DATA: Literal[17] = 17
if [ENTRY_COLUMNS[n] for n in (KEY_ID, STREAM, TYPE, DATA)] != ["key_id", "stream", "type", "data"]:
    raise RuntimeError("the columns of an entry moved: set these places anew")


def partition_of(stream: str, partitions: int) -> int:
    """The partition of a stream: CRC-32 of its name modulo their number, as librdkafka's partitioner ``consistent`` chooses it."""
    return zlib.crc32(stream.encode()) % partitions


def message_of(row: EntryRow) -> Message:
    """The record of a stored row."""
    headers: list[Header] = [("ce_specversion", b"1.0"), ("content-type", PLAIN if row[KEY_ID] is None else SEALED)]
    for name, value in zip(_NAMES, row, strict=True):
        if name is not None and value is not None:
            headers.append((name, _text(value)))
    return row[STREAM].encode(), row[DATA], headers


def _text(value: object) -> bytes:
    if isinstance(value, bytes):
        return base64.urlsafe_b64encode(value).rstrip(b"=")
    return (value.isoformat() if isinstance(value, datetime) else str(value)).encode()


def position_of(record: ConsumerRecord) -> int:
    """The position that a record says it has. ``BadInput`` when it says none."""
    told = dict(record.headers).get(POSITION)
    if told is None or not told.isdigit():
        raise _broken(record, POSITION)
    return int(told)


def row_of(record: ConsumerRecord) -> EntryRow:
    """The stored row of a record. ``BadInput`` when the record is no entry; the sentence says where it stands."""
    told: Mapping[str, bytes] = dict(record.headers)
    row: list[object] = []
    for column in ENTRY_COLUMNS:
        if column == "data":
            row.append(record.value)
            continue
        header = _HEADERS[column]
        value = told.get(header)
        if value is None:
            if column not in _OPTIONAL:
                raise _broken(record, header)
            row.append(None)
            continue
        try:
            row.append(_value(column, value))
        except ValueError as error:
            raise _broken(record, header) from error
    return tuple(row)  # type: ignore[return-value]


def _value(column: str, told: bytes) -> object:
    if column in _BYTES:
        return base64.urlsafe_b64decode(told + b"=" * (-len(told) % 4))
    text = told.decode()
    if column in _INTEGERS:
        return int(text)
    return datetime.fromisoformat(text) if column in _MOMENTS else text


def _broken(record: ConsumerRecord, header: str) -> BadInput:
    return BadInput(
        f"{record.topic} partition {record.partition} offset {record.offset} is no entry of a ledger: "
        f"its header {header} is missing or wrong"
    )
