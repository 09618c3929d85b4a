"""References to what is not known (yet) (F02)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.business_id import STREAMS, Reference, Thing, defined, defines, referred, refers
from ledger.finding import EVERY_KIND, Hit, Severity, finding
from ledger.history import ProblemKind
from ledger.subject import Subject


@finding(
    "F02",
    Severity.INFO,
    nl="Verwijst naar iets dat nog niet bekend is",
    en="Pending reference",
    mend_nl="Wacht op het ontbrekende event, of laat de bron het verwijzende id verbeteren.",
    mend_en="Wait for the missing event, or have the source correct the id that refers to it.",
    kinds=EVERY_KIND,
)
def pending_reference(subject: Subject) -> Iterable[Hit]:
    known = subject.memo(defined_in)
    history = subject.history
    for payload in history.payload_types:
        if not refers(payload):
            continue
        for fact in history.of(payload):
            for reference in referred(fact.payload):
                if (reference.thing, reference.id) not in known and not _known_elsewhere(subject, reference):
                    yield Hit(since=fact.date, position=fact.entry.position, case=reference.id)
    for problem in subject.history.problems:
        if problem.kind is ProblemKind.PENDING:
            yield Hit(since=problem.entry.local_date, position=problem.entry.position, known=True)


def defined_in(subject: Subject) -> frozenset[tuple[Thing, str]]:
    """The things that this history itself defines."""
    history = subject.history
    return frozenset(
        pair for payload in history.payload_types if defines(payload) for fact in history.of(payload) for pair in defined(fact.payload)
    )


def _known_elsewhere(subject: Subject, reference: Reference) -> bool:
    if reference.thing not in STREAMS:
        return False
    shared = subject.reference
    if reference.thing is Thing.EDITION:
        edition = shared.edition(reference.id)
        return edition is not None and edition.planned is not None
    if reference.thing is Thing.OFFER:
        offer = shared.offer(reference.id)
        return offer is not None and offer.published is not None
    if reference.thing is Thing.PILOT:
        pilot = shared.pilot(reference.id)
        return pilot is not None and pilot.opened is not None
    return bool(shared.framework(reference.id))
