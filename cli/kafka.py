"""``ledger kafka``, ``relay``, ``restore`` and ``backup``: the cluster, and the two copies of the entries."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.options import DATA, Data, Folder, Json

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Prepare and check a Kafka cluster for the ledger. Each command reads LEDGER_KAFKA_SERVERS (host:port, with commas) and, where the "
        "cluster asks for them, LEDGER_KAFKA_USER, LEDGER_KAFKA_PASSWORD and LEDGER_KAFKA_CA."
    ),
)


@app.command()
def topics(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit with 1 when anything differs.")] = False,
    missing: Annotated[
        bool,
        typer.Option(
            "--missing", help="Only make what is missing, without asking a ledger: the ledger's own topics, and those of --publisher."
        ),
    ] = False,
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

    Before the ledger's first start run it with --missing; after a publisher
    came or went, without: it then asks the running ledger which publishers
    there are, and each gets its two topics and the right to use them.

    What there should be is data: infra/kafka/topics.toml. Safe to run
    twice: what is there stays, what is missing is made, rules that nobody
    declared are taken away. What cannot be mended without losing events is
    said, and exits with 1.
    """
    from cli.kafka_topics import topics as run

    raise typer.Exit(run(check=check, missing=missing, publishers=publishers or [], data=data, as_json=as_json))


@app.command()
def compare(data: Folder = DATA, as_json: Json = False) -> None:
    """Compare all entries in PostgreSQL with those on Kafka; exit with 1 when they differ.

    Both are read whole and digested, every column of every entry, which
    takes its time on a large ledger. Works beside a running ledger and
    without one.
    """
    from cli.relaying import compare as run

    raise typer.Exit(run(data=data, as_json=as_json))


@app.command()
def user(
    name: Annotated[str, typer.Argument(help="The name of the publisher's credential: its topic's name, and its user's.")],
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", metavar="FILE", help="Its password. Default: one is made up and shown once.", show_default=False),
    ] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Take the user away.")] = False,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Make a publisher's user on the cluster (SCRAM-SHA-512), or give it another password.

    For clusters that keep their users themselves. It may do nothing yet:
    'ledger kafka topics' makes its topics and gives it the right to use them.
    """
    from cli.kafka_user import user as run

    run(name, password_file=password_file, remove=remove, data=data, as_json=as_json)


@app.command()
def certificates(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where they are kept, with the authority's key: for the brokers alone.")
    ],
    hosts: Annotated[
        list[str],
        typer.Option("--host", metavar="NAME", help="A name or address at which clients reach a broker; may be given more than once."),
    ],
    share: Annotated[
        Path | None,
        typer.Option("--share", metavar="DIR", help="Put the authority's certificate here too, for clients.", show_default=False),
    ] = None,
    group: Annotated[
        int | None,
        typer.Option("--group", metavar="GID", help="The group that may read the brokers' key. Default: nobody else.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make certificates for brokers that have none, by an authority of your own.

    For brokers of your own, such as those of docker-compose.yml. Safe to run
    again: what is there stays, and a certificate that soon expires or lacks
    a name is made anew by the same authority, so that clients go on.
    """
    from cli.kafka_certificates import certificates as run

    run(out=out, hosts=hosts, share=share, group=group, as_json=as_json)


@app.command()
def reread(
    publisher: Annotated[str, typer.Argument(help="The publisher, as its topic names it: trajectory.submissions.NAME.")],
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Read a publisher's topic from its beginning: for one that was deleted and made anew.

    'ledger status' says which topics the ledger does not read, and why. The
    running ledger begins at once. What it knows already is answered as a
    duplicate; nothing stands twice.
    """
    from cli.transport import reread as run

    run(publisher, data=data, as_json=as_json)


def relay(
    since: Annotated[
        int | None,
        typer.Option(
            "--from",
            min=1,
            metavar="POSITION",
            help="Look again from this position on; 1 fills an empty cluster. Default: from where the last relay came to.",
            show_default=False,
        ),
    ] = None,
    data: Folder = DATA,
    as_json: Json = False,
) -> None:
    """Send to Kafka the entries that it does not hold yet, then stop.

    A ledger that is up with Kafka does this by itself, all the time, and
    lets no other do it: stop it, or start it without Kafka. This is for
    filling a new cluster. Safe to repeat: the topics themselves tell what
    they hold, and nothing of that is sent again.

    It reads LEDGER_KAFKA_SERVERS, and LEDGER_KAFKA_USER, _PASSWORD and _CA
    where the cluster asks for them.
    """
    from cli.relaying import relay as run

    run(since=since, data=data, as_json=as_json)


class Origin(StrEnum):
    """What a ledger can be restored from."""

    KAFKA = "kafka"


def restore(
    origin: Annotated[Origin, typer.Option("--from", help="The copy of the entries that is left: kafka.")],
    keys: Annotated[
        Path | None,
        typer.Option(
            "--keys",
            metavar="FILE",
            help="What 'ledger backup keys' wrote; without it what is sealed stays sealed, and credentials are gone.",
            show_default=False,
        ),
    ] = None,
    data: Folder = DATA,
    as_json: Json = False,
) -> None:
    """Restore a ledger whose database was lost: the same positions, the same content.

    Needed are the topics with the entries, the folder keys of the lost data
    folder, and a file of 'ledger backup keys', the newer the better. Put the
    folder keys into the new data folder, then:

    ledger restore --from kafka --keys FILE --data NEW

    The database must hold no ledger: the embedded one of the new data
    folder, or the one of LEDGER_DATABASE_URL. All is written, or nothing.
    """
    from cli.relaying import restore_from_kafka as run

    run(keys=keys, data=data, as_json=as_json)


backup = typer.Typer(no_args_is_help=True, help="Back up what no copy of the entries can give back.")


@backup.command()
def keys(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where it goes; it appears there only when it is whole.")],
    data: Folder = DATA,
    as_json: Json = False,
) -> None:
    """Write stream keys, identities, erasures, credentials and refusals to a file, as of one moment.

    'ledger restore --keys FILE' reads it. Take it often: a person whose
    first event came after it has a key that is nowhere else. Works beside a
    running ledger and without one.

    Everything secret in it is sealed by the keys in the data folder, which
    are not in it: back those up apart.
    """
    from cli.relaying import backup_keys as run

    run(out=out, data=data, as_json=as_json)


def register(root: typer.Typer) -> None:
    """Add this group's commands."""
    root.add_typer(app, name="kafka")
    root.add_typer(backup, name="backup")
    root.command("relay")(relay)
    root.command("restore")(restore)
