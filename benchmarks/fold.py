"""What the reading side costs per person: history and clocks, findings and facts on top. Run: python -m benchmarks.fold

The people are the simulator's, read from its feed as the ledger would open them; their merged streams are folded under their
survivor. One process, one core; CPU time, the best of some rounds, so that a busy machine tells less.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date

import msgspec

from ledger.catalogue import StreamKind, catalogue
from ledger.dependencies import next_change, references
from ledger.entry import OpenEntry
from ledger.finding import evaluate
from ledger.history import History, history
from ledger.identity import SANDBOX_PSEUDONYM_KEY, pseudonym
from ledger.merge import Links
from ledger.projection import projections_of
from ledger.reference import KINDS, Reference
from ledger.stream import kind_of
from ledger.subject import Subject
from ledger.submission import Submission
from ledger.verdict import Position, StreamId
from simulation.run import stream

_submission = msgspec.json.Decoder(Submission)


def opened(lines: Iterable[bytes]) -> list[OpenEntry]:
    """The feed as opened entries, in order of arrival."""
    types = catalogue()
    versions: dict[str, int] = {}
    entries: list[OpenEntry] = []
    for position, line in enumerate(lines, 1):
        told = _submission.decode(line)
        kind, _, rest = told.subject.partition("/")
        where = StreamId(f"persoon/{pseudonym(rest, SANDBOX_PSEUDONYM_KEY)}" if kind == "insz" else told.subject)
        versions[where] = version = versions.get(where, 0) + 1
        recorded = told.recordedat.astimezone(UTC)
        entries.append(
            OpenEntry(
                position=Position(position),
                stream=where,
                version=version,
                type=types.types[told.type].name,
                id=told.id,
                source=told.source,
                role=told.publisherrole,
                time=told.time.astimezone(UTC),
                time_precision=told.timeprecision.value,
                recorded_at=recorded,
                admitted_at=told.admittedat.astimezone(UTC) if told.admittedat else recorded,
                sequence=int(told.sequence),
                payload=types.read(told.type, bytes(told.data)),
            )
        )
    return entries


def grouped(entries: Iterable[OpenEntry], links: Links) -> dict[StreamId, list[OpenEntry]]:
    """Entries by the root of their stream."""
    found: dict[StreamId, list[OpenEntry]] = {}
    for entry in entries:
        found.setdefault(links.root_of(entry.stream), []).append(entry)
    return found


def best(rounds: int, work: Callable[[], object]) -> float:
    """The least CPU time of some runs, in seconds, without the collector's pauses."""
    taken = []
    for _ in range(rounds):
        gc.collect()
        gc.disable()
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
        gc.enable()
    return min(taken)


class Fold:
    """One population, ready to be folded."""

    def __init__(self, people: int, seed: int) -> None:
        entries = opened(stream(people, seed))
        self.links = Links().extended(entries)
        groups = grouped(entries, self.links)
        self.as_of: date = max(entry.local_date for entry in entries)
        shared = (history(held, key=key, as_of=self.as_of) for key, held in groups.items() if kind_of(key) in KINDS)
        self.reference = Reference(shared, as_of=self.as_of)
        self.people = {key: held for key, held in groups.items() if kind_of(key) is StreamKind.PERSON}
        self.entries = sum(map(len, self.people.values()))

    def histories(self) -> list[History]:
        return [history(held, key=key, as_of=self.as_of, links=self.links) for key, held in self.people.items()]

    def subjects(self, histories: Sequence[History]) -> list[Subject]:
        return [Subject(one, self.reference) for one in histories]


def main() -> None:
    """Print microseconds per person for each stage, each on top of those before it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--profile", action="store_true", help="show where the time of one round goes")
    chosen = arguments.parse_args()
    fold = Fold(chosen.people, chosen.seed)
    histories = fold.histories()
    count = len(fold.people)

    def clocks() -> object:
        return [subject.clocks for subject in fold.subjects(histories)]

    def findings() -> object:
        return [subject.memo(evaluate) for subject in fold.subjects(histories)]

    def views() -> object:
        """All rows of all projections, and when to look again: what the runner does after loading."""
        return [
            ([found.records(subject) for found in projections_of(subject.kind)], references(subject), next_change(subject))
            for subject in fold.subjects(histories)
        ]

    stages: dict[str, Callable[[], object]] = {
        "history": fold.histories,
        "clocks": clocks,
        "clocks and findings": findings,
        "all views": views,
    }
    print(f"{count} people, {fold.entries} entries, {fold.entries / count:.1f} each")
    for name, work in stages.items():
        print(f"{name:>20}: {best(chosen.rounds, work) / count * 1e6:7.1f} µs of CPU per person")
    if chosen.profile:
        for name, work in stages.items():
            profile = cProfile.Profile()
            profile.runcall(work)
            print(f"\n{name}")
            pstats.Stats(profile).sort_stats("tottime").print_stats(18)


if __name__ == "__main__":
    main()
