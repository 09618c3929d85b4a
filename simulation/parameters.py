"""Every assumption of the synthetic population by name (domain.md 7, domain-rules.md 7).

Delays are in days, probabilities between 0 and 1, odds factors multiply odds. Figures come from those sections
unless the field says [A]: then they fill a gap and are this simulator's own assumption.
"""

from __future__ import annotations

import msgspec

from simulation.moment import day_of


class Delay(msgspec.Struct, frozen=True):
    """A lognormal delay: median in days and standard deviation of its logarithm."""

    median: float
    sigma: float


class Step(msgspec.Struct, frozen=True):
    """A transition: the probability that it ever happens, and its lognormal delay from the parent."""

    p: float
    median: float
    sigma: float


class Period(msgspec.Struct, frozen=True):
    """The window of the simulated world, as day ordinals."""

    start: int = day_of("2022-01-03")
    """The operator authorises the sources."""
    norms: int = day_of("2022-03-01")
    contracts_from: int = day_of("2023-01-01")
    end: int = day_of("2026-06-30")
    """The last day on which anything happens; contracts are drawn up to it."""
    last_arrival: int = day_of("2026-07-04")
    """[A] Whatever is late has arrived before this day, lest the sandbox's today lies long after the last events."""


class Volumes(msgspec.Struct, frozen=True):
    """How much of everything there is, per person or per year of 21 500 contracts."""

    contracts_per_year: int = 21_500
    population: int = 75_250
    """Persons at full scale: 21 500 a year for the 42 months of the default period."""
    employers_per_year: int = 900
    live_offers: int = 450
    live_offers_least: int = 60
    """[A] A small population still finds a catalogue of this size; one more live offer per 50 persons after that."""
    persons_per_live_offer: int = 50
    signals_per_person: float = 0.008
    edition_fill: int = 13
    """Participants an edition is filled with on average (capacity 12–18, fill 85 %)."""


class Core(msgspec.Struct, frozen=True):
    """The trajectory itself, from the contract (day 0) unless stated."""

    intake: Step = Step(0.93, 12, 0.8)
    """Before the contract."""
    registered_before: Delay = Delay(30, 0.8)
    obligation_before: Delay = Delay(40, 0.7)
    """From the start of the obligation to the registration."""
    orientation: Step = Step(0.62, 35, 0.7)
    screening: Step = Step(0.70, 18, 0.6)
    has_preference: float = 0.78
    support_profile: Step = Step(0.66, 14, 0.6)
    first_profile: float = 1.0
    profile_change: Step = Step(0.6, 200, 0.8)
    mo_start: Step = Step(0.87, 58, 0.65)
    mo_online: float = 0.30
    """[A] Share that is offered an online course; odds 1,3 on starting."""
    mo_length: Delay = Delay(75, 0.35)
    mo_goals_met: float = 0.83
    mo_dropped: float = 0.11
    mo_low_learning_odds: float = 0.6
    a2: Step = Step(0.68, 330, 0.6)
    a2_alfa: Delay = Delay(520, 0.5)
    a2_high: Delay = Delay(230, 0.5)
    b1: Step = Step(0.34, 620, 0.55)
    pnt: Step = Step(0.40, 190, 0.6)
    """[A] Fourth pillar, of those who neither work nor study."""
    pnt_length: Delay = Delay(95, 0.5)
    pnt_completed: float = 0.8
    attest: Step = Step(0.62, 470, 0.45)
    declaration: Step = Step(0.05, 560, 0.4)
    declaration_low_odds: float = 6.0
    declaration_other_odds: float = 0.3
    """[A] Keeps the share of declarations near its marginal."""
    dropout: Step = Step(0.14, 260, 0.8)
    dropout_entitled_odds: float = 1.6
    abroad: Step = Step(0.05, 400, 0.8)
    wallonia: Step = Step(0.015, 400, 0.8)
    deceased: Step = Step(0.003, 400, 0.8)
    agency_move: Step = Step(0.06, 240, 0.8)
    suspension: Step = Step(0.13, 150, 0.7)
    suspension_length: Delay = Delay(85, 0.7)
    resumed: float = 0.92
    maternity_odds: float = 1.8
    exemption: float = 0.09
    """[A] Of those who work or study at the contract: exempted from a part."""
    informed: Step = Step(0.45, 80, 0.8)
    attended: Step = Step(0.38, 35, 0.8)
    recommended: Step = Step(0.35, 100, 0.7)
    """[A] An offer recommended."""


class Mediation(msgspec.Struct, frozen=True):
    """Referral, registration, feedback (third pillar)."""

    referral: Step = Step(0.93, 9, 0.8)
    answer: Step = Step(0.80, 7, 0.9)
    already_registered: Step = Step(0.09, 60, 0.7)
    register_flanders: Step = Step(0.86, 21, 0.9)
    register_brussels: Step = Step(0.58, 33, 0.9)
    obliged_odds: float = 1.3
    low_reliance_odds: float = 0.8
    wrong_region: float = 0.007
    share_from_2025: float = 0.65
    share_before: float = 0.35
    share_delay: Delay = Delay(6, 0.7)
    share_without_basis: float = 0.03
    """[A] Referrals and work perspectives shared without a recorded basis (F24)."""
    acknowledge: Step = Step(0.72, 4, 1.0)
    usable: float = 0.82
    """[A]"""
    first_step: Step = Step(0.85, 17, 0.8)
    first_step_nug: float = 0.55
    step_every: float = 75.0
    step_every_nug: float = 160.0
    rate_scale: float = 0.5
    """``steps.rate_scale``: with it a person has about 20 events after 24 months."""
    plan: Delay = Delay(40, 0.7)
    plan_benefit: float = 0.75
    plan_leefloon: float = 0.55
    plan_nug: float = 0.06
    plan_length: Delay = Delay(300, 0.6)
    """[A]"""
    deregister_after_job: float = 0.25
    """[A] Of those with a job: the service closes the file."""
    training: Step = Step(0.22, 150, 0.8)
    training_oral_odds: float = 2.0
    other_referral: Step = Step(0.12, 120, 0.8)
    """[A] Referral to another service than the employment service."""


class Recognition(msgspec.Struct, frozen=True):
    """Recognition of foreign diplomas and of competences."""

    explained: Step = Step(0.34, 60, 0.8)
    dossier: Step = Step(0.52, 75, 0.9)
    guided: float = 0.70
    incomplete: float = 0.22
    completing: Delay = Delay(48, 0.8)
    completed_in_the_end: float = 0.85
    """[A] Of the incomplete files; the rest is closed after six months."""
    level_decided: float = 0.95
    level_net: Delay = Delay(70, 0.4)
    specific_decided: float = 0.92
    specific_net: Delay = Delay(190, 0.4)
    pause: Step = Step(0.55, 25, 0.6)
    """[A] Waiting for payment, originals or the applicant; length of one pause."""
    oriented: Step = Step(0.60, 18, 0.8)
    other_authority: Step = Step(0.62, 40, 0.8)
    other_decision: Delay = Delay(120, 0.5)
    remedied: Step = Step(0.29, 180, 0.7)
    review: float = 0.08
    """[A] Of the decisions that are not as requested."""
    evc_candidate: float = 0.25
    """[A] Experience without a diploma: eligible for the validation pilot."""
    evc_assessed: Step = Step(0.55, 120, 0.6)


class Work(msgspec.Struct, frozen=True):
    """First jobs, next jobs, their kinds (domain.md 7.4, domain-rules.md 7.6)."""

    ever_men: float = 0.50
    ever_women: float = 0.36
    first_men: Delay = Delay(260, 0.95)
    first_women: Delay = Delay(330, 0.95)
    oral_a2_odds: float = 1.5
    higher_education_odds: float = 1.2
    protection_odds: float = 0.8
    mothers_odds: float = 0.7
    brussels_odds: float = 0.85
    reliance_odds: float = 1.5
    motivated_odds: float = 1.8
    motivated: float = 0.4
    inactive_odds: float = 0.4
    """[A] Caring for a family or unfit at the contract."""
    length: Delay = Delay(140, 1.1)
    length_indefinite: Delay = Delay(700, 0.9)
    gap: Delay = Delay(110, 1.0)
    jobs_at_most: int = 8
    dimona: float = 0.86
    confirmed: float = 0.35
    """[A] Of the self-reported starts: later confirmed by a declaration (dimona) of the same job."""


class Pilots(msgspec.Struct, frozen=True):
    """The lottery and its consequences (domain-rules.md 7.6)."""

    offered: float = 0.5
    accept: float = 0.35
    accept_high_odds: float = 1.6
    accept_motivated_odds: float = 2.0
    answer: Delay = Delay(6, 0.6)
    """[A] From the offer to its acceptance."""
    career_offer: Delay = Delay(3, 0.8)
    """[A] After the contract."""
    sector_enrolment: Delay = Delay(70, 0.5)
    advanced_enrolment: Delay = Delay(45, 0.8)
    group_enrolment: Delay = Delay(60, 0.6)
    """[A] After the registration as a jobseeker."""
    evc_enrolment: Delay = Delay(200, 0.8)
    orientation_odds: float = 2.5
    screening_odds: float = 3.0
    informed_odds: float = 2.0
    group_odds: float = 3.0
    sector_effect: float = 1.25
    """Planted: odds on a first job after the enrolment in a sector trajectory."""
    advanced_effect: float = 1.4
    """Planted: odds on a first job after the enrolment in a vervolgtraject."""
    group_offer: Step = Step(0.14, 130, 0.7)
    participation_completed: float = 0.76
    perspective: Step = Step(0.82, 9, 0.7)
    warm_handover: float = 0.75
    """[A] A warm handover is made for these completed participations."""
    taken_up: Step = Step(0.60, 10, 0.8)
    upgrade: Step = Step(0.02, 300, 0.8)
    upgrade_higher_odds: float = 4.0
    advanced_length: Delay = Delay(160, 0.5)
    """[A]"""


class Identity(msgspec.Struct, frozen=True):
    """How numbers are born."""

    bis_first: float = 0.09
    bis_only: float = 0.03
    bis_to_rrn: Delay = Delay(120, 0.6)
    bis_sex_unknown: float = 0.3
    """[A] Of BIS numbers."""


class Parameters(msgspec.Struct, frozen=True):
    """All of them. The defaults are the published population."""

    period: Period = Period()
    volumes: Volumes = Volumes()
    core: Core = Core()
    mediation: Mediation = Mediation()
    recognition: Recognition = Recognition()
    work: Work = Work()
    pilots: Pilots = Pilots()
    identity: Identity = Identity()


DEFAULT = Parameters()
