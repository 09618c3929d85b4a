"""Trajecten: finding a person's trajectory, by pseudonym, by number, or from the examples of a sandbox."""

from __future__ import annotations

import re

import msgspec

from ledger.fields import UUID_PATTERN
from ledger.identity import check_insz
from ledger.verdict import Message
from streams.standing import Example
from web import wording
from web.page import Access, Answer, Group, Moved, Shown, Visit, action, page
from web.wording import NOTHING

PATH = "/trajecten"
_UUID = re.compile(UUID_PATTERN.removeprefix("^").removesuffix("$"))

_REASONS = {
    "c01": ("Inschrijving bij VDAB te laat", "Registration with VDAB late"),
    "corrected": ("Met correcties", "With corrections"),
    "retracted": ("Met een ingetrokken gebeurtenis", "With a retracted event"),
    "merged": ("Twee dossiers, één persoon", "Two files, one person"),
    "late": ("Met laattijdige meldingen", "With late reports"),
    "recognition": ("Met een diploma-erkenning", "With a diploma recognition"),
    "high": ("Met een ernstige bevinding", "With a serious finding"),
    "long": ("Met veel gebeurtenissen", "With many events"),
}


class Card(msgspec.Struct, frozen=True):
    """An example with the reason written out."""

    example: Example
    reason: str


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """What the page shows."""

    asked: str
    fault: str | None
    examples: list[Card]


@page(PATH, nl="Trajecten", en="Trajectories", template="trajectories.html", group=Group.LEDGER, order=20, access=Access.READERS)
async def search(visit: Visit) -> Answer:
    """The search form; a whole pseudonym leads straight on."""
    asked = visit.query.get("persoon", "").strip()
    person = asked.lower().removeprefix("persoon/")
    if _UUID.fullmatch(person):
        return Moved(to=f"{PATH}/{person}")
    fault = None
    if asked:
        fault = visit.say(
            "Dat is geen pseudoniem: verwacht een UUID van 36 tekens, zoals 3f0e6d9a-52a5-8c11-9b5e-1f2a3b4c5d6e.",
            "That is no pseudonym: a UUID of 36 characters is expected, such as 3f0e6d9a-52a5-8c11-9b5e-1f2a3b4c5d6e.",
        )
    # Whatever was typed is not shown again when it could be a number that names somebody.
    return await _shown(visit, "" if sum(map(str.isdigit, asked)) >= 9 else asked[:60], fault)


@action(PATH, access=Access.READERS, reads=True)
async def by_number(visit: Visit) -> Answer:
    """Find somebody by INSZ: it stands in the form alone, never in an address or a log."""
    digits = re.sub(r"[ .\-]", "", visit.form.get("insz", ""))
    checked = check_insz(digits)
    if isinstance(checked, Message):
        return await _shown(visit, "", wording.sentence(visit.language.of(checked)), status=422)
    return Moved(to=f"{PATH}/{visit.parts.examiner.pseudonym(digits)}")


async def _shown(visit: Visit, asked: str, fault: str | None, status: int = 200) -> Shown:
    examples = await visit.parts.reader.examples() if visit.visitor.sandbox else []
    cards = [Card(one, visit.say(*_REASONS.get(one.reason, (NOTHING, NOTHING)))) for one in examples]
    return Shown(view=Search(asked=asked, fault=fault, examples=cards), status=status)
