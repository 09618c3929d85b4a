"""``ledger worker``: keeps projections from the entries on Kafka, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import logging
import os
import signal
import socket
import sys
import time
import uuid
from pathlib import Path

from ledger.catalogue import catalogue
from ledger.errors import BrokerUnavailable, LedgerError, StoreUnavailable, UsageError
from ledger.projection import projections
from streams.clock import SystemClock
from streams.folder import DataFolder
from streams.kafka.connection import Cluster, cluster_of, quiet
from streams.kafka.worker import GROUP, Worker
from streams.logs import configure
from streams.postgres.connection import create_pool
from streams.postgres.migrate import migrate
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.store import Store
from streams.projecting import GC_THRESHOLD
from streams.settings import Settings, load

log = logging.getLogger("ledger.worker")

STARTS = "LEDGER_WORKER_STARTS"
"""How often this process began anew, and when it did last: kept over ``exec``."""
PAUSE_SECONDS = 1.0
LONGEST_PAUSE = 15.0
STOP_SECONDS = 25.0
IDLE_IN_TRANSACTION = "60s"


def work(*, names: list[str], data: Path) -> int:
    """Work until told to stop. ``UsageError`` without a cluster, or for a projection that there is not."""
    settings = load(data=data)
    cluster = cluster_of(settings)
    chosen = _chosen(names)
    if not (settings.data / "FORMAT").exists():
        raise UsageError(
            f"{settings.data} holds no ledger: a worker needs the data folder of the ledger that it works for, whose keys open the seals"
        )
    gc.set_threshold(*GC_THRESHOLD)
    configure(sys.stderr)
    for name in ("faust", "mode", "streams.kafka.worker_consumer"):
        _only_errors(name)
    # What the client logs is listened to for why it may not connect, and told in a sentence.
    logging.getLogger("aiokafka").handlers[:] = [logging.NullHandler()]
    with DataFolder.open(settings.data, lock=False) as folder, quiet():
        return asyncio.run(_Life(settings, cluster, folder, chosen).run())


def _chosen(names: list[str]) -> list[str]:
    wanted = [name.strip() for some in names for name in some.split(",") if name.strip()]
    unknown = sorted(set(wanted) - set(projections()))
    if unknown:
        raise UsageError(f"there is no projection {', '.join(unknown)}; there are {', '.join(projections())}")
    return sorted(set(wanted)) or sorted(projections())


def group_of(chosen: list[str]) -> str:
    """The group of all workers that keep the same projections."""
    if chosen == sorted(projections()):
        return f"{GROUP}all"
    return GROUP + hashlib.sha256(",".join(chosen).encode()).hexdigest()[:12]


def _only_errors(name: str) -> None:
    handler = logging.getLogger("ledger").handlers[0]
    logger = logging.getLogger(name)
    logger.handlers[:] = [handler]
    logger.setLevel(logging.ERROR)
    logger.propagate = False


class _Life:
    def __init__(self, settings: Settings, cluster: Cluster, folder: DataFolder, chosen: list[str]) -> None:
        self._settings = settings
        self._cluster = cluster
        self._folder = folder
        self._chosen = chosen
        self._name = f"worker {socket.gethostname()[:30]}:{os.getpid()}:{uuid.uuid4().hex[:6]}"

    async def run(self) -> int:
        """One life: until told to stop, or until the cluster or the database is away for good; then the process begins anew."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        began = time.monotonic()
        working = asyncio.create_task(self._work())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if stop.is_set():
            log.info("stopping")
            working.cancel()
            done, _ = await asyncio.wait({working}, timeout=STOP_SECONDS)
            if not done:
                log.warning("stopped without waiting for the cluster: nothing is lost, what was not applied is read again")
                logging.shutdown()
                os._exit(0)
            log.info("stopped")
            return 0
        failure = working.exception()
        if isinstance(failure, LedgerError) and not isinstance(failure, BrokerUnavailable | StoreUnavailable):
            raise failure
        if isinstance(failure, LedgerError):
            log.warning("%s", failure)
        else:
            log.error("the worker stopped by itself", exc_info=failure)
        await self._pause(stop, began)
        if stop.is_set():
            return 0
        # A new process image: whatever threads and connections the old one still has are gone with it.
        logging.shutdown()
        return os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606  ourselves again

    async def _pause(self, stop: asyncio.Event, began: float) -> None:
        before = int(os.environ.get(STARTS, "0")) if time.monotonic() - began < LONGEST_PAUSE * 2 else 0
        os.environ[STARTS] = str(before + 1)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(PAUSE_SECONDS * 2**before, LONGEST_PAUSE)):
                await stop.wait()

    async def _work(self) -> None:
        dsn = self._settings.database_url or EmbeddedPostgres(self._settings.data).dsn
        await migrate(dsn)
        session = {"application_name": self._name, "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION}
        pool = await create_pool(dsn, self._settings.pool_size, session)
        async with Store(dsn, pool, keys=self._folder.keys, settings=self._settings, types=catalogue()) as store:
            ledger = await store.founded(self._folder.mode)
            await Worker(
                self._cluster,
                store,
                SystemClock(),
                mode=ledger.mode,
                projections=self._chosen,
                group=group_of(self._chosen),
                name=self._name,
            ).run()
