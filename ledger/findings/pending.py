"""References to what is not known (yet) (F02)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.business_id import STREAMS, Reference, Thing, defined, defines, referred, refers
from ledger.codes.recognition import PAUSING_STATUSES, FileStatus
from ledger.events.contract import ContractResumed, ContractSuspended
from ledger.events.diploma import RecognitionFileStatusChanged
from ledger.finding import EVERY_KIND, Hit, Severity, finding
from ledger.history import Fact, ProblemKind
from ledger.subject import Subject


@finding(
    "F02",
    Severity.INFO,
    nl="Verwijst naar iets dat nog niet bekend is",
    en="Pending reference",
    mend_nl="Wacht op de ontbrekende gebeurtenis, of laat de bron het verwijzende id verbeteren.",
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
    for resumed, thing in _resumed_from_nothing(subject):
        yield Hit(since=resumed.date, position=resumed.entry.position, case=thing)
    for problem in subject.history.problems:
        if problem.kind is ProblemKind.PENDING:
            yield Hit(since=problem.entry.local_date, position=problem.entry.position, known=True)


def _resumed_from_nothing(subject: Subject) -> Iterator[tuple[Fact[ContractResumed] | Fact[RecognitionFileStatusChanged], str]]:
    """Resumptions, of a contract or a file, for which no earlier pause is known (domain-rules.md 5.2)."""
    history = subject.history
    for resumed in history.of(ContractResumed):
        contract_id = resumed.payload.contract_id
        paused = (one for one in history.of(ContractSuspended) if one.payload.contract_id == contract_id)
        if not any(one.date <= resumed.date for one in paused):
            yield resumed, contract_id
    files = history.of(RecognitionFileStatusChanged)
    for changed in files:
        case_id = changed.payload.case_id
        if changed.payload.status is FileStatus.RESUMED:
            held = (one for one in files if one.payload.case_id == case_id and one.payload.status in PAUSING_STATUSES)
            if not any(one.date <= changed.date for one in held):
                yield changed, case_id


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
