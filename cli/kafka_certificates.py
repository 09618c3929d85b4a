"""What ``ledger kafka certificates`` does: TLS for brokers that have no certificates from elsewhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgspec

from cli.output import answer, answer_json
from ledger.errors import UsageError
from streams.clock import SystemClock
from streams.kafka.certificates import keep_certificates


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    authority: str
    broker: str
    hosts: list[str]
    renewed: bool


def certificates(*, out: Path, hosts: Sequence[str], share: Path | None, group: int | None, as_json: bool) -> None:
    """Make what is missing or soon expires. ``UsageError`` when a folder cannot be written."""
    made, renewed = keep_certificates(out, list(dict.fromkeys(hosts)), SystemClock().now())
    authority = made.authority
    try:
        if group is not None:
            os.chown(made.broker, -1, group)
            made.broker.chmod(0o640)
        if share is not None:
            share.mkdir(parents=True, exist_ok=True)
            authority = share / made.authority.name
            shutil.copyfile(made.authority, authority)
            authority.chmod(0o644)
    except OSError as error:
        raise UsageError(f"the certificates cannot be handed on: {error}") from error
    if as_json:
        answer_json(
            msgspec.json.encode(_Kept(authority=str(authority), broker=str(made.broker), hosts=list(dict.fromkeys(hosts)), renewed=renewed))
        )
        return
    named = ", ".join(dict.fromkeys(hosts))
    answer(f"{'Made' if renewed else 'Still valid'}: {made.broker}, for brokers at {named}.")
    if renewed:
        answer("Brokers that run take it when they are started again.")
    answer(f"Clients trust {authority}: LEDGER_KAFKA_CA={authority}")
