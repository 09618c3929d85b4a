"""Valid events on the wire, made from the golden payloads, to be bent by tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ledger.admission import Examined
from ledger.authority import SANDBOX_CREDENTIAL, Credential
from ledger.catalogue import EventType, StreamKind, catalogue
from ledger.codes.roles import Role
from ledger.examination import Examiner

GOLDEN = Path(__file__).parent.parent / "golden"
INSZ = "85073003328"
EVENT_ID = "01900000-0000-7000-8000-000000000001"
PERSON = "persoon/01900000-0000-8000-8000-00000000000a"
ORGS = {Role.AGENCY: "1999010048", Role.VDAB: "1999015095", Role.ACTIRIS: "1999016085", Role.NARIC: "1999019055"}
SPEAKS_FOR = {"employment.started": Role.VDAB, "evc-phase.completed": Role.EVC_PROVIDER}
"""Who publishes the golden payload, where the first role of the list may not say all of it."""
OTHER_ORG = "1999038059"

EXAMINER = Examiner(catalogue=catalogue(), pseudonym_key=b"key", digest_key=b"digest", sandbox=False)


def golden(name: str, version: int = 1) -> dict[str, Any]:
    """The golden payload of a type."""
    document: dict[str, Any] = json.loads((GOLDEN / name / f"v{version}.json").read_text())
    return document


def subject_of(declared: EventType, data: dict[str, Any], org: str) -> str:
    """A subject that fits the type and its payload."""
    payload = declared.decode(json.dumps(data).encode())
    key = payload.stream_key()
    if declared.stream in {StreamKind.ANY, StreamKind.PERSON}:
        return f"persoon/{key}" if key else PERSON
    if declared.stream is StreamKind.POLICY:
        return f"beleid/{declared.policy_kind}/{key or 'x1'}"
    if declared.stream is StreamKind.PUBLISHER:
        return f"bron/{key or org}"
    return f"{declared.stream.value}/{key or org}"


def event(name: str, *, role: Role | None = None, data: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """A structured-mode event of a type that is admitted as it stands; ``changes`` replace attributes, None removes one."""
    declared = catalogue().newest[name]
    chosen = role or SPEAKS_FOR.get(name) or min(declared.publishers, key=lambda r: list(Role).index(r))
    org = ORGS.get(chosen, OTHER_ORG)
    payload = golden(name) | (data or {})
    made: dict[str, Any] = {
        "specversion": "1.0",
        "id": EVENT_ID,
        "source": f"urn:kbo:{org}:test",
        "type": declared.full_name,
        "subject": "",
        "time": "2025-03-03T09:30:00+01:00",
        "recordedat": "2025-03-03T09:31:00+01:00",
        "publisherrole": chosen.value,
        "sequence": 1,
        "timeprecision": "second",
        "grondslag": "public_task",
        "data": payload,
    }
    if name in {"event.corrected", "event.retracted"}:
        payload["target_source"] = made["source"]
    if "subject" not in changes:
        made["subject"] = subject_of(declared, golden(name), org)
    made.update(changes)
    return {key: value for key, value in made.items() if value is not None}


def examine(made: dict[str, Any] | bytes, credential: Credential = SANDBOX_CREDENTIAL, examiner: Examiner = EXAMINER) -> Examined:
    """Examine an event."""
    raw = made if isinstance(made, bytes) else json.dumps(made).encode()
    return examiner.examine(raw, credential)


def reasons(made: dict[str, Any] | bytes, credential: Credential = SANDBOX_CREDENTIAL) -> list[str]:
    """The reasons found, each as ``R14/B01`` or ``R01``, in the order found."""
    return [v.reason.value + (f"/{v.rule}" if v.rule else "") for v in examine(made, credential).violations]
