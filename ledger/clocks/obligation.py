"""Clocks of the obliged person: reporting to an agency (C21, C22) and B1 oral after the certificate (C14)."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.codes.contract import CertificateKind
from ledger.codes.course import GOAL_EVIDENCE, Cefr
from ledger.codes.language import LanguageCode
from ledger.codes.person import Obligation
from ledger.deadline import keyed, repeated, settle, unknown
from ledger.events.contract import CertificateIssued
from ledger.events.course import LanguageLevelAttained
from ledger.events.identity import PersonRegistered
from ledger.geography import is_brussels
from ledger.history import Fact
from ledger.subject import Subject


@clock(ClockId.C21, starts=(PersonRegistered,), against=Party.INBURGERAAR, side=Side.PERSON)
def reporting(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From the day the obligation arose to the first registration with an agency, for a residence outside Brussels."""
    return _reporting(subject, declared, brussels=False)


@clock(ClockId.C22, starts=(PersonRegistered,), against=Party.INBURGERAAR, side=Side.PERSON)
def reporting_brussels(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """The same for a residence in Brussels."""
    return _reporting(subject, declared, brussels=True)


def _reporting(subject: Subject, declared: ClockType, *, brussels: bool) -> Iterator[Clock]:
    seen = set()
    for registered in subject.history.of(PersonRegistered):
        person = registered.payload
        start = person.obligation_from
        if person.obligation is not Obligation.OBLIGED or start is None or start in seen:
            continue
        seen.add(start)  # a later agency that repeats the same obligation starts nothing
        if is_brussels(person.residence_nis) is brussels:
            yield settle(
                declared,
                subject,
                start=start,
                case=start.isoformat(),
                position=registered.entry.position,
                stop=registered.date if registered.date >= start else None,
                before=registered.date if registered.date < start else None,
            )


@clock(ClockId.C14, starts=(CertificateIssued,), against=Party.INBURGERAAR, side=Side.PERSON)
def oral_b1(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From the certificate to the proof of B1 oral. Who proved it before the certificate has met it before the start."""

    def instance(issued: Fact[CertificateIssued], case: str) -> Clock:
        start, position = issued.date, issued.entry.position
        proofs = [fact.date for fact in subject.history.of(LanguageLevelAttained) if proves_b1(fact.payload)]
        if _obligation(subject, issued) is None:
            return unknown(declared, start=start, case=case, position=position)
        return settle(
            declared,
            subject,
            start=start,
            case=case,
            position=position,
            stop=next((day for day in proofs if day >= start), None),
            before=proofs[0] if proofs and proofs[0] < start else None,
        )

    attests = (fact for fact in subject.history.of(CertificateIssued) if fact.payload.kind is CertificateKind.ATTEST)
    for contract_id, issues in keyed(attests, lambda payload: payload.contract_id).items():
        obliged = (issued for issued in issues if _obligation(subject, issued) in (Obligation.OBLIGED, None))
        yield from repeated(obliged, contract_id, instance)


def proves_b1(attained: LanguageLevelAttained) -> bool:
    """Whether a level proves B1 oral in Dutch; a screening proves no goal (3.31)."""
    speaking = attained.levels.speaking
    return (
        attained.language is LanguageCode.NL
        and attained.evidence in GOAL_EVIDENCE
        and speaking is not None
        and speaking.rank >= Cefr.B1.rank
    )


def _obligation(subject: Subject, issued: Fact[CertificateIssued]) -> Obligation | None:
    """What the last registration up to the certificate says, else the first one after it."""
    held: Obligation | None = None
    for registered in subject.history.of(PersonRegistered):
        if held is None or registered.date <= issued.date:
            held = registered.payload.obligation
    return held
