"""What ``ledger refusals`` asks the ledger and how it shows the answer."""

from __future__ import annotations

from pathlib import Path

import msgspec

from cli.client import LedgerClient, decoded, find
from cli.output import answer, answer_json, sentence, table
from cli.tally import Answered
from ledger.errors import BadInput
from ledger.submission import MAX_EVENT_BYTES
from ledger.verdict import Message, Outcome


class _Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal as the API answers it."""

    refusal: int
    id: str | None = None
    source: str | None = None
    type: str | None = None
    code: str
    rule: str | None = None
    pointer: str | None = None
    message: Message | None = None
    received_at: str = ""
    state: str = ""
    event: msgspec.Raw = msgspec.Raw(b"null")
    raw: str | None = None


WHOLE = "the whole event"
"""How the empty JSON pointer is read."""

_MASKS = ("…".encode(), b"\\u2026")
"""What 'refusals show' puts where a number names a person, plain and as JSON escapes it."""


class _Refusals(msgspec.Struct, frozen=True):
    refusals: list[_Refusal]
    next: int | None = None


class _Answer(msgspec.Struct, frozen=True):
    verdicts: tuple[Answered]


def list_refusals(data: Path, *, as_json: bool, source: str | None, code: str | None, state: str | None, after: int, limit: int) -> None:
    """Print a page of refusals."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.get("/api/refusals", source=source, code=code, state=state, after=after, limit=limit)
    if as_json:
        answer_json(body)
        return
    page = decoded(body, _Refusals)
    if not page.refusals:
        answer("No refusals.")
        return
    rows = [
        (
            str(r.refusal),
            r.received_at[:16].replace("T", " "),
            r.rule or r.code,
            r.source or "",
            (r.type or "").removeprefix("be.inburgering."),
            r.state,
            sentence(r.message),
        )
        for r in page.refusals
    ]
    table(["number", "received (UTC)", "code", "source", "type", "state", "what is wrong"], rows, right=["number"])
    if page.next is not None:
        answer(f"There are more: add --after {page.next}.")


def show_refusal(number: int, *, data: Path, as_json: bool) -> None:
    """Print one refusal with the original."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.get(f"/api/refusals/{number}")
    if as_json:
        answer_json(body)
        return
    refusal = decoded(body, _Refusal)
    table(
        ["refusal", str(number)],
        [
            ("code", f"{refusal.code} {refusal.rule or ''}".strip()),
            ("where", refusal.pointer or WHOLE),
            ("what is wrong", sentence(refusal.message)),
            ("source", refusal.source or ""),
            ("event", refusal.id or ""),
            ("received", refusal.received_at),
            ("state", refusal.state),
        ],
    )
    if bytes(refusal.event) != b"null":
        answer(msgspec.json.format(bytes(refusal.event), indent=2).decode())
    elif refusal.raw is not None:
        answer(refusal.raw)
    else:
        answer("The original can no longer be read: the person was erased.")


def resubmit(number: int, event: Path | None, *, data: Path, as_json: bool) -> int:
    """Hand in again; the exit code."""
    mended = _one_event(event) if event is not None else b""
    with LedgerClient(find(data)) as ledger:
        body = ledger.post(f"/api/refusals/{number}/resubmit", mended, content_type="application/cloudevents+json", accept=frozenset({422}))
    (verdict,) = decoded(body, _Answer).verdicts
    if as_json:
        answer_json(body)
    elif verdict.outcome is Outcome.REFUSED:
        answer(f"Refused again, {verdict.rule or verdict.code} at {verdict.pointer or WHOLE}: {sentence(verdict.message)}")
    elif verdict.outcome is Outcome.DUPLICATE:
        answer(f"Already in the ledger, at position {verdict.position}.")
    else:
        answer(f"Admitted at position {verdict.position}.")
    return 2 if verdict.outcome is Outcome.REFUSED else 0


def close(number: int, *, data: Path, as_json: bool) -> None:
    """Close a refusal, and say so."""
    with LedgerClient(find(data)) as ledger:
        body = ledger.post(f"/api/refusals/{number}/close")
    if as_json:
        answer_json(body)
    else:
        answer(f"Refusal {number} is closed.")


def _one_event(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_EVENT_BYTES + 1)
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}") from error
    if len(content) > MAX_EVENT_BYTES:
        raise BadInput(f"{file} is larger than {MAX_EVENT_BYTES} bytes, the most that an event may be; give one event")
    try:
        msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(
            f"{file} is not one JSON object in UTF-8 ({error}); give the mended event as 'ledger refusals show N --json' has it in 'event'"
        ) from None
    if any(mask in content for mask in _MASKS):
        raise BadInput(
            f"{file} still holds a masked number (…): put the pseudonym there, persoon/ and a UUID, or the number itself; nothing was sent"
        )
    return content
