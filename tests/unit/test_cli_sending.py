"""Handing events in: order, retries, counts; against a ledger of a few lines, behind httpx's own mock transport."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import msgspec
import pytest

import cli.sending
from cli.client import Place
from cli.sending import BATCH_EVENTS, Sender, Sent
from cli.submissions import Line
from cli.tally import Tally
from ledger.errors import LedgerError, StoreUnavailable, Unauthorised

PLACE = Place(url="http://ledger", token="t", sandbox=False, how_to_start="start it")
Handler = Callable[[httpx.Request], httpx.Response]


class Ledger:
    """Admits what it has not seen, refuses an event with ``bad``; ``hook`` may answer instead, before or after it wrote."""

    def __init__(self) -> None:
        self.order: list[tuple[str, str]] = []
        self.positions: dict[tuple[str, str], int] = {}
        self.requests = 0
        self.tokens = {"t"}
        self.under_way = 0
        self.most_under_way = 0
        self.before: Callable[[int], httpx.Response | Exception | None] = lambda n: None
        self.after: Callable[[int], Exception | None] = lambda n: None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests += 1
        number = self.requests
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(0.001)
        self.under_way -= 1
        answer = self.before(number)
        if isinstance(answer, Exception):
            raise answer
        if answer is not None:
            return answer
        if request.headers["Authorization"].removeprefix("Bearer ") not in self.tokens:
            return httpx.Response(401, json={"detail": "this token is unknown"})
        verdicts = [self._verdict(line) for line in request.content.split(b"\n")]
        if (lost := self.after(number)) is not None:
            raise lost
        return httpx.Response(200, json={"verdicts": verdicts})

    def _verdict(self, line: bytes) -> dict[str, object]:
        event = json.loads(line)
        key = (event["source"], event["id"])
        known = {"id": event["id"], "source": event["source"]}
        if event.get("bad"):
            return {
                **known,
                "outcome": "refused",
                "code": "R14",
                "rule": "B01",
                "pointer": "/data",
                "message": {"nl": "n", "en": "e"},
                "refusal": 9,
            }
        if key in self.positions:
            return {**known, "outcome": "duplicate", "position": self.positions[key]}
        self.order.append(key)
        self.positions[key] = len(self.order)
        return {**known, "outcome": "admitted", "position": len(self.order)}


def lines(count: int, sources: int = 1, *, timed: bool = False, bad: Sequence[int] = ()) -> list[Line]:
    made = []
    for number in range(count):
        source = f"urn:kbo:{number % sources:010}:x"
        event = {"id": f"{number:06}", "source": source, **({"bad": True} if number in bad else {})}
        made.append(Line(number + 1, json.dumps(event).encode(), source, timed))
    return made


async def send(
    ledger: Ledger, what: Sequence[Line], tally: Tally, *, stop: asyncio.Event | None = None, where: Callable[[], Place] | None = None
) -> None:
    async with Sender(
        where or (lambda: PLACE), tally, dry_run=False, stop=stop or asyncio.Event(), transport=httpx.MockTransport(ledger)
    ) as sender:
        for line in what:
            if not await sender.put(Sent(Path("f"), line)):
                break
        await sender.finish()


@pytest.fixture
def tally() -> Iterator[Tally]:
    with Tally() as tally:
        yield tally


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli.sending, "PATIENCE_SECONDS", 0.5)


async def test_events_of_a_source_keep_their_order_while_several_requests_are_under_way(tally: Tally) -> None:
    ledger = Ledger()
    await send(ledger, lines(20_000, 16), tally)
    assert (tally.admitted, tally.duplicate, tally.refused) == (20_000, 0, 0)
    for source in {source for source, _ in ledger.order}:
        ids = [id for s, id in ledger.order if s == source]
        assert ids == sorted(ids)
    assert ledger.most_under_way > 1


async def test_events_that_carry_their_moment_keep_the_order_of_the_file(tally: Tally) -> None:
    ledger = Ledger()
    await send(ledger, lines(5_000, 16, timed=True), tally)
    assert [id for _, id in ledger.order] == sorted(id for _, id in ledger.order)
    assert ledger.most_under_way == 1


async def test_refusals_come_with_file_line_and_the_number_they_are_kept_under(tally: Tally) -> None:
    await send(Ledger(), lines(10, bad=[3, 7]), tally)
    assert [(r.file, r.line, r.code, r.rule, r.refusal) for r in tally.refusals()] == [("f", 4, "R14", "B01", 9), ("f", 8, "R14", "B01", 9)]
    assert json.loads(b"".join(tally.document()))["refusals"][0] == {
        "id": "000003", "source": "urn:kbo:0000000000:x", "code": "R14", "rule": "B01", "pointer": "/data",
        "message": {"nl": "n", "en": "e"}, "file": "f", "line": 4, "refusal": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(httpx.Response(429, headers={"Retry-After": "0"}), id="busy"),
        pytest.param(httpx.Response(503), id="database away"),
        pytest.param(httpx.ConnectError("refused"), id="no connection"),
        pytest.param(httpx.ReadError("cut"), id="connection cut before anything was written"),
    ],
)
async def test_a_passing_fault_is_retried_and_costs_nothing(fault: httpx.Response | Exception, tally: Tally) -> None:
    ledger = Ledger()
    ledger.before = lambda number: fault if number in {1, 2} else None
    await send(ledger, lines(100), tally)
    assert (tally.admitted, tally.duplicate) == (100, 0)
    assert ledger.requests == 3


async def test_an_answer_that_was_lost_is_counted_as_what_it_was(tally: Tally) -> None:
    ledger = Ledger()
    redelivered = [*lines(1_000), *lines(1_500)]
    ledger.after = lambda number: httpx.ReadError("cut") if number in {2, 3} else None
    await send(ledger, redelivered, tally)
    assert (tally.admitted, tally.duplicate) == (1_500, 1_000)


async def test_a_batch_of_which_a_part_was_written_before_the_answer_was_lost(tally: Tally) -> None:
    ledger = Ledger()
    batch = lines(100)

    def half(number: int) -> Exception | None:
        if number != 1:
            return None
        for line in batch[:50]:
            ledger._verdict(line.raw)
        return httpx.ReadError("cut")

    ledger.before = half
    await send(ledger, [*batch, *batch], tally)
    assert (tally.admitted, tally.duplicate) == (100, 100)


async def test_a_ledger_that_stays_away_ends_the_run_and_keeps_the_count(tally: Tally) -> None:
    ledger = Ledger()
    ledger.before = lambda number: httpx.ConnectError("refused") if number > 2 else None
    with pytest.raises(StoreUnavailable, match="no ledger answers at http://ledger"):
        await send(ledger, lines(10 * BATCH_EVENTS), tally)
    assert tally.acknowledged == len(ledger.order) == 2 * BATCH_EVENTS


@pytest.mark.parametrize(("status", "error"), [(401, Unauthorised), (403, Unauthorised), (500, LedgerError)])
async def test_a_no_is_no(status: int, error: type[LedgerError], tally: Tally) -> None:
    ledger = Ledger()
    ledger.before = lambda number: httpx.Response(status, json={"detail": "this token is unknown"})
    with pytest.raises(error, match="this token is unknown"):
        await send(ledger, lines(10), tally)
    assert ledger.requests == 1


async def test_a_ledger_that_was_restarted_is_found_with_its_new_token(tally: Tally) -> None:
    ledger = Ledger()
    tokens = iter(["old", "old", "new", "new"])
    ledger.tokens = {"old"}

    def restart(number: int) -> httpx.Response | Exception | None:
        ledger.tokens = {"new"} if number >= 2 else {"old"}
        return httpx.ReadError("cut") if number == 2 else None

    ledger.before = restart
    places = (msgspec.structs.replace(PLACE, token=token) for token in tokens)
    await send(ledger, lines(2 * BATCH_EVENTS), tally, where=lambda: next(places))
    assert (tally.admitted, tally.duplicate) == (2 * BATCH_EVENTS, 0)


async def test_an_answer_from_something_that_is_no_ledger_is_told(tally: Tally) -> None:
    ledger = Ledger()
    ledger.before = lambda number: httpx.Response(200, text="<html>")
    with pytest.raises(LedgerError, match="is no ledger of this version"):
        await send(ledger, lines(10), tally)
    ledger.before = lambda number: httpx.Response(200, json={"verdicts": []})
    with pytest.raises(LedgerError, match="0 verdicts for 10 events"):
        await send(ledger, lines(10), tally)


async def test_stopping_waits_for_what_is_under_way_and_sends_no_more(tally: Tally) -> None:
    ledger, stop = Ledger(), asyncio.Event()
    ledger.before = lambda number: stop.set() if number == 3 else None
    await send(ledger, lines(50 * BATCH_EVENTS), tally, stop=stop)
    assert tally.acknowledged == len(ledger.order)
    assert tally.acknowledged <= 4 * BATCH_EVENTS


async def test_a_line_too_long_to_send_is_refused_here(tally: Tally) -> None:
    ledger = Ledger()
    await send(ledger, [Line(1, b"x" * (2 * 1024 * 1024), "", False), *lines(1)], tally)
    assert (tally.admitted, tally.refused, ledger.requests) == (1, 1, 1)


async def test_a_great_many_refusals_do_not_stay_in_memory(tally: Tally) -> None:
    await send(Ledger(), lines(60_000, bad=range(60_000)), tally)
    assert tally.refused == 60_000
    assert tally._refusals._rolled  # type: ignore[attr-defined]
    assert len(json.loads(b"".join(tally.document()))["refusals"]) == 60_000


async def test_refusals_can_be_read_in_part_and_again(tally: Tally) -> None:
    await send(Ledger(), lines(10, bad=[3, 7]), tally)
    assert next(tally.refusals()).line == 4
    assert [refused.line for refused in tally.refusals()] == [4, 8]
    assert tally.by_code == {"R14 B01": 2}
