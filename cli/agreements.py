"""Agreements and conclusions on the command line."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import msgspec

from cli.client import LedgerClient, decoded, find
from cli.credentials import speaking_as
from cli.moments import as_parameter, read_as_of, read_known_at
from cli.output import answer, answer_json, sentence, table
from cli.pilots import PATIENCE, count, share
from ledger.codes.policy import Conclusion
from ledger.errors import UsageError
from ledger.norms import read_norms
from ledger.verdict import Message


class _Tally(msgspec.Struct, frozen=True, kw_only=True):
    met: int | None
    decided: int | None
    share: float | None
    hidden: bool


class _Party(msgspec.Struct, frozen=True, kw_only=True):
    label: Message
    org: str | None
    tally: _Tally


class _Changed(msgspec.Struct, frozen=True, kw_only=True):
    used: str
    tally: _Tally
    more_late: int | None


class _Clock(msgspec.Struct, frozen=True, kw_only=True):
    clock: str
    label: Message
    norm: str
    total: _Tally
    parties: list[_Party]
    changed: _Changed | None


class _Clause(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    label: Message
    norm: str | None
    indicators: list[str]
    clocks: list[_Clock]


class _Agreements(msgspec.Struct, frozen=True, kw_only=True):
    as_of: str
    position: int
    clauses: list[_Clause]


def show_agreements(clause: str | None, *, norms: list[str], as_of: str | None, known_at: str | None, data: Path, as_json: bool) -> None:
    """Print the clauses.

    :raises UsageError: a norm or moment cannot be read.
    """
    read_norms(norms)
    day, known = read_as_of(as_of), as_parameter(read_known_at(known_at))
    path = "/api/agreements" if clause is None else f"/api/agreements/{quote(clause, safe='')}"
    with LedgerClient(find(data), patience=PATIENCE) as ledger:
        body = ledger.get(path, norm=",".join(norms) or None, as_of=day.isoformat() if day else None, known_at=known)
    if as_json:
        answer_json(body)
        return
    told = decoded(body, _Agreements)
    answer(f"as of {told.as_of}, as known at position {told.position}")
    rows: list[tuple[str, ...]] = []
    for one in told.clauses:
        if not one.clocks:
            rows.append((one.code, "", "", "", "", "", f"by {', '.join(one.indicators)}" if one.indicators else "not measured"))
        for part in one.clocks:
            rows.append((one.code, f"{part.clock} {sentence(part.label)}", part.norm, *_tally(part.total), ""))
            for party in part.parties:
                rows.append(("", f"  {sentence(party.label)}{f' ({party.org})' if party.org else ''}", "", *_tally(party.tally), ""))
            if part.changed is not None:
                more = "" if part.changed.more_late is None else f"{part.changed.more_late:+d} late"
                rows.append(("", "  with another norm", part.changed.used, *_tally(part.changed.tally), more))
    columns = ["clause", "clock", "norm", "met", "decided", "share", ""]
    table(columns, rows, right=["met", "decided", "share"])


def _tally(one: _Tally) -> tuple[str, str, str]:
    return ("hidden", "hidden", "") if one.hidden else (count(one.met), count(one.decided), share(one.share))


def publish_conclusion(subject: str, conclusion: str, *, indicators: list[str], publisher: str | None, data: Path, as_json: bool) -> int:
    """Publish a conclusion; the exit code.

    :raises UsageError: the conclusion is no code of its list.
    """
    known = [one.value for one in Conclusion]
    if conclusion not in known:
        raise UsageError(f"--conclusion {conclusion!r} is not known: choose one of {', '.join(known)}")
    kind = "agreements" if "." in subject else "pilots"
    body = msgspec.json.encode({"conclusion": conclusion, "indicators": indicators})
    place = speaking_as(publisher, find(data), data)
    with LedgerClient(place, patience=PATIENCE) as ledger:
        said = ledger.post(f"/api/{kind}/{quote(subject, safe='')}/conclusion", body, accept=frozenset({422}))
    if as_json:
        answer_json(said)
    told = decoded(said, _Published)
    if not as_json:
        for refusal in told.refusals:
            answer(f"refused {refusal.code} at {refusal.pointer}: {sentence(refusal.message)}")
        if told.admitted:
            answer(f"Concluded: {Conclusion(conclusion).en}. It stands at position {told.verdicts[0].position}.")
    return 2 if told.refused else 0


class _Verdict(msgspec.Struct, frozen=True):
    position: int | None = None


class _Refusal(msgspec.Struct, frozen=True):
    code: str
    pointer: str
    message: Message


class _Published(msgspec.Struct, frozen=True):
    admitted: int
    refused: int
    refusals: list[_Refusal]
    verdicts: list[_Verdict]
