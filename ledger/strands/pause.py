"""Pauses: when a contract or a recognition file stood still (domain-rules.md 5.2)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ledger.codes.recognition import PAUSING_STATUSES, FileStatus
from ledger.deadline import Pause
from ledger.events.contract import ContractResumed, ContractSuspended
from ledger.events.diploma import RecognitionFileStatusChanged
from ledger.history import Fact
from ledger.subject import Subject

RESUMING_STATUSES = frozenset({FileStatus.COMPLETE, FileStatus.RESUMED})
"""Statuses that end a pause (3.46)."""


def contract_pauses_of(subject: Subject) -> dict[str, tuple[Pause, ...]]:
    """The suspensions per contract_id. The planned ``until`` ends nothing, only contract.resumed does."""
    if not subject.history.of(ContractSuspended):
        return {}
    found: dict[str, list[Pause]] = {}
    since: dict[str, date] = {}
    for fact in subject.history.of_any(ContractSuspended, ContractResumed):
        payload = fact.payload
        if isinstance(payload, ContractSuspended):
            since.setdefault(payload.contract_id, fact.date)
        elif isinstance(payload, ContractResumed) and payload.contract_id in since:
            found.setdefault(payload.contract_id, []).append(Pause(since.pop(payload.contract_id), fact.date))
    for contract_id, day in since.items():
        found.setdefault(contract_id, []).append(Pause(day, None))
    return {contract_id: tuple(held) for contract_id, held in found.items()}


def file_pauses(statuses: Iterable[Fact[RecognitionFileStatusChanged]]) -> tuple[Pause, ...]:
    """The pauses of one case: from the first ★ status to the next ``complete`` or ``resumed``, whatever ★ comes between."""
    found: list[Pause] = []
    since: date | None = None
    for fact in statuses:
        status = fact.payload.status
        if status in PAUSING_STATUSES:
            since = since or fact.date
        elif since is not None and status in RESUMING_STATUSES:
            found.append(Pause(since, fact.date))
            since = None
    if since is not None:
        found.append(Pause(since, None))
    return tuple(found)
