"""``ledger timeline``, ``status`` and ``findings``: asked over HTTP, shown as tables."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import msgspec

from cli.client import LedgerClient, decoded, find
from cli.moments import as_parameter, read_as_of, read_known_at
from cli.output import answer, answer_json, table
from cli.transport import tell
from ledger.codes.clock import ClockId
from ledger.errors import UsageError
from ledger.fields import UUID_PATTERN
from ledger.verdict import Message
from streams.partitions import lines
from streams.standing import PartitionStanding
from streams.transport import TransportStanding

_UUID = re.compile(UUID_PATTERN.removeprefix("^").removesuffix("$"))


class _Line(msgspec.Struct, frozen=True, kw_only=True):
    position: int
    type: str
    source: str
    date: str
    """Effective: after corrections."""
    state: str
    late: bool = False
    data: msgspec.Raw = msgspec.Raw(b"null")


class _Clock(msgspec.Struct, frozen=True, kw_only=True):
    clock: str
    state: str
    start: str | None = None
    deadline: str | None = None
    stop: str | None = None
    elapsed: int | None = None
    against: str | None = None
    case: str | None = None


class _Finding(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    severity: str
    clock: str | None = None
    rule: str | None = None
    position: int | None = None
    since: str | None = None
    stream: str = ""


class _Timeline(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    position: int
    as_of: str
    known_at: int | str | None = None
    entries: list[_Line]
    clocks: list[_Clock]
    findings: list[_Finding]
    facts: msgspec.Raw = msgspec.Raw(b"null")


class _Findings(msgspec.Struct, frozen=True, kw_only=True):
    as_of: str = ""
    position: int = 0
    findings: list[_Finding]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A projection as ``/api/status`` tells it."""

    name: str
    version: int = 1
    label: Message | None = None
    position: int = 0
    lag: int = 0
    state: str = ""
    rows: int | None = None
    stalled: int = 0
    rebuilding: Rebuilding | None = None
    partitions: list[PartitionStanding] = []
    last_rebuild: LastRebuild | None = None


class Rebuilding(msgspec.Struct, frozen=True, kw_only=True):
    """How far a rebuild is."""

    position: int = 0
    of: int = 0


class LastRebuild(msgspec.Struct, frozen=True, kw_only=True):
    """How the last rebuild ended."""

    error: str | None = None


class _Queue(msgspec.Struct, frozen=True):
    waiting: int = 0
    limit: int = 0


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """As much of ``/api/status`` as is shown."""

    mode: str
    version: str = ""
    position: int
    admitted_at: str | None = None
    today: str = ""
    queue: _Queue = _Queue()
    projections: list[View] = []
    transport: TransportStanding | None = None


def pseudonym(person: str) -> str:
    """The UUID in ``<uuid>`` or ``persoon/<uuid>``. ``UsageError`` for anything else."""
    key = person.removeprefix("persoon/").lower()
    if _UUID.fullmatch(key) is None:
        raise UsageError(
            "PERSON is a pseudonym: the UUID of persoon/<UUID>, as the pages and 'ledger replay' show it; never a national number"
        )
    return key


def timeline(person: str, *, as_of: str | None, known_at: str | None, purpose: str | None, data: Path, as_json: bool) -> None:
    """Print a person's timeline.

    :raises UsageError: PERSON is no pseudonym, or a moment cannot be read.
    """
    key = pseudonym(person)
    day, known = read_as_of(as_of), as_parameter(read_known_at(known_at))
    with LedgerClient(find(data)) as ledger:
        body = ledger.get(f"/api/trajectories/{quote(key)}", as_of=day.isoformat() if day else None, known_at=known, purpose=purpose)
    if as_json:
        answer_json(body)
        return
    shown = decoded(body, _Timeline)
    answer(f"persoon/{shown.person.removeprefix('persoon/')} as of {shown.as_of}, as known at {shown.known_at or shown.position}")
    lines = [(e.date, str(e.position), _short(e.type), _state_of(e), _system(e.source), _payload(e.data)) for e in shown.entries]
    table(["date", "position", "event", "state", "source", "data"], lines, right=["position"], clip=["data"])
    if shown.clocks:
        rows = [(c.clock, c.state, c.start or "", c.deadline or "", c.stop or "", _days(c), c.against or "") for c in shown.clocks]
        table(["clock", "state", "start", "deadline", "stop", "days", "against"], rows, right=["days"])
    if shown.findings:
        table(["finding", "severity", "clock or rule", "position", "since"], [_finding(f) for f in shown.findings], right=["position"])

    if known_facts := _payload(shown.facts):
        answer(f"facts: {known_facts}")


def status(*, data: Path, as_json: bool) -> None:
    """Print how the ledger is doing."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.get("/api/status")
        url = ledger.place.url
    if as_json:
        answer_json(body)
        return
    now = decoded(body, Status)
    answer(f"{'Sandbox: nobody in it is real. ' if now.mode == 'sandbox' else ''}Version {now.version} at {url}")
    answer(
        f"Position {now.position}, last admitted at {now.admitted_at or 'never'}; today is {now.today}; {now.queue.waiting} events waiting"
    )
    rows = [
        (v.name, str(v.version), str(v.position), str(v.lag), "" if v.rows is None else str(v.rows), str(v.stalled or ""), _state(v))
        for v in now.projections
    ]
    table(
        ["projection", "version", "position", "behind", "rows, about", "stalled", "state"],
        rows,
        right=["version", "position", "behind", "rows, about", "stalled"],
    )
    shares = [
        (f"{one.topic} {one.partition}", ", ".join(one.views) or "all", _lag(one.lag), one.worker or "nobody")
        for one in lines(now.projections)
    ]
    if shares:
        table(["partition", "projections", "behind", "worker"], shares, right=["behind"])
    if now.transport is not None:
        tell(now.transport)


def findings(*, code: str | None, data: Path, as_json: bool) -> None:
    """Print the findings that stand on no person."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.get("/api/findings", code=code)
    if as_json:
        answer_json(body)
        return
    found = decoded(body, _Findings)
    if not found.findings:
        answer("No findings." if code is None else f"No finding {code}.")
        return
    table(
        ["finding", "severity", "clock or rule", "position", "since", "on"],
        [(*_finding(f), f.stream) for f in found.findings],
        right=["position"],
    )


def _days(clock: _Clock) -> str:
    """What was used of a clock, in days; C24 counts seconds, and is shown in hours."""
    if clock.elapsed is None:
        return ""
    return f"{clock.elapsed // 3600} h" if clock.clock == ClockId.C24 else str(clock.elapsed)


def _lag(lag: int | None) -> str:
    return "?" if lag is None else str(lag)


def _state(view: View) -> str:
    if view.rebuilding is None:
        return view.state
    return f"rebuilding, {view.rebuilding.position} of {view.rebuilding.of}"


def _finding(found: _Finding) -> tuple[str, str, str, str, str]:
    return found.code, found.severity, found.clock or found.rule or "", str(found.position or ""), found.since or ""


def _short(full_type: str) -> str:
    """The short type; the version only where it is not the first."""
    return full_type.removeprefix("be.inburgering.").removesuffix(".v1")


def _system(source: str) -> str:
    return source.removeprefix("urn:kbo:")


def _state_of(line: _Line) -> str:
    state = "" if line.state == "live" else line.state
    return f"{state} late".strip() if line.late else state


def _payload(data: msgspec.Raw) -> str:
    """A payload on one line: ``field=value …``; what is empty is left out."""
    try:
        fields = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except msgspec.MsgspecError:
        return ""
    said = ((name, bytes(value).decode()) for name, value in fields.items())
    return "  ".join(f"{name}={value.strip(chr(34))}" for name, value in said if value not in {"null", "[]", "{}"})
