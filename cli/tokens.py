"""What ``ledger publishers`` asks the ledger and how it shows the answer."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import msgspec

from cli.client import LedgerClient, decoded, find
from cli.credentials import keep as keep_token
from cli.output import answer, answer_json, say, table
from ledger.codes.recognition import RecognitionAuthority
from ledger.codes.roles import Role
from ledger.errors import UsageError
from ledger.identity import kbo_is_valid

_RIGHTS = ("publisher", "auditor")
"""What a credential that is made by command is for. The operator's token is made by every ``ledger up``."""


class _Publisher(msgspec.Struct, frozen=True, kw_only=True):
    """A credential as the API answers it, without its token."""

    name: str
    right: str = "publisher"
    org: str | None = None
    role: str | None = None
    authority: str | None = None
    created: str | None = None
    rotated: str | None = None
    revoked: str | None = None
    grace_until: str | None = None


class _Publishers(msgspec.Struct, frozen=True):
    publishers: list[_Publisher]


class _Issued(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    token: str
    grace_until: str | None = None


class _Wanted(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    right: str
    org: str | None
    role: str | None
    authority: str | None = None


def list_publishers(*, data: Path, as_json: bool) -> None:
    """Print the credentials."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.get("/api/publishers")
    if as_json:
        answer_json(body)
        return
    known = decoded(body, _Publishers).publishers
    if not known:
        answer("No credentials yet: 'ledger publishers create' makes one.")
        return
    rows = [
        (p.name, p.right, p.org or "", p.role or "", p.authority or "", _day(p.created), _day(p.rotated), _day(p.revoked)) for p in known
    ]
    table(["name", "right", "organisation", "role", "authority", "created", "rotated", "revoked"], rows)


def create(
    name: str, *, right: str, org: str | None, role: str | None, authority: str | None, keep: bool, data: Path, as_json: bool
) -> None:
    """Create a credential.

    :raises UsageError: the right, organisation, role or authority is none, or one is missing or too many.
    """
    if right not in _RIGHTS:
        raise UsageError(f"--right {right}: unknown; it is {' or '.join(_RIGHTS)}")
    if right == "auditor" and not (org is role is authority is None):
        raise UsageError("an auditor's token reads and speaks for nobody: leave --org, --role and --authority out")
    if right == "publisher" and (org is None or role is None):
        raise UsageError("a publisher's token speaks for an organisation in a role: give --org and --role")
    if org is not None and not (len(org) == 10 and kbo_is_valid(org)):
        raise UsageError(f"--org {org}: this is no KBO number: ten digits, the last two 97 − (the first eight mod 97)")
    if role is not None and role not in set(Role):
        raise UsageError(f"--role {role}: unknown; roles are {', '.join(Role)}")
    if authority is not None and authority not in set(RecognitionAuthority):
        raise UsageError(f"--authority {authority}: unknown; authorities are {', '.join(RecognitionAuthority)}")
    wanted = _Wanted(name=name, right=right, org=org, role=role, authority=authority)
    with LedgerClient(find(data)) as ledger:
        body = ledger.post("/api/publishers", msgspec.json.encode(wanted))
    _issued(body, keep=keep, data=data, as_json=as_json)


def rotate(name: str, *, keep: bool, data: Path, as_json: bool) -> None:
    """Give a credential a new token."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.post(f"/api/publishers/{quote(name, safe='')}/rotate")
    _issued(body, keep=keep, data=data, as_json=as_json)


def revoke(name: str, *, data: Path, as_json: bool) -> None:
    """Revoke a credential."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.post(f"/api/publishers/{quote(name, safe='')}/revoke")
    if as_json:
        answer_json(body)
    else:
        answer(f"{name} is revoked: none of its tokens holds any more.")


def _issued(body: bytes, *, keep: bool, data: Path, as_json: bool) -> None:
    issued = decoded(body, _Issued)
    if as_json:
        answer_json(body)
    else:
        answer(issued.token)
        say("This token is shown only now; the ledger keeps a hash of it. Hand it over on a safe channel.")
        if issued.grace_until:
            say(f"The old token holds until {issued.grace_until}.")
    if keep:
        say(f"Kept in {keep_token(data, issued.name, issued.token)}; publish with: ledger publish FILE --as {issued.name}")


def _day(moment: str | None) -> str:
    return (moment or "")[:10]
