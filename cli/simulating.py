"""``ledger simulate``: writes the population and tells the counts that the ledger must come to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from cli.output import answer, answer_json, progress, table
from cli.stopping import stoppable
from ledger.errors import LedgerError, UsageError
from simulation.faults import FaultProfile
from simulation.run import simulate as write
from simulation.run import truth_path


class Simulated(msgspec.Struct, frozen=True, kw_only=True):
    """What a simulation wrote, and what admission must make of it."""

    people: int
    seed: int
    faults: FaultProfile
    out: str
    truth: str
    events: int
    good: int
    """To be admitted."""
    duplicate: int
    refused: int
    refused_by_code: Mapping[str, int]


def simulate(*, people: int, seed: int, faults: str, out: Path, as_json: bool) -> None:
    """Write the events and the truth.

    :raises UsageError: the profile or the seed is none, or OUT is a folder.
    :raises LedgerError: a file cannot be written.
    """
    if faults not in set(FaultProfile):
        raise UsageError(f"--faults {faults}: no such profile; profiles are {', '.join(FaultProfile)}")
    if not 0 <= seed < 2**63:
        raise UsageError(f"--seed {seed}: a seed lies between 0 and {2**63 - 1}")
    if out.is_dir():
        raise UsageError(f"--out {out} is a folder; name a file in it, for example {out / 'events.ndjson'}")
    truth = truth_path(out)
    try:
        with progress("Simulating", 2 * people, unit="share") as meter, stoppable() as look:

            def moved(done: int, total: int) -> None:
                look()
                meter.at(done, total)

            totals = write(people, seed, FaultProfile(faults), out, truth, moved)
    except OSError as error:
        raise LedgerError(f"{error.filename or out} cannot be written: {error.strerror}; name another place with --out") from error
    simulated = Simulated(
        people=people,
        seed=seed,
        faults=FaultProfile(faults),
        out=str(out),
        truth=str(truth),
        events=totals.lines,
        good=totals.good,
        duplicate=totals.duplicate,
        refused=sum(totals.refused.values()),
        refused_by_code=dict(sorted(totals.refused.items())),
    )
    if as_json:
        answer_json(msgspec.json.encode(simulated))
        return
    answer(f"{simulated.events} events of {people} people in {out}, the truth about them in {truth}.")
    table(
        ["the ledger must find", "events"],
        [("good", str(simulated.good)), ("duplicate", str(simulated.duplicate)), ("to be refused", str(simulated.refused))],
        right=["events"],
    )
