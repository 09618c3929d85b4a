"""Breached clocks (F15, F16, F19, F25, F36, F37, F41): which code each clock raises is said where the clock is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ledger.catalogue import StreamKind
from ledger.clock import BREACHED, clocks
from ledger.finding import EVERY_KIND, Hit, Severity, finding
from ledger.subject import Subject

_ANY_CLOCK = "F41"
"""Also for a clock that cannot breach by itself, once norm.set made a duty of a possibility."""


def _breached(subject: Subject) -> dict[str, list[Hit]]:
    """The breaches of a subject by the code that each raises."""
    found: dict[str, list[Hit]] = {}
    for clock in subject.clocks:
        if clock.state not in BREACHED:
            continue
        since = clock.breached_since
        code = clocks()[clock.clock].finding or _ANY_CLOCK
        if since is not None:
            found.setdefault(code, []).append(Hit(since=since, position=clock.position, case=clock.case, clock=clock.clock.value))
    return found


def _breaches(code: str) -> Callable[[Subject], Iterable[Hit]]:
    def breached(subject: Subject) -> Iterable[Hit]:
        return subject.memo(_breached).get(code, ())

    return breached


finding(
    "F15",
    Severity.WARN,
    nl="Geen perspectief na het sectortraject",
    en="No perspective",
    mend_nl="Leg het perspectief van de deelnemer vast: job, stage, opleiding of iets anders.",
    mend_en="Record the participant's perspective: job, internship, training or another.",
)(_breaches("F15"))

finding(
    "F16",
    Severity.WARN,
    nl="Geen warme overdracht",
    en="No warm handover",
    mend_nl="Draag de deelnemer warm over aan VDAB, Actiris of OCMW, of geef de eerste actie door.",
    mend_en="Hand the participant over warmly to VDAB, Actiris or OCMW, or pass on the first action.",
)(_breaches("F16"))

finding(
    "F19",
    Severity.WARN,
    nl="Terugkoppeling blijft uit",
    en="Feedback gap",
    mend_nl="De dienst geeft door welke stap er was, of dat er geen was.",
    mend_en="The service passes on which step there was, or that there was none.",
)(_breaches("F19"))

finding(
    "F25",
    Severity.WARN,
    nl="Werkzoekende zonder uitkering niet bereikt",
    en="Jobseeker without benefit unserved",
    mend_nl="Nodig uit voor een gericht groepsaanbod, of maak een opvolgplan.",
    mend_en="Invite to a targeted group offer, or make a follow-up plan.",
)(_breaches("F25"))

finding(
    "F36",
    Severity.HIGH,
    nl="Signaal van discriminatie niet behandeld",
    en="Signal unhandled",
    mend_nl="Behandel het signaal en leg de actie vast.",
    mend_en="Handle the signal and record the action.",
    kinds=(StreamKind.SIGNAL,),
)(_breaches("F36"))

finding(
    "F37",
    Severity.WARN,
    nl="Niet georiënteerd na de beslissing",
    en="Orientation missing",
    mend_nl="Bespreek met de persoon wat de beslissing mogelijk maakt en leg de volgende stap vast.",
    mend_en="Discuss with the person what the decision makes possible and record the next step.",
)(_breaches("F37"))

finding(
    "F41",
    Severity.WARN,
    nl="Termijn overschreden",
    en="Clock breached",
    mend_nl="Zie de termijn: wie verantwoordelijk is, welk feit ontbreekt.",
    mend_en="See the clock: who is responsible, which fact is missing.",
    kinds=EVERY_KIND,
    outlives=True,
)(_breaches("F41"))
