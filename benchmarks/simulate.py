"""What the simulator costs: events a second and peak memory, for one profile. Run: python -m benchmarks.simulate

One process, one core. The file goes to a temporary folder and is thrown away. A million events are about 50 000 people.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

from simulation.faults import FaultProfile
from simulation.run import simulate, truth_path

MOST_MEMORY_MB = 500
"""What the simulator may hold, however many people there are."""
MOST_MICROSECONDS = 100
"""What an event may cost, all in."""


def main() -> int:
    """Simulate once and print the cost; 1 when a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--faults", type=FaultProfile, default=FaultProfile.REALISTIC, choices=list(FaultProfile))
    parser.add_argument("--truth", action="store_true", help="write the truth file too")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "events.ndjson"
        began, used = time.perf_counter(), time.process_time()
        totals = simulate(asked.people, asked.seed, asked.faults, out, truth_path(out) if asked.truth else None)
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
        size = out.stat().st_size
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{asked.people} people, {asked.faults}, seed {asked.seed}: {totals.lines} lines, {size / 1e6:.0f} MB")
    print(f"good {totals.good}, duplicate {totals.duplicate}, refused {dict(sorted(totals.refused.items()))}")
    print(f"{totals.lines / seconds:,.0f} lines/s on the clock, {totals.lines / cpu:,.0f} lines/s of processor time")
    print(f"{cpu / totals.lines * 1e6:.1f} µs a line (at most {MOST_MICROSECONDS}), peak memory {memory:.0f} MB (at most {MOST_MEMORY_MB})")
    return int(memory > MOST_MEMORY_MB or cpu / totals.lines * 1e6 > MOST_MICROSECONDS)


if __name__ == "__main__":
    raise SystemExit(main())
