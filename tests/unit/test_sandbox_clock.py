"""The clock of a sandbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from streams.clock import SandboxClock

MOMENT = datetime(2023, 1, 2, 9, tzinfo=UTC)


def test_it_stands_at_the_last_entry_and_never_goes_back() -> None:
    clock = SandboxClock(MOMENT)
    clock.advance(MOMENT + timedelta(days=1))
    clock.advance(MOMENT)
    assert clock.now() == MOMENT + timedelta(days=1)


def test_before_the_first_entry_it_is_the_systems_clock_and_then_the_entrys() -> None:
    clock = SandboxClock(None)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    clock.advance(MOMENT)
    assert clock.now() == MOMENT
