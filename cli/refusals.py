"""``ledger refusals``: what was refused is kept; it is listed, shown, and handed in again after mending."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import DATA, Data, Json

app = typer.Typer(no_args_is_help=True, help="List, show and resubmit refused events; nothing that was sent vanishes.")

Number = Annotated[int, typer.Argument(min=1, metavar="N", help="The number of the refusal, as 'ledger refusals list' shows it.")]


@app.command("list")
def list_refusals(
    source: Annotated[str | None, typer.Option("--source", help="Only those of this publisher.", show_default=False)] = None,
    code: Annotated[
        str | None, typer.Option("--code", metavar="R01…R15", help="Only those refused for this reason.", show_default=False)
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", help="Only those in this state: open, resubmitted or closed.", show_default=False)
    ] = None,
    after: Annotated[int, typer.Option("--after", min=0, metavar="N", help="Only those numbered higher.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 50,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """List refused events, oldest first."""
    from cli.mending import list_refusals as run

    run(data, as_json=as_json, source=source, code=code, state=state, after=after, limit=limit)


@app.command()
def show(number: Number, data: Data = DATA, as_json: Json = False) -> None:
    """Show one refused event as it was sent, and what is wrong with it."""
    from cli.mending import show_refusal as run

    run(number, data=data, as_json=as_json)


@app.command()
def resubmit(
    number: Number,
    event: Annotated[
        Path | None,
        typer.Option(
            "--event", metavar="FILE", help="The mended event as one JSON object. Default: the original once more.", show_default=False
        ),
    ] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Hand a refused event in again: mended, or as it was when its cause is gone. Exits with 2 when it is refused again."""
    from cli.mending import resubmit as run

    raise typer.Exit(run(number, event, data=data, as_json=as_json))


@app.command()
def close(number: Number, data: Data = DATA, as_json: Json = False) -> None:
    """Close a refusal that nobody will mend, because its credential is revoked for instance. It is kept, but waits no more."""
    from cli.mending import close as run

    run(number, data=data, as_json=as_json)
