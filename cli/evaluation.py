"""``ledger pilots``, ``ledger agreements`` and ``ledger conclude``: which there are, and what their options mean."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import DATA, AsOf, Data, Json, KnownAt


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(pilots)
    app.command()(agreements)
    app.command()(conclude)


def pilots(
    pilot: Annotated[
        str | None, typer.Argument(metavar="[PILOT]", help="Its theme or id; none lists them all.", show_default=False)
    ] = None,
    budget: Annotated[
        int | None,
        typer.Option("--budget", min=0, metavar="EURO", help="Money of a year. Default: what is planned.", show_default=False),
    ] = None,
    amounts: Annotated[
        list[str] | None,
        typer.Option("--amount", metavar="PILOT:EURO", help="An amount of your own for a pilot; repeat it.", show_default=False),
    ] = None,
    rule_needed: Annotated[
        str, typer.Option("--rule-needed", metavar="yes|no|unknown", help="Whether anchoring takes a rule (E10): you answer that.")
    ] = "unknown",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Show the pilots and what the money allows, or one decision sheet.

    A sheet holds the reach, the matched comparison with its interval and
    balance, the cost, the criteria E1 to E10 and the conclusion that they
    propose. The ledger proposes, you conclude: see 'ledger conclude'.
    """
    from cli.pilots import show

    show(
        pilot,
        budget=budget,
        amounts=amounts or [],
        rule_needed=rule_needed,
        as_of=as_of,
        known_at=known_at,
        data=data,
        as_json=as_json,
    )


def agreements(
    clause: Annotated[
        str | None, typer.Argument(metavar="[CLAUSE]", help="As in vdab.feedback; none shows them all.", show_default=False)
    ] = None,
    norms: Annotated[
        list[str] | None,
        typer.Option("--norm", metavar="C01=45", help="Another norm, in days or as C01=P3M; repeat it.", show_default=False),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Show how the agreements with VDAB and Actiris are kept, per clause.

    Per clause its norm, the clocks that measure it, where they were not met
    and with whom that lies; with --norm also what another norm would have
    meant for the same cases.
    """
    from cli.agreements import show_agreements

    show_agreements(clause, norms=norms or [], as_of=as_of, known_at=known_at, data=data, as_json=as_json)


def conclude(
    subject: Annotated[str, typer.Argument(metavar="PILOT|CLAUSE", help="A pilot (theme or id) or a clause (vdab.feedback).")],
    conclusion: Annotated[
        str,
        typer.Option(
            "--conclusion",
            metavar="CODE",
            help="anchor_in_regulation, anchor_without_regulation, continue_pilot, adjust_framework, stop or insufficient_evidence.",
        ),
    ],
    indicators: Annotated[
        list[str] | None,
        typer.Option("--indicator", metavar="IND-01", help="What it rests on; repeat it. Default: those of the sheet.", show_default=False),
    ] = None,
    publisher: Annotated[
        str | None,
        typer.Option("--as", metavar="PUBLISHER", help="Whose token to use, as with 'ledger publish'.", show_default=False),
    ] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Publish a conclusion on a pilot or a clause, as policy owner or evaluator.

    It names the indicators and the position that it rests on, and goes
    through the same admission as every event. Exits with 2 when refused.
    """
    from cli.agreements import publish_conclusion

    raise typer.Exit(
        publish_conclusion(subject, conclusion, indicators=indicators or [], publisher=publisher, data=Path(data), as_json=as_json)
    )
