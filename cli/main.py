"""The command ``ledger``: which commands there are, and how each run ends.

Commands are declared here and in the modules of their group; what they need is imported when they run, so that
``ledger --help`` is quick. Exit codes: 0 ok, 1 failure, 2 refused input or bad usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cli import audit, beside, checkpoints, evaluation, kafka, persons, publishers, refusals, releases, witnesses
from cli.options import DATA, AsOf, Data, Json, KnownAt, Purpose
from ledger.errors import LedgerError, UsageError

app = typer.Typer(
    name="ledger",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help=(
        "The trajectory ledger: how newcomers in Flanders and Brussels find their way to work, as an append-only register of events.\n\n"
        "Start with [bold]ledger up --demo 20000[/bold] for a ledger full of simulated people, or [bold]ledger up[/bold] for an empty one."
    ),
    epilog="Exit codes: 0 ok · 1 failure · 2 refused input or bad usage · 130 stopped by Ctrl-C.",
)
app.add_typer(refusals.app, name="refusals")
app.add_typer(publishers.app, name="publishers")
app.add_typer(releases.app, name="releases")
app.add_typer(witnesses.app, name="witness")


@app.command()
def up(
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", envvar="LEDGER_DATA", metavar="DIR", help="Where everything is kept. Default: ledger-data.", show_default=False
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Where to listen. Default: 8400.", show_default=False)
    ] = None,
    demo: Annotated[
        int | None,
        typer.Option("--demo", min=1, metavar="PEOPLE", help="A sandbox, filled with this many simulated people.", show_default=False),
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Start without simulated people.")] = False,
    sandbox: Annotated[
        bool,
        typer.Option(
            "--sandbox", help="A ledger for simulated events: they carry their own moments, and anybody may publish for everybody."
        ),
    ] = False,
) -> None:
    """Start a ledger with everything embedded, until Ctrl-C.

    PostgreSQL, the web pages on http://localhost:8400 and the projections
    run as one process group. What kind of ledger a data folder holds is
    chosen once, when it is new: an ordinary one, or a sandbox (--sandbox,
    --demo).
    """
    if demo is not None and empty:
        raise UsageError("--demo and --empty contradict each other: choose one")
    from cli.up import up as run_up

    raise typer.Exit(run_up(data=data, port=port, demo=demo, empty=empty, sandbox=sandbox))


@app.command()
def simulate(
    people: Annotated[int, typer.Option("--people", min=1, metavar="N", help="How many people.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE.ndjson", help="Where the events go; the truth is written beside it.")],
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="The same seed gives the same bytes.")] = 1,
    faults: Annotated[
        str, typer.Option("--faults", metavar="none|realistic|harsh", help="How faulty the publishers' feeds are.")
    ] = "realistic",
    as_json: Json = False,
) -> None:
    """Write the events of a simulated population.

    Nobody in it is real; the faults are those of real feeds. The file is NDJSON for 'ledger publish' on a
    sandbox. Besides the events it writes the truth: what really happened,
    and how many events are good, duplicate and to be refused.
    """
    from cli.simulating import simulate as run

    run(people=people, seed=seed, faults=faults, out=out, as_json=as_json)


@app.command()
def publish(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="NDJSON or CSV, plain or gzip, in UTF-8; - is standard input.")],
    publisher: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="PUBLISHER",
            help="Whose token to use: a file that holds it, or a name kept with 'ledger publishers create --keep'. A sandbox needs none.",
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be admitted or refused; write nothing.")] = False,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Publish files of events and say what became of them.

    [bold]NDJSON[/bold]: one CloudEvent in structured JSON on each line.

    [bold]CSV[/bold]: the first line names the columns: the attributes
    (id, source, type, subject, time, recordedat, publisherrole, sequence,
    grondslag …) and data.<field> for each field of the payload, or one
    column data with the payload as JSON. A list is written a|b, an empty
    cell leaves its property out; comma or semicolon.

    A file that is neither is refused as a whole, before anything is sent.
    A single line that cannot be read is refused as R01 with its line
    number, and the rest goes on. Publishing the same file again is safe:
    what the ledger has, it recognises. Exits with 2 when anything was
    refused.
    """
    from cli.client import find
    from cli.credentials import speaking_as
    from cli.publishing import publish as run

    raise typer.Exit(run(files, lambda: speaking_as(publisher, find(data), data), dry_run=dry_run, as_json=as_json))


@app.command()
def timeline(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="The pseudonym: a UUID, or persoon/<UUID>.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    purpose: Purpose = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Show one person's trajectory: events, clocks, findings and facts.

    --as-of cuts what happened, --known-at cuts what the ledger knew:
    together they answer what it would have said then.
    """
    from cli.looking import timeline as run

    run(person, as_of=as_of, known_at=known_at, purpose=purpose, data=data, as_json=as_json)


@app.command()
def status(data: Data = DATA, as_json: Json = False) -> None:
    """Show how the running ledger and its projections are doing."""
    from cli.looking import status as run

    run(data=data, as_json=as_json)


@app.command()
def findings(
    code: Annotated[str | None, typer.Option("--code", metavar="F01…F41", help="Only this finding.", show_default=False)] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """List the live findings that stand on no person.

    They stand on editions, employers, publishers and policy.
    """
    from cli.looking import findings as run

    run(code=code, data=data, as_json=as_json)


@app.command()
def indicator(
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="IND-01 to IND-43; none lists them all.", show_default=False)] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="DIM", help="Split by this; at most three, repeated or separated by commas.", show_default=False),
    ] = None,
    cohort: Annotated[
        str | None,
        typer.Option("--cohort", metavar="FROM:TO", help="2024-01-01:2024-12-31, 2024, or 2024-Q1:2024-Q3.", show_default=False),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    format: Annotated[str, typer.Option("--format", metavar="table|json|csv", help="How to print it.")] = "table",
    unprotected: Annotated[
        bool, typer.Option("--unprotected", help="The exact figures, for the operator. It is written to the access log.")
    ] = False,
    purpose: Purpose = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Show a figure of the evaluation, or list them.

    Small numbers are hidden, and so is whatever would give them away.
    With --as-of or --known-at the figure is recomputed from the log,
    which takes its time on a large ledger.
    """
    from cli.indicators import show

    show(
        id,
        by=by or [],
        cohort=cohort,
        as_of=as_of,
        known_at=known_at,
        format="json" if as_json else format,
        unprotected=unprotected,
        purpose=purpose,
        data=data,
    )


@app.command()
def rebuild(
    projection: Annotated[str, typer.Argument(metavar="PROJECTION", help="Its name, as 'ledger status' lists it.")],
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Rebuild one projection from the log.

    A new table is filled beside the old one, which answers until the two
    are swapped. Ctrl-C only stops watching: the ledger goes on rebuilding.
    """
    from cli.rebuilding import rebuild as run

    run(projection, data=data, as_json=as_json)


@app.command()
def export(
    format: Annotated[str, typer.Argument(metavar="parquet|csv|ocel|ndjson", help="What to write.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder that the files go to; made when it is not there.")],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    unprotected: Annotated[
        bool, typer.Option("--unprotected", help="With parquet or csv: the exact rows of persons too, for the operator.")
    ] = False,
    purpose: Purpose = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Write figures or the log for other tools.

    [bold]parquet[/bold] and [bold]csv[/bold]: every indicator with its splits, small numbers hidden, the definitions, the words
    for all values, and a data dictionary (datapackage.json).

    [bold]ocel[/bold]: the effective events as an object-centric event log, OCEL 2.0, for process-mining tools.
    [bold]ndjson[/bold]: the entries, one a line. Both hold rows of persons.
    """
    from cli.exporting import export as run

    run(format, out=out, as_of=as_of, known_at=known_at, unprotected=unprotected, purpose=purpose, data=data, as_json=as_json)


audit.register(app)
persons.register(app)
checkpoints.register(app)
evaluation.register(app)
kafka.register(app)
beside.register(app)


def run() -> None:
    """Run the command line and exit."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: list[str]) -> int:
    """Run the command line; the exit code. What the ledger says no to is one sentence on stderr, never a traceback."""
    try:
        app(args=arguments, prog_name="ledger", standalone_mode=True)
    except SystemExit as ended:
        if isinstance(getattr(ended.__context__, "__cause__", None), KeyboardInterrupt):
            print("ledger: stopped by Ctrl-C", file=sys.stderr)
        return ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except LedgerError as error:
        print(f"ledger: {error}", file=sys.stderr)
        return error.exit_code
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # a panic inside polars is no Exception
        from cli.crash import unforeseen

        print(f"ledger: {unforeseen(error)}", file=sys.stderr)
        return 1
    return 0
