"""The publisher's client over HTTP, against an ordinary ledger, with a bad line in between."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from ledger.codes.roles import Role
from publisher import Event, HttpPublisher, NotAllowed, Outcome, PublishingError, Refused, Unreachable
from publisher.event import new_id
from publisher.patience import retry_after
from tests.acceptance.serving import Served
from tests.integration.feed import kbo, person

VDAB = kbo(19990200)


def event(number: int, **given: str) -> Event:
    """A registration of somebody."""
    fields: dict[str, str] = {"subject": person(number), "role": "vdab", "source": f"urn:kbo:{VDAB}:mlb"} | given
    return Event.create(
        type="be.inburgering.jobseeker.registered.v1",
        time=datetime(2025, 4, 2, 9, 30, tzinfo=UTC),
        sequence=number,
        data={"category": "free", "channel": "online"},
        legal_basis="public_task",
        **fields,
    )


@pytest.fixture
def token(ordinary: Served) -> str:
    """The token of VDAB."""
    return ordinary.do(lambda: ordinary.parts.publishers.create("vdab", org=VDAB, role=Role.VDAB)).token


async def test_each_event_gets_its_verdict_and_twice_is_a_duplicate(ordinary: Served, token: str) -> None:
    async with HttpPublisher(ordinary.url, token=token) as ledger:
        verdict = await ledger.publish(first := event(1))
        assert (verdict.outcome, verdict.position, str(verdict)) == (Outcome.ADMITTED, 1, f"event {first.id} admitted at position 1")
        assert (await ledger.publish(Event.from_json(first.to_json()))).outcome is Outcome.DUPLICATE
        events = [event(n) for n in range(2, 1_203)]
        assert [v.outcome for v in await ledger.check(events[:3])] == [Outcome.ADMITTED] * 3
        verdicts = await ledger.publish_all([first, *events])
    assert [(v.id, v.position) for v in verdicts] == [(e.id, n) for n, e in enumerate([first, *events], 1)]


async def test_a_refusal_says_why_and_stops_none_of_the_others(ordinary: Served, token: str) -> None:
    wrong = event(1, role="ocmw")
    async with HttpPublisher(ordinary.url, token=token) as ledger:
        with pytest.raises(Refused, match=rf"event {wrong.id} refused, R04 at /publisherrole: ") as caught:
            await ledger.publish(wrong)
        assert caught.value.verdict.refusal is not None
        assert [v.code or v.position for v in await ledger.publish_all([event(1), wrong, event(2)])] == [1, "R04", 2]


async def test_who_is_not_let_in_hears_it_at_once(ordinary: Served, token: str) -> None:
    for wrong in (None, "ldg_" + "A" * 43):
        async with HttpPublisher(ordinary.url, token=wrong) as ledger:
            with pytest.raises(NotAllowed, match=rf"{ordinary.url} does not let this publisher in: .*token"):
                await ledger.publish(event(1))
    async with HttpPublisher(ordinary.url + "/docs", token=token) as ledger:
        with pytest.raises(PublishingError, match=r"could not use the request \(404\)"):
            await ledger.publish(event(1))


async def test_nobody_answers(token: str) -> None:
    async with HttpPublisher("http://127.0.0.1:1", token=token, patience=0.5) as ledger:
        with pytest.raises(
            Unreachable, match=r"no verdict from http://127\.0\.0\.1:1 in 0\.5 s \(ConnectError.*Publish the same again later"
        ):
            await ledger.publish(event(1))


@contextlib.asynccontextmanager
async def between(url: str, plan: list[str]) -> AsyncIterator[str]:
    """A line to the ledger that does with each request what the plan says: ``pass``, ``busy``, ``away``, or ``cut`` before the answer."""
    real = httpx.URL(url)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                body = await reader.readexactly(length)
                step = plan.pop(0) if plan else "pass"
                if step in {"busy", "away"}:
                    status = b"429 Too Many Requests" if step == "busy" else b"503 Service Unavailable"
                    writer.write(b"HTTP/1.1 " + status + b"\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
                    continue
                back, forth = await asyncio.open_connection(real.host, real.port)
                forth.write(head + body)
                answer = await back.readuntil(b"\r\n\r\n")
                length = next(int(line[15:]) for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
                answer += await back.readexactly(length)
                forth.close()
                if step == "cut":
                    break
                writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_lost_answer_is_asked_for_again_and_nothing_stands_twice(ordinary: Served, token: str) -> None:
    plan = ["cut", "busy", "away", "pass", "cut"]
    events = [event(n) for n in range(1, 6)]
    async with between(ordinary.url, plan) as url, HttpPublisher(url, token=token, patience=60) as ledger:
        verdicts = await ledger.publish_all(events)
        assert [(v.outcome, v.position) for v in verdicts] == [(Outcome.DUPLICATE, n) for n in range(1, 6)]
        assert plan == ["cut"]
        assert (await ledger.publish(event(6))).position == 6
    assert plan == []
    assert (await asyncio.to_thread(_position, ordinary)) == 6


async def test_a_wait_that_is_longer_than_the_patience_is_not_begun(ordinary: Served, token: str) -> None:
    async with between(ordinary.url, ["busy"] * 9) as url, HttpPublisher(url, token=token, patience=0.5) as ledger:
        with pytest.raises(Unreachable, match=r"\(status 429\)"):
            await ledger.publish(event(1))
    assert (await asyncio.to_thread(_position, ordinary)) == 0


def _position(ordinary: Served) -> int:
    return int(httpx.get(f"{ordinary.url}/api/status").json()["position"])


def test_an_event_that_was_kept_is_sent_as_it_was() -> None:
    first = event(1, time_precision="day")
    assert Event.from_json(first.to_json()) == first
    assert Event.from_json(first.to_json()).to_json() == first.to_json()
    with pytest.raises(ValueError, match="this is no event"):
        Event.from_json(b"{}")
    with pytest.raises(ValueError, match="time has no offset"):
        Event.create(
            source="s", type="t", subject="x", time=datetime(2025, 1, 1), role="vdab", sequence=1, data={}  # noqa: DTZ001  the mistake
        )  # fmt: skip


def test_new_ids_are_of_version_7_and_grow() -> None:
    made = [new_id() for _ in range(500)]
    assert len(set(made)) == 500
    assert all(one[14] == "7" and one[19] in "89ab" and one == one.lower() for one in made)
    assert [one[:13] for one in made] == sorted(one[:13] for one in made)


def test_what_retry_after_asks_for() -> None:
    assert [retry_after(said) for said in (None, "", "7", "soon", "Wed, 21 Oct 2015 07:28:00 GMT")] == [0, 0, 7, 0, 0]
    assert retry_after("Fri, 31 Dec 2100 23:59:59 GMT") > 1_000
