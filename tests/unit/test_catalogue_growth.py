"""The catalogue grows: a new version of a type, and a new type in one file."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import ledger.events
from ledger.catalogue import Payload, StreamKind, canonical, catalogue, event, type_of, withdraw
from ledger.codes.roles import Role
from ledger.codes.work import JobEndReason
from ledger.events.work import EmploymentEnded
from ledger.fields import Uuid
from tests.unit.samples import GOLDEN, document


def lift(old: Payload) -> Payload:
    """What a v1 that said nothing on notice means in v2."""
    assert isinstance(old, EmploymentEnded)
    return EmploymentEndedV2(job_id=old.job_id, reason=old.reason, notice_given=False)


class EmploymentEndedV2(Payload, frozen=True, kw_only=True):
    """``employment.ended`` with one more field."""

    job_id: Uuid
    reason: JobEndReason
    notice_given: bool


@pytest.fixture
def second_version() -> Iterator[None]:
    first = type_of(EmploymentEnded)
    withdraw("employment.ended")
    settings = {"stream": first.stream, "publishers": first.publishers, "nl": first.nl, "en": first.en, "natural_key": first.natural_key}
    event("employment.ended", first.number, after_life=True, upcast=lift, **settings)(EmploymentEnded)  # type: ignore[arg-type]
    event("employment.ended", first.number, after_life=True, version=2, **settings)(EmploymentEndedV2)  # type: ignore[arg-type]
    yield
    withdraw("employment.ended", 2)
    withdraw("employment.ended", 1)
    event("employment.ended", first.number, after_life=True, **settings)(EmploymentEnded)  # type: ignore[arg-type]
    assert catalogue().newest["employment.ended"] == first


@pytest.mark.usefixtures("second_version")
def test_bytes_of_the_first_version_are_read_as_the_second() -> None:
    written = (GOLDEN / "employment.ended" / "v1.json").read_bytes()
    read = catalogue().read("be.inburgering.employment.ended.v1", written)
    assert read == EmploymentEndedV2(job_id=str(document("employment.ended")["job_id"]), reason=JobEndReason.NEW_JOB, notice_given=False)
    assert catalogue().newest["employment.ended"].payload is EmploymentEndedV2


@pytest.mark.usefixtures("second_version")
def test_the_second_version_is_read_as_itself_and_the_first_does_not_take_it() -> None:
    new = msgspec.json.encode(document("employment.ended", notice_given=True))
    read = catalogue().read("be.inburgering.employment.ended.v2", new)
    assert catalogue().read("be.inburgering.employment.ended.v2", canonical(read)) == read
    with pytest.raises(msgspec.ValidationError):
        catalogue().read("be.inburgering.employment.ended.v1", new)


MODULE = '''
"""A subject that the catalogue did not know."""

from ledger.catalogue import Payload, StreamKind, event
from ledger.codes.roles import Role
from ledger.fields import Minutes, Uuid


@event(
    "childcare.found",
    69,
    stream=StreamKind.PERSON,
    publishers=[Role.LOCAL_GOVERNMENT],
    nl="Kinderopvang gevonden",
    en="Childcare found",
    natural_key=("place_id",),
)
class ChildcareFound(Payload, frozen=True, kw_only=True):
    """A place in childcare is found."""

    place_id: Uuid
    travel: Minutes
'''


@pytest.fixture
def new_subject(tmp_path: Path) -> Iterator[None]:
    (tmp_path / "childcare.py").write_text(MODULE, encoding="utf-8")
    ledger.events.__path__.append(str(tmp_path))
    importlib.invalidate_caches()
    catalogue.cache_clear()
    yield
    ledger.events.__path__.remove(str(tmp_path))
    sys.modules.pop("ledger.events.childcare", None)
    withdraw("childcare.found")


@pytest.mark.usefixtures("new_subject")
def test_a_new_type_is_one_file_in_the_folder_of_events() -> None:
    found = catalogue().newest["childcare.found"]
    data = b'{"place_id":"01900001-7c3a-7b1e-9d42-000000001eef","travel":15}'
    assert len(catalogue().newest) == 69
    assert (found.stream, found.publishers) == (StreamKind.PERSON, frozenset({Role.LOCAL_GOVERNMENT}))
    assert canonical(catalogue().read("be.inburgering.childcare.found.v1", data)) == data


def test_it_is_gone_when_its_file_is() -> None:
    assert "childcare.found" not in catalogue().newest
    assert len(catalogue().newest) == 68
