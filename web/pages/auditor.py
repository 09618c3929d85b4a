"""Auditor: how the ledger is sealed and who read, erased, rebuilt or authorised what; and where to look up, compare and take along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ledger.access import ReadRecord
from ledger.codes.identity import ErasureGround
from ledger.codes.publisher import AuthorityState
from ledger.errors import DataFolderError
from ledger.indicator import indicators
from ledger.transparency.cosignature import check_cosignatures
from streams.auditing import Auditing
from streams.checkpoints import Published
from streams.standing import RebuildState
from web.labels import code_label
from web.page import Access, Answer, Group, Shown, Visit, page, read_query
from web.purposes import purposes

PATH = "/auditor"
CHECKPOINTS = 10
READS = 10
READS_PAGE = 50


class CosignedBy(msgspec.Struct, frozen=True):
    """A witness under a checkpoint."""

    name: str
    at: datetime | None
    """None when its key is not in the settings, so that it could not be checked."""


class CheckpointRow(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint, written out."""

    size: int
    root: str
    signed_at: datetime
    cosigned: Sequence[CosignedBy]
    note: str


class AuthorityRow(msgspec.Struct, frozen=True, kw_only=True):
    """A change of who may publish, written out."""

    position: int
    admitted_at: datetime
    org: str
    role: str
    state: str
    since: datetime


class ErasureRow(msgspec.Struct, frozen=True, kw_only=True):
    """An erasure, written out."""

    position: int
    admitted_at: datetime
    stream: str
    ground: str
    keys: int


class ReadRow(msgspec.Struct, frozen=True, kw_only=True):
    """A read, written out."""

    record: ReadRecord
    who: str
    what: str
    purpose: str
    shown: bool
    why: str


class AuditorView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    key: str
    fault: str | None
    silent: Sequence[tuple[str, str]]
    """Witnesses that did not cosign when they were last asked, and why."""
    checkpoints: Sequence[CheckpointRow]
    refusals: int
    reads: Sequence[ReadRow]
    erasures: Sequence[ErasureRow]
    rebuilds: Sequence[RebuildState]
    authority: Sequence[AuthorityRow]
    indicators: Sequence[tuple[str, str]]
    purposes: Sequence[tuple[str, str]]
    fault_asked: str
    """Why what was looked up could not be found."""


class AuditorQuery(msgspec.Struct, frozen=True):
    """What the page is asked."""

    niet: str = ""
    """What was looked up and not found."""


class ReadsQuery(msgspec.Struct, frozen=True):
    """Where the list begins."""

    voor: int | None = None


class ReadsView(msgspec.Struct, frozen=True, kw_only=True):
    """What the list of reads shows."""

    rows: Sequence[ReadRow]
    before: int | None


@page(PATH, nl="Auditor", en="Auditor", template="auditor.html", group=Group.QUALITY, order=5, access=Access.READERS)
async def auditor(visit: Visit) -> Answer:
    """Everything at a glance."""
    parts, language = visit.parts, visit.language
    auditing = Auditing(parts.store, parts.checkpoints)
    latest = await parts.checkpoints.latest()
    older = await parts.checkpoints.history(before=latest.checkpoint.size, limit=CHECKPOINTS) if latest is not None else []
    query = read_query(visit.query, AuditorQuery)
    view = AuditorView(
        key=_key(visit),
        fault=parts.checkpoints.fault,
        silent=sorted(parts.checkpoints.witnesses.faults.items()),
        checkpoints=[checkpoint_row(visit, one) for one in ([latest] if latest is not None else []) + older],
        refusals=sum(one.n for one in await parts.reader.refusal_counts()),
        reads=[read_row(visit, one) for one in await parts.access.newest(limit=READS)],
        erasures=[
            ErasureRow(
                position=one.position,
                admitted_at=one.admitted_at,
                stream=one.stream,
                ground=ErasureGround(one.erasure.ground).label(language.value),
                keys=one.erasure.keys_destroyed,
            )
            for one in await auditing.erasures()
        ],
        rebuilds=[one for one in await parts.reader.rebuilds() if one.finished_at is not None][:READS],
        authority=[
            AuthorityRow(
                position=one.position,
                admitted_at=one.admitted_at,
                org=one.change.org,
                role=code_label("role", one.change.role.value, language),
                state=AuthorityState(one.change.state).label(language.value),
                since=one.change.valid_from,
            )
            for one in await auditing.authority()
        ],
        indicators=[(one.id, language.of(one.title)) for one in indicators().values()],
        purposes=purposes(language),
        fault_asked=_not_found(visit, query.niet[:60]),
    )
    return Shown(view=view)


@page(f"{PATH}/leesregister", nl="Leesregister", en="Access log", template="auditor_reads.html", access=Access.READERS)
async def reads(visit: Visit) -> Answer:
    """Who opened what, newest first."""
    query = read_query(visit.query, ReadsQuery)
    found = await visit.parts.access.newest(before=query.voor, limit=READS_PAGE)
    before = found[-1].number if len(found) == READS_PAGE else None
    return Shown(view=ReadsView(rows=[read_row(visit, one) for one in found], before=before))


def _key(visit: Visit) -> str:
    try:
        return visit.parts.checkpoints.key.text
    except DataFolderError:
        return ""


def _not_found(visit: Visit, asked: str) -> str:
    if not asked:
        return ""
    return visit.say(
        f"{asked} is geen positie en geen id van een gebeurtenis in dit register.",
        f"{asked} is no position and no id of an event in this ledger.",
    )


def checkpoint_row(visit: Visit, published: Published) -> CheckpointRow:
    """A checkpoint for the list."""
    checkpoints = visit.parts.checkpoints
    moments = {one.signature: one.at for one in check_cosignatures(published.note, [one.key for one in checkpoints.witnesses.addresses])}
    others = [one for one in published.note.signatures if one.name != published.checkpoint.origin]
    return CheckpointRow(
        size=published.checkpoint.size,
        root=published.checkpoint.root.hex(),
        signed_at=published.signed_at,
        cosigned=[CosignedBy(one.name, moments.get(one)) for one in others],
        note=published.note.encode().decode(),
    )


_KINDS = {
    "trajectory": ("traject", "trajectory"),
    "dossier": ("dossier van de persoon", "dossier of the person"),
    "bundle": ("bundel met bewijzen", "bundle with proofs"),
    "entries": ("gebeurtenissen", "events"),
    "refusal": ("geweigerde melding", "refused report"),
    "exact_figures": ("exacte cijfers", "exact figures"),
    "export": ("export van rijen", "export of rows"),
}
_WHY = {
    "no_token": ("zonder token", "without a token"),
    "no_right": ("zonder recht", "without the right"),
    "no_purpose": ("zonder doel", "without a purpose"),
}


def read_row(visit: Visit, record: ReadRecord) -> ReadRow:
    """A read for the list."""
    kind = _KINDS.get(record.kind.value, (record.kind.value, record.kind.value))
    return ReadRow(
        record=record,
        who=visit.say("bezoeker", "visitor") if record.reader == "visitor" else record.reader,
        what=visit.say(*kind),
        purpose=record.purpose.label(visit.language.value) if record.purpose is not None else "–",
        shown=record.why is None,
        why=visit.say(*_WHY.get(record.why.value, (record.why.value, record.why.value))) if record.why is not None else "",
    )
