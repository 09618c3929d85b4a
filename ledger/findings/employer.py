"""Support for employers against what the employer asked (F32, F33)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import StreamKind
from ledger.events.employer import EmployerNeedStated, EmployerSupportAgreed, EmployerSupportDelivered
from ledger.finding import Hit, Severity, finding
from ledger.subject import Subject


@finding(
    "F32",
    Severity.WARN,
    nl="Ondersteuning zonder nood van de werkgever",
    en="Support without a need",
    mend_nl="Geef de nood door die de werkgever stelde; zonder nood is er geen ondersteuning.",
    mend_en="Pass on the need that the employer stated; without a need there is no support.",
    kinds=(StreamKind.EMPLOYER,),
    needs=(EmployerSupportAgreed, EmployerSupportDelivered),
)
def support_without_need(subject: Subject) -> Iterable[Hit]:
    history = subject.history
    needs = {fact.payload.need_id for fact in history.of(EmployerNeedStated)}
    need_of = {fact.payload.support_id: fact.payload.need_id for fact in history.of(EmployerSupportAgreed)}
    for agreed in history.of(EmployerSupportAgreed):
        if agreed.payload.need_id not in needs:
            yield Hit(since=agreed.date, position=agreed.entry.position, case=agreed.payload.support_id)
    for delivered in history.of(EmployerSupportDelivered):
        need = need_of.get(delivered.payload.support_id)
        # Delivered without a known agreement: any need that the employer stated may be the one behind it.
        if (need not in needs) if need is not None else not needs:
            yield Hit(since=delivered.date, position=delivered.entry.position, case=delivered.payload.support_id)


@finding(
    "F33",
    Severity.INFO,
    nl="Meer geleverd dan de werkgever investeert",
    en="Support over investment",
    mend_nl="Bespreek met de werkgever of hij meer wil investeren; hij beslist.",
    mend_en="Discuss with the employer whether it wants to invest more; the employer decides.",
    kinds=(StreamKind.EMPLOYER,),
    needs=(EmployerSupportDelivered,),
)
def support_over_investment(subject: Subject) -> Iterable[Hit]:
    history = subject.history
    invested: dict[str, int] = {}
    for need in history.of(EmployerNeedStated):
        invested.setdefault(need.payload.need_id, need.payload.investment_min)
    need_of = {fact.payload.support_id: fact.payload.need_id for fact in history.of(EmployerSupportAgreed)}
    delivered: dict[str, int] = {}
    reported: set[str] = set()
    for fact in history.of(EmployerSupportDelivered):
        need_id = need_of.get(fact.payload.support_id)
        if need_id is None or need_id not in invested or need_id in reported:
            continue
        delivered[need_id] = delivered.get(need_id, 0) + fact.payload.delivered_min
        if delivered[need_id] > invested[need_id]:
            reported.add(need_id)
            yield Hit(since=fact.date, position=fact.entry.position, case=need_id)
