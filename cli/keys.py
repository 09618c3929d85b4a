"""``ledger keys``: the master key that all others hang from."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from cli.options import DATA, Data, Json

app = typer.Typer(no_args_is_help=True, help="Rotate the master key.")


@app.callback()
def keys() -> None:
    """Rotate the master key."""


@app.command()
def rotate(
    keep_old: Annotated[
        Path | None,
        typer.Option(
            "--keep-old",
            metavar="FILE",
            help="Put the old key there, for backups of before; keep it away from them. Without it the old key is destroyed.",
            show_default=False,
        ),
    ] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Give the ledger a new master key. Stop the ledger first.

    Every key of a person is wrapped by the new key, and every refused
    original sealed anew. What was cut off half-way is finished by
    running it again. Backups of the database from before open with the
    old key alone: take a new one afterwards.
    """
    from cli.databases import rotating
    from cli.output import answer, answer_json, progress
    from ledger.errors import LedgerError
    from streams.rotation import rotate as run
    from streams.settings import load

    with rotating(load(data=data)) as (dsn, folder), progress("Wrapping keys", None) as meter:
        try:
            done = asyncio.run(run(folder, dsn, keep_old=keep_old, moved=meter.at))
        except OSError as error:
            raise LedgerError(f"{error.filename or folder.path / 'keys'} cannot be written: {error.strerror}; run it again") from error
    if as_json:
        answer_json(msgspec.json.encode(done))
        return
    if done.resumed:
        answer("A rotation that was cut off is finished.")
    answer(f"{done.keys} keys wrapped and {done.refusals} refused originals sealed anew.")
    answer(f"The old key {'is in ' + str(keep_old) if keep_old else 'is destroyed'}. Take a backup of the keys and of the database now.")
