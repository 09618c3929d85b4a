"""The store as an eventsourcing recorder: the library's own test cases, unchanged, for UUID and for text ids."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactoryError,
    IntegrityError,
    InterfaceError,
    MapperDeserialisationError,
    OperationalError,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.tests.persistence import ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase

from ledger.admission import Examined
from ledger.codes.roles import Role
from ledger.trajectory import Trajectory
from ledger.verdict import Outcome
from streams.clock import SandboxClock
from streams.folder import DataFolder, Mode
from streams.keys import Keys
from streams.postgres.application import LedgerFactory, Recorded
from streams.postgres.recorder import LedgerRecorder
from streams.postgres.server import EmbeddedPostgres
from streams.postgres.store import Store
from streams.sequencer import Sequencer
from tests.integration.feed import Feed, person


class OnAFreshDatabase:
    """Gives the library's test case a recorder on the database of the test, and closes it afterwards."""

    @pytest.fixture(autouse=True)
    def _fresh(self, database_url: str) -> Iterator[None]:
        self.database_url = database_url
        self.recorders: list[LedgerRecorder] = []
        yield
        for recorder in self.recorders:
            recorder.close()

    def create_recorder(self) -> ApplicationRecorder:
        self.recorders.append(LedgerRecorder(self.database_url))
        return self.recorders[-1]


class TextIds:
    """Aggregates whose id is a string."""

    def new_originator_id(self) -> UUID | str:
        return f"aanbod/{uuid4()}"


class TestLedgerRecorder(OnAFreshDatabase, ApplicationRecorderTestCase[ApplicationRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestLedgerRecorderWithTextIds(TextIds, OnAFreshDatabase, ApplicationRecorderTestCase[ApplicationRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleaving(OnAFreshDatabase, NonInterleavingNotificationIDsBaseCase):
    pass


class TestNonInterleavingWithTextIds(TextIds, OnAFreshDatabase, NonInterleavingNotificationIDsBaseCase):
    pass


# The library's classes that were imported to build on are abstract: they are not to be collected themselves.
del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase


def stored(originator: UUID, *versions: int) -> list[StoredEvent]:
    return [StoredEvent(originator, version, "topic", b"state") for version in versions]


@pytest.fixture
def recorder(database_url: str) -> Iterator[LedgerRecorder]:
    opened = LedgerRecorder(database_url)
    yield opened
    opened.close()


def test_what_conflicts_is_not_written_at_all(recorder: LedgerRecorder) -> None:
    person = uuid4()
    recorder.insert_events(stored(person, 1, 2))
    for versions in ((3, 3), (2, 3), (3, 1)):
        with pytest.raises(IntegrityError):
            recorder.insert_events(stored(person, *versions))
    assert recorder.max_notification_id() == 2
    assert recorder.insert_events(stored(person, 3)) == [3], "a failed write leaves no gap"
    assert recorder.insert_events([]) == []


def test_writers_that_race_for_a_version_get_it_once(recorder: LedgerRecorder) -> None:
    person = uuid4()
    outcomes: list[str] = []

    def write() -> None:
        try:
            recorder.insert_events(stored(person, 1))
            outcomes.append("written")
        except IntegrityError:
            outcomes.append("conflict")

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict"] * 7 + ["written"]


def test_a_subscription_waits_for_what_comes_and_ends_when_it_is_stopped(recorder: LedgerRecorder) -> None:
    seen: list[int] = []
    subscription = recorder.subscribe(gt=1)

    def follow() -> None:
        with subscription:
            seen.extend(notification.id for notification in subscription)

    follower = threading.Thread(target=follow)
    follower.start()
    for n in range(1, 6):
        recorder.insert_events(stored(uuid4(), 1))
        while n > 1 and len(seen) < n - 1:
            time.sleep(0.005)
    subscription.stop()
    follower.join(60)
    assert not follower.is_alive()
    assert seen == [2, 3, 4, 5]


def test_a_database_that_does_not_answer_in_time(recorder: LedgerRecorder, database_url: str) -> None:
    loop = recorder.background.loop
    holder = asyncio.run_coroutine_threadsafe(asyncpg.connect(database_url), loop).result(60)
    try:
        asyncio.run_coroutine_threadsafe(holder.execute("BEGIN; LOCK TABLE ledger.sequencer"), loop).result(60)
        recorder._timeout = 0.5
        with pytest.raises(OperationalError, match="did not answer"):
            recorder.insert_events(stored(uuid4(), 1))
    finally:
        asyncio.run_coroutine_threadsafe(holder.close(), loop).result(60)


def test_a_closed_recorder_says_so(database_url: str) -> None:
    recorder = LedgerRecorder(database_url)
    recorder.close()
    recorder.close()
    with pytest.raises(InterfaceError):
        recorder.max_notification_id()


def test_a_database_that_is_away(postgres: EmbeddedPostgres) -> None:
    with pytest.raises(OperationalError):
        LedgerRecorder(postgres.dsn_of("nowhere"))


class Trajectories(Application[UUID]):
    """A stock application: nothing of the ledger in it."""


@pytest.fixture
def ledger(database_url: str, data_folder: Path) -> tuple[dict[str, str], Keys]:
    """A founded sandbox with its keys in a data folder, and the environment that points an application at it."""
    with DataFolder.open(data_folder, Mode.SANDBOX) as folder:
        keys = folder.keys
    environment = {
        "PERSISTENCE_MODULE": "streams.postgres.application",
        "LEDGER_DATABASE_URL": database_url,
        "LEDGER_DATA": str(data_folder),
    }
    return environment, keys


async def publish(database_url: str, keys: Keys, make: Callable[[Feed], list[Examined]]) -> None:
    clock = SandboxClock(datetime(2020, 1, 1, tzinfo=UTC))
    async with await Store.open(database_url, keys=keys) as store:
        await store.found(Mode.SANDBOX, clock.now())
        async with Sequencer(store, clock=clock) as sequencer:
            verdicts = await sequencer.submit(make(Feed(keys)))
    assert {v.outcome for v in verdicts} == {Outcome.ADMITTED}


def test_a_stock_application_reads_the_ledger(database_url: str, ledger: tuple[dict[str, str], Keys]) -> None:
    environment, keys = ledger
    offer = "0190000b-7c3a-7b1e-9d42-000000015445"

    def make(feed: Feed) -> list[Examined]:
        return [
            *feed.examined(feed.event("person.registered", person(1)), feed.event("contract.signed", person(1))),
            *feed.examined(feed.event("offer.published", f"aanbod/{offer}", role=Role.VDAB, grondslag=None)),
            *feed.intakes([person(2), person(1)]),
        ]

    asyncio.run(publish(database_url, keys, make))
    with Trajectories(env=environment) as application:
        log = application.notification_log.select(start=1, limit=10)
        assert [n.id for n in log] == [1, 2, 3, 4, 5]
        assert log[2].originator_id == f"aanbod/{offer}"
        assert all(b"interpreter" not in n.state for n in log if isinstance(n.originator_id, UUID)), "the log stays sealed"
        trajectory = application.repository.get(UUID(person(1)[8:]))
        assert isinstance(trajectory, Trajectory)
        assert [entry.type for entry in trajectory.entries] == ["person.registered", "contract.signed", "intake.completed"]
        assert (trajectory.version, trajectory.position) == (3, 5)
        assert len(trajectory.contracts()) == 1
        assert isinstance(application.mapper.to_domain_event(log[2]), Recorded)
        with pytest.raises(AggregateNotFoundError):
            application.repository.get(UUID(person(9)[8:]))


def test_a_stock_application_writes_nothing_to_it(database_url: str, ledger: tuple[dict[str, str], Keys]) -> None:
    environment, keys = ledger
    asyncio.run(publish(database_url, keys, lambda feed: feed.intakes([person(1)])))
    with Trajectories(env=environment) as application:
        with pytest.raises(ProgrammingError, match="sequencer alone"):
            application.save(Aggregate())
        with pytest.raises(ProgrammingError, match="sequencer alone"):
            application.recorder.insert_events(stored(uuid4(), 1))


def test_an_erased_person_is_not_reconstructed(database_url: str, ledger: tuple[dict[str, str], Keys]) -> None:
    environment, keys = ledger

    def make(feed: Feed) -> list[Examined]:
        erasure = feed.event("erasure.executed", person(1), role=Role.LEDGER_OPERATOR, org=10000000, data={"requested_on": "2024-02-01"})
        return [*feed.intakes([person(1)]), *feed.examined(erasure)]

    asyncio.run(publish(database_url, keys, make))
    with Trajectories(env=environment) as application, pytest.raises(MapperDeserialisationError, match="erased"):
        application.repository.get(UUID(person(1)[8:]))


def test_what_the_ledger_does_not_keep_is_said_plainly(ledger: tuple[dict[str, str], Keys]) -> None:
    factory: LedgerFactory = LedgerFactory(ledger[0])
    for missing in (factory.tracking_recorder, factory.process_recorder, lambda: factory.aggregate_recorder("snapshots")):
        with pytest.raises(InfrastructureFactoryError):
            missing()
