"""``ledger witness``: a small witness of one's own, in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import Json

app = typer.Typer(
    no_args_is_help=True,
    help="Run a witness: it keeps what logs showed it, cosigns only growth, and refuses a fork or a rollback.",
)

Folder = Annotated[Path, typer.Option("--data", metavar="DIR", help="The folder of the witness; not that of a ledger.")]
FOLDER = Path("ledger-witness")


@app.command()
def run(
    data: Folder = FOLDER,
    name: Annotated[
        str | None,
        typer.Option("--name", help="Its name, when it is new, such as witness.example.org. It never changes.", show_default=False),
    ] = None,
    logs: Annotated[
        list[str] | None,
        typer.Option(
            "--log", metavar="KEY", help="The public key of a log to cosign for; may be given more than once.", show_default=False
        ),
    ] = None,
    host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Where to listen.")] = 8500,
) -> None:
    """Answer logs until Ctrl-C (C2SP tlog-witness).

    It prints its public key and its address: a ledger takes both in the
    setting witnesses. Let somebody run it who does not run the ledger.
    """
    from cli.witnessing import run as start

    raise typer.Exit(start(data, name=name, logs=logs or [], host=host, port=port))


@app.command()
def trust(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The public key of a log, as 'ledger checkpoint --key' prints it.")],
    data: Folder = FOLDER,
) -> None:
    """Cosign for another log; a running witness knows it at once."""
    from cli.witnessing import trust as start

    start(data, key)


@app.command()
def show(data: Folder = FOLDER, as_json: Json = False) -> None:
    """Show its public key, and of each log what it cosigned last and what contradicted it.

    Exits with 1 when a log contradicted itself.
    """
    from cli.witnessing import show as start

    raise typer.Exit(start(data, as_json=as_json))
