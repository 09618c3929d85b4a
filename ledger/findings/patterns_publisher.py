"""Pattern rules of F27 that show in many histories of one organisation: P4, P5, P6, P8 (domain-rules.md 4.3).

Each quarter or half-year is judged by itself; the running one is cut at the as-of date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from ledger import geography
from ledger.aggregate import Contribution, Totals, aggregate, by_period, half_year, quarter, share_exceeded, tally
from ledger.catalogue import StreamKind
from ledger.codes.employer import SupportRoute
from ledger.codes.roles import Role
from ledger.codes.work import JobEvidence
from ledger.events.employer import EmployerSupportAgreed
from ledger.events.identity import PersonRegistered
from ledger.events.referral import InitiativeInformed
from ledger.events.work import EmploymentStarted
from ledger.finding import ROLE_SMELL, Hit, declare_rule, finding_type
from ledger.history import Fact
from ledger.strands.contract import contract_on, contracts_of
from ledger.strands.job import Job, jobs_of
from ledger.subject import Subject
from ledger.verdict import StreamId

F27 = finding_type(ROLE_SMELL)
_PUBLISHER = "bron/"

declare_rule("P4", nl="Agentschap als bron van jobs", en="Agency as source of job starts")
declare_rule("P5", nl="Informeren over eigen aanbod", en="Informing about own offer only")
declare_rule("P6", nl="Werkgever komt altijd bij het agentschap uit", en="Employer always lands at the agency")
declare_rule("P8", nl="Buiten het eigen werkgebied", en="Outside own territory")


@tally("job_start", needs=(EmploymentStarted,))
def job_start(subject: Subject) -> Iterable[Contribution]:
    """Each job start, on the agency that the person is with."""
    for job in subject.memo(jobs_of):
        agency = _agency_of(subject, job)
        if agency is not None:
            yield Contribution(_PUBLISHER + agency, job.begins)


@tally("job_start_reported", needs=(EmploymentStarted,))
def job_start_reported(subject: Subject) -> Iterable[Contribution]:
    """Each job start that only the person's own word supports."""
    for job in subject.memo(jobs_of):
        agency = _agency_of(subject, job)
        if agency is not None and job.start.payload.evidence is JobEvidence.SELF_REPORT:
            yield Contribution(_PUBLISHER + agency, job.begins)


def _agency_of(subject: Subject, job: Job) -> str | None:
    """The agency that reported the job, else that of the contract open when it began, else of the last signed before."""
    reporter = next((start for start in job.starts if start.entry.role is Role.AGENCY), None)
    if reporter is not None:
        return reporter.publisher
    contract = contract_on(subject, job.begins)
    if contract is None:
        contract = next((one for one in reversed(subject.memo(contracts_of)) if one.signed_on <= job.begins), None)
    return contract.agency if contract is not None else None


@tally("informed", needs=(InitiativeInformed,))
def informed(subject: Subject) -> Iterable[Contribution]:
    return _informed(subject, lambda fact: True)


@tally("informed_own", needs=(InitiativeInformed,))
def informed_own(subject: Subject) -> Iterable[Contribution]:
    return _informed(subject, lambda fact: fact.payload.organiser == fact.publisher)


def _informed(subject: Subject, wanted: Callable[[Fact[InitiativeInformed]], bool]) -> Iterable[Contribution]:
    for fact in subject.history.of(InitiativeInformed):
        if wanted(fact):
            yield Contribution(_PUBLISHER + fact.publisher, fact.date)


@tally("support_agreed", kinds=(StreamKind.EMPLOYER,), needs=(EmployerSupportAgreed,))
def support_agreed(subject: Subject) -> Iterable[Contribution]:
    return _agreed(subject, frozenset(SupportRoute))


@tally("support_agreed_own", kinds=(StreamKind.EMPLOYER,), needs=(EmployerSupportAgreed,))
def support_agreed_own(subject: Subject) -> Iterable[Contribution]:
    return _agreed(subject, frozenset({SupportRoute.AGENCY_OFFER}))


def _agreed(subject: Subject, routes: frozenset[SupportRoute]) -> Iterable[Contribution]:
    """Each need once, by the first agreement about it."""
    seen: set[str] = set()
    for fact in subject.history.of(EmployerSupportAgreed):
        if fact.payload.need_id not in seen:
            seen.add(fact.payload.need_id)
            if fact.payload.route in routes:
                yield Contribution(_PUBLISHER + fact.publisher, fact.date)


@tally("registered", needs=(PersonRegistered,))
def registered(subject: Subject) -> Iterable[Contribution]:
    for fact in subject.history.of(PersonRegistered):
        yield Contribution(_PUBLISHER + fact.publisher, fact.date)


@tally("registered_outside", needs=(PersonRegistered,))
def registered_outside(subject: Subject) -> Iterable[Contribution]:
    territory = dict(subject.parameters.agencies)
    for fact in subject.history.of(PersonRegistered):
        own = territory.get(fact.publisher)
        home = geography.agency_on(fact.payload.residence_nis, fact.date)
        if own is not None and home is not None and own is not home:
            yield Contribution(_PUBLISHER + fact.publisher, fact.date)


def _shares(
    totals: Totals, whole: str, part: str, period: Callable[[date], str], share_bp: int, minimum: int
) -> Iterable[tuple[StreamId, Hit]]:
    parts = {stream: by_period(sums, period) for stream, sums in totals.of(part)}
    for stream, sums in totals.of(whole):
        for name, held in by_period(sums, period).items():
            since = share_exceeded(parts.get(stream, {}).get(name, ()), held, share_bp, minimum)
            if since is not None:
                yield stream, Hit(since=since, case=name)


@aggregate(F27, rule="P4")
def source_of_jobs(totals: Totals) -> Iterable[tuple[StreamId, Hit]]:
    limits = totals.parameters
    return _shares(totals, "job_start", "job_start_reported", quarter, limits.p4_share_bp, limits.p4_minimum)


@aggregate(F27, rule="P5")
def own_offer(totals: Totals) -> Iterable[tuple[StreamId, Hit]]:
    limits = totals.parameters
    return _shares(totals, "informed", "informed_own", quarter, limits.p5_share_bp, limits.p5_minimum)


@aggregate(F27, rule="P6")
def always_the_agency(totals: Totals) -> Iterable[tuple[StreamId, Hit]]:
    limits = totals.parameters
    return _shares(totals, "support_agreed", "support_agreed_own", half_year, limits.p6_share_bp, limits.p6_minimum)


@aggregate(F27, rule="P8")
def outside_territory(totals: Totals) -> Iterable[tuple[StreamId, Hit]]:
    limits = totals.parameters
    return _shares(totals, "registered", "registered_outside", quarter, limits.p8_share_bp, limits.p8_minimum)
