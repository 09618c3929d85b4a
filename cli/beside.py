"""``ledger worker`` and ``ledger web``: processes beside the one of ``ledger up``, which project or show."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import DATA

Keys = Annotated[
    Path,
    typer.Option(
        "--data",
        envvar="LEDGER_DATA",
        metavar="DIR",
        help="The data folder of the ledger, for its keys; it is only read.",
        show_default=True,
    ),
]


def worker(
    projections: Annotated[
        list[str] | None,
        typer.Option("--projections", metavar="A,B", help="Only these, with commas or repeated. Default: all of them.", show_default=False),
    ] = None,
    data: Keys = DATA,
) -> None:
    """Keep views up to date from the entries on Kafka, until Ctrl-C or SIGTERM.

    For more speed than the one runner of 'ledger up' has. Start as many as
    you like: workers with the same projections divide the partitions among
    them, and whoever stops, dies or is cut off loses nothing. The ledger's
    own runner steps aside as long as there is a worker.

    It needs the cluster (LEDGER_KAFKA_SERVERS …), the database
    (LEDGER_DATABASE_URL, or the one in the data folder) and the data
    folder. While one of them is away it waits and tries again. It logs JSON
    lines to standard error.
    """
    from cli.working import work as run

    raise typer.Exit(run(names=projections or [], data=data))


def web(
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Where to listen. Default: 8400.", show_default=False)
    ] = None,
    data: Keys = DATA,
) -> None:
    """Show a ledger that another process runs: its pages, and its API to read, until Ctrl-C or SIGTERM.

    Start as many as you like beside one 'ledger up'. They take nothing in:
    publishing, mending, erasing and rebuilding are answered with where to
    go instead, which is the address of 'ledger up' (LEDGER_PUBLISH_URL).

    It needs the database (LEDGER_DATABASE_URL, or the one in the data
    folder) and the data folder. Who reads a person's data stands in the
    access log, as everywhere. It logs JSON lines to standard error.
    """
    from cli.showing import show

    raise typer.Exit(show(data=data, port=port))


def register(root: typer.Typer) -> None:
    """Add these commands."""
    root.command("worker")(worker)
    root.command("web")(web)
