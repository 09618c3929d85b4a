"""Golden documents: what was once written is readable for ever, and reads back to the same canonical bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest
import rfc8785

from ledger.catalogue import EventType, canonical, catalogue
from tests.unit.samples import GOLDEN, context

MANIFEST = GOLDEN / "digests.txt"
"""SHA-256 and path of every golden file. A line is added with a new type or version; none is ever changed or removed."""

FILES = sorted(GOLDEN.glob("*/v*.json"))
TYPES = list(catalogue().types.values())


def golden(declared: EventType) -> Path:
    return GOLDEN / declared.name / f"v{declared.version}.json"


@pytest.mark.parametrize("declared", TYPES, ids=[t.full_name for t in TYPES])
def test_every_version_of_every_type_has_a_golden_document(declared: EventType) -> None:
    assert golden(declared).is_file(), f"write {golden(declared)}: one canonical data document of {declared.full_name}"


@pytest.mark.parametrize("file", FILES, ids=[f"{f.parent.name}.{f.stem}" for f in FILES])
def test_a_golden_document_reads_back_to_its_own_bytes(file: Path) -> None:
    written = file.read_bytes().rstrip(b"\n")
    declared = catalogue().types[f"be.inburgering.{file.parent.name}.{file.stem}"]
    assert canonical(declared.decode(written)) == written
    newest = catalogue().read(declared.full_name, written)
    assert type(newest) is catalogue().newest[declared.name].payload


@pytest.mark.parametrize("declared", TYPES, ids=[t.full_name for t in TYPES])
def test_canonical_bytes_are_those_of_rfc_8785(declared: EventType) -> None:

    written = golden(declared).read_bytes()
    assert rfc8785.dumps(msgspec.json.decode(written)) == written.rstrip(b"\n")


@pytest.mark.parametrize("declared", TYPES, ids=[t.full_name for t in TYPES])
def test_a_golden_document_contradicts_itself_for_no_one_who_may_publish_it(declared: EventType) -> None:
    payload = declared.decode(golden(declared).read_bytes())
    assert any(not list(payload.check(context(role))) for role in declared.publishers)


def test_no_golden_document_was_changed_or_lost() -> None:
    digests = {f"{f.parent.name}/{f.name}": hashlib.sha256(f.read_bytes()).hexdigest() for f in FILES}
    listed = {path: digest for digest, path in (line.split() for line in MANIFEST.read_text(encoding="utf-8").splitlines())}
    assert digests == listed, "golden files are never changed; give a changed type a new version, and add a line for each new file"
