"""Tijd tot…: how long it takes from one fact to another, from a fixed list of beginnings and ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from web.blocks.curve import Curve
from web.blocks.shares import Shares
from web.figure_page import Choice, Filter, Section, figure_page
from web.page import Answer, Group, Visit, page

SPLITS = ("pilot", "area", "gender", "benefit", "self_reliance", "learning", "oral", "guided", "service")


class Way(NamedTuple):
    """From a beginning to an end, by the indicator that measures it."""

    id: str
    marks: tuple[int, ...]
    """Days that matter."""
    beside: tuple[str, ...]
    """Shares that say something of the same way."""


class Term(NamedTuple):
    """A beginning or an end in both languages."""

    nl: str
    en: str


STARTS: Mapping[str, Term] = {
    "contract": Term("Contract", "Contract"),
    "registration": Term("Inschrijving", "Registration"),
    "filing": Term("Indiening van een diplomadossier", "Filing of a diploma dossier"),
    "complete": Term("Volledig diplomadossier", "Complete diploma dossier"),
    "evc": Term("EVC-begeleiding", "EVC guidance"),
    "completion": Term("Voltooid sectortraject", "Completed sector trajectory"),
}
ENDS: Mapping[str, Term] = {
    "vdab": Term("Inschrijving bij VDAB (plicht)", "Registration with VDAB (duty)"),
    "actiris": Term("Inschrijving bij Actiris (mogelijkheid)", "Registration with Actiris (option)"),
    "edition": Term("Sectortraject (wie begon)", "Sector trajectory (who began)"),
    "perspective": Term("Job, stage of opleiding in zicht", "Job, internship or training in sight"),
    "step": Term("Eerste stap van de dienst", "First step of the service"),
    "job": Term("Eerste betaalde job", "First paid job"),
    "a2": Term("Mondeling A2 Nederlands", "Oral Dutch at A2"),
    "decision": Term("Eerste beslissing", "First decision"),
    "assessment": Term("EVC-beoordeling", "EVC assessment"),
}
WAYS: Mapping[tuple[str, str], Way] = {
    ("contract", "vdab"): Way("IND-108", (60,), ("IND-01",)),
    ("contract", "actiris"): Way("IND-211", (55, 60, 65), ("IND-02",)),
    ("contract", "job"): Way("IND-29", (180, 365, 730), ("IND-28", "IND-156", "IND-256", "IND-157")),
    ("contract", "edition"): Way("IND-248", (), ("IND-148",)),
    ("contract", "a2"): Way("IND-161", (365, 730), ("IND-162",)),
    ("registration", "step"): Way("IND-122", (21,), ("IND-12",)),
    ("filing", "decision"): Way("IND-17", (60, 120), ("IND-18",)),
    ("complete", "decision"): Way("IND-132", (60, 120), ("IND-131",)),
    ("completion", "perspective"): Way("IND-244", (7, 14, 30, 60), ("IND-23",)),
    ("evc", "assessment"): Way("IND-240", (365,), ("IND-42",)),
}


@page("/tijd-tot", nl="Tijd tot…", en="Time to…", template="figures.html", group=Group.EVALUATION, order=20)
async def times(visit: Visit) -> Answer:
    """One way; an end that does not go with the beginning gives the first that does."""
    start = visit.query.get("van", "")
    start = start if start in STARTS else "contract"
    ends = [end for begin, end in WAYS if begin == start]
    end = visit.query.get("tot", "")
    end = end if end in ends else ends[0]
    way = WAYS[start, end]
    chosen = (
        Filter("van", visit.say("Van", "From"), tuple(Choice(code, visit.say(*term)) for code, term in STARTS.items()), start),
        Filter("tot", visit.say("Tot", "To"), _ends(visit, start), end),
    )
    title = (f"{STARTS[start].nl} → {_inside(ENDS[end].nl)}", f"{STARTS[start].en} → {_inside(ENDS[end].en)}")
    note = (
        (
            "Een mogelijkheid, geen verplichting: wie haar niet benut, doet niets verkeerd.",
            "An option, no duty: who does not use it does nothing wrong.",
        )
        if end == "actiris"
        else ("", "")
    )
    return await figure_page(
        visit,
        lead=(
            "Hoe lang duurt het van het ene feit tot het andere? Wie er nog niet is, telt mee tot de peildatum; wie op een andere manier "
            "eindigt, telt als ander einde. Wie enkel naar de afgesloten gevallen kijkt, ziet het te rooskleurig.",
            "How long does it take from one fact to another? Who is not there yet counts up to the as-of date; who ends otherwise "
            "counts as another end. Looking at closed cases only gives too rosy a picture.",
        ),
        sections=(
            Section(title, (Curve(id=way.id, marks=way.marks, note=note),)),
            Section(("Hetzelfde als aandeel", "The same as a share"), tuple(Shares(id=id) for id in way.beside)),
        ),
        filters=("region",),
        splits=SPLITS,
        more=chosen,
    )


def _inside(text: str) -> str:
    """A text in the middle of another one."""
    return text[:1].lower() + text[1:]


def _ends(visit: Visit, start: str) -> tuple[Choice, ...]:
    """The ends that go with a beginning."""
    return tuple(Choice(end, visit.say(*ENDS[end])) for begin, end in WAYS if begin == start)
