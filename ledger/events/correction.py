"""Corrections and retractions (domain.md 2.1, rows 6, 7). They stand in the stream of their target.

That only the author corrects or retracts (``target_source`` equals the event's own source) is B21. What the target is, is
not in the event: here a replacement must fit some type of the stream; that it fits its target's type is seen when the
two meet in a history (F02 until then).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import msgspec

from ledger.catalogue import Catalogue, Context, EventType, Payload, StreamKind, catalogue, contradiction, event
from ledger.codes.identity import CorrectionReason
from ledger.codes.roles import Role
from ledger.diagnosis import fields_of_kind
from ledger.fields import Uuid
from ledger.geography import municipality
from ledger.identity import kbo_is_valid
from ledger.submission import Moment, Source
from ledger.time import local_date
from ledger.verdict import Reason, Violation, violation

NOT_CORRECTABLE = frozenset({"event.corrected", "event.retracted", "erasure.executed", "identity.linked"})
"""Short types that are never corrected; a link is undone by retracting it (rules under 2.1)."""

NOT_RETRACTABLE = frozenset({"erasure.executed"})
"""Short types that are never retracted: a destroyed key does not come back (row 7)."""

_json = msgspec.json.Encoder(order="sorted")


class Replacement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The full new ``time`` and ``data`` of the target.

    ``data`` is the JSON of the target's type, put in canonical form on the way in: two replacements that say the same
    are equal and have the same bytes.
    """

    time: Moment
    data: msgspec.Raw

    def __post_init__(self) -> None:
        try:
            normal = msgspec.Raw(_json.encode(msgspec.json.decode(self.data)))
        except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
            return  # what no type can decode is left as it came, for check() to refuse
        msgspec.structs.force_setattr(self, "data", normal)


@event(
    "event.corrected",
    6,
    stream=StreamKind.ANY,
    publishers=list(Role),
    nl="Correctie",
    en="Event corrected",
    natural_key=("target_id",),
    after_life=True,
)
class EventCorrected(Payload, frozen=True, kw_only=True):
    """The target's content is replaced; the latest live correction by position is what counts."""

    target_source: Source
    target_id: Uuid
    reason: CorrectionReason
    replacement: Replacement

    def check(self, context: Context) -> Iterable[Violation]:
        if not isinstance(_content(self.replacement), dict):
            yield contradiction(
                "replacement/data",
                "de vervangende data is geen JSON-object: geef de volledige data van het verbeterde event",
                "the replacement data is no JSON object: give the full data of the mended event",
            )
            return
        moment = self.replacement.time
        mended = msgspec.structs.replace(context, time=moment, local_date=local_date(moment))
        refused: tuple[Violation, ...] | None = None
        for _, payload in self.candidates(context.subject):
            found = tuple(_refusals(payload, mended))
            if not found:
                return
            refused = refused or found
        if refused is None:
            yield contradiction(
                "replacement/data",
                "de vervangende data past bij geen eventtype van deze stroom: neem alle verplichte velden over, niet alleen wat wijzigt",
                "the replacement data fits no event type of this stream: give all required fields, not only what changes",
            )
        else:
            yield from refused

    def candidates(self, subject: str) -> Iterator[tuple[EventType, Payload]]:
        """The types of this stream as which the replacement can be read, each with what it then says."""
        content = _content(self.replacement)
        if not isinstance(content, dict):
            return
        for declared in _fitting(subject, frozenset(content)):
            try:
                payload = declared.decode(self.replacement.data)
            except (msgspec.MsgspecError, ValueError):
                continue
            yield declared, payload


def _content(replacement: Replacement) -> object:
    """The replacement's data as plain JSON; None where it is none."""
    try:
        return msgspec.json.decode(replacement.data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _refusals(payload: Payload, context: Context) -> Iterator[Violation]:
    """What is wrong with replacement content that fits a type, pointed at inside the correction."""
    key = payload.stream_key()
    if key is not None and not context.subject.endswith(f"/{key}"):
        yield contradiction(
            "replacement/data",
            "de vervangende data noemt een ander onderwerp dan deze stroom: trek het event in en publiceer het in de juiste stroom",
            "the replacement data names another subject than this stream: retract the event and publish it in the right stream",
        )
    for name, value in _values_of_kind(payload, "kbo"):
        if not kbo_is_valid(value):
            yield violation(
                Reason.R07,
                f"/data/replacement/data/{name}",
                "dit KBO-nummer in de vervangende data klopt niet: zijn laatste twee cijfers zijn 97 − (eerste acht mod 97)",
                "this KBO number in the replacement data is wrong: its last two digits are 97 − (first eight mod 97)",
            )
    for name, value in _values_of_kind(payload, "nis"):
        if municipality(value) is None:
            yield violation(
                Reason.R08,
                f"/data/replacement/data/{name}",
                "deze NIS-code in de vervangende data is geen gemeente van Vlaanderen of Brussel",
                "this NIS code in the replacement data is no municipality of Flanders or Brussels",
            )
    for broken in payload.check(context):
        yield msgspec.structs.replace(broken, pointer=broken.pointer.replace("/data", "/data/replacement/data", 1))


def _values_of_kind(payload: Payload, kind: str) -> Iterator[tuple[str, str]]:
    """The values of the fields of a kind, each with its path."""
    for name in fields_of_kind(type(payload), kind):
        value = getattr(payload, name)
        if isinstance(value, str):
            yield name, value
        elif value is not None:
            yield from ((f"{name}/{index}", item) for index, item in enumerate(value))


class _Shape(msgspec.Struct, frozen=True):
    """Which property names a type demands and allows: a cheap way to leave out what cannot fit."""

    declared: EventType
    required: frozenset[str]
    allowed: frozenset[str]


@lru_cache(maxsize=2)
def _shapes(types: Catalogue) -> tuple[_Shape, ...]:
    return tuple(
        _Shape(declared, frozenset(f.encode_name for f in fields if f.required), frozenset(f.encode_name for f in fields))
        for declared in types.types.values()
        if declared.name not in NOT_CORRECTABLE
        for fields in (msgspec.structs.fields(declared.payload),)
    )


def _fitting(subject: str, names: frozenset[str]) -> Iterator[EventType]:
    kind = subject.partition("/")[0]
    for shape in _shapes(catalogue()):
        if shape.required <= names <= shape.allowed and (shape.declared.stream == kind or kind not in _KINDS):
            yield shape.declared


_KINDS = frozenset(kind.value for kind in StreamKind)


@event(
    "event.retracted",
    7,
    stream=StreamKind.ANY,
    publishers=list(Role),
    nl="Intrekking",
    en="Event retracted",
    natural_key=("target_id",),
    after_life=True,
)
class EventRetracted(Payload, frozen=True, kw_only=True):
    """The target and all its corrections are hidden; retracting a correction lets the version before it live again."""

    target_source: Source
    target_id: Uuid
    reason: CorrectionReason
