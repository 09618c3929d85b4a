"""The commands of an auditor: ``ledger replay``, ``ledger compare``, ``ledger verify`` and ``ledger bundle``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import DATA, AsOf, Data, Json, KnownAt, Purpose
from ledger.errors import UsageError

By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="DIM", help="Split the indicator by this; repeated or separated by commas.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    for command in (replay, compare, verify, bundle):
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
    purpose: Purpose = None,
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
    replaying.replay(out, as_of=as_of, known_at=known_at, views=views or [], purpose=purpose, data=data, as_json=as_json)


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
    opened: Annotated[
        bool,
        typer.Option("--open", help="With what rows of persons say, not only which columns changed. It is recorded."),
    ] = False,
    purpose: Purpose = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Compare what the ledger knew at two positions: which figures and rows changed, and through which entries.

    Both are recomputed from the log alone, as of the same date, so that
    what differs is due to what was learned in between and to nothing else.
    """
    from cli.comparing import compare as run

    run(
        first,
        last,
        as_of=as_of,
        indicators=indicators or [],
        by=by or [],
        rows=rows,
        opened=opened,
        purpose=purpose,
        data=data,
        as_json=as_json,
    )


def verify(
    bundles: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[BUNDLE…]", help="Files of 'ledger bundle', checked offline; none checks the ledger itself.", show_default=False
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="postgres|kafka|ledger",
            help="kafka: the entries in PostgreSQL beside those on the topics too; ledger: a bundle beside the ledger in --data.",
            show_default=False,
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            metavar="LOG_KEY",
            help="The log's public key, from where you trust it. Default: that in the bundle.",
            show_default=False,
        ),
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", metavar="KEY", help="The public key of a witness; may be repeated.", show_default=False),
    ] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Check everything that the ledger keeps against everything else that it keeps, or check bundles; exit with 1 when something is wrong.

    The ledger: positions, versions, moments, hashes, seals, the tree and its
    signed checkpoints, witnesses, verdicts, refusals, erasures, reads, and
    every view against a replay. It names the first wrong entry.

    Bundles: signatures, cosignatures, proofs and content, and that all of
    them are of one log. Nothing but the files is read.
    """
    from cli.verifying import Copy, verify_bundles
    from cli.verifying import verify as run

    if bundles:
        if against not in {None, "ledger"}:
            raise UsageError(f"--against {against!r}: a bundle is checked by itself, or with --against ledger against the one in --data")
        raise typer.Exit(verify_bundles(bundles, key=key, witnesses=witness or [], live=against is not None, data=data, as_json=as_json))
    if key or witness:
        raise UsageError("--key and --witness are for bundles: name their files")
    if against not in {None, *Copy}:
        raise UsageError(f"--against {against!r} is no copy of the entries: choose postgres or kafka")
    raise typer.Exit(run(against=Copy(against or Copy.POSTGRES), data=data, as_json=as_json))


def bundle(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the bundle goes.")],
    person: Annotated[
        str | None, typer.Option("--person", metavar="PERSON", help="Every entry of a person, by pseudonym.", show_default=False)
    ] = None,
    figure: Annotated[str | None, typer.Option("--figure", metavar="ID", help="An indicator, IND-01 …", show_default=False)] = None,
    span: Annotated[str | None, typer.Option("--range", metavar="A:B", help="The entries from A to B.", show_default=False)] = None,
    by: By = None,
    cohort: Annotated[str | None, typer.Option("--cohort", metavar="FROM:TO", help="The cohort of the figure.", show_default=False)] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    opened: Annotated[
        bool, typer.Option("--open", help="With the content of what is about persons; else of such entries only the proof is in it.")
    ] = False,
    purpose: Purpose = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Write a file that proves a person's entries, a figure or a range of entries to whoever holds it.

    It holds a signed checkpoint and the proofs that lead to it, and is
    checked offline: with 'ledger verify FILE', or with the script
    docs/verify_bundle.py, which shares no code with the ledger.
    """
    from cli.bundling import bundle as run
    from cli.bundling import chosen

    run(
        chosen(person=person, figure=figure, span=span, by=by or [], cohort=cohort, as_of=as_of, known_at=known_at),
        out,
        opened=opened,
        purpose=purpose,
        data=data,
        as_json=as_json,
    )
