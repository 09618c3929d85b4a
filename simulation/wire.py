"""The bytes of an event: structured CloudEvents JSON with sorted keys, cut where the sequence number goes.

Arrival (``admittedat``) and sequence are known last, so that a line is kept in two pieces around the sequence
and the arrival is put in front.
"""

from __future__ import annotations

from functools import cache

import msgspec

from ledger.catalogue import Payload, canonical, type_of
from ledger.codes.identity import LegalBasis
from ledger.codes.roles import Role
from ledger.events.identity import SharingBasisRecorded
from ledger.events.vdab import ActivationStepReported, WorkPerspectiveAcknowledged, WorkPerspectiveShared
from simulation.moment import local_text, utc_text
from simulation.organisations import SOURCES, Source


class Submission(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One sending of an event: when it was sent, when each of its copies arrives, and its bytes around the sequence."""

    sent: int
    """Seconds since 1970; sequence numbers follow this order within a source."""
    source: int
    id: str
    arrivals: tuple[int, ...]
    head: bytes
    tail: bytes
    type: str
    """Short type, for the source's own totals."""
    subject: str
    counted: bool = True
    """Whether the source books it as a new event; not so a mended one, which only gets a number of its own."""
    movable: bool = False
    """Whether it may arrive hours later without changing any other answer."""


def line(arrival: int, sequence: int, submission: Submission) -> bytes:
    """One line of NDJSON."""
    return b'{"admittedat":"%b",%b%d%b' % (utc_text(arrival).encode(), submission.head, sequence, submission.tail)


class _Frame(msgspec.Struct, frozen=True):
    """What all events of one source and type have in common."""

    before_id: str
    before_recorded: str
    before_subject: str
    after_precision: str


@cache
def _frame(source: Source, kind: type[Payload], person: bool) -> _Frame:
    basis = f',"grondslag":"{_basis(source.role, kind).value}"' if person else ""
    return _Frame(
        f',"datacontenttype":"application/json"{basis},"id":"',
        f'","publisherrole":"{source.role.value}","recordedat":"',
        f',"source":"{source.urn}","specversion":"1.0","subject":"',
        f'","type":"{type_of(kind).full_name}"}}\n',
    )


_PROTOCOL: frozenset[type[Payload]] = frozenset(
    {SharingBasisRecorded, WorkPerspectiveShared, WorkPerspectiveAcknowledged, ActivationStepReported}
)


def _basis(role: Role, kind: type[Payload]) -> LegalBasis:
    if role is Role.PARTNER:
        return LegalBasis.CONSENT
    if kind in _PROTOCOL:
        return LegalBasis.PROTOCOL
    return LegalBasis.LEGAL_OBLIGATION if role in (Role.IDENTITY_SERVICE, Role.LEDGER_OPERATOR) else LegalBasis.PUBLIC_TASK


def submission(
    payload: Payload,
    source: Source,
    subject: str,
    event_id: str,
    *,
    day: int,
    second: int,
    precise: bool,
    recorded: int,
    sent: int,
    arrivals: tuple[int, ...],
    data: bytes | None = None,
    time_text: str | None = None,
    counted: bool = True,
    movable: bool = False,
) -> Submission:
    """An event ready to be numbered. ``data`` and ``time_text`` replace what payload and day say, for planted faults."""
    kind = type(payload)
    frame = _frame(source, kind, subject.startswith(("insz/", "persoon/")))
    head = b'"data":%b%b' % (
        canonical(payload) if data is None else data,
        f'{frame.before_id}{event_id}{frame.before_recorded}{utc_text(recorded)}","sequence":'.encode(),
    )
    time = local_text(day, second) if time_text is None else time_text
    tail = f'{frame.before_subject}{subject}","time":"{time}","timeprecision":"{"second" if precise else "day"}{frame.after_precision}'
    return Submission(sent, source.number, event_id, arrivals, head, tail.encode(), type_of(kind).name, subject, counted, movable)


SOURCE_URNS = tuple(source.urn for source in SOURCES)
