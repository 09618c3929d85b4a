"""``ledger releases``: the figures of closed quarters, fixed for good."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import DATA, Data, Json

app = typer.Typer(no_args_is_help=True, help="Releases: the figures of closed quarters, fixed for good.")


@app.command()
def make(
    quarter: Annotated[
        str | None,
        typer.Option("--quarter", metavar="2025-Q4", help="Only this quarter. Default: every quarter that is due.", show_default=False),
    ] = None,
    revise: Annotated[bool, typer.Option("--revise", help="Also look whether quarters that are released moved since.")] = False,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Release the quarters that closed and have no release yet.

    A quarter closes thirty days after its end; its release stands at its last day, as known on the closing day, and stays
    as it is for ever. With --revise a next release is made where later events moved the figures by enough to tell: a
    difference of one to four would single people out, and waits for the yearly closing.
    """
    from cli.releasing import make as run

    run(quarter, revise=revise, data=data, as_json=as_json)


@app.command(name="list")
def list_(data: Data = DATA, as_json: Json = False) -> None:
    """List all releases, newest first, and what waits."""
    from cli.releasing import show_all as run

    run(data=data, as_json=as_json)


@app.command()
def show(
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="Its name, as 2025-Q4.r0.")],
    indicator: Annotated[str | None, typer.Option("--indicator", metavar="IND-01", help="Only this indicator.", show_default=False)] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Show a release: what it changed, through what, and its figures."""
    from cli.releasing import show as run

    run(release, indicator=indicator, data=data, as_json=as_json)
