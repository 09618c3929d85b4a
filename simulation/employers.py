"""Employers, what they need, and what support follows; and discrimination signals, which never name a person."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.codes.employer import EmployerNeed, StatedBy, SupportKind, SupportRoute
from ledger.codes.region import Region
from ledger.codes.roles import Role
from ledger.codes.signal import DiscriminationGround, SignalAction
from ledger.events.employer import EmployerNeedStated, EmployerSupportAgreed, EmployerSupportDelivered
from ledger.events.signal import DiscriminationSignalHandled, DiscriminationSignalled
from simulation import marginals, places
from simulation.draw import Draws, Table, half_up
from simulation.fact import Fact, Story
from simulation.moment import working_day
from simulation.organisations import (
    ACTIRIS,
    AGII,
    AGII_EMPLOYERS,
    AMAL,
    ATLAS,
    ATLAS_EMPLOYERS,
    BON,
    HVN,
    MATCHMAKING,
    MENTORING,
    OCMW_A,
    OCMW_G,
    SECTOR_FUND,
    UNIA,
    VDAB,
    VMRI,
    Source,
    employer_kbo,
)
from simulation.parameters import Parameters

_KINDS: dict[EmployerNeed, SupportKind] = {
    EmployerNeed.LANGUAGE_LEARNING: SupportKind.LANGUAGE_COACHING,
    EmployerNeed.LANGUAGE_POLICY: SupportKind.LANGUAGE_SCAN,
    EmployerNeed.CLEAR_LANGUAGE: SupportKind.CLEAR_LANGUAGE_TRAINING,
    EmployerNeed.ONBOARDING: SupportKind.LANGUAGE_BUDDY,
    EmployerNeed.DIVERSITY_POLICY: SupportKind.DIVERSITY_SCAN,
    EmployerNeed.TEAM_INTEGRATION: SupportKind.DIVERSITY_TRAINING,
    EmployerNeed.INCLUSIVE_RECRUITMENT: SupportKind.POLICY_ADVICE,
    EmployerNeed.ANTI_DISCRIMINATION: SupportKind.DIVERSITY_TRAINING,
    EmployerNeed.MENTORING_FLOOR: SupportKind.LANGUAGE_BUDDY,
    EmployerNeed.SUBSIDY_INFO: SupportKind.INFO_SESSION,
}
_STATED_AT: Table[Source] = Table([(AGII_EMPLOYERS, 50), (ATLAS_EMPLOYERS, 20), (VDAB, 16), (SECTOR_FUND, 8), (ACTIRIS, 6)])
AGREED = 0.72
DELIVERED = 0.80
"""[A] Of the agreed supports with a route: something was delivered."""


def employers(seed: int, people: int, parameters: Parameters) -> Iterator[Fact]:
    """The facts of all employers; employer ``k`` is the same for any number."""
    v, period = parameters.volumes, parameters.period
    for k in range(half_up(people * v.employers_per_year / v.contracts_per_year)):
        draws = Draws(seed, "employer", k)
        story = Story(draws, period.end)
        _employer(story, k, working_day(period.contracts_from + draws.below(period.end - period.contracts_from, "day")))
        yield from story.facts


def _employer(story: Story, k: int, day: int) -> None:
    draws = story.draws
    kbo = employer_kbo(k)
    subject = f"werkgever/{kbo}"
    place = draws.pick(places.EVERYWHERE, "place")
    need_id, support_id = draws.uuid8("need"), draws.uuid8("support")
    needs = tuple(sorted({draws.pick(marginals.NEED, "need", n) for n in range(draws.between(1, 3, "needs"))}))
    invested = max(30, half_up(draws.lognormal(600, 0.8, "investment")))
    source = draws.pick(_STATED_AT, "source")
    if place.region is Region.BRUSSEL and source is VDAB:
        source = ACTIRIS
    stated = EmployerNeedStated(
        need_id=need_id,
        needs=needs,
        stated_by=StatedBy.EMPLOYER,
        investment_min=invested,
        investment_cents=100 * draws.between(0, 4000, "cents") if draws.chance(0.6, "cents.known") else None,
        sector=draws.pick(marginals.SECTOR, "sector"),
        size_class=draws.pick(marginals.SIZE, "size"),
        nis=place.nis_on(day),
    )
    story.add(source, stated, day, subject)
    if not draws.chance(AGREED, "agreed"):
        return
    agreed_on = working_day(day + max(1, draws.days(19, 0.7, "agreed")))
    route = draws.pick(marginals.ROUTE, "route")
    kinds = tuple(sorted({_KINDS[need] for need in needs})) if route is not SupportRoute.NONE else ()
    planned = max(30, half_up(invested * draws.lognormal(0.9, 0.3, "planned"))) if kinds else 0
    supporter = ATLAS_EMPLOYERS if source is ATLAS_EMPLOYERS else AGII_EMPLOYERS
    partner = MATCHMAKING if draws.chance(0.5, "partner") else MENTORING
    agreed = EmployerSupportAgreed(
        support_id=support_id,
        need_id=need_id,
        route=route,
        support_kinds=kinds,
        partner_org=partner.kbo if route is SupportRoute.OTHER_PARTNER else None,
        planned_min=planned,
    )
    story.add(supporter, agreed, agreed_on, subject)
    if not kinds or not draws.chance(DELIVERED, "delivered"):
        return
    total = max(15, half_up(planned * draws.lognormal(0.9, 0.3, "delivered")))
    at = agreed_on
    deliverer = partner if route is SupportRoute.OTHER_PARTNER else supporter
    for n, kind in enumerate(kinds):
        at = working_day(at + max(7, draws.days(45, 0.6, "delivered.gap", n)))
        reached = draws.between(2, 40, "reached", n)
        delivered = EmployerSupportDelivered(
            support_id=support_id,
            support_kind=kind,
            delivered_min=total // len(kinds),
            reached_employees=reached,
            non_native_employees=reached * draws.between(1, 6, "non-native", n) // 8,
            satisfaction_bp=draws.between(5500, 9800, "satisfaction", n) if draws.chance(0.7, "satisfaction.known", n) else None,
        )
        story.add(deliverer, delivered, at, subject)


_SIGNAL_SOURCE: Table[Source] = Table(
    [
        (UNIA, 24),
        (VMRI, 18),
        (AGII, 20),
        (ATLAS, 8),
        (AMAL, 4),
        (BON, 4),
        (HVN, 3),
        (VDAB, 8),
        (ACTIRIS, 4),
        (OCMW_G, 2),
        (OCMW_A, 2),
        (MENTORING, 3),
    ]
)
_ACTION_BODY: Table[SignalAction] = Table(
    [(SignalAction.INTERNAL_FOLLOW_UP, 50), (SignalAction.REFERRED_INSPECTION, 20), (SignalAction.NO_ACTION_WANTED, 30)]
)
_ACTION: Table[SignalAction] = Table(
    [
        (SignalAction.INFORMED_RIGHTS, 40),
        (SignalAction.REFERRED_VMRI, 25),
        (SignalAction.REFERRED_UNIA, 20),
        (SignalAction.NO_ACTION_WANTED, 15),
    ]
)
HANDLED = 0.8


def signals(seed: int, people: int, parameters: Parameters) -> Iterator[Fact]:
    """The discrimination signals, spread evenly over the period."""
    period = parameters.period
    for k in range(half_up(people * parameters.volumes.signals_per_person)):
        draws = Draws(seed, "signal", k)
        story = Story(draws, period.end)
        signal_id = draws.uuid8("signal")
        subject = f"signaal/{signal_id}"
        day = working_day(period.contracts_from + draws.below(period.end - period.contracts_from, "day"))
        source = draws.pick(_SIGNAL_SOURCE, "source")
        grounds: set[DiscriminationGround] = {
            draws.pick(marginals.SIGNAL_GROUND, "ground", n) for n in range(draws.between(1, 2, "grounds"))
        }
        signalled = DiscriminationSignalled(
            signal_id=signal_id,
            grounds=tuple(sorted(grounds)),
            context=draws.pick(marginals.SIGNAL_CONTEXT, "context"),
            region=draws.pick(places.EVERYWHERE, "place").region,
            sector=draws.pick(marginals.SECTOR, "sector") if draws.chance(0.6, "sector.known") else None,
            person_link=source.role is Role.EQUALITY_BODY and draws.chance(0.5, "link"),
        )
        story.add(source, signalled, day, subject)
        if draws.chance(HANDLED, "handled"):
            action = draws.pick(_ACTION_BODY if source.role is Role.EQUALITY_BODY else _ACTION, "action")
            handled = working_day(day + max(1, draws.days(34, 0.7, "handled")))
            story.add(source, DiscriminationSignalHandled(signal_id=signal_id, action=action), handled, subject)
        yield from story.facts
