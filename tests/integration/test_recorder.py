"""The store as an eventsourcing recorder: the library's own test cases, unchanged, for UUID and for text ids."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import ApplicationRecorder
from eventsourcing.tests.persistence import ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase

from streams.postgres.recorder import LedgerRecorder


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
