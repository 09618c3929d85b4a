"""What ``ledger kafka user`` does: a publisher's user on the cluster."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

import msgspec

from cli.output import answer, answer_json
from ledger.errors import UsageError
from streams.kafka.admin import Admin
from streams.kafka.connection import Cluster, cluster_of, quiet
from streams.kafka.scram import SALT_BYTES
from streams.settings import load


class _Made(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    user: str
    password: str | None = None
    """Only when it was made up here: it is shown this once."""


def user(name: str, *, password_file: Path | None, remove: bool, data: Path, as_json: bool) -> None:
    """Make a user, give it another password, or take it away.

    :raises UsageError: the ledger's own user, an empty password, or no cluster.
    :raises NotFound: there is no user to take away.
    """
    settings = load(data=data)
    cluster = cluster_of(settings)
    if name == settings.kafka_user:
        raise UsageError(f"{name} is the ledger's own user: the cluster's administrator keeps that one")
    given = None if password_file is None else _read(password_file)
    made_up = given is None and not remove
    password = secrets.token_urlsafe(24) if made_up else given
    asyncio.run(_alter(cluster, name, None if remove else password))
    if as_json:
        answer_json(msgspec.json.encode(_Made(user=name, password=password if made_up else None)))
    elif remove:
        answer(f"User {name} is taken away: it comes in no more once its connections end.")
    else:
        answer(f"User {name} comes in with SCRAM-SHA-512. What it may do: 'ledger kafka topics'.")
        if made_up:
            answer(f"Its password, shown this once: {password}")


def _read(file: Path) -> str:
    try:
        password = file.read_text().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the password cannot be read from {file}: {type(error).__name__}") from error
    if not password:
        raise UsageError(f"{file} holds no password")
    return password


async def _alter(cluster: Cluster, name: str, password: str | None) -> None:
    with quiet():
        async with Admin(cluster) as admin:
            if password is None:
                await admin.remove_user(name)
            else:
                await admin.set_user(name, password, secrets.token_bytes(SALT_BYTES))
