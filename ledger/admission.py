"""Admission: Submission → Admitted, Duplicate or Refused.

In two steps, because an event proves most by itself and only a little needs the ledger's state:

- :class:`~ledger.examination.Examiner` reads the bytes and checks all that the event alone can prove, for many events at once and
  without waiting for anybody;
- :func:`decide` adds what only the sequencer knows at the moment of admission: the registry, erasures, the clock
  and what was admitted before under the same (source, id).

The reason that is reported is the first hit in the order of domain.md 0.4; an identical redelivery is
acknowledged before any check.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from ledger.authority import Credential, Registry
from ledger.boundary import Act
from ledger.catalogue import EventType, Payload
from ledger.codes.roles import Role
from ledger.events.correction import EventCorrected
from ledger.verdict import Position, Reason, StreamId, Violation, first, violation

EARLIEST = datetime(2009, 12, 31, 23, tzinfo=UTC)
"""2010-01-01 in Brussels: nothing in the ledger happened before (R10)."""
FUTURE_TOLERANCE = timedelta(seconds=300)
"""How far ``time`` may run ahead of ``admitted_at`` (R09)."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A submission that was read in full: what an entry will be made of."""

    stream: StreamId
    declared: EventType
    payload: Payload
    data: bytes
    """Canonical JSON of the payload."""
    time: datetime
    time_precision: str
    recorded_at: datetime
    role: Role
    sequence: int
    legal_basis: str | None
    causation_id: str | None
    correlation_id: str | None


class Examined(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A submission after the checks that it can pass or fail alone."""

    raw: bytes
    """As received; it may hold an INSZ and is stored sealed only."""
    credential: Credential
    id: str | None
    source: str | None
    type: str | None
    violations: tuple[Violation, ...] = ()
    candidate: Candidate | None = None
    """None when the submission could not be read in full; then there are violations."""
    digest: bytes = b""
    """Keyed hash of the content; equal content has an equal digest. Empty without a candidate."""
    stream: StreamId | None = None
    insz: str | None = None
    """The valid INSZ behind a ``insz/…`` subject, for the identity table; never logged."""
    admitted_at: datetime | None = None
    """Sandbox only: when the simulated event reached the ledger."""

    def __repr__(self) -> str:
        return (
            f"Examined(source={self.source!r}, id={self.id!r}, type={self.type!r}, violations={[v.reason.value for v in self.violations]})"
        )


class Prior(msgspec.Struct, frozen=True, gc=False):
    """What was admitted before under the same (source, id)."""

    position: Position
    digest: bytes


def decide(
    examined: Examined,
    *,
    registry: Registry,
    is_erased: Callable[[StreamId], bool],
    admitted_at: datetime,
    prior: Prior | None,
) -> Prior | Violation | None:
    """What the sequencer answers: the prior entry (a duplicate), the violation that refuses it, or None (admit it)."""
    candidate = examined.candidate
    if prior is not None and candidate is not None and prior.digest == examined.digest:
        return prior
    violations = list(examined.violations)
    if candidate is not None:
        org = examined.source[8:18] if examined.source else ""
        act = Act(
            role=candidate.role,
            name=candidate.declared.name,
            payload=candidate.payload,
            subject=candidate.stream,
            source=examined.source or "",
        )
        violations.extend(registry.violations(act, org, examined.credential, admitted_at))
        if is_erased(candidate.stream):
            violations.append(
                violation(
                    Reason.R13,
                    "/subject",
                    "deze persoon is gewist: het register neemt niets meer over hem of haar op",
                    "this person is erased: the ledger admits nothing more on them",
                )
            )
        violations.extend(_time_violations(candidate.time, admitted_at, "/time"))
        if isinstance(candidate.payload, EventCorrected):
            violations.extend(_time_violations(candidate.payload.replacement.time, admitted_at, "/data/replacement/time"))
        if prior is not None:
            violations.append(
                violation(
                    Reason.R05,
                    "/id",
                    f"onder deze source en id staat al een ander event (positie {prior.position}): "
                    "geef een nieuwe id, of corrigeer met event.corrected",
                    f"another event stands under this source and id (position {prior.position}): "
                    "give a new id, or correct with event.corrected",
                )
            )
    return first(violations) if violations else None


def _time_violations(time: datetime, admitted_at: datetime, pointer: str) -> list[Violation]:
    if time > admitted_at + FUTURE_TOLERANCE:
        return [
            violation(
                Reason.R09,
                pointer,
                "het tijdstip ligt meer dan 300 seconden in de toekomst: zet de klok van de bron gelijk",
                "the time lies more than 300 seconds in the future: set the source's clock right",
            )
        ]
    if time < EARLIEST:
        return [
            violation(
                Reason.R10,
                pointer,
                "het tijdstip ligt vóór 2010-01-01: controleer het jaartal",
                "the time lies before 2010-01-01: check the year",
            )
        ]
    return []
