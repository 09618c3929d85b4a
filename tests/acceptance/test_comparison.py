"""Two positions side by side over HTTP: the answer of the command, one at a time, within a time, and no longer than it is awaited."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import msgspec
import pytest

from ledger.indicator import indicators
from streams.clock import today
from streams.comparing import compare
from tests.acceptance.serving import Served
from web.api.comparison import ComparisonAnswer
from web.comparing import running, while_awaited


def head(served: Served) -> int:
    return int(served.do(served.parts.store.head).position)


def test_the_api_answers_what_the_command_answers(population: Served) -> None:
    last = head(population)
    chosen = [indicators()[id] for id in ("IND-01", "IND-29")]
    expected = population.do(
        lambda: compare(
            population.parts.store,
            first=last - 200,
            last=last - 50,
            as_of=today(population.parts.clock),
            indicators=chosen,
            by=["region"],
            rows=7,
        )
    )
    asked = {"from": str(last - 200), "to": str(last - 50), "indicator": "IND-01,IND-29", "by": "region", "rows": "7"}
    with population.client() as client:
        answer = client.get("/api/comparison", params=asked)
        alone = client.get("/api/comparison", params=asked | {"indicator": "none", "rows": "0"}).raise_for_status().json()
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json() == msgspec.json.decode(msgspec.json.encode(expected))
    assert msgspec.convert(answer.json(), ComparisonAnswer).figures, "as OpenAPI tells it"
    assert sum(answer.json()["entries"].values()) == 150
    assert len(answer.json()["changes"]) == 7
    assert (alone["figures"], alone["changes"]) == ([], [])
    assert alone["views"] == answer.json()["views"]


@pytest.mark.parametrize(
    ("query", "status", "pointer"),
    [
        ({}, 400, "from"),
        ({"from": "ooit"}, 400, "from"),
        ({"from": "1", "to": "then"}, 400, "to"),
        ({"from": "9", "to": "3"}, 400, "from"),
        ({"from": "1", "as_of": "soon"}, 400, "as_of"),
        ({"from": "1", "rows": "100000"}, 400, "rows"),
        ({"from": "1", "indicator": "IND-99"}, 404, ""),
    ],
)
def test_what_cannot_be_compared_says_why(population: Served, query: dict[str, str], status: int, pointer: str) -> None:
    with population.client() as client:
        answer = client.get("/api/comparison", params=query)
    assert answer.status_code == status, answer.text
    assert pointer in (answer.json().get("pointer") or answer.json()["detail"])


def test_comparing_is_for_readers(ordinary: Served) -> None:
    with ordinary.client() as client:
        assert client.get("/api/comparison", params={"from": "0"}).status_code == httpx.codes.UNAUTHORIZED


@contextmanager
def withheld(served: Served) -> Iterator[None]:
    """The entries cannot be read meanwhile, so that a comparison lasts as long as the test wants it to."""
    pool = served.parts.store.pool

    async def hold() -> object:
        connection = await pool.acquire()
        await connection.execute("BEGIN; LOCK TABLE ledger.entries IN ACCESS EXCLUSIVE MODE")
        return connection

    async def let_go() -> None:
        await held.execute("ROLLBACK")  # type: ignore[attr-defined]
        await pool.release(held)  # type: ignore[arg-type]

    held = served.do(hold)
    try:
        yield
    finally:
        served.do(let_go)


def test_one_runs_at_once_it_ends_in_time_and_hanging_up_stops_it(population: Served) -> None:
    def until(what: bool) -> None:
        deadline = time.monotonic() + 60
        while running(population.parts.store) is not what:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    question = "GET /api/comparison?from=0&seconds=1800 HTTP/1.1\r\nHost: x\r\n\r\n"
    with withheld(population), population.client() as client:
        port = httpx.URL(population.url).port
        assert port is not None
        with socket.create_connection(("127.0.0.1", port)) as caller:
            caller.sendall(question.encode())
            until(True)
            busy = client.get("/api/comparison", params={"from": "0"})
            assert busy.status_code == httpx.codes.TOO_MANY_REQUESTS
            assert int(busy.headers["retry-after"]) > 0
            page = client.get("/auditor/vergelijken", params={"van": "0", "lang": "nl"})
            assert page.status_code == httpx.codes.TOO_MANY_REQUESTS
            assert "Er loopt al een vergelijking" in page.text
        until(False)
        late = client.get("/api/comparison", params={"from": "0", "seconds": "1"})
        assert late.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        assert "ledger compare" in late.json()["detail"]
    with population.client() as client:
        assert client.get("/api/comparison", params={"from": str(head(population) - 5), "indicator": "none"}).status_code == httpx.codes.OK


async def test_work_that_nobody_waits_for_is_stopped_and_told_work_is_told() -> None:
    stopped = asyncio.Event()

    async def endless() -> int:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return 0

    async def at_once() -> None:
        return None

    async def quick() -> int:
        return 7

    async def never() -> None:
        await asyncio.Event().wait()

    assert await while_awaited(endless(), at_once) is None
    assert stopped.is_set()
    assert await while_awaited(quick(), never) == 7
    with pytest.raises(ZeroDivisionError):
        await while_awaited(_failing(), never)


async def _failing() -> int:
    return 1 // 0
