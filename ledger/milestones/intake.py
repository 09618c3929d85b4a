"""Intake, orientation, screening, information on initiatives (columns 20–28)."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from ledger.codes.intake import Ambition, OrientationTopic
from ledger.codes.referral import AttendanceState, Initiative
from ledger.codes.sector import Sector
from ledger.events.intake import CareerOrientationHeld, CompetenceScreeningCompleted, IntakeCompleted
from ledger.events.referral import InitiativeAttended, InitiativeInformed
from ledger.milestone import earliest, milestones
from ledger.projection import doc
from ledger.subject import Subject

_TOOK_PART = frozenset({AttendanceState.ATTENDED, AttendanceState.STARTED, AttendanceState.COMPLETED})


class IntakeFacts(msgspec.Struct, frozen=True, gc=False):
    """What the agency did at the beginning."""

    intake_on: Annotated[date | None, doc("First intake that is not for Dutch only")]
    intake_interp: Annotated[bool | None, doc("Whether an interpreter was there")]
    orient_on: Annotated[date | None, doc("First career orientation")]
    orient_min: Annotated[int, doc("Minutes of career orientation")]
    orient_topics: Annotated[tuple[OrientationTopic, ...], doc("Topics of all orientations")]
    screen_on: Annotated[date | None, doc("First screening of competences and ambitions")]
    screen_n: Annotated[int, doc("Number of screenings")]
    pref_sectors: Annotated[tuple[Sector, ...], doc("Preferred sectors of the last screening, in order")]
    exp_sectors: Annotated[tuple[Sector, ...], doc("Sectors of experience, idem")]
    ambition: Annotated[Ambition | None, doc("Ambition, idem")]
    inf_on: Annotated[date | None, doc("First time informed on an initiative")]
    inf_n: Annotated[int, doc("Times informed")]
    inf_kinds: Annotated[tuple[Initiative, ...], doc("Kinds of initiative informed on")]
    att_on: Annotated[date | None, doc("First part taken in a kind of initiative after being informed on that kind")]


@milestones(IntakeFacts, order=30)
def intake_facts(subject: Subject) -> IntakeFacts:
    history = subject.history
    intake = earliest([fact for fact in history.of(IntakeCompleted) if not fact.payload.nt2_only])
    orientations = history.of(CareerOrientationHeld)
    topics = {topic for fact in orientations for topic in fact.payload.topics}
    screenings = history.of(CompetenceScreeningCompleted)
    last = screenings[-1].payload if screenings else None
    informed: dict[Initiative, date] = {}
    for fact in history.of(InitiativeInformed):
        informed.setdefault(fact.payload.initiative, fact.date)
    attended = [
        fact.date
        for fact in history.of(InitiativeAttended)
        if fact.payload.state in _TOOK_PART and informed.get(fact.payload.initiative, date.max) <= fact.date
    ]
    return IntakeFacts(
        intake_on=intake.date if intake else None,
        intake_interp=intake.payload.interpreter if intake else None,
        orient_on=orientations[0].date if orientations else None,
        orient_min=sum(fact.payload.duration for fact in orientations),
        orient_topics=tuple(topic for topic in OrientationTopic if topic in topics) if topics else (),
        screen_on=screenings[0].date if screenings else None,
        screen_n=len(screenings),
        pref_sectors=last.preferred_sectors if last else (),
        exp_sectors=last.experience_sectors if last else (),
        ambition=last.ambition if last else None,
        inf_on=min(informed.values(), default=None),
        inf_n=len(history.of(InitiativeInformed)),
        inf_kinds=tuple(kind for kind in Initiative if kind in informed) if informed else (),
        att_on=min(attended, default=None),
    )
