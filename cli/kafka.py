"""``ledger kafka``: the cluster as the ledger needs it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import DATA, Data, Json

app = typer.Typer(no_args_is_help=True, help="Prepare and check the Kafka cluster that LEDGER_KAFKA_SERVERS names.")


@app.command()
def topics(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit with 1 when anything differs.")] = False,
    publishers: Annotated[
        list[str] | None,
        typer.Option(
            "--publisher",
            metavar="NAME",
            help="Topics for this publisher; may be given more than once. Default: every publisher that the running ledger knows.",
            show_default=False,
        ),
    ] = None,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Create the ledger's topics and access rules, or check them.

    What there should be is data: infra/kafka/topics.toml. Safe to run twice: what is there stays, what is missing is made,
    rules that nobody declared are taken away. What cannot be mended without losing events is said, and exits with 1.
    """
    from cli.kafka_topics import topics as run

    raise typer.Exit(run(check=check, publishers=publishers or [], data=data, as_json=as_json))
