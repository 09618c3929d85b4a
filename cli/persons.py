"""The commands on a person's rights, on who read what, and on the keys: ``ledger erase``, ``dossier``, ``reads`` and ``keys``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import keys
from cli.options import DATA, AsOf, Data, Json, Purpose

Person = Annotated[str, typer.Argument(metavar="PERSON", help="The pseudonym: a UUID, or persoon/<UUID>.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    for command in (erase, dossier, reads):
        app.command()(command)
    app.add_typer(keys.app, name="keys")


def erase(
    person: Person,
    ground: Annotated[
        str,
        typer.Option("--ground", metavar="CODE", help="withdrawn_consent, objection, unlawful, retention_end or court_order."),
    ],
    requested_on: Annotated[
        str | None,
        typer.Option("--requested-on", metavar="DATE", help="The day on which it was asked for. Default: today.", show_default=False),
    ] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Erase a person: destroy the keys of all that was said about them. It cannot be undone.

    Positions, proofs and the number of events stay; what they say is
    unreadable in PostgreSQL, on Kafka and in every export of the log.
    Figures are made again without the person. Returns when every view is.
    """
    from cli.erasing import erase as run

    run(person, ground, requested_on=requested_on, data=data, as_json=as_json)


def dossier(
    person: Person,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="The folder that the dossier goes to; made when it is not there.")],
    as_of: AsOf = None,
    purpose: Purpose = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Write the dossier of a person: everything this register holds about them, with its sources, to be read and printed.

    It answers a request of access (GDPR, article 15): what, from whom,
    why, on what ground, with whom it is shared, who read it, how long it
    is kept, which deadlines run and what stands out, in words. As HTML in
    Dutch and in English, and as JSON. That it was made is written to the
    access log.
    """
    from cli.dossier import dossier as run

    run(person, out=out, as_of=as_of, purpose=purpose, data=data, as_json=as_json)


def reads(
    person: Annotated[str | None, typer.Option("--person", metavar="PERSON", help="Only reads of this person.", show_default=False)] = None,
    reader: Annotated[str | None, typer.Option("--reader", metavar="NAME", help="Only by this credential.", show_default=False)] = None,
    refused: Annotated[bool, typer.Option("--refused", help="Only those that were refused.")] = False,
    after: Annotated[int, typer.Option("--after", min=0, metavar="N", help="Only those numbered higher.")] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 50,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Show who opened data of persons: when, whose, what for."""
    from cli.erasing import reads as run

    run(person=person, reader=reader, refused=refused, after=after, limit=limit, data=data, as_json=as_json)
