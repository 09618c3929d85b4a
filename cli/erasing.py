"""What ``ledger erase`` and ``ledger reads`` ask the ledger, and how they show the answer."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec

from cli.client import LedgerClient, decoded, find
from cli.looking import Status, pseudonym
from cli.moments import read_as_of
from cli.output import answer, answer_json, progress, say, table
from ledger.codes.identity import ErasureGround
from ledger.errors import UsageError

_PAUSE = 0.2
_PATIENCE = 300.0
"""Seconds that the views may take to forget somebody; they go on afterwards."""


class _Erased(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    streams: list[str]
    keys_destroyed: int


class _Read(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    read_at: str
    kind: str
    channel: str
    reader: str
    purpose: str | None = None
    stream: str | None = None
    asked: str = ""
    outcome: str = ""
    why: str | None = None
    times: int = 1


class _Reads(msgspec.Struct, frozen=True):
    reads: list[_Read]
    next: int | None = None


def erase(person: str, ground: str, *, requested_on: str | None, data: Path, as_json: bool) -> None:
    """Erase somebody and wait until every view is made without them.

    :raises UsageError: PERSON is no pseudonym, the ground is none, nobody is known by it, or they are erased already.
    """
    if ground not in set(ErasureGround):
        raise UsageError(f"--ground {ground}: no such ground; grounds are {', '.join(ErasureGround)}")
    day = read_as_of(requested_on, "--requested-on")
    asked = {"person": pseudonym(person), "ground": ground, "requested_on": day.isoformat() if day else None}
    with LedgerClient(find(data)) as ledger:
        body = ledger.post("/api/erasures", msgspec.json.encode(asked))
        done = decoded(body, _Erased)
        made = _wait(ledger, done.position)
    if as_json:
        answer_json(body)
        return
    keys = f"{done.keys_destroyed} key{'' if done.keys_destroyed == 1 else 's'} destroyed"
    answer(f"Erased at position {done.position}: {keys}. Nothing more is admitted on {', '.join(done.streams)}.")
    if made:
        answer("Every view is made again without them.")
    else:
        say("ledger: the views are still being made without them; see 'ledger status'")


def _wait(ledger: LedgerClient, position: int) -> bool:
    until = time.monotonic() + _PATIENCE
    with progress("Forgetting", None):
        while time.monotonic() < until:
            views = decoded(ledger.get("/api/status"), Status).projections
            if all(view.position >= position for view in views):
                return True
            time.sleep(_PAUSE)
    return False


def reads(*, person: str | None, reader: str | None, refused: bool, after: int, limit: int, data: Path, as_json: bool) -> None:
    """Print a page of the access log."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.get(
            "/api/reads",
            person=pseudonym(person) if person is not None else None,
            reader=reader,
            outcome="refused" if refused else None,
            after=after,
            limit=limit,
        )
    if as_json:
        answer_json(body)
        return
    page = decoded(body, _Reads)
    if not page.reads:
        answer("Nobody opened anything.")
        return
    rows = [
        (
            str(r.number),
            r.read_at[:19].replace("T", " "),
            r.reader,
            r.channel,
            r.kind,
            (r.stream or "").removeprefix("persoon/"),
            r.purpose or "",
            f"{r.why} ×{r.times}" if r.why and r.times > 1 else r.why or "",
        )
        for r in page.reads
    ]
    table(["number", "when (UTC)", "reader", "by", "what", "person", "purpose", "refused"], rows, right=["number"])
    if page.next is not None:
        answer(f"There are more: add --after {page.next}.")
