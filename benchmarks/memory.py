"""How much memory the ledger's own processes take while a million events stream in.

    python -m benchmarks.memory [--people 52000]

A sandbox is started with ``ledger up``; the simulator's stream is published over HTTP as it is made; every half second the
resident memory of the ledger's main process and of its projection runner is read, PostgreSQL beside it. Prints the peaks and
the throughput. The limit of the issue is 1 GB for the ledger's own processes together.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil

from simulation.faults import FaultProfile
from simulation.run import stream
from tests.faults.ledger_process import LedgerProcess

BATCH = 1_000


class Watch(threading.Thread):
    """Samples resident memory, in MB, of a process and its children."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.peaks = {"ledger": 0.0, "runner": 0.0, "both": 0.0, "postgres": 0.0}
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.wait(0.5):
            now = {"ledger": 0.0, "runner": 0.0, "postgres": 0.0}
            try:
                main = psutil.Process(self._pid)
                now["ledger"] = main.memory_info().rss / 2**20
                for child in main.children(recursive=True):
                    kind = "postgres" if "postgres" in child.name() else "runner"
                    now[kind] += (child.memory_full_info().pss if kind == "postgres" else child.memory_info().rss) / 2**20
            except psutil.NoSuchProcess:
                continue
            now["both"] = now["ledger"] + now["runner"]
            for name, value in now.items():
                self.peaks[name] = max(self.peaks[name], value)


def batches(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Bodies of a thousand lines."""
    held: list[bytes] = []
    for line in lines:
        held.append(line)
        if len(held) == BATCH:
            yield b"".join(held)
            held = []
    if held:
        yield b"".join(held)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=52_000)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory(prefix="ledger-memory") as folder:
        ledger = LedgerProcess(Path(folder) / "data")
        ledger.data.mkdir()
        ledger.start()
        watch = Watch(ledger.pid)
        watch.start()
        sent = 0
        busy = 0.0
        try:
            with httpx.Client(timeout=60) as client:
                for body in batches(stream(people, 1, FaultProfile.REALISTIC)):
                    began = time.perf_counter()
                    while True:
                        answer = client.post(f"{ledger.url}/api/events", content=body, headers={"content-type": "application/x-ndjson"})
                        if answer.status_code == 200:
                            break
                        time.sleep(float(answer.headers.get("retry-after", "1")))
                    busy += time.perf_counter() - began
                    sent += body.count(b"\n")
                print(f"{sent} events published in {busy:.0f} s ({sent / busy:.0f} events/s, one request at a time)")
                began = time.perf_counter()
                while True:
                    status = client.get(f"{ledger.url}/api/status").json()
                    if all(one["lag"] == 0 for one in status["projections"]):
                        break
                    time.sleep(0.5)
                print(f"views caught up {time.perf_counter() - began:.0f} s after the last event; position {status['position']}")
        finally:
            watch.stop.set()
            ledger.stop()
        print("peak resident memory, MB: " + ", ".join(f"{name} {value:.0f}" for name, value in watch.peaks.items()))


if __name__ == "__main__":
    main()
