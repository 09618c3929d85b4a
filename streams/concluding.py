"""A conclusion as an event: it names what it rests on, and is admitted as any other event is."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import msgspec

from ledger.authority import Credential
from ledger.catalogue import canonical
from ledger.codes.policy import Conclusion, EvaluationSubject
from ledger.codes.roles import Role
from ledger.conduct import authorised
from ledger.errors import UsageError
from ledger.events.policy import EvaluationConcluded
from ledger.factbook import Factbook
from ledger.quality import SourceState

SYSTEM = "evaluatie"
"""The system that a first conclusion of an organisation is numbered under."""
_ROLES = (Role.POLICY_OWNER, Role.EVALUATOR)


def concluded(
    facts: Factbook,
    *,
    subject_kind: EvaluationSubject,
    subject_id: str,
    conclusion: Conclusion,
    indicators: tuple[str, ...],
    credential: Credential,
    now: datetime,
    position: int | None = None,
) -> bytes:
    """The event, as its publisher would send it: on the figures of a position, with the next number of its own source.

    ``position`` is that of the sheet that was read, when the ledger has moved on since; that of the facts by default.

    :raises UsageError: nobody may conclude: a sandbox without policy owner, or a token of somebody who is neither that nor an evaluator;
        or the position is not there yet.
    """
    if position is not None and not 1 <= position <= facts.position:
        raise UsageError(f"there are no figures at position {position}: the ledger stands at {facts.position}")
    org, role = _speaker(facts, credential)
    source = f"urn:kbo:{org}:{SYSTEM}"
    said = EvaluationConcluded(
        subject_kind=subject_kind,
        subject_id=subject_id,
        conclusion=conclusion,
        checkpoint_position=facts.position if position is None else position,
        indicator_ids=indicators,
    )
    moment = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    event = {
        "specversion": "1.0",
        "id": _uuid7(now),
        "source": source,
        "type": "be.inburgering.evaluation.concluded.v1",
        "subject": f"beleid/evaluation/{subject_id}",
        "time": moment,
        "timeprecision": "second",
        "recordedat": moment,
        "publisherrole": role.value,
        "sequence": _next(source, facts.sources),
        "datacontenttype": "application/json",
        "data": msgspec.Raw(canonical(said)),
    }
    return msgspec.json.encode(event)


def _speaker(facts: Factbook, credential: Credential) -> tuple[str, Role]:
    if credential.org is not None and credential.role is not None:
        if credential.role not in _ROLES:
            raise UsageError(f"{credential.role.value} concludes nothing: use the token of a policy owner or an evaluator")
        return credential.org, credential.role
    held = authorised(facts)
    for role in _ROLES:
        for org in sorted(held):
            if role.value in held[org]:
                return org, role
    raise UsageError("no organisation is authorised as policy owner or evaluator yet: publish its publisher-authority.changed first")


def _next(source: str, states: tuple[SourceState, ...]) -> int:
    """The number after the highest one of the source that came in."""
    mine = next((one for one in states if one.source == source), None)
    return 1 + max((one.hi for one in mine.ranges), default=0) if mine is not None else 1


def _uuid7(now: datetime) -> str:
    """A UUID of version 7 (RFC 9562)."""
    stamp = int(now.timestamp() * 1000).to_bytes(6, "big")
    chance = bytearray(os.urandom(10))
    chance[0] = 0x70 | chance[0] & 0x0F
    chance[2] = 0x80 | chance[2] & 0x3F
    text = (stamp + bytes(chance)).hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
