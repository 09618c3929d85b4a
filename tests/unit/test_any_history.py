"""Whatever publishers may send, no view ever raises: every type, any order, dates at both ends of the calendar.

Events are drawn from the declarations themselves and go the whole way: examined, decided, told as histories, folded by every
projection, as of days at the ends of the calendar and as known at earlier positions. A failure prints the seed and the size.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given, note, settings
from hypothesis import strategies as st
from msgspec import inspect

from ledger.aggregate import FeedTotal, TallySum, aggregate_findings, contributions
from ledger.catalogue import EventType, StreamKind, catalogue
from ledger.codes.roles import Role
from ledger.dependencies import next_change, references
from ledger.diagnosis import described
from ledger.parameters import PARAMETERS
from ledger.projection import projections_of
from ledger.quality import observe
from ledger.subject import Subject
from ledger.time import days_after
from ledger.timeline import timeline
from ledger.trajectory import trajectory
from ledger.verdict import Violation
from tests.unit.ledger_of_lines import LedgerOfLines
from tests.unit.wire import subject_of

PAYLOAD_DAYS = (
    "0001-01-01",
    "1899-12-31",
    "2009-12-31",
    "2024-02-29",
    "2025-01-31",
    "2025-03-30",
    "2025-06-15",
    "2026-06-20",
    "9999-12-31",
)
HAPPENED = (
    "2010-01-01T00:00:00+01:00",
    "2024-02-29T23:30:00Z",
    "2025-01-31T12:00:00+01:00",
    "2025-03-30T01:30:00Z",
    "2025-10-26T02:30:00+02:00",
    "2025-10-26T02:30:00+01:00",
    "2025-06-15T00:00:00Z",
)
ENDS_OF_TIME = "9998-12-31T00:00:00Z"
AS_OF = (date.min, date(2010, 1, 1), date(2025, 6, 16), date(2026, 6, 21), date(2031, 1, 1), date(9998, 12, 31), date.max)
ORGS = ("1999010048", "1999015095", "1999037069")
IDS = tuple(str(uuid.uuid5(uuid.NAMESPACE_OID, f"any {n}")) for n in range(3))
NIS = ("11002", "21004", "71022", "71072")
TYPES = tuple(catalogue().newest.values())
TEXTS: Mapping[str, tuple[str, ...]] = {
    "uuid": IDS,
    "kbo": ORGS,
    "nis": NIS,
    "ym": ("0000-01", "2025-01", "9999-12"),
    "period": ("P1D", "P9999Y", "P9999M", "P3M", "PT48H", "PT99999H", "P9999W"),
    "source": tuple(f"urn:kbo:{org}:any" for org in ORGS),
    "type": ("contract.signed", "no-such.type"),
    "token": ("IND-01",),
}


class Drawer:
    """Draws values that fit a declaration."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def struct(self, shape: inspect.StructType) -> dict[str, Any]:
        drawn = {}
        for field in shape.fields:
            if field.required or self.rng.random() < 0.7:
                drawn[field.encode_name] = self.value(field.type)
        return drawn

    def value(self, shape: inspect.Type) -> Any:
        kind = ""
        while isinstance(shape, inspect.Metadata):
            kind = str((shape.extra or {}).get("kind", ""))
            shape = shape.type
        if isinstance(shape, inspect.UnionType):
            return self.value(self.rng.choice([option for option in shape.types if not isinstance(option, inspect.NoneType)]))
        if isinstance(shape, inspect.StructType):
            return self.struct(shape)
        if isinstance(shape, inspect.EnumType):
            return self.rng.choice(list(shape.cls)).value
        if isinstance(shape, inspect.VarTupleType):
            return list({json.dumps(one): one for one in (self.value(shape.item_type) for _ in range(self.rng.randrange(4)))}.values())
        if isinstance(shape, inspect.DictType):
            return {self.value(shape.key_type): self.value(shape.value_type) for _ in range(self.rng.randrange(3))}
        if isinstance(shape, inspect.IntType):
            if kind == "year":
                return self.rng.choice([1900, 1961, 1990, 1995, 2005, 9999])
            low, high = int(shape.ge or 0), int(shape.le or 2**31)
            return self.rng.choice([max(low, 1), max(low, 1), 60, 480, low, high])
        if isinstance(shape, inspect.BoolType):
            return self.rng.random() < 0.5
        if isinstance(shape, inspect.DateType):
            return self.rng.choice(PAYLOAD_DAYS)
        if isinstance(shape, inspect.DateTimeType):
            return self.rng.choice((*HAPPENED, "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"))
        if isinstance(shape, inspect.RawType):
            return {}
        assert isinstance(shape, inspect.StrType), shape
        return self.rng.choice(TEXTS[kind])


def told(ledger: LedgerOfLines, rng: random.Random, declared: EventType, number: int) -> dict[str, Any]:
    """An event of a type, by a role that may publish it, that mostly is admitted."""
    drawer = Drawer(rng)
    role = rng.choice(
        sorted(declared.publishers - ({Role.LEDGER_OPERATOR, Role.EVALUATOR} if len(declared.publishers) == len(Role) else set()))
    )
    source = f"urn:kbo:{rng.choice(ORGS)}:any"
    data = drawer.struct(described(declared.payload))
    happened = rng.choice(HAPPENED)
    person = f"persoon/{rng.choice(IDS)}"
    target = rng.choice([one for one in ledger.entries if one.role is role] or [None]) if declared.stream is StreamKind.ANY else None
    if declared.stream is StreamKind.ANY:
        data["target_source"] = source
        if target is not None:
            source, person, happened = target.source, target.stream, "2025-06-15T00:00:00Z"
            data |= {"target_source": source, "target_id": target.id}
        if "replacement" in data or declared.name == "event.corrected":
            other = catalogue().newest[target.type] if target is not None else rng.choice(TYPES)
            replaced = drawer.struct(described(other.payload))
            if target is not None and target.payload.stream_key() is not None:
                replaced |= {
                    key: value for key, value in msgspec.to_builtins(target.payload).items() if key.endswith("_id") or key in _KEYS
                }
            data["replacement"] = {"time": rng.choice(HAPPENED), "data": replaced}
    else:
        _mended(data)
    admitted = datetime.fromisoformat(happened) + timedelta(hours=rng.choice([0, 1, 47, 24 * 15, 24 * 200]))
    if rng.random() < 0.01:
        happened, admitted = ENDS_OF_TIME, datetime.fromisoformat(ENDS_OF_TIME)
    return {
        "specversion": "1.0",
        "id": str(uuid.UUID(int=rng.getrandbits(128))),
        "source": source,
        "type": declared.full_name,
        "subject": person
        if declared.stream is StreamKind.ANY or declared.stream is StreamKind.PERSON
        else _subject(declared, data, source),
        "time": happened,
        "recordedat": rng.choice([happened, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] if rng.random() < 0.05 else [happened]),
        "publisherrole": role.value,
        "sequence": number,
        "grondslag": "public_task",
        "admittedat": admitted.isoformat(),
        "data": data,
    } | ({"subject": f"persoon/{data['survivor_ref']}"} if declared.name == "identity.linked" else {})


_KEYS = ("org", "clock", "survivor_ref")


def _subject(declared: EventType, data: dict[str, Any], source: str) -> str:
    return subject_of(declared, data, source[8:18])


def _mended(data: dict[str, Any]) -> None:
    """Dates in an order that contradicts nothing more often than chance would have it."""
    for first, last in (("valid_from", "valid_to"), ("planned_start", "planned_end")):
        if first in data and data.get(last) is not None and isinstance(data[first], str):
            data[first], data[last] = sorted((data[first], data[last]))


def everything(subject: Subject, ledger: LedgerOfLines) -> list[TallySum]:
    """Ask a subject all that can be asked."""
    for projection in projections_of(subject.kind):
        projection.records(subject)
    due = next_change(subject)
    assert due is None or due > subject.as_of
    assert subject.key not in references(subject)
    if subject.kind is StreamKind.PERSON:
        msgspec.json.encode(timeline(subject, position=len(ledger.entries)))
        own = [entry for entry in ledger.entries if entry.stream == subject.key]
        folded = trajectory(own)
        assert (folded is None) == (not own)
    return [TallySum(name, one.stream, one.day, one.n, one.until) for name, one in contributions(subject) if one.day <= subject.as_of]


def ask_all(ledger: LedgerOfLines, on: date, known_at: int | None) -> None:
    sums: list[TallySum] = []
    for stream in ledger.streams():
        sums += everything(ledger.subject(stream, on, known_at), ledger)
    aggregate_findings(
        sums,
        [FeedTotal(f"urn:kbo:{org}:any", "2025-01", "contract.signed", 1, 1, 1, date(2025, 1, 1)) for org in ORGS],
        observe(ledger.entries, PARAMETERS).values(),
        reference=ledger.reference(on, known_at),
        as_of=on,
        parameters=PARAMETERS,
    )


def lived(seed: int, size: int) -> LedgerOfLines:
    """A ledger of random events; refused ones are left out."""
    rng = random.Random(seed)
    ledger = LedgerOfLines()
    while len(ledger.entries) < size:
        declared = rng.choice(TYPES)
        if declared.name == "erasure.executed" and rng.random() < 0.9:
            continue
        ledger.take(told(ledger, rng, declared, len(ledger.entries) + 1))
    return ledger


@settings(max_examples=300, deadline=None, print_blob=True)
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(1, 120), on=st.sampled_from(AS_OF), share=st.floats(0, 1))
def test_no_history_makes_a_view_raise(seed: int, size: int, on: date, share: float) -> None:
    note(f"seed={seed} size={size} on={on} share={share}")
    ledger = lived(seed, size)
    ask_all(ledger, on, None)
    ask_all(ledger, date(2031, 1, 1), int(size * share))


@settings(max_examples=60, deadline=None, print_blob=True)
@given(seed=st.integers(0, 2**32 - 1), size=st.integers(2, 60), on=st.sampled_from(AS_OF))
def test_known_at_each_position_is_a_fold_of_just_that_prefix(seed: int, size: int, on: date) -> None:
    note(f"seed={seed} size={size} on={on}")
    whole = lived(seed, size)
    for position in random.Random(seed).sample(range(1, size + 1), min(size, 4)):
        prefix = LedgerOfLines()
        prefix.entries = whole.entries[:position]
        for stream in prefix.streams():
            cut, fold = whole.subject(stream, on, position), prefix.subject(stream, on)
            for projection in projections_of(cut.kind):
                assert projection.records(cut) == projection.records(fold), (projection.name, stream, position)


@settings(max_examples=60, deadline=None, print_blob=True)
@given(
    seed=st.integers(0, 2**32 - 1), size=st.integers(2, 60), on=st.sampled_from((date(2025, 1, 31), date(2025, 6, 16), date(2026, 6, 19)))
)
def test_nothing_changes_before_the_first_day_that_any_stream_announces(seed: int, size: int, on: date) -> None:
    note(f"seed={seed} size={size} on={on}")
    ledger = lived(seed, size)
    announced = [day for stream in ledger.streams() if (day := next_change(ledger.subject(stream, on))) is not None]
    eve = days_after(min(announced, default=date(2030, 1, 1)), -1)
    for stream in ledger.streams():
        now, then = ledger.subject(stream, on), ledger.subject(stream, eve)
        for projection in projections_of(now.kind):
            assert projection.records(now) == projection.records(then), (projection.name, stream, eve)


def test_every_type_takes_part() -> None:
    rng = random.Random(20261124)
    ledger = LedgerOfLines()
    for declared in TYPES:
        for number in range(400):
            if not isinstance(ledger.take(told(ledger, rng, declared, number + 1)), Violation):
                break
        else:
            raise AssertionError(f"{declared.name} is never admitted: the drawing of it no longer fits its rules")
    assert {entry.type for entry in ledger.entries} == set(catalogue().newest)
    for on in AS_OF:
        ask_all(ledger, on, None)
