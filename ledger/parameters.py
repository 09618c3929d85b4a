"""Every assumption of the specification as a named parameter: what is marked [A] or ⊞ there is never a literal elsewhere.

Durations are whole calendar days unless the name says otherwise, shares are basis points.
"""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import Final

import msgspec

from ledger.codes.agency import Agency
from ledger.codes.clock import ClockId
from ledger.codes.policy import NormKind, NormSource


class Norm(msgspec.Struct, frozen=True):
    """How long a clock may run, of what kind its deadline is, and on what authority."""

    period: str
    """ISO 8601 period in one unit: ``P60D``, ``P3M``, ``PT48H``."""
    kind: NormKind
    source: NormSource


_D, _M, _T = NormKind.DUTY, NormKind.MAY, NormKind.TARGET
_DECREE, _DIRECTIVE, _POLICY, _ASSUMED = NormSource.DECREE, NormSource.EU_DIRECTIVE, NormSource.POLICY_TARGET, NormSource.ASSUMPTION

DEFAULT_NORMS: Final = MappingProxyType(
    {
        ClockId.C01: Norm("P60D", _D, _DECREE),
        ClockId.C02: Norm("P60D", _M, _DECREE),
        ClockId.C03: Norm("P3M", _T, _POLICY),
        ClockId.C04: Norm("P60D", _D, _DECREE),
        ClockId.C05: Norm("P120D", _D, _DECREE),
        ClockId.C06: Norm("P6M", _D, _DECREE),
        ClockId.C07: Norm("P6M", _M, _DECREE),
        ClockId.C08: Norm("P3M", _D, _DIRECTIVE),
        ClockId.C08B: Norm("P1M", _D, _DIRECTIVE),
        ClockId.C09: Norm("P7D", _T, _ASSUMED),
        ClockId.C10: Norm("P21D", _T, _ASSUMED),
        ClockId.C11: Norm("P90D", _T, _ASSUMED),
        ClockId.C12: Norm("P14D", _T, _ASSUMED),
        ClockId.C13: Norm("P30D", _T, _ASSUMED),
        ClockId.C14: Norm("P24M", _D, _DECREE),
        ClockId.C15: Norm("P30D", _T, _ASSUMED),
        ClockId.C16: Norm("P90D", _T, _ASSUMED),
        ClockId.C17: Norm("P14D", _T, _ASSUMED),
        ClockId.C18: Norm("P60D", _T, _ASSUMED),
        ClockId.C19: Norm("P30D", _T, _ASSUMED),
        ClockId.C20: Norm("P1M", _D, NormSource.EU_DIRECTIVE),
        ClockId.C21: Norm("P3M", _D, _DECREE),
        ClockId.C22: Norm("P6M", _D, _DECREE),
        ClockId.C23: Norm("P1D", _T, _ASSUMED),
        ClockId.C24: Norm("PT48H", _T, _ASSUMED),
    }
)
"""The norms of domain-rules.md 5.1, in force for a clock as long as no norm.set is known that was valid on its start date.

The period of C23 is not used: its deadline is the fixed date :attr:`Parameters.pilot_evaluation_due`.
"""


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """One set of assumptions. The defaults are the specification's; a figure names the set that it was made with."""

    # clocks (domain-rules.md 5)
    pilot_evaluation_due: date = date(2026, 6, 20)
    """C23: before the summer of 2026 [C], the day [A]."""
    general_system_extra: str = "P1M"
    """C08: what the general system of directive 2005/36/EC adds to the automatic system's norm (art. 51)."""

    # findings (domain.md 0.4)
    late_days: int = 14
    """F01: admitted more than this many local dates after it happened."""
    skew_seconds: int = 300
    """F04, R09: how far ahead of the ledger's clock an event's time may lie."""
    deficit_days: int = 365
    """F23: a deficit without linked training this long after the decision is open."""
    unverified_days: int = 60
    """F26: a self-reported job is to be confirmed from Dimona within this time."""
    first_age: int = 18
    last_age: int = 64
    """F35: the ages within the scope of C01, both inclusive."""
    gap_hours: int = 24
    """F39: a missing sequence number older than this is a gap."""
    quarter_closes_days: int = 30
    """F40: a quarter closes this long after its end."""

    # pattern rules (domain-rules.md 4.3)
    p1_offers: int = 4
    p1_days: int = 7
    p2_days: int = 28
    p2_sessions: int = 40
    p3_days: int = 30
    p4_share_bp: int = 2000
    p4_minimum: int = 10
    p5_share_bp: int = 5000
    p5_minimum: int = 20
    p6_share_bp: int = 9000
    p6_minimum: int = 20
    p8_share_bp: int = 500
    p8_minimum: int = 20
    p10_handovers: int = 3
    p10_days: int = 60
    agencies: tuple[tuple[str, Agency], ...] = (
        ("1999010048", Agency.AGII),
        ("1999011038", Agency.BON),
        ("1999012028", Agency.ATLAS),
        ("1999013018", Agency.AMAL),
    )
    """P8: which organisation (KBO number) is which agency; the defaults are the invented ones of domain-rules.md 7.5."""

    # facts (evaluation.md 6.2)
    benefit_at_contract_days: int = 30
    """benefit0: a benefit status stated up to this long after the contract stands for the contract date."""
    feedback_days: int = 90
    """fb_days_ok: a day is covered when the last word of the service is at most this old."""
    handover_days: int = 14
    """handover_ref: a warm handover this soon after a participation belongs to it, if it names no other edition."""
    next_outcome_days: int = 180
    """next180: how long after a participation its next outcome is looked for."""

    # indicators (evaluation.md 6.3)
    kept_bp: int = 8000
    """I56: share of the days from the start of the first job on which somebody must be at work to have kept it."""

    # pilots (evaluation.md 6.4)
    draws: int = 2000
    """Times that persons are drawn again for the interval of a primary outcome."""
    draws_beside: int = 500
    """Idem for every other comparison."""
    seed: int = 20_260_620
    """What the draws begin with: printed with every interval."""
    match_months: int = 2
    """M1: contracts of matched persons lie at most so many months apart."""
    m1_most: int = 10
    """M1: comparison persons per offered person, at most."""
    m2_caliper_bp: int = 2000
    """M2: how far apart two logits may lie, of their standard deviation."""
    m2_controls: int = 3
    m2_ridge: float = 1e-3
    smd_pass: float = 0.10
    """Balance: every standardised difference after matching lies under this …"""
    smd_most: float = 0.25
    """… or the balance fails altogether above this."""
    unmatched_bp: int = 2000
    """Balance fails when so many of those offered a place have no match."""
    few: int = 30
    """With fewer offered persons nothing is compared."""
    comparative: int = 100
    """From so many on a comparison is more than indicative."""
    effect_least_bp: int = 300
    """δ: the smallest difference that matters, for the evaluator to set before the first run."""
    e_value_least: float = 1.25
    power_z: float = 2.8016
    """Sum of the normal points for 5 % two-sided and 80 % power, for the smallest visible difference."""
    opened_least: int = 5
    """M3: a region is open from the first quarter of contracts in which so many were offered a place."""
    pre_quarters: int = 6
    """M3: quarters before the opening that are drawn."""
    clusters_least: int = 8
    """M3: with fewer open regions the interval comes from a wild bootstrap and is called weak."""
    series_least: int = 12
    """M4: months needed on each side."""
    marker_days: int = 92
    """M4: a change of rules this near the start cannot be told apart from it."""
    coverage_apart_bp: int = 500
    """When feedback is known for such a larger share of one group than of the other, bounds are given."""
    landmarks: tuple[int, ...] = (90, 180)
    """Days after the origin on which participants are compared with others as they are then."""
    reach_bp: int = 7000
    """E1: share of its target that a pilot must reach."""
    reach_stop_bp: int = 4000
    """Under this share of the target, a year on, stopping is proposed."""
    reach_stop_days: int = 365
    equity_bp: int = 1000
    """E5: how far the share of a vulnerable group among participants may lie under its share of all."""
    coverage_bp: int = 8000
    """E7: feedback coverage."""
    reconciled_bp: int = 9500
    """E7: months of sources that agree with their control totals."""
    gap_days: int = 7
    """E7: a gap may be open so long."""
    finding_days: int = 60
    """E8: a role finding may be unresolved so long."""
    partner_bp: int = 7000
    """E9: share of the partners' clocks that is met."""
    variable_bp: int = 7000
    """I80: share of the cost that moves with the number of persons."""
    observed_bp: int = 4000
    """I80: cost is taken to be linear within this distance of what was observed."""
    envelopes_bp: tuple[int, ...] = (1000, 2000, 3000, 4000)
    """I80: cuts on the recurrent means of the base year."""
    lean_year: int = 2027
    """The year from which there is less recurrent money."""


PARAMETERS: Final = Parameters()
"""The specification's own assumptions."""
