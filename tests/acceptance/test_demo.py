"""The demonstration says on the console when everybody is loaded, and when the views have caught up."""

from __future__ import annotations

import time

import httpx

from tests.acceptance.ledgers import RunningLedger

PEOPLE = 60


def wait_for(running: RunningLedger, sentence: str) -> None:
    deadline = time.monotonic() + 60
    while sentence not in running.said:
        assert time.monotonic() < deadline, running.said
        time.sleep(0.05)


def test_the_console_says_when_the_views_have_caught_up_and_again_after_a_restart() -> None:
    with RunningLedger("--demo", str(PEOPLE)) as running:
        wait_for(running, "The views have caught up with the ledger after")
        loaded, _, after = running.said.partition("events in")
        count = int(loaded.rsplit("Loaded ", 1)[1])
        assert count > 0, "a small population is not all to come"
        assert "arrive one by one" in after
        views = httpx.get(f"{running.url}/api/status", timeout=30).json()["projections"]
        assert views
        assert min(view["position"] for view in views) > 0.8 * count, "refused and doubled ones have no position"
        running.stop()
        said = len(running.said)
        running.start("--port", "0", "--demo", str(PEOPLE))
        wait_for(running, f"The demonstration of {PEOPLE} people is loaded already.")
        deadline = time.monotonic() + 60
        while "The views have caught up" not in running.said[said:]:
            assert time.monotonic() < deadline, running.said
            time.sleep(0.05)
        assert "Traceback" not in running.said
