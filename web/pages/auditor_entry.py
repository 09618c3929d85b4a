"""One entry for the auditor: its envelope, its place in the tree and the proof, hash by hash; and looking one up."""

from __future__ import annotations

import re
from uuid import UUID

import msgspec

from ledger.catalogue import StreamKind
from ledger.entry import Entry
from ledger.stream import kind_of
from streams.auditing import Auditing, Proved
from web import wording
from web.labels import Told, code_label, source_label, stream_label, told, type_label
from web.page import Access, Answer, Moved, Shown, Visit, page
from web.pages.auditor import PATH, CheckpointRow, checkpoint_row
from web.problem import missing

_POSITION = re.compile(r"[1-9][0-9]{0,15}")


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    entry: Entry
    type: str
    source: str
    stream: str
    role: str
    person: str | None
    """The pseudonym, when it is about a person: its content is read on the trajectory page, with a purpose."""
    content: list[Told] | None
    """What it says; None when it is sealed."""
    proved: Proved | None
    checkpoint: CheckpointRow | None
    last: int
    """The head of the ledger."""


@page(f"{PATH}/opzoeken", nl="Gebeurtenis opzoeken", en="Look up an event", template="auditor.html", access=Access.READERS)
async def look_up(visit: Visit) -> Answer:
    """To the page of the entry with this position or event id."""
    asked = visit.query.get("gebeurtenis", "").strip()
    if _POSITION.fullmatch(asked.replace(".", "")):
        position = int(asked.replace(".", ""))
        if position <= (await visit.parts.store.head()).position:
            return Moved(to=f"{PATH}/gebeurtenis/{position}")
    try:
        found = await Auditing(visit.parts.store, visit.parts.checkpoints).find(UUID(asked))
    except ValueError:
        found = []
    if found:
        return Moved(to=f"{PATH}/gebeurtenis/{found[0]}")
    shown = re.sub(r"[^A-Za-z0-9.:/-]", "", asked)[:60] or "-"
    return Moved(to=f"{PATH}?niet={shown}")


@page(f"{PATH}/gebeurtenis/{{position}}", nl="Gebeurtenis", en="Event", template="auditor_entry.html", access=Access.READERS)
async def entry(visit: Visit) -> Answer:
    """One entry with its proof."""
    text, parts, language = visit.path["position"], visit.parts, visit.language
    auditing = Auditing(parts.store, parts.checkpoints)
    found = await auditing.entry(int(text)) if _POSITION.fullmatch(text) else None
    if found is None:
        raise missing("op die positie staat geen gebeurtenis", "there is no event at that position")
    content = None
    if found.key_id is None:
        opened = (await parts.store.open_entries([found])).entries
        content = told(opened[0].payload, language) if opened else None
    proved = await auditing.prove(found.position)
    key = found.stream.partition("/")[2]
    view = EntryView(
        entry=found,
        type=type_label(found.type.removeprefix("be.inburgering.").rpartition(".v")[0], language),
        source=source_label(found.source, language),
        stream=stream_label(found.stream, language),
        role=code_label("role", found.role.value, language),
        person=key if kind_of(found.stream) is StreamKind.PERSON else None,
        content=content,
        proved=proved,
        checkpoint=checkpoint_row(visit, proved.published) if proved is not None else None,
        last=(await parts.store.head()).position,
    )
    return Shown(view=view, title=f"{visit.say('Gebeurtenis', 'Event')} {wording.number(found.position, language)}")
