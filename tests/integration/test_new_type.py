"""Adding a type is one file: a type declared on the fly is published, stored, read back, told and shown as any other."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import ledger.events
from ledger.asyncapi import asyncapi_document
from ledger.authority import SANDBOX_CREDENTIAL
from ledger.catalogue import catalogue, withdraw
from ledger.examination import Examiner
from ledger.schema import json_schema
from ledger.verdict import Outcome, StreamId, Verdict
from streams.clock import SandboxClock, SystemClock
from streams.folder import Mode
from streams.keys import Keys
from streams.postgres.store import Store
from streams.projecting import Projecting
from streams.sequencer import Sequencer
from streams.subjects import Subjects

MODULE = '''
"""A subject that the catalogue did not know."""

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.roles import Role
from ledger.fields import Minutes, Uuid


@event(
    "bicycle.lent",
    70,
    stream=StreamKind.PERSON,
    publishers=[Role.LOCAL_GOVERNMENT],
    nl="Fiets uitgeleend",
    en="Bicycle lent",
    natural_key=("bicycle_id",),
)
class BicycleLent(Payload, frozen=True, kw_only=True):
    """A bicycle to ride to work on."""

    bicycle_id: Uuid
    ride: Minutes

    def check(self, context: Context):
        if self.ride > 180:
            yield contradiction("ride", "een rit duurt hoogstens 180 minuten", "a ride takes at most 180 minutes")
'''
PERSON = StreamId("persoon/01900001-7c3a-8b1e-9d42-000000000b1c")
TYPE = "be.inburgering.bicycle.lent.v1"


@pytest.fixture
def bicycles(tmp_path: Path) -> Iterator[None]:
    """The file is put beside the others, and taken away again."""
    (tmp_path / "bicycle.py").write_text(MODULE, encoding="utf-8")
    ledger.events.__path__.append(str(tmp_path))
    importlib.invalidate_caches()
    catalogue.cache_clear()
    yield
    ledger.events.__path__.remove(str(tmp_path))
    sys.modules.pop("ledger.events.bicycle", None)
    withdraw("bicycle.lent")


def _event(number: int, **changes: object) -> bytes:
    made: dict[str, object] = {
        "specversion": "1.0",
        "id": f"01900001-7c3a-7b1e-9d42-{number:012d}",
        "source": "urn:kbo:1999031032:mobility",
        "type": TYPE,
        "subject": PERSON,
        "time": "2025-05-05T10:00:00+02:00",
        "recordedat": "2025-05-05T10:01:00+02:00",
        "publisherrole": "local_government",
        "sequence": number,
        "grondslag": "public_task",
        "data": {"bicycle_id": "01900001-7c3a-7b1e-9d42-000000001eef", "ride": 25},
    }
    return json.dumps(made | changes).encode()


@pytest.mark.usefixtures("bicycles")
async def test_a_type_added_in_one_file_goes_the_whole_way(database_url: str, keys: Keys) -> None:
    types = catalogue()
    async with await Store.open(database_url, keys=keys, types=types) as store:
        await store.found(Mode.SANDBOX, datetime(2020, 1, 1, tzinfo=UTC))
        verdicts = await _published(store, keys)
        assert [verdict.outcome for verdict in verdicts] == [Outcome.ADMITTED, Outcome.REFUSED, Outcome.REFUSED, Outcome.REFUSED]
        assert [verdict.code for verdict in verdicts[1:]] == ["R15", "R03", "R01"]

        [subject] = await Subjects(store).of([PERSON], as_of=date(2025, 6, 1))
        [fact] = subject.history.facts
        assert (fact.entry.type, fact.date) == ("bicycle.lent", date(2025, 5, 5))

        projecting = Projecting(store, wall=SystemClock(), sandbox=True)
        await projecting.prepare()
        while await projecting.runner.advance(projecting.tables) is not None:
            pass
        assert await store.pool.fetchval("SELECT type FROM view.timeline WHERE key = $1", PERSON) == "bicycle.lent"
        assert await store.pool.fetchval("SELECT sum(n) FROM view.flows WHERE type = 'bicycle.lent'") == 1
    assert b"bicycle_id" in json_schema(types.types[TYPE])
    assert TYPE.encode() in asyncapi_document()


async def _published(store: Store, keys: Keys) -> list[Verdict]:
    examiner = Examiner(catalogue=catalogue(), pseudonym_key=keys.pseudonym, digest_key=keys.digest, sandbox=True)
    events = [
        _event(1),
        _event(2, data={"bicycle_id": "01900001-7c3a-7b1e-9d42-000000001eef", "ride": 500}),
        _event(3, publisherrole="vdab"),
        _event(4, data={"bicycle_id": "01900001-7c3a-7b1e-9d42-000000001eef", "ride": 25, "colour": "red"}),
    ]
    async with Sequencer(store, clock=SandboxClock(None)) as sequencer:
        return await sequencer.submit([examiner.examine(event, SANDBOX_CREDENTIAL) for event in events])
