"""How the Kafka side stands, everywhere it is told; and a topic that was deleted and made anew."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from playwright.async_api import async_playwright

from simulation.run import stream
from streams.kafka.admin import Admin
from streams.kafka.broker import BrokerCluster
from streams.kafka.connection import Cluster
from streams.kafka.topics import SUBMISSIONS, load_topics
from tests.acceptance.test_pages import CHROMIUM, QUIET
from tests.faults.ledger_process import LedgerProcess
from tests.kafka.faults import start_again
from tests.kafka.stage import prepare, publish, until, verdicts
from tests.kafka.test_up import configure

SEED = 5


async def said_by(*arguments: str, data: Path) -> str:
    """What a command says."""
    ledger = str(Path(sys.executable).parent / "ledger")
    command = [ledger, *arguments, "--data", str(data)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, timeout=120, check=False, env=os.environ)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.timeout(600)
async def test_lag_debts_and_troubles_are_told_everywhere_and_a_topic_made_anew_is_read_again(
    broker: BrokerCluster, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = broker.cluster()
    configure(monkeypatch, cluster)
    await prepare(broker, "agii", "vdab")
    lines = [line.rstrip(b"\n") for line in stream(3, SEED)][:40]
    await asyncio.to_thread(data_folder.mkdir)
    ledger = LedgerProcess(data_folder)
    await asyncio.to_thread(ledger.start)
    try:
        await publish(cluster, "agii", lines[:30])
        await publish(cluster, "vdab", lines[:10])
        await verdicts(cluster, "agii", 30)
        await verdicts(cluster, "vdab", 10)
        async with httpx.AsyncClient(base_url=ledger.url, timeout=20) as client:

            async def standing() -> dict[str, dict[str, object]]:
                transport = (await client.get("/api/status")).json()["transport"]
                return {one["publisher"]: one for one in transport["publishers"]}

            async def settled() -> bool:
                answer = await client.get("/api/status")
                if answer.status_code == 503:
                    return False  # its database is busy
                transport = answer.json()["transport"]
                return bool(
                    transport["relay_lag"] == transport["lag"] == transport["undelivered"] == 0 and len(transport["publishers"]) == 2
                )

            await until(settled)
            assert [(one["read"], one["end"]) for one in (await standing()).values()] == [(30, 30), (10, 10)]
            await until(lambda: _is(ledger, "/readyz", "ready\n"))
            measures = (await client.get("/metrics")).text
            assert 'ledger_kafka_part_running{part="relay"} 1.0' in measures
            assert 'ledger_kafka_submissions_lag{partition="0",publisher="agii"} 0.0' in measures
            page = (await client.get("/projecties")).text
            assert "Inzendingen lezen" in page
            assert "loopt niet" not in page
            # Somebody deletes a topic and makes it anew. The ledger stands beyond its end; everybody else is read on.
            await _make_anew(cluster, "agii")
            await publish(cluster, "agii", lines[25:35])

            async def told() -> bool:
                return (await standing()).get("agii", {}).get("trouble") is not None

            await until(told, seconds=60)
            trouble = (await standing())["agii"]
            assert "was deleted and made anew: the ledger read another topic of that name up to offset 30" in str(trouble["trouble"])
            await publish(cluster, "vdab", lines[10:20])
            await verdicts(cluster, "vdab", 20)
            assert 'ledger_kafka_partition_stopped{partition="0",publisher="agii"} 1.0' in (await client.get("/metrics")).text
            assert "ledger kafka reread agii" in (await client.get("/projecties")).text
            await _assert_panel(ledger)
            assert "ledger kafka reread agii" in await said_by("status", data=data_folder)
            assert "ledger kafka reread agii" in (data_folder.parent / "up.log").read_text()
            again = json.loads(await said_by("kafka", "reread", "agii", "--json", data=data_folder))
            assert again == {"publisher": "agii", "records": 10}
            found = (await verdicts(cluster, "agii", 40, seconds=60))[30:]
            assert [offset for offset, _ in found] == list(range(10))
            assert [verdict.outcome.value for _, verdict in found] == ["duplicate"] * 5 + ["admitted"] * 5
            await until(settled)
            assert (await standing())["agii"]["trouble"] is None
            refused = await client.post("/api/transport/nobody/reread")
            assert refused.status_code == 404
        broker_down = broker.brokers[0]
        broker_down.kill()
        try:
            await until(lambda: _contains(ledger, "/readyz", "does not run"), seconds=60)
            assert 'ledger_kafka_part_running{part="intake"} 0.0' in await _text(ledger, "/metrics")
            assert await _contains(ledger, "/projecties", "de Kafka-cluster is even weg")
            assert not await _contains(ledger, "/projecties?lang=en", "is even weg")
        finally:
            # On this thread: the node, which other tests share, is ended by the kernel when the thread that started it ends.
            start_again(broker_down)
        await until(lambda: _is(ledger, "/readyz", "ready\n"), seconds=90)
    finally:
        assert await asyncio.to_thread(ledger.stop) == 0


@pytest.mark.timeout(300)
async def test_a_topic_made_anew_that_has_grown_beyond_the_old_offset_is_another_one(
    broker: BrokerCluster, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its end says nothing: only that Kafka gave it another id tells that what it holds was never read."""
    cluster = broker.cluster()
    configure(monkeypatch, cluster)
    await prepare(broker, "agii")
    lines = [line.rstrip(b"\n") for line in stream(3, SEED)][:25]
    await asyncio.to_thread(data_folder.mkdir)
    ledger = LedgerProcess(data_folder)
    await asyncio.to_thread(ledger.start)
    try:
        # One of which nothing was read may be made anew as often as one likes.
        await until(lambda: _contains(ledger, "/metrics", 'submissions_lag{partition="0",publisher="agii"}'))
        await _make_anew(cluster, "agii")
        await publish(cluster, "agii", lines[:10])
        await verdicts(cluster, "agii", 10)
        await prepare(broker, "agii", "vdab")
        await until(lambda: _contains(ledger, "/metrics", 'submissions_lag{partition="0",publisher="vdab"}'))
        assert await _contains(ledger, "/metrics", 'partition_stopped{partition="0",publisher="agii"} 0.0')
        assert await asyncio.to_thread(ledger.stop) == 0
        await _make_anew(cluster, "agii")
        await publish(cluster, "agii", lines[5:25])
        await asyncio.to_thread(ledger.start)
        async with httpx.AsyncClient(base_url=ledger.url, timeout=20) as client:

            async def told() -> dict[str, object]:
                publishers = (await client.get("/api/status")).json()["transport"]["publishers"]
                return next((dict(one) for one in publishers if one["publisher"] == "agii"), {})

            async def set_aside() -> bool:
                return (await told()).get("trouble") is not None

            await until(set_aside, seconds=60)
            assert "another topic of that name up to offset 10" in str((await told())["trouble"])
            assert (await told())["read"] == 10
            await said_by("kafka", "reread", "agii", data=data_folder)
            found = (await verdicts(cluster, "agii", 30, seconds=60))[10:]
            assert [offset for offset, _ in found] == list(range(20))
            assert [verdict.outcome.value for _, verdict in found] == ["duplicate"] * 5 + ["admitted"] * 15
            assert (await told())["trouble"] is None
    finally:
        await asyncio.to_thread(ledger.stop)


async def _make_anew(cluster: Cluster, publisher: str) -> None:
    topics = [topic for topic in load_topics().wanted([publisher], 1) if topic.name == SUBMISSIONS + publisher]
    async with Admin(cluster) as admin:
        await admin.delete(topics)
        await until(lambda: _gone(admin, SUBMISSIONS + publisher))
        await admin.create(topics)


async def _gone(admin: Admin, name: str) -> bool:
    return name not in {topic.name for topic in await admin.topics([])}


async def _text(ledger: LedgerProcess, path: str) -> str:
    async with httpx.AsyncClient(base_url=ledger.url, timeout=20) as client:
        return (await client.get(path)).text


async def _contains(ledger: LedgerProcess, path: str, words: str) -> bool:
    return words in await _text(ledger, path)


async def _is(ledger: LedgerProcess, path: str, words: str) -> bool:
    return await _text(ledger, path) == words


async def _assert_panel(ledger: LedgerProcess) -> None:
    """The panel in a browser: what is wrong stands there in plain words, and it is accessible."""
    axe = (Path(__file__).parents[1] / "accessibility" / "node_modules" / "axe-core" / "axe.min.js").read_text()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(locale="nl-BE")
        await page.goto(f"{ledger.url}/projecties")
        panel = page.locator("section", has=page.get_by_role("heading", name="Kafka", exact=True))
        told = await panel.get_by_role("row", name="agii").inner_text()
        assert "wordt niet gelezen" in told
        assert "werd verwijderd en opnieuw gemaakt" in told
        assert "was deleted" not in told
        assert "wordt gelezen" in await panel.get_by_role("row", name="vdab").inner_text()
        await page.evaluate(axe)
        found = await page.evaluate("async () => (await axe.run('main')).violations.map(one => one.id)")
        assert found == []
        await browser.close()
