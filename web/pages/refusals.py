"""Weigeringen: what was refused, by source and reason; one refusal with its original, and submitting it again."""

from __future__ import annotations

import msgspec

from ledger.access import Channel, ReadKind
from ledger.errors import UsageError
from ledger.submission import MAX_EVENT_BYTES
from ledger.verdict import Outcome, Reason, Verdict
from streams.refusals import Refusal, RefusalState
from streams.standing import RefusalCount
from web import wording
from web.api.refusals import find, must_be_open, original, person_of, speaker
from web.labels import source_label, type_label
from web.page import Access, Answer, Group, Moved, Shown, Visit, action, page, read_query
from web.problem import ProblemError, missing
from web.purposes import opened

PATH = "/weigeringen"
PAGE = 50

REASONS: dict[str, tuple[str, str]] = {
    "R01": ("Vorm klopt niet", "Shape is wrong"),
    "R02": ("Onbekend type of versie", "Unknown type or version"),
    "R03": ("Rol niet gemachtigd", "Role not authorised"),
    "R04": ("Token hoort er niet bij", "Token does not belong"),
    "R05": ("Andere inhoud onder dezelfde id", "Other content under the same id"),
    "R06": ("INSZ fout", "INSZ wrong"),
    "R07": ("KBO-nummer fout", "KBO number wrong"),
    "R08": ("Code niet in de lijst", "Code not in its list"),
    "R09": ("In de toekomst", "In the future"),
    "R10": ("Vóór 2010", "Before 2010"),
    "R11": ("Onderwerp past niet", "Subject does not fit"),
    "R12": ("Correctie van een ander", "Correction of another's event"),
    "R13": ("Persoon is gewist", "Person is erased"),
    "R14": ("Rolgrens overschreden", "Role boundary crossed"),
    "R15": ("Spreekt zichzelf tegen", "Contradicts itself"),
}
"""What each reason means, in a few words."""


class RefusalRow(msgspec.Struct, frozen=True):
    """A refusal, written out."""

    refusal: Refusal
    type: str
    source: str
    message: str
    reason: str


class RefusalQuery(msgspec.Struct, frozen=True):
    """What is asked for."""

    bron: str | None = None
    code: Reason | None = None
    stand: RefusalState | None = None
    voor: int | None = None


class RefusalsView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    rows: list[RefusalRow]
    query: RefusalQuery
    sources: list[tuple[str, int]]
    codes: list[tuple[str, str, int]]
    counts: list[RefusalCount]
    before: int | None


class RefusalView(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of one refusal shows."""

    row: RefusalRow
    original: str | None
    draft: str
    """What stands in the form."""
    verdict: Verdict | None
    fault: str | None


@page(PATH, nl="Weigeringen", en="Refusals", template="refusals.html", group=Group.EXCHANGE, order=20, access=Access.READERS)
async def refusals(visit: Visit) -> Answer:
    """The list, newest first."""
    query = read_query(visit.query, RefusalQuery)
    found = await visit.parts.refusals.newest(source=query.bron, code=query.code, state=query.stand, before=query.voor, limit=PAGE)
    counts = await visit.parts.reader.refusal_counts()
    sources: dict[str, int] = {}
    codes: dict[str, int] = {}
    for one in counts:
        sources[one.source or ""] = sources.get(one.source or "", 0) + one.n
        codes[one.code] = codes.get(one.code, 0) + one.n
    view = RefusalsView(
        rows=[_row(one, visit) for one in found],
        query=query,
        sources=sorted((source, n) for source, n in sources.items() if source),
        codes=[(code, visit.say(*REASONS[code]), n) for code, n in sorted(codes.items())],
        counts=counts,
        before=found[-1].number if len(found) == PAGE else None,
    )
    return Shown(view=view)


@page(f"{PATH}/{{number}}", nl="Weigering", en="Refusal", template="refusal.html", access=Access.READERS, reads=ReadKind.REFUSAL)
async def refusal(visit: Visit) -> Answer:
    """One refusal. Its original may be about a person: that it is opened is recorded."""
    shown = await find(visit.parts, _number(visit))
    asked = f"refusal={shown.refusal.number}"
    await opened(visit.parts, visit.visitor, ReadKind.REFUSAL, Channel.PAGE, stream=person_of(shown), asked=asked)
    return await _shown(visit)


@action(f"{PATH}/{{number}}", access=Access.READERS)
async def resubmit(visit: Visit) -> Answer:
    """Submit it again, mended in the form, or as it was when the form still shows the masked original."""
    shown = await find(visit.parts, _number(visit))
    text = visit.form.get("event", "").strip().replace("\r\n", "\n")
    masked = _pretty(shown.raw)
    mended = None if not text or text == (masked or "").strip() else text.encode()
    if mended is not None and len(mended) > MAX_EVENT_BYTES:
        return await _shown(visit, draft=text, fault=visit.say("Het event is groter dan 64 KiB.", "The event is larger than 64 KiB."))
    if mended is not None and b"\xe2\x80\xa6" in mended:
        fault = visit.say(
            "In de tekst staat nog een gemaskeerd nummer (…). Zet er het pseudoniem in, persoon/ en een UUID, of het nummer zelf.",
            "There is still a masked number (…) in the text. Put the pseudonym there, persoon/ and a UUID, or the number itself.",
        )
        return await _shown(visit, draft=text, fault=fault)
    try:
        must_be_open(shown)
        credential = await speaker(visit.parts, visit.visitor, shown.refusal)
        verdict = await visit.parts.refusals.resubmit(shown.refusal.number, credential, mended)
    except ProblemError as error:
        return await _shown(visit, draft=text, fault=wording.sentence(visit.language.of(error.message)))
    except UsageError as error:
        return await _shown(visit, draft=text, fault=wording.sentence(str(error)))
    return await _shown(visit, draft=text if verdict.outcome is Outcome.REFUSED else None, verdict=verdict)


@action(f"{PATH}/{{number}}/afsluiten", access=Access.OPERATOR)
async def close(visit: Visit) -> Answer:
    """It will not be mended."""
    number = _number(visit)
    must_be_open(await find(visit.parts, number))
    await visit.parts.refusals.close(number)
    return Moved(to=f"{PATH}/{number}")


async def _shown(visit: Visit, *, draft: str | None = None, verdict: Verdict | None = None, fault: str | None = None) -> Shown:
    shown = await find(visit.parts, _number(visit))
    pretty = _pretty(shown.raw)
    view = RefusalView(row=_row(shown.refusal, visit), original=pretty, draft=draft or pretty or "", verdict=verdict, fault=fault)
    title = f"{visit.say('Weigering', 'Refusal')} {shown.refusal.number}"
    return Shown(view=view, title=title, template="refusal.html", status=422 if fault else 200)


def _number(visit: Visit) -> int:
    text = visit.path["number"]
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise missing("een weigering heeft een nummer: zie de lijst", "a refusal has a number: see the list")
    return int(text)


def _pretty(raw: bytes | None) -> str | None:
    event, text = original(raw)
    return msgspec.json.format(bytes(event), indent=2).decode() if event is not None else text


def _row(one: Refusal, visit: Visit) -> RefusalRow:
    name = (one.type or "").removeprefix("be.inburgering.").rpartition(".v")[0]
    return RefusalRow(
        refusal=one,
        type=type_label(name, visit.language) if name else "–",
        source=source_label(one.source, visit.language) if one.source else visit.say("niet te lezen", "cannot be read"),
        message=visit.language.of(one.message),
        reason=visit.say(*REASONS[one.code.value]),
    )
