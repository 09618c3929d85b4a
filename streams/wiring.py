"""Wiring: builds the parts of a ledger from its settings. The only place that knows them all."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

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
from streams.postgres.migrate import migrate
from streams.postgres.store import Ledger, Store
from streams.publishers import Publishers
from streams.reading import Reader
from streams.refusals import Refusals
from streams.releases import Releases
from streams.sequencer import Sequencer
from streams.settings import Settings
from streams.subjects import Subjects
from streams.transport import Transport


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
    sequencer: Sequencer
    publishers: Publishers
    refusals: Refusals
    erasing: Erasing
    operator_token: str
    """The operator's token for as long as this ledger runs; ``ledger.json`` hands it to whoever owns the data folder."""
    transport: Transport = field(default_factory=Transport)
    """What carries events beside HTTP: a Kafka cluster, when one is configured."""


def examiner_of(keys: Keys, mode: Mode) -> Examiner:
    """The examiner of a ledger with these keys."""
    return Examiner(catalogue=catalogue(), pseudonym_key=keys.pseudonym, digest_key=keys.digest, sandbox=mode is Mode.SANDBOX)


@contextlib.asynccontextmanager
async def reading(settings: Settings, dsn: str, folder: DataFolder) -> AsyncIterator[Reading]:
    """The reading parts on a database, migrated and founded when new."""
    await migrate(dsn)
    async with await Store.open(dsn, keys=folder.keys, settings=settings) as store, contextlib.AsyncExitStack() as closing:
        ledger = await store.found(folder.mode, SystemClock().now())
        clock = await _clock(store, folder.mode)
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
                    settings=settings,
                    ledger=base.ledger,
                    clock=base.clock,
                    store=base.store,
                    subjects=base.subjects,
                    reader=base.reader,
                    figures=base.figures,
                    evaluations=base.evaluations,
                    checkpoints=base.checkpoints,
                    access=base.access,
                    releases=base.releases,
                    examiner=examiner,
                    sequencer=sequencer,
                    publishers=publishers,
                    refusals=Refusals(base.store, examiner, sequencer, base.clock),
                    erasing=erasing,
                    operator_token="ldg_" + secrets.token_urlsafe(32),
                )


async def _clock(store: Store, mode: Mode) -> Clock:
    if mode is Mode.ORDINARY:
        return SystemClock()
    head = await store.head()
    return SandboxClock(head.admitted_at)
