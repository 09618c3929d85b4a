"""Proeftuinen: the pilots and what the money allows, and the decision sheet of each, on two sides of paper."""

from __future__ import annotations

import msgspec

from ledger.codes.policy import Conclusion, EvaluationSubject
from ledger.criterion import RuleNeeded
from ledger.errors import LedgerError
from ledger.evidence import Pilot
from ledger.sheet import Sheet
from ledger.verdict import Outcome
from streams.concluding import concluded
from streams.evaluation import pilot_named
from web import wording
from web.api.events import examine
from web.evaluation.budget import BudgetView, budget_view
from web.evaluation.sheet import SheetView, sheet_view
from web.evaluation.wording import cell, euro, percent
from web.language import Language
from web.page import Answer, Group, Moved, Shown, Visit, action, page, read_query
from web.render import link

PATH = "/proeftuinen"


class PilotsQuery(msgspec.Struct, frozen=True):
    """What the money is, in whole euro; own amounts stand in ``bedrag-<pilot>``."""

    budget: int | None = None


class PilotLine(msgspec.Struct, frozen=True, kw_only=True):
    """One pilot in the list."""

    id: str
    name: str
    offered: str
    accepted: str
    reach: str
    spent: str
    per_participant: str
    proposal: str
    concluded: str
    deviating: bool
    due: str


class PilotsView(msgspec.Struct, frozen=True, kw_only=True):
    """What the list shows."""

    lines: list[PilotLine]
    budget: BudgetView | None
    amounts: dict[str, int]
    as_of: str
    position: int
    sentence: str


@page(PATH, nl="Proeftuinen", en="Pilots", template="pilots.html", group=Group.EVALUATION, order=60)
async def all_pilots(visit: Visit) -> Answer:
    """The list, and what a budget allows."""
    language = visit.language
    made = await visit.parts.evaluations.live()
    sheets = made.sheets()
    query = read_query(visit.query, PilotsQuery)
    amounts = _amounts(visit, [sheet.pilot for sheet in sheets])
    asked = None if query.budget is None or not 0 <= query.budget <= 10**10 else query.budget * 100
    told = made.budget(asked, amounts)
    names = {sheet.pilot.pilot_id: _name(sheet.pilot, language) for sheet in sheets}
    view = PilotsView(
        lines=[_line(sheet, language) for sheet in sheets],
        budget=budget_view(told, names, language) if told is not None else None,
        amounts={pilot_id: cents // 100 for pilot_id, cents in amounts.items()},
        as_of=wording.day(made.facts.as_of, language),
        position=made.facts.position,
        sentence=_sentence(sheets, language),
    )
    return Shown(view=view)


def _amounts(visit: Visit, pilots: list[Pilot]) -> dict[str, int]:
    found = {}
    for pilot in pilots:
        text = visit.query.get(f"bedrag-{pilot.pilot_id[:8]}", "").strip()
        if text.isdigit() and len(text) <= 10:
            found[pilot.pilot_id] = int(text) * 100
    return found


def _name(pilot: Pilot, language: Language) -> str:
    return pilot.theme.label(language.value)


def _sentence(sheets: list[Sheet], language: Language) -> str:
    done = sum(sheet.concluded is not None for sheet in sheets)
    apart = sum(bool(sheet.deviating) for sheet in sheets)
    return language.say(
        f"{done} van {len(sheets)} proeftuinen zijn geconcludeerd; {apart} daarvan anders dan de gegevens voorstellen.",
        f"{done} of {len(sheets)} pilots are concluded; {apart} of these otherwise than the data propose.",
    )


def _line(sheet: Sheet, language: Language) -> PilotLine:
    due = ""
    if sheet.due_days is not None:
        late = sheet.due_days < 0
        due = language.say("te laat", "late") if late else language.say(f"nog {sheet.due_days} dagen", f"{sheet.due_days} days left")
    return PilotLine(
        id=sheet.pilot.pilot_id,
        name=_name(sheet.pilot, language),
        offered=cell(sheet.offered, language),
        accepted=cell(sheet.accepted, language),
        reach=percent(sheet.reach, language),
        spent=euro(sheet.cost.spent, language),
        per_participant=euro(sheet.cost.per_participant, language),
        proposal=sheet.proposal.conclusion.label(language.value),
        concluded=sheet.concluded.conclusion.label(language.value) if sheet.concluded else "",
        deviating=bool(sheet.deviating),
        due=due,
    )


class SheetQuery(msgspec.Struct, frozen=True):
    """Whether it takes a rule: yes, no or unknown; and what became of a conclusion that was sent."""

    regel: str = "unknown"
    besloten: str = ""


class PilotView(msgspec.Struct, frozen=True, kw_only=True):
    """What the sheet shows."""

    sheet: SheetView
    rule: str
    done: str
    fault: str


async def _sheet_of(visit: Visit, fault: str = "", done: str = "", rule: str = "unknown") -> Shown:
    language = visit.language
    made = await visit.parts.evaluations.live()
    pilot = pilot_named(made, visit.path["id"])
    needed = RuleNeeded[rule.upper()] if rule.upper() in RuleNeeded.__members__ else RuleNeeded.UNKNOWN
    conclusions = [(one.value, one.label(language.value)) for one in Conclusion]
    view = sheet_view(made.sheet(pilot, needed), language, conclusions)
    shown = PilotView(sheet=view, rule=needed.name.lower(), done=done, fault=fault)
    return Shown(view=shown, template="pilot.html", title=f"{language.say('Beslisfiche', 'Decision sheet')}: {_name(pilot, language)}")


@page(f"{PATH}/{{id}}", nl="Beslisfiche", en="Decision sheet", template="pilot.html")
async def one_pilot(visit: Visit) -> Answer:
    """The decision sheet."""
    query = read_query(visit.query, SheetQuery)
    return await _sheet_of(visit, done=query.besloten, rule=query.regel)


@action(f"{PATH}/{{id}}")
async def conclude(visit: Visit) -> Answer:
    """Publish a conclusion by the form, through the ordinary admission."""
    credential = visit.visitor.must_publish()
    made = await visit.parts.evaluations.live()
    pilot = pilot_named(made, visit.path["id"])
    chosen = visit.form.get("conclusion", "")
    if chosen not in {one.value for one in Conclusion}:
        return await _sheet_of(visit, fault=visit.say("kies een conclusie", "choose a conclusion"))
    seen = visit.form.get("position", "")
    try:
        raw = concluded(
            made.facts,
            subject_kind=EvaluationSubject.PILOT,
            subject_id=pilot.pilot_id,
            conclusion=Conclusion(chosen),
            indicators=made.sheet(pilot).indicators,
            credential=credential,
            now=visit.parts.clock.now(),
            position=int(seen) if seen.isdecimal() and len(seen) <= 18 else None,
        )
    except LedgerError as error:
        return await _sheet_of(visit, fault=str(error))
    verdict = (await visit.parts.sequencer.submit(await examine(visit.parts, [raw], credential)))[0]
    if verdict.outcome is Outcome.REFUSED:
        said = visit.language.of(verdict.message) if verdict.message is not None else ""
        return await _sheet_of(visit, fault=f"{verdict.code}: {said}")
    return Moved(to=link(f"{PATH}/{pilot.pilot_id}", {"besloten": str(verdict.position)}))
