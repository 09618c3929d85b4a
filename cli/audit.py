"""The commands of an auditor: ``ledger replay``, ``ledger compare`` and ``ledger verify``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import DATA, AsOf, Data, Json, KnownAt
from ledger.errors import UsageError

By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="DIM", help="Split the indicator by this; repeated or separated by commas.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    for command in (replay, compare, verify):
        app.command()(command)


def replay(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where the rows go: NDJSON, one row a line, with the view's name.", show_default=False),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    views: Annotated[
        list[str] | None, typer.Option("--view", metavar="NAME", help="Only this view; may be given more than once.", show_default=False)
    ] = None,
    indicator: Annotated[
        str | None, typer.Option("--indicator", metavar="ID", help="An indicator instead of views: it is printed.", show_default=False)
    ] = None,
    by: By = None,
    cohort: Annotated[
        str | None, typer.Option("--cohort", metavar="FROM:TO", help="The cohort of the indicator.", show_default=False)
    ] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Recompute the views, or an indicator, from the log alone.

    No view of the running ledger is read, so the result can be compared
    with what the ledger shows. It works beside a running ledger and
    without one, in bounded memory.
    """
    from cli import replaying

    if indicator is not None:
        if views:
            raise UsageError("--view and --indicator contradict each other: an indicator reads the views that it needs")
        replaying.replay_indicator(
            indicator, by=by or [], cohort=cohort, as_of=as_of, known_at=known_at, out=out, data=data, as_json=as_json
        )
        return
    if by or cohort:
        raise UsageError("--by and --cohort are of an indicator: name it with --indicator")
    if out is None:
        raise UsageError("name the file for the rows with --out FILE, or an indicator to print with --indicator ID")
    replaying.replay(out, as_of=as_of, known_at=known_at, views=views or [], data=data, as_json=as_json)


def compare(
    first: Annotated[str, typer.Option("--from", metavar="POSITION|TIME", help="What the ledger knew then.")],
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="POSITION|TIME", help="And what it knew then. Default: all that it knows.", show_default=False),
    ] = None,
    as_of: AsOf = None,
    indicators: Annotated[
        list[str] | None,
        typer.Option("--indicator", metavar="ID", help="Only this indicator; may be repeated. Default: all of them.", show_default=False),
    ] = None,
    by: By = None,
    rows: Annotated[int, typer.Option("--rows", min=0, metavar="N", help="How many changed rows to show.")] = 20,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Compare what the ledger knew at two positions: which figures and rows changed, and through which entries.

    Both are recomputed from the log alone, as of the same date, so that
    what differs is due to what was learned in between and to nothing else.
    """
    from cli.comparing import compare as run

    run(first, last, as_of=as_of, indicators=indicators or [], by=by or [], rows=rows, data=data, as_json=as_json)


def verify(
    against: Annotated[
        str,
        typer.Option("--against", metavar="postgres|kafka", help="Kafka compares the entries in PostgreSQL with those on the topics too."),
    ] = "postgres",
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Check everything that the ledger keeps against everything else that it keeps; exit with 1 when something is wrong.

    Positions, versions, moments, hashes, seals, the tree and its signed
    checkpoints, verdicts, refusals, erasures, and every view against a
    replay. It says what each check found, and names the first wrong entry.
    """
    from cli.verifying import Copy
    from cli.verifying import verify as run

    if against not in list(Copy):
        raise UsageError(f"--against {against!r} is no copy of the entries: choose postgres or kafka")
    raise typer.Exit(run(against=Copy(against), data=data, as_json=as_json))
