"""``ledger publishers``: who may publish with which token. The ledger keeps hashes; a token is shown once."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import DATA, Data, Json

app = typer.Typer(no_args_is_help=True, help="Create, rotate and revoke the tokens that publishers publish with.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name under which the credential is listed.")]
Keep = Annotated[bool, typer.Option("--keep", help="Also keep the token in the data folder, for 'ledger publish --as NAME'.")]


@app.command("list")
def list_publishers(data: Data = DATA, as_json: Json = False) -> None:
    """List the credentials: what they are for, organisation, role, and whether they hold."""
    from cli.tokens import list_publishers as run

    run(data=data, as_json=as_json)


@app.command()
def create(
    name: Name,
    org: Annotated[
        str | None, typer.Option("--org", metavar="KBO", help="The KBO number of the organisation, ten digits.", show_default=False)
    ] = None,
    role: Annotated[
        str | None,
        typer.Option("--role", metavar="ROLE", help="The role it publishes in (code list Role, see docs/reference).", show_default=False),
    ] = None,
    authority: Annotated[
        str | None,
        typer.Option("--authority", metavar="CODE", help="For a recognition authority: the one it decides for.", show_default=False),
    ] = None,
    right: Annotated[
        str,
        typer.Option("--right", metavar="RIGHT", help="What it is for: publisher, or auditor, who reads and speaks for nobody."),
    ] = "publisher",
    keep: Keep = False,
    data: Data = DATA,
    as_json: Json = False,
) -> None:
    """Create a credential and print its token, once. A publisher's needs --org and --role, an auditor's neither."""
    from cli.tokens import create as run

    run(name, right=right, org=org, role=role, authority=authority, keep=keep, data=data, as_json=as_json)


@app.command()
def rotate(name: Name, keep: Keep = False, data: Data = DATA, as_json: Json = False) -> None:
    """Give a credential a new token and print it, once. The old one holds for a grace period, so that no feed breaks off."""
    from cli.tokens import rotate as run

    run(name, keep=keep, data=data, as_json=as_json)


@app.command()
def revoke(name: Name, data: Data = DATA, as_json: Json = False) -> None:
    """Revoke a credential: none of its tokens holds any more."""
    from cli.tokens import revoke as run

    run(name, data=data, as_json=as_json)
