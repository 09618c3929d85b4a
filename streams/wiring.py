"""Wiring: builds the parts of a ledger from its settings. The only place that knows them all."""

from __future__ import annotations

import contextlib
import hmac
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, fields
from pathlib import Path

import msgspec

from ledger.catalogue import catalogue
from ledger.examination import Examiner
from streams.access import AccessLog
from streams.checkpoints import Checkpoints
from streams.clock import Clock, SandboxClock, SystemClock
from streams.erasing import Erasing
from streams.evaluation import Evaluations
from streams.figures import Figures
from streams.folder import DataFolder, Mode
from streams.keys import Keys
from streams.onlooker import Onlooker, announced_token
from streams.postgres.migrate import check_schema, migrate
from streams.postgres.store import Ledger, Store
from streams.publishers import Publishers
from streams.reading import Reader
from streams.refusals import Refusals
from streams.releases import Releases
from streams.sequencer import Sequencer
from streams.settings import Settings
from streams.subjects import Subjects
from streams.transport import Transport
from streams.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What reads a ledger: enough for a replay, a page or an auditor."""

    settings: Settings
    ledger: Ledger
    clock: Clock
    store: Store
    subjects: Subjects
    reader: Reader
    figures: Figures
    evaluations: Evaluations
    checkpoints: Checkpoints
    access: AccessLog
    releases: Releases


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts(Reading):
    """Everything that a running ledger is made of."""

    examiner: Examiner
    sequencer: Writer
    publishers: Publishers
    refusals: Refusals
    erasing: Erasing
    operator_token: str
    """The operator's token for as long as this ledger runs; ``ledger.json`` hands it to whoever owns the data folder."""
    transport: Transport = field(default_factory=Transport)
    """What carries events beside HTTP: a Kafka cluster, when one is configured."""

    announced: Path | None = None
    """Where this process only shows the ledger: the data folder, in which the one that writes tells the operator's token."""

    @property
    def only_shows(self) -> bool:
        """Whether another process writes the ledger."""
        return self.announced is not None

    def is_operators(self, token: str) -> bool:
        """Whether this is the operator's token: where the ledger is only shown, that which the process that writes tells now."""
        known = self.operator_token if self.announced is None else announced_token(self.announced)
        return known is not None and hmac.compare_digest(token.encode(), known.encode())


def examiner_of(keys: Keys, mode: Mode) -> Examiner:
    """The examiner of a ledger with these keys."""
    return Examiner(catalogue=catalogue(), pseudonym_key=keys.pseudonym, digest_key=keys.digest, sandbox=mode is Mode.SANDBOX)


@contextlib.asynccontextmanager
async def reading(settings: Settings, dsn: str, folder: DataFolder) -> AsyncIterator[Reading]:
    """The reading parts on a database, migrated and founded when new."""
    await migrate(dsn)
    async with await Store.open(dsn, keys=folder.keys, settings=settings) as store:
        ledger = await store.found(folder.mode, SystemClock().now())
        async with _reading(settings, store, ledger) as parts:
            yield parts


@contextlib.asynccontextmanager
async def _reading(settings: Settings, store: Store, ledger: Ledger) -> AsyncIterator[Reading]:
    async with contextlib.AsyncExitStack() as closing:
        clock = await _clock(store, ledger.mode)
        subjects = Subjects(store)
        reader = Reader(store, subjects, clock)
        figures = Figures(store, clock)
        evaluations = await closing.enter_async_context(contextlib.aclosing(Evaluations(store, figures)))
        yield Reading(
            settings=settings,
            ledger=ledger,
            clock=clock,
            store=store,
            subjects=subjects,
            reader=reader,
            figures=figures,
            evaluations=evaluations,
            checkpoints=Checkpoints(store, settings),
            access=AccessLog(store),
            releases=Releases(store, figures, clock),
        )


@contextlib.asynccontextmanager
async def running(settings: Settings, dsn: str, folder: DataFolder) -> AsyncIterator[Parts]:
    """All parts, with the sequencer writing until the block is left."""
    async with reading(settings, dsn, folder) as base:
        await base.store.grant_reading()
        examiner = examiner_of(folder.keys, folder.mode)
        async with Sequencer(base.store, clock=base.clock, settings=settings) as sequencer:
            publishers = Publishers(base.store, base.clock, settings)
            erasing = Erasing(base.store, examiner, sequencer, publishers, base.clock, mode=folder.mode, keys=folder.path / "keys")
            # Before anybody is served: a database from an old backup brings nobody back.
            await erasing.reconcile()
            async with erasing.kept():
                yield Parts(
                    **{one.name: getattr(base, one.name) for one in fields(base)},
                    examiner=examiner,
                    sequencer=sequencer,
                    publishers=publishers,
                    refusals=Refusals(base.store, examiner, sequencer, base.clock),
                    erasing=erasing,
                    operator_token="ldg_" + secrets.token_urlsafe(32),
                )


@contextlib.asynccontextmanager
async def onlooking(settings: Settings, dsn: str, folder: DataFolder) -> AsyncIterator[Parts]:
    """All parts that show a ledger which another process writes, or did.

    :raises StoreUnavailable: the database is away, or holds no ledger yet.
    :raises DataFolderError: it is not the ledger of this data folder, or of another version.
    """
    await check_schema(dsn)
    # Nobody tells this process that a person's key was destroyed: it remembers none.
    settings = msgspec.structs.replace(settings, key_cache=0)
    async with await Store.open(dsn, keys=folder.keys, settings=settings) as store:
        ledger = await store.founded(folder.mode)
        async with _reading(settings, store, ledger) as base, Onlooker(store, base.clock, settings.publish_url) as onlooker:
            examiner = examiner_of(folder.keys, ledger.mode)
            publishers = Publishers(store, base.clock, settings)
            yield Parts(
                **{one.name: getattr(base, one.name) for one in fields(base)},
                examiner=examiner,
                sequencer=onlooker,
                publishers=publishers,
                refusals=Refusals(store, examiner, onlooker, base.clock),
                erasing=Erasing(store, examiner, onlooker, publishers, base.clock, mode=ledger.mode, keys=folder.path / "keys"),
                operator_token="",
                announced=folder.path,
            )


async def _clock(store: Store, mode: Mode) -> Clock:
    if mode is Mode.ORDINARY:
        return SystemClock()
    head = await store.head()
    return SandboxClock(head.admitted_at)
