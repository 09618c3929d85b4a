"""``python -m simulation PEOPLE SEED [PROFILE]``: a population's events on standard output, as the demonstration reads them."""

from __future__ import annotations

import sys

from simulation.faults import FaultProfile
from simulation.run import stream


def main(people: str, seed: str, profile: str = FaultProfile.NONE) -> None:
    """Write the events as NDJSON, in the order in which they reach the ledger."""
    out = sys.stdout.buffer
    try:
        for line in stream(int(people), int(seed), FaultProfile(profile)):
            out.write(line)
        out.flush()
    except BrokenPipeError:
        sys.stderr.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
