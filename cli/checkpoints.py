"""``ledger checkpoint`` and ``ledger prove``: what an auditor takes home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import DATA, Data, Json
from ledger.errors import UsageError


def register(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    for command in (checkpoint, prove):
        app.command()(command)


def checkpoint(
    key: Annotated[bool, typer.Option("--key", help="Print the public key of the log and nothing else.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Sign all that is in the ledger now, and wait for the witnesses.")] = False,
    history: Annotated[
        int | None, typer.Option("--history", min=1, max=1000, metavar="N", help="List the last N.", show_default=False)
    ] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Print the newest signed head of the log.

    It is a signed note (C2SP tlog-checkpoint): the log's name, how many
    entries it has, the root of its Merkle tree, and who signed that. Keep
    it: whatever the log says later must have grown from it.
    """
    from cli import proving

    if sum((key, now, history is not None)) > 1:
        raise UsageError("--key, --now and --history contradict each other: choose one")
    if key:
        proving.key(data=data, as_json=as_json)
    elif history is not None:
        proving.history(history, data=data, as_json=as_json)
    else:
        proving.checkpoint(now=now, data=data, as_json=as_json)


def prove(
    position: Annotated[int, typer.Argument(metavar="POSITION", min=1, help="The position of an entry.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where the proof goes.", show_default=False)] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Prove that an entry is in the log, and check the proof.

    The proof (C2SP tlog-proof) holds the entry's place, the hashes up to
    the root and the checkpoint. It is checked offline by whoever knows
    the log's public key. It tells nothing of what the entry says: that is
    what 'ledger bundle' is for.
    """
    from cli import proving

    proving.prove(position, out=out, data=data, as_json=as_json)
