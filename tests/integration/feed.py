"""A feed for tests: events of a few publishers, as they would be on the wire, in the words of a sandbox or an ordinary ledger."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from ledger.admission import Examined
from ledger.authority import SANDBOX_CREDENTIAL, Credential
from ledger.catalogue import TYPE_PREFIX, catalogue
from ledger.codes.roles import Role
from ledger.examination import Examiner
from streams.keys import Keys

GOLDEN = Path(__file__).parents[1] / "golden"
START = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


def kbo(number: int) -> str:
    """A valid KBO number."""
    head = f"{number:08d}"
    return f"{head}{97 - int(head) % 97:02d}"


def numbered_uuid(number: int, version: int, family: int = 0) -> str:
    """A UUID of that version that carries a number below 2⁴⁸."""
    return f"{family:08x}-0000-{version}000-8000-{number:012x}"


def person(number: int) -> str:
    """The stream of a person."""
    return f"persoon/{numbered_uuid(number, 8)}"


class Feed:
    """Makes events, each a little later than the one before; numbers and ids are the same in every run."""

    def __init__(self, keys: Keys, *, sandbox: bool = True, seed: int = 0) -> None:
        self.examiner = Examiner(catalogue=catalogue(), pseudonym_key=keys.pseudonym, digest_key=keys.digest, sandbox=sandbox)
        self._sandbox = sandbox
        self._seed = seed
        self._count = itertools.count(1)
        self._sequences: dict[str, itertools.count[int]] = {}

    def event(
        self,
        name: str = "intake.completed",
        subject: str | None = None,
        *,
        role: Role = Role.AGENCY,
        org: int = 19990100,
        data: dict[str, Json] | None = None,
        time: datetime | None = None,
        **envelope: Json,
    ) -> dict[str, Json]:
        """One event as a JSON object: the golden data of its type, changed by ``data``, in an envelope changed by ``envelope``."""
        number = next(self._count)
        moment = time or START + timedelta(seconds=number)
        source = f"urn:kbo:{kbo(org)}:test"
        payload: dict[str, Json] = msgspec.json.decode((GOLDEN / name / "v1.json").read_bytes())
        payload.update(data or {})
        made: dict[str, Json] = {
            "specversion": "1.0",
            "id": numbered_uuid(number, 7, self._seed),
            "source": source,
            "type": f"{TYPE_PREFIX}{name}.v1",
            "subject": subject or person(number),
            "time": moment.isoformat(),
            "recordedat": moment.isoformat(),
            "publisherrole": role.value,
            "sequence": next(self._sequences.setdefault(source, itertools.count(1))),
            "grondslag": "public_task",
            "data": payload,
        }
        if self._sandbox:
            made["admittedat"] = (moment + timedelta(hours=1)).isoformat()
        made.update(envelope)
        return {name: value for name, value in made.items() if value is not None}

    def examined(self, *events: dict[str, Json], credential: Credential = SANDBOX_CREDENTIAL) -> list[Examined]:
        """Events through the examiner."""
        return [self.examiner.examine(msgspec.json.encode(event), credential) for event in events]

    def intakes(self, subjects: Iterable[str]) -> list[Examined]:
        """One intake for each of these streams."""
        return self.examined(*(self.event(subject=subject) for subject in subjects))
