"""``python -m simulation PEOPLE SEED``: a population's events on standard output, as the demonstration reads them."""

from __future__ import annotations

import sys

from simulation.run import stream


def main(people: str, seed: str) -> None:
    """Write the events as NDJSON, in the order in which they reach the ledger."""
    out = sys.stdout.buffer
    try:
        for line in stream(int(people), int(seed)):
            out.write(line)
        out.flush()
    except BrokenPipeError:
        sys.stderr.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
