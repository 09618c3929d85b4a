"""The truth beside the events: what each person's effective history is, what could have been, and every planted fault.

Written as it comes, person by person, so that it needs no more memory than the events.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import msgspec

from ledger.catalogue import Payload, canonical, type_of
from ledger.verdict import Reason
from simulation.faults import Fault
from simulation.kin import Kin
from simulation.life import NEVER, Life
from simulation.moment import day_text
from simulation.organisations import Source


class Totals(msgspec.Struct):
    """The simulator's own counts: what the ledger must answer to the whole file."""

    good: int = 0
    """Submissions that are admitted."""
    duplicate: int = 0
    """Identical redeliveries, acknowledged with the first position."""
    refused: dict[str, int] = {}
    """Refusals by reason code."""

    @property
    def lines(self) -> int:
        """Submissions in all."""
        return self.good + self.duplicate + sum(self.refused.values())

    def refuse(self, reason: Reason, times: int = 1) -> None:
        """Count refusals."""
        if times:
            self.refused[reason.value] = self.refused.get(reason.value, 0) + times


class Effective(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An event that counts in the end, with its effective content."""

    id: str
    type: str
    """Short type."""
    source: str
    date: str
    """Local date."""
    data: msgspec.Raw
    also: str | None = None
    """The id of a second report of the same fact (F03); the lower id counts once."""


def effective(payload: Payload, source: Source, id: str, day: int, also: str | None = None) -> Effective:
    """The note that an event counts, with this content, on this day."""
    return Effective(
        id=id,
        type=type_of(type(payload)).name,
        source=source.urn,
        date=day_text(day),
        data=msgspec.Raw(canonical(payload)),
        also=also,
    )


class Planted(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One planted fault."""

    kind: Fault
    id: str
    """The event that it befell."""
    code: str | None = None
    """The refusal it must get."""
    rule: str | None = None
    by: str | None = None
    """The event that mends or causes it: a correction, a retraction, a second report."""
    copies: int | None = None


class Told(msgspec.Struct):
    """What became of one person's, or one thing's, facts."""

    effective: list[Effective] = []
    planted: list[Planted] = []


class PilotTruth(msgspec.Struct, frozen=True):
    """A pilot's lottery for a person who was eligible."""

    pilot: str
    theme: str
    eligible_on: str
    enrolled_on: str
    """The day of enrolment, if offered and accepted."""
    offered: bool
    accepts: bool


class WorkTruth(msgspec.Struct, frozen=True):
    """Potential outcomes: the day of the first job without any pilot and with enrolment in each effective one."""

    chance_bp: int
    """Probability of a first job without pilots, in basis points."""
    without: str | None
    with_sector_trajectory: str | None
    with_vervolgtraject: str | None
    actual: str | None


class PersonTruth(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that the simulator knows of a person."""

    person: int
    insz: tuple[str, ...]
    """The person's numbers, the surviving one last."""
    refs: tuple[str, ...]
    """Their pseudonyms in a sandbox, in the same order; the timeline stands under the last."""
    contract: str
    agency: str
    region: str
    female: bool
    birth_year: int
    motivated: bool
    self_reliance: str
    registered: str | None
    end: str | None
    end_reason: str | None
    gone: str | None
    """Death or departure: nothing is observed after it."""
    work: WorkTruth | None
    pilots: tuple[PilotTruth, ...]
    editions: tuple[str, ...]
    jobs: tuple[tuple[str, str], ...]
    """First and last day of each job."""
    erased: str | None
    effective: list[Effective]
    faults: list[Planted]


class ThingTruth(msgspec.Struct, frozen=True):
    """The effective history of an edition, an offer, an employer, a signal or of policy, by stream."""

    stream: str
    effective: list[Effective]
    faults: list[Planted]


def _day(day: int) -> str | None:
    return day_text(day) if 0 < day < NEVER - 1 else None


def person_truth(life: Life, told: Told, kin: Kin) -> PersonTruth:
    """The truth of one life."""
    person, potential = life.person, life.potential
    work = None
    if potential is not None:
        work = WorkTruth(
            chance_bp=int(potential.p * 10_000 + 0.5),
            without=_day(potential.nothing),
            with_sector_trajectory=_day(potential.sector),
            with_vervolgtraject=_day(potential.advanced),
            actual=_day(potential.actual),
        )
    return PersonTruth(
        person=person.index,
        insz=kin.numbers,
        refs=kin.refs,
        contract=day_text(life.start),
        agency=person.agency.kbo,
        region=person.region.value,
        female=person.female,
        birth_year=person.birth.year,
        motivated=person.motivated,
        self_reliance=person.reliance.value,
        registered=_day(life.registered),
        end=_day(life.end),
        end_reason=life.end_reason.value if life.end_reason is not None else None,
        gone=_day(life.gone),
        work=work,
        pilots=tuple(
            PilotTruth(c.pilot_id, c.theme.value, day_text(c.on), day_text(c.enrolled), c.offered, c.accepted)
            for _, c in sorted(life.chances.items())
        ),
        editions=tuple(chosen.edition_id for _, chosen in life.enrolments),
        jobs=tuple((day_text(job.first), day_text(job.last)) for job in life.jobs),
        erased=None if kin.erased is None else _day(kin.erased),
        effective=told.effective,
        faults=told.planted,
    )


class Header(msgspec.Struct, frozen=True):
    """What made the file."""

    version: int
    seed: int
    people: int
    faults: str


class Book:
    """Writes the truth file: ``{"made": …, "persons": [one a line], "things": [one a line], "sources": …, "totals": …}``."""

    def __init__(self, path: Path, header: Header) -> None:
        self._encode = msgspec.json.Encoder().encode
        self._file: BinaryIO = path.open("wb")
        self._file.write(b'{"made":' + self._encode(header) + b',"persons":[\n')
        self._first = True
        self._in_things = False

    def person(self, truth: PersonTruth) -> None:
        """Write a person; all persons come before the things."""
        self._item(truth)

    def thing(self, truth: ThingTruth) -> None:
        """Write a stream that is no person."""
        if not self._in_things:
            self._section(b"things")
        self._item(truth)

    def close(self, gaps: Iterable[tuple[str, int]], healed: Iterable[tuple[str, int]], totals: Totals) -> None:
        """Write the sequence numbers that no event carries, those that came hours late, and the totals."""
        if not self._in_things:
            self._section(b"things")
        self._file.write(b'\n],"gaps":' + self._encode(list(gaps)) + b',"healed":' + self._encode(list(healed)))
        self._file.write(b',"totals":' + self._encode(totals) + b"}\n")
        self._file.close()

    def abandon(self) -> None:
        """Close without finishing."""
        self._file.close()

    def _section(self, name: bytes) -> None:
        self._file.write(b'\n],"' + name + b'":[\n')
        self._first = True
        self._in_things = True

    def _item(self, truth: PersonTruth | ThingTruth) -> None:
        if not self._first:
            self._file.write(b",\n")
        self._first = False
        self._file.write(self._encode(truth))
