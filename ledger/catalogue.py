"""The event catalogue: how an event type is declared, found and read back.

A type is declared by decorating a frozen :class:`Payload` with :func:`event` in a module of
``ledger.events``; the module is found by itself, no list elsewhere is edited. Names, publishers and natural
keys follow the rows of domain.md section 2.

An older version of a type stays declared for ever, with an ``upcast`` to the next version: old bytes are
read as their own version and lifted, one step at a time, to the newest (see :func:`EventType.read`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import TypeVar

import msgspec

from ledger.codes.roles import Role
from ledger.verdict import Message, Reason, Violation

TYPE_PREFIX = "be.inburgering."


class StreamKind(StrEnum):
    """The kinds of stream, by the first segment of their key (domain.md 0.2)."""

    PERSON = "persoon"
    EMPLOYER = "werkgever"
    EDITION = "editie"
    OFFER = "aanbod"
    POLICY = "beleid"
    PUBLISHER = "bron"
    SIGNAL = "signaal"
    ANY = "*"
    """Corrections and retractions: they stand in the stream of their target."""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What an intra-event rule may look at besides the payload: the event's own envelope."""

    role: Role
    source: str
    publisher: str
    """KBO number of the publishing organisation."""
    subject: str
    time: datetime
    local_date: date


class Payload(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The ``data`` of an event. Unknown properties are refused; an absent optional field is None."""

    def check(self, context: Context) -> Iterable[Violation]:
        """The intra-event rules (R15, column *Hard*): yield a violation for each that is broken."""
        return ()

    def stream_key(self) -> str | None:
        """The id that the subject must end with, or None where the payload does not name it (R11)."""
        return None


def contradiction(field: str, nl: str, en: str) -> Violation:
    """An R15 violation at a field of the payload (a path below ``data``; empty for the payload as a whole)."""
    return Violation(reason=Reason.R15, pointer=f"/data/{field}" if field else "/data", message=Message(nl=nl, en=en))


P = TypeVar("P", bound=Payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One version of an event type."""

    name: str
    """Short type, e.g. ``contract.signed``."""
    version: int
    number: int
    """Row in domain.md section 2."""
    payload: type[Payload]
    stream: StreamKind
    policy_kind: str | None
    """For ``beleid/<kind>/<id>``: the kind."""
    publishers: frozenset[Role]
    nl: str
    en: str
    natural_key: tuple[str, ...]
    needs_contract: bool
    """⊕: F08 without a live contract on or before its date."""
    after_life: bool
    """♦: allowed after the end of the trajectory (else F07)."""
    restricted: bool
    upcast: Callable[[Payload], Payload] | None

    @property
    def full_name(self) -> str:
        """The CloudEvents ``type``: ``be.inburgering.<name>.v<version>``."""
        return f"{TYPE_PREFIX}{self.name}.v{self.version}"

    def decode(self, data: bytes | msgspec.Raw) -> Payload:
        """Read JSON bytes as exactly this version; ``msgspec.ValidationError`` if they do not fit."""
        return _decoder(self.payload).decode(data)


@cache
def _decoder(payload: type[Payload]) -> msgspec.json.Decoder[Payload]:
    return msgspec.json.Decoder(payload)


_encoder = msgspec.json.Encoder(order="sorted")


def canonical(payload: msgspec.Struct) -> bytes:
    """The canonical bytes of a payload: RFC 8785 JSON (sorted keys, no blanks; there are no floats and no free text)."""
    return _encoder.encode(payload)


_registry: dict[tuple[str, int], EventType] = {}


def event(
    name: str,
    number: int,
    *,
    stream: StreamKind,
    publishers: Iterable[Role],
    nl: str,
    en: str,
    natural_key: tuple[str, ...] = (),
    version: int = 1,
    policy_kind: str | None = None,
    needs_contract: bool = False,
    after_life: bool = False,
    restricted: bool = False,
    upcast: Callable[[Payload], Payload] | None = None,
) -> Callable[[type[P]], type[P]]:
    """Declare an event type. ``natural_key`` names payload fields (``@date``, ``@role``, ``@org`` for the envelope's)."""

    def register(payload: type[P]) -> type[P]:
        key = (name, version)
        if key in _registry:
            raise ValueError(f"event type {name}.v{version} is declared twice: {_registry[key].payload} and {payload}")
        declared = EventType(
            name=name,
            version=version,
            number=number,
            payload=payload,
            stream=stream,
            policy_kind=policy_kind,
            publishers=frozenset(publishers),
            nl=nl,
            en=en,
            natural_key=natural_key,
            needs_contract=needs_contract,
            after_life=after_life,
            restricted=restricted,
            upcast=upcast,
        )
        _registry[key] = declared
        _by_payload[payload] = declared
        catalogue.cache_clear()
        return payload

    return register


_by_payload: dict[type[Payload], EventType] = {}


def withdraw(name: str, version: int = 1) -> None:
    """Take a type out of the registry again: for tests that declare one on the fly."""
    gone = _registry.pop((name, version))
    _by_payload.pop(gone.payload, None)
    catalogue.cache_clear()


def type_of(payload: type[Payload]) -> EventType:
    """The declaration of a payload class."""
    return _by_payload[payload]


class Catalogue:
    """All event types, by full name and by short name."""

    def __init__(self, types: Mapping[tuple[str, int], EventType]) -> None:
        self.types: Mapping[str, EventType] = {t.full_name: t for t in sorted(types.values(), key=lambda t: (t.number, t.name, t.version))}
        newest: dict[str, EventType] = {}
        for declared in self.types.values():
            if declared.name not in newest or newest[declared.name].version < declared.version:
                newest[declared.name] = declared
        self.newest: Mapping[str, EventType] = newest

    def get(self, full_name: str) -> EventType | None:
        """The type with this CloudEvents ``type``, or None."""
        return self.types.get(full_name)

    def read(self, full_name: str, data: bytes) -> Payload:
        """Old or new bytes as a payload of the newest version: decoded as written, then upcast step by step."""
        declared = self.types[full_name]
        payload = declared.decode(data)
        while declared.upcast is not None:
            payload = declared.upcast(payload)
            declared = self.types[f"{TYPE_PREFIX}{declared.name}.v{declared.version + 1}"]
        return payload


@cache
def catalogue() -> Catalogue:
    """The catalogue of everything declared in ``ledger.events``."""
    import ledger.events

    for module in pkgutil.iter_modules(ledger.events.__path__):
        importlib.import_module(f"ledger.events.{module.name}")
    return Catalogue(_registry)
