"""Indicators over many people: what one figure costs once its facts are in memory. Run: python -m benchmarks.indicators

The facts of a simulated population are repeated under other keys until there are enough persons. The design asks for 50 ms
for an indicator over 250 000 people; the first question after a change pays for the reading of its views besides.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial

import polars as pl

from benchmarks.fold import Fold
from ledger.factbook import Factbook, frame_of
from ledger.figure import figure
from ledger.indicator import indicators
from ledger.projection import SqlValue, projections, projections_of

TARGET_MS = 50.0


def facts_of(people: int, seed: int, upto: int) -> Factbook:
    """The facts of ``upto`` persons, made of those of ``people`` simulated ones."""
    fold = Fold(people, seed)
    wanted = {name for declared in indicators().values() for name in declared.needs} & set(projections())
    records: dict[str, list[tuple[SqlValue, ...]]] = {name: [] for name in wanted}
    for subject in fold.subjects(fold.histories()):
        for projection in projections_of(subject.kind):
            if projection.name in wanted:
                records[projection.name] += projection.records(subject)
    times = -(-upto // len(fold.people))
    frames = {name: _repeated(frame_of(projections()[name], rows), times) for name, rows in records.items()}
    return Factbook(frames, as_of=fold.as_of, position=fold.entries * times)


def _repeated(frame: pl.DataFrame, times: int) -> pl.DataFrame:
    return pl.concat([frame.with_columns((pl.col("key") + f"-{number}").alias("key")) for number in range(times)])


def milliseconds(rounds: int, work: Callable[[], object]) -> float:
    """The median of some runs."""
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def main() -> int:
    """Print the time per indicator; 1 when the share of persons registered in time takes longer than the target."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--people", type=int, default=250_000)
    arguments.add_argument("--simulated", type=int, default=1_000)
    arguments.add_argument("--rounds", type=int, default=5)
    chosen = arguments.parse_args()
    facts = facts_of(chosen.simulated, 7, chosen.people)
    began = time.perf_counter()
    people = facts.people().collect().height
    print(f"{people} persons with a contract; their dimensions take {(time.perf_counter() - began) * 1000:.0f} ms, once")
    measured: dict[str, float] = {}
    for id, declared in indicators().items():
        first = milliseconds(1, partial(figure, declared, facts))
        plain = measured[id] = milliseconds(chosen.rounds, partial(figure, declared, facts))
        split = next((name for name in ("region", *declared.dimensions) if name in declared.dimensions), None)
        told = f"{milliseconds(chosen.rounds, partial(figure, declared, facts, by=(split,))):7.1f} ms by {split}" if split else ""
        print(f"{id}  {plain:7.1f} ms (first {first:6.0f} ms)  {told}")
    print(f"median over all {statistics.median(measured.values()):.1f} ms, IND-01 {measured['IND-01']:.1f} ms; target {TARGET_MS:.0f} ms")
    return 0 if measured["IND-01"] <= TARGET_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
