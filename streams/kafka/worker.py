"""A worker: a Faust application that keeps some projections from the entries on Kafka.

Faust gives the life of a worker: the group, which partitions are whose, the rebalance, agents. What is exactly once is PostgreSQL's
(:mod:`streams.kafka.worker_turn`): Kafka's delivery and Faust's are taken for at-least-once, in any order of workers.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import tempfile
from collections.abc import Awaitable, Callable, Collection

import asyncpg
import faust
from faust.types import TP
from yarl import URL

from ledger.errors import BrokerRefused, BrokerUnavailable, LedgerError, StoreUnavailable
from streams.clock import Clock
from streams.folder import Mode
from streams.kafka.admin import Admin
from streams.kafka.clients import consuming, partitions_of
from streams.kafka.connection import MECHANISM, Cluster
from streams.kafka.topics import ENTRIES, RESTRICTED
from streams.kafka.worker_consumer import BatchConsumer, PassingSchema, batching
from streams.kafka.worker_rebuild import WorkerRebuild
from streams.kafka.worker_steward import Steward
from streams.kafka.worker_turn import Batch, Lane, NotReady
from streams.postgres.connection import AWAY, plainly
from streams.postgres.sql import sql
from streams.postgres.store import Store

log = logging.getLogger(__name__)

GROUP = "worker."
"""How the groups of workers begin (infra/kafka/topics.toml)."""
SEEN_SECONDS = 2.0
PENDING_SECONDS = 0.2
STEP_SECONDS = 0.25
REST_SECONDS = 1.0
PAUSE_SECONDS = 0.5
STOP_SECONDS = 15.0
FETCH_BYTES = 4 * 1024 * 1024
"""Of one partition at a time."""
FETCH_RECORDS = 20_000
FETCHED = 32
"""Batches that wait for a turn at the most."""
_PASSING = (asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError, asyncpg.SerializationError)
"""Two transactions were in each other's way: the same turn again does it."""


class Worker:
    """One worker. ``store`` has a pool of its own, whose sessions bear ``name``."""

    def __init__(
        self, cluster: Cluster, store: Store, wall: Clock, *, mode: Mode, projections: Collection[str], group: str, name: str
    ) -> None:
        self._cluster = cluster
        self._store = store
        self._wall = wall
        self._mode = mode
        self._projections = sorted(projections)
        self._group = group
        self._name = name
        self._steward = False

    async def run(self) -> None:
        """Work until cancelled.

        :raises BrokerRefused: user, password, certificate or a topic are wrong; the sentence says which.
        :raises BrokerUnavailable: the cluster or the database is away; make a new process for another try.
        """
        async with Admin(self._cluster) as admin:
            cluster_id = await admin.cluster_id()
        lane = Lane(
            self._store,
            self._wall,
            sandbox=self._mode is Mode.SANDBOX,
            projections=self._projections,
            worker=self._name,
            cluster_id=cluster_id,
            partitions=await self._partitions(),
        )
        steward = Steward(lane, self._wall)
        rebuild = WorkerRebuild(lane, steward, self._wall)
        await self._seen()
        tasks = [
            asyncio.create_task(self._again(SEEN_SECONDS, self._say_alive, steward)),
            asyncio.create_task(self._again(PAUSE_SECONDS, self._keep, steward, rebuild)),
            asyncio.create_task(self._again(REST_SECONDS, self._serve, rebuild)),
            asyncio.create_task(self._project(lane)),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(LedgerError, *AWAY):
                async with asyncio.timeout(PAUSE_SECONDS * 4):
                    await steward.release()
                    await self._store.pool.execute(sql("worker_gone"), self._name)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _partitions(self) -> int:
        async with consuming(self._cluster, "worker") as consumer:
            found = {topic: len(await partitions_of(consumer, topic)) for topic in (ENTRIES, RESTRICTED)}
        for topic, count in found.items():
            if not count:
                raise BrokerRefused(
                    f"topic {topic} does not exist, or user {self._cluster.user!r} may not read it: make it with 'ledger kafka topics', "
                    "or set LEDGER_KAFKA_USER"
                )
        return found[ENTRIES]

    # -- beside the batches -------------------------------------------------------------------------------------------

    async def _again(self, seconds: float, do: Callable[..., Awaitable[None]], *arguments: object) -> None:
        """Do something for ever. What passes by itself is waited out; the database too."""
        while True:
            try:
                with plainly():
                    await do(*arguments)
            except NotReady as error:
                self._steward = False
                log.info("%s", error)
            except (StoreUnavailable, *_PASSING) as error:
                log.warning("%s", error)
            await asyncio.sleep(seconds)

    async def _seen(self) -> None:
        await self._store.pool.execute(sql("worker_seen"), self._name, self._projections)

    async def _say_alive(self, steward: Steward) -> None:
        await self._seen()
        if self._steward and not await steward.hold():
            self._steward = False

    async def _keep(self, steward: Steward, rebuild: WorkerRebuild) -> None:
        """Be the steward, when nobody else is."""
        if not await steward.hold():
            return
        await rebuild.prepare()
        self._steward = True
        log.info("does what belongs to no partition", extra={"fields": {"worker": self._name}})
        async with self._store.follow() as news:
            while self._steward:
                await news.wait(REST_SECONDS if await steward.step() else STEP_SECONDS)

    async def _serve(self, rebuild: WorkerRebuild) -> None:
        while self._steward and await rebuild.serve():
            pass

    # -- the batches --------------------------------------------------------------------------------------------------

    async def _project(self, lane: Lane) -> None:
        await self._until_ready(lane)
        with tempfile.TemporaryDirectory(prefix="worker", ignore_cleanup_errors=True) as folder:
            app = self._app(lane, folder)
            topic = app.topic(ENTRIES, RESTRICTED, schema=PassingSchema(), acks=False)

            fetched: asyncio.Queue[Batch] = asyncio.Queue(FETCHED)

            @app.agent(topic, name="project")
            async def project(batches: faust.StreamT[Batch]) -> None:
                async for batch in batches:
                    await fetched.put(batch)

            app.finalize()
            try:
                async with asyncio.timeout(STOP_SECONDS * 4):
                    await app.start()
                log.info("reads entries", extra={"fields": {"worker": self._name, "projections": self._projections}})
                await self._turns(app, lane, fetched)
            finally:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(STOP_SECONDS):
                        await app.stop()

    async def _until_ready(self, lane: Lane) -> None:
        told = ""
        while True:
            try:
                with plainly():
                    async with lane.turn, lane.writing() as connection:
                        await lane.hold(connection, [(ENTRIES, 0), (RESTRICTED, 0)], self._projections)
                return
            except (NotReady, StoreUnavailable) as error:
                if str(error) != told:
                    told = str(error)
                    log.info("waiting: %s", told)
            await asyncio.sleep(PAUSE_SECONDS)

    def _app(self, lane: Lane, folder: str) -> faust.App:
        context = self._cluster.arguments("worker").get("ssl_context")
        assert context is None or isinstance(context, ssl.SSLContext)
        credentials: faust.SASLCredentials | faust.SSLCredentials | None = None
        if self._cluster.user:
            credentials = faust.SASLCredentials(
                username=self._cluster.user, password=self._cluster.password or "", ssl_context=context, mechanism=MECHANISM
            )
        elif context is not None:
            credentials = faust.SSLCredentials(context)
        session = self._store.settings.kafka_session_seconds
        app = faust.App(
            self._group,
            broker=[URL(f"kafka://{server.strip()}") for server in self._cluster.servers.split(",")],
            broker_credentials=credentials,
            broker_client_id=f"trajectory-ledger-{self._name.replace(' ', '-')}",
            broker_session_timeout=session,
            broker_heartbeat_interval=session / 4,
            broker_rebalance_timeout=session,
            broker_request_timeout=3 * session,
            broker_max_poll_records=FETCH_RECORDS,
            consumer_max_fetch_size=FETCH_BYTES,
            consumer_auto_offset_reset="earliest",
            store="memory://",
            datadir=folder,
            web_enabled=False,
            topic_disable_leader=True,
            topic_allow_declare=False,
            stream_wait_empty=False,
            stream_buffer_maxsize=2,
            worker_redirect_stdouts=False,
        )
        app.transport = batching(lane.offsets)(app.conf.broker_consumer, app)
        return app

    async def _turns(self, app: faust.App, lane: Lane, fetched: asyncio.Queue[Batch]) -> None:
        """Turn after turn, as long as the application runs: what was fetched meanwhile, and what others left to do."""
        consumer = app.consumer
        assert isinstance(consumer, BatchConsumer)
        loop = asyncio.get_running_loop()
        told, came = 0.0, loop.time()
        while not app.should_stop:
            batches = await self._gather(fetched)
            if batches:
                came = loop.time()
            if loop.time() - told > SEEN_SECONDS:
                told = loop.time()
                with contextlib.suppress(StoreUnavailable, *_PASSING), plainly():
                    await lane.tell_ends(consumer.ends())
                    if told - came > SEEN_SECONDS:
                        await self._catch_up(consumer, lane)
            while not app.should_stop:
                ours = {(tp.topic, tp.partition) for tp in consumer.assignment()}
                # What is left out here is read again by whoever has the partition.
                batches = [batch for batch in batches if (batch.topic, batch.partition) in ours]
                try:
                    with plainly():
                        shards = {partition for topic, partition in ours if topic == ENTRIES} & await lane.unfinished()
                        missing = await lane.work(batches, shards) if batches or shards else {}
                        for (topic, partition), offset in missing.items():
                            log.info("reading again", extra={"fields": {"topic": topic, "partition": partition, "offset": offset}})
                            await consumer.again(TP(topic, partition), offset)
                    break
                except _PASSING:
                    continue
                except (NotReady, StoreUnavailable) as error:
                    log.warning("%s", error)
                except Exception:
                    # Whatever it is, no batch is left out: it would not come again before the next one.
                    log.exception("batches could not be taken in; trying again")
                await asyncio.sleep(PAUSE_SECONDS)
        raise BrokerUnavailable(
            f"the worker lost the Kafka cluster ({type(app.crash_reason).__name__}: {app.crash_reason}); it starts again"
        )

    async def _catch_up(self, consumer: BatchConsumer, lane: Lane) -> None:
        """Read again what a table lacks that was made while its entries were under way to the others."""
        ends = consumer.ends()
        for (topic, partition), offset in (await lane.offsets()).items():
            if offset < ends.get((topic, partition), 0):
                log.info("reading again", extra={"fields": {"topic": topic, "partition": partition, "offset": offset}})
                await consumer.again(TP(topic, partition), offset)

    async def _gather(self, fetched: asyncio.Queue[Batch]) -> list[Batch]:
        """Whatever is there; nothing, when nothing comes for a while."""
        batches: list[Batch] = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PENDING_SECONDS):
                batches.append(await fetched.get())
        while not fetched.empty():
            batches.append(fetched.get_nowait())
        return batches
