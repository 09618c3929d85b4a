"""The AsyncAPI document, read by the public AsyncAPI parser (Node.js; ``make setup`` installs it)."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from ledger.asyncapi import asyncapi_document
from ledger.catalogue import Payload, StreamKind, catalogue, event, withdraw
from ledger.codes.roles import Role
from ledger.fields import Uuid

FOLDER = Path(__file__).parents[1] / "asyncapi"


def parse(document: bytes) -> subprocess.CompletedProcess[bytes]:
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "@asyncapi" / "parser").is_dir():
        pytest.fail("the AsyncAPI parser is not installed: run `make setup` (it needs Node.js with npm), or `npm ci` in tests/asyncapi")
    return subprocess.run([node, "check.mjs"], cwd=FOLDER, input=document, capture_output=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def read() -> dict[str, Any]:
    """What the parser makes of the document."""
    result = parse(asyncapi_document())
    assert result.returncode == 0, result.stderr.decode()
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_the_document_is_valid_asyncapi_3(read: dict[str, Any]) -> None:
    assert read["version"] == "3.0.0"


def test_it_has_the_channels_and_what_the_ledger_does_with_them(read: dict[str, Any]) -> None:
    assert read["channels"] == {
        "submissions": "trajectory.submissions.{publisher}",
        "verdicts": "trajectory.verdicts.{publisher}",
        "entries": "trajectory.entries",
        "restrictedEntries": "trajectory.entries.restricted",
        "events": "/api/events",
        "answers": None,
    }
    assert read["operations"] == {
        "takeSubmission": "receive",
        "giveVerdict": "send",
        "relayEntry": "send",
        "relayRestrictedEntry": "send",
        "publishEvents": "receive",
    }


def test_it_has_a_message_for_every_event_type(read: dict[str, Any]) -> None:
    assert set(catalogue().types) <= set(read["messages"])


def test_every_message_of_a_type_has_an_example_of_it() -> None:
    messages = yaml.safe_load(asyncapi_document())["components"]["messages"]
    for name, declared in catalogue().types.items():
        (example,) = messages[name]["examples"]
        assert example["headers"]["ce_type"] == name
        declared.decode(json.dumps(example["payload"]).encode())


def test_the_check_sees_what_is_wrong() -> None:
    result = parse(asyncapi_document().replace(b"action: receive", b"action: swallow", 1))
    assert result.returncode == 1
    assert b"action" in result.stderr


def test_a_new_type_is_in_the_document_without_more_ado() -> None:
    class ChildcareFound(Payload, frozen=True, kw_only=True):
        """A place in childcare is found."""

        place_id: Uuid

    event("childcare.found", 69, stream=StreamKind.PERSON, publishers=[Role.LOCAL_GOVERNMENT], nl="Opvang gevonden", en="Childcare found")(
        ChildcareFound
    )
    try:
        assert "be.inburgering.childcare.found.v1" in yaml.safe_load(asyncapi_document())["components"]["messages"]
    finally:
        withdraw("childcare.found")
