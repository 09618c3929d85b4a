"""Natural keys: which fact of the world an event states (column *nk* of domain.md section 2).

Two live events of the same type with the same key on the same local date state the same fact twice (F03, one
publisher) or state it differently (F06, two publishers). :attr:`EventType.natural_key` names payload fields and these
tokens:

``@date``  the local date · ``@role``  the publisher's role · ``@org``  the publishing organisation's KBO number ·
``@fields``  the facts that a ``profile.updated`` states, each a key of its own
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from ledger.catalogue import EventType, Payload
from ledger.codes.roles import Role
from ledger.events.identity import ProfileUpdated

TOKENS = frozenset({"@date", "@role", "@org", "@fields"})
"""What may stand in a natural key besides the payload's own fields."""


def natural_key(declared: EventType, payload: Payload, *, local_date: date, role: Role, org: str) -> tuple[str, ...]:
    """The natural key of an event, one string per part; empty for a type without a key (``–``), an absent field is ``""``.

    A ``profile.updated`` that states several facts has them joined with ``+``; see :func:`natural_keys`.
    """
    return tuple(_part(name, payload, local_date, role, org) for name in declared.natural_key)


def natural_keys(declared: EventType, payload: Payload, *, local_date: date, role: Role, org: str) -> tuple[tuple[str, ...], ...]:
    """Every natural key that an event states: one, or one per fact for ``profile.updated``; none for a type without a key."""
    if not declared.natural_key:
        return ()
    whole = natural_key(declared, payload, local_date=local_date, role=role, org=org)
    if "@fields" not in declared.natural_key:
        return (whole,)
    place = declared.natural_key.index("@fields")
    return tuple((*whole[:place], name, *whole[place + 1 :]) for name in _stated(payload))


def _stated(payload: Payload) -> Iterable[str]:
    return payload.stated() if isinstance(payload, ProfileUpdated) else ()


def _part(name: str, payload: Payload, local_date: date, role: Role, org: str) -> str:
    if name == "@date":
        return local_date.isoformat()
    if name == "@role":
        return role.value
    if name == "@org":
        return org
    if name == "@fields":
        return "+".join(_stated(payload))
    value = getattr(payload, name)
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
