"""Credentials: tokens made, rotated with a grace, revoked, bound to an organisation and a role, never stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ledger.codes.recognition import RecognitionAuthority
from ledger.codes.roles import Role
from ledger.errors import NotFound, Unauthorised, UsageError
from streams.postgres.store import Store
from streams.publishers import Publishers, Right
from tests.integration.feed import kbo

ORG = kbo(19990100)


class SetClock:
    """A clock that stands where the test puts it."""

    moment = datetime(2025, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def book(store: Store, clock: SetClock) -> Publishers:
    return Publishers(store, clock)


async def test_a_token_speaks_for_its_organisation_in_its_role(book: Publishers, store: Store) -> None:
    issued = await book.create("kbi", org=ORG, role=Role.AGENCY)
    credential = (await book.authenticate(issued.token)).credential
    assert (credential.name, credential.org, credential.role) == ("kbi", ORG, Role.AGENCY)
    assert issued.token not in repr(issued)
    stored = await store.pool.fetchrow("SELECT * FROM ledger.publishers")
    assert issued.token not in str(stored)
    assert issued.token.encode() not in stored["token_hash"]


async def test_rotation_leaves_the_old_token_a_grace(book: Publishers, store: Store, clock: SetClock) -> None:
    old = (await book.create("kbi", org=ORG, role=Role.AGENCY)).token
    await book.authenticate(old)
    new = (await book.rotate("kbi", grace=timedelta(days=2))).token
    assert (await book.authenticate(old)).name == (await book.authenticate(new)).name == "kbi"
    clock.moment += timedelta(days=3)
    fresh = Publishers(store, clock)
    assert (await fresh.authenticate(new)).name == "kbi"
    with pytest.raises(Unauthorised):
        await fresh.authenticate(old)


async def test_a_revoked_token_is_refused_at_once_and_its_name_stays_taken(book: Publishers) -> None:
    issued = await book.create("kbi", org=ORG, role=Role.AGENCY)
    rotated = await book.rotate("kbi")
    await book.authenticate(issued.token)
    await book.authenticate(rotated.token)
    revoked = await book.revoke("kbi")
    assert revoked.revoked_at is not None
    for token in (issued.token, rotated.token):
        with pytest.raises(Unauthorised):
            await book.authenticate(token)
    with pytest.raises(NotFound):
        await book.rotate("kbi")
    with pytest.raises(NotFound):
        await book.revoke("kbi")
    with pytest.raises(UsageError, match="exists"):
        await book.create("kbi", org=ORG, role=Role.AGENCY)
    assert [p.name for p in await book.list()] == ["kbi"]


async def test_a_remembered_token_needs_no_database(book: Publishers, store: Store) -> None:
    issued = await book.create("kbi", org=ORG, role=Role.AGENCY)
    await book.authenticate(issued.token)
    await store.pool.execute("UPDATE ledger.publishers SET revoked_at = now()")
    assert (await book.authenticate(issued.token)).name == "kbi", "until the cache forgets it"


@pytest.mark.parametrize("token", ["", "ldg_", "ldg_" + "x" * 43, "ldg_" + "x" * 44, "Bearer ldg_" + "x" * 43, "ldg_" + "é" * 43])
async def test_an_unknown_token(book: Publishers, token: str) -> None:
    with pytest.raises(Unauthorised):
        await book.authenticate(token)


async def test_readers_do_not_publish(book: Publishers) -> None:
    issued = await book.create("court-of-audit", right=Right.AUDITOR)
    publisher = await book.authenticate(issued.token)
    assert publisher.right is Right.AUDITOR
    with pytest.raises(Unauthorised):
        _ = publisher.credential


@pytest.mark.parametrize(
    ("name", "right", "org", "role", "authority"),
    [
        ("Kbi", Right.PUBLISHER, ORG, Role.AGENCY, None),
        ("kbi", Right.PUBLISHER, None, Role.AGENCY, None),
        ("kbi", Right.PUBLISHER, ORG, None, None),
        ("kbi", Right.PUBLISHER, "1234567890", Role.AGENCY, None),
        ("kbi", Right.OPERATOR, ORG, Role.AGENCY, None),
        ("kbi", Right.PUBLISHER, ORG, Role.RECOGNITION_AUTHORITY, None),
        ("kbi", Right.PUBLISHER, ORG, Role.AGENCY, RecognitionAuthority.NARIC),
    ],
)
async def test_what_does_not_fit_is_refused(
    book: Publishers, name: str, right: Right, org: str | None, role: Role | None, authority: RecognitionAuthority | None
) -> None:
    with pytest.raises(UsageError):
        await book.create(name, right=right, org=org, role=role, authority=authority)


async def test_a_recognition_authority_is_bound_to_what_it_decides_for(book: Publishers) -> None:
    issued = await book.create("zorg", org=ORG, role=Role.RECOGNITION_AUTHORITY, authority=RecognitionAuthority.DEPARTEMENT_ZORG)
    assert (await book.authenticate(issued.token)).credential.authority is RecognitionAuthority.DEPARTEMENT_ZORG
