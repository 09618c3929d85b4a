"""Fault profiles: what goes wrong between the true world and the ledger, and how often (domain-rules.md 7.7).

Rates are per event unless the field says otherwise. ``none`` sends everything once, in order, an hour after it was
recorded. Fields marked [A] fill a gap of the specification.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from ledger.codes.roles import Role
from simulation.organisations import AGII, ATLAS, NT2_A, VDAB, Source
from simulation.parameters import Delay


class FaultProfile(StrEnum):
    """How faulty the feeds are."""

    NONE = "none"
    REALISTIC = "realistic"
    HARSH = "harsh"


class Faults(msgspec.Struct, frozen=True, kw_only=True):
    """One profile's rates and shapes."""

    late: float
    late_delay: Delay = Delay(6, 0.8)
    very_late: float
    very_late_delay: Delay = Delay(30, 0.9)
    prompt: float = 0.55
    """[A] Of what is on time: sent at once; the rest in the batch of the night."""
    backdated_scale: float
    backdated: tuple[tuple[Role, float], ...] = ((Role.AGENCY, 0.06), (Role.VDAB, 0.03), (Role.OCMW, 0.15), (Role.NARIC, 0.01))
    """Share recorded late by the source itself."""
    backdated_delay: Delay = Delay(12, 1.0)
    out_of_order: float
    """Of the pairs of one source in one person."""
    redelivered: float
    copies: int
    duplicate: float
    shared_files: float = 0.02
    """[A] Of the persons: two offices of the agency keep the file."""
    duplicate_shared: float = 0.02
    """Of an agency's events on them, instead of ``duplicate`` where that is less."""
    same_id: float
    corrected: float
    corrected_delay: Delay = Delay(9, 1.0)
    corrected_again: float
    correction_first: float
    """Of the corrections: arrive before their target."""
    wrong_date: float = 0.55
    wrong_code: float = 0.25
    typing: float = 0.15
    """The kinds of correction; the rest is a wrong person."""
    retracted: float
    retracted_delay: Delay = Delay(15, 1.0)
    """[A]"""
    unretracted: float
    unretracted_delay: Delay = Delay(10, 0.8)
    """[A]"""
    wrong_insz: float
    wrong_kbo: float
    kbo_share: float = 0.06
    """[A] Share of events that carry a KBO number: ``wrong_kbo`` is a rate over all events."""
    unknown_code: float
    old_nis: float
    old_nis_for: Delay
    """Of the events with a code that the mergers of 2025 replaced, for a time after them."""
    schema_breaks: tuple[Source, ...]
    """Once a year each of these sends a broken version."""
    schema_break_hours: int
    unauthorised: float
    outages: float
    """Per source and year."""
    outage_length: Delay
    outage_ordered: float
    catch_up_hours: int = 6
    skewed: float
    skew_seconds: Delay = Delay(90, 1.0)
    """Seconds, not days."""
    fast_machines: float
    """Share of a source's machines that run eleven minutes ahead for a week a year."""
    fast_seconds: int = 660
    utc_sources: tuple[Source, ...]
    utc: float
    """Of their events with day precision."""
    gap_days: float
    """Of the days of a source."""
    gap_heals: float
    conflicting: float
    """Of the job starts that a declaration proves."""
    wrong_link: float
    """Of the links from BIS to rijksregister."""
    wrong_link_undone: Delay = Delay(20, 0.8)
    chained: float
    """Of the persons with a BIS number first: had another BIS number before that."""
    erased: float
    """Persons a year."""
    erasure: Delay
    poison: float
    mended: Delay = Delay(3, 0.8)
    """[A] From a refusal to the mended event."""


REALISTIC = Faults(
    late=0.03,
    very_late=0.01,
    backdated_scale=1.0,
    out_of_order=0.04,
    redelivered=0.008,
    copies=3,
    duplicate=0.0025,
    same_id=0.0001,
    corrected=0.016,
    corrected_again=0.06,
    correction_first=0.02,
    retracted=0.0035,
    unretracted=0.12,
    wrong_insz=0.0015,
    wrong_kbo=0.0002,
    unknown_code=0.0005,
    old_nis=0.05,
    old_nis_for=Delay(25, 1.0),
    schema_breaks=(VDAB,),
    schema_break_hours=2,
    unauthorised=0.0002,
    outages=3,
    outage_length=Delay(1.5, 1.0),
    outage_ordered=0.8,
    skewed=0.005,
    fast_machines=0.01,
    utc_sources=(VDAB,),
    utc=0.02,
    gap_days=0.0005,
    gap_heals=0.9,
    conflicting=0.012,
    wrong_link=0.08,
    chained=0.0,
    erased=0.0005,
    erasure=Delay(16, 0.5),
    poison=0.0,
)

HARSH = Faults(
    late=0.12,
    very_late=0.04,
    backdated_scale=3.0,
    out_of_order=0.25,
    redelivered=0.10,
    copies=20,
    duplicate=0.03,
    same_id=0.002,
    corrected=0.06,
    corrected_again=0.20,
    correction_first=0.20,
    retracted=0.02,
    unretracted=0.30,
    wrong_insz=0.02,
    wrong_kbo=0.005,
    unknown_code=0.005,
    old_nis=0.40,
    old_nis_for=Delay(90, 1.0),
    schema_breaks=(VDAB, AGII, NT2_A),
    schema_break_hours=24,
    unauthorised=0.005,
    outages=20,
    outage_length=Delay(4, 1.0),
    outage_ordered=0.2,
    skewed=0.05,
    fast_machines=0.10,
    utc_sources=(VDAB, NT2_A, ATLAS),
    utc=0.30,
    gap_days=0.02,
    gap_heals=0.5,
    conflicting=0.08,
    wrong_link=0.25,
    chained=0.25,
    erased=0.01,
    erasure=Delay(26, 0.5),
    poison=0.00001,
)

PROFILES: dict[FaultProfile, Faults | None] = {
    FaultProfile.NONE: None,
    FaultProfile.REALISTIC: REALISTIC,
    FaultProfile.HARSH: HARSH,
}


class Fault(StrEnum):
    """The kinds of planted fault, as the truth file names them."""

    LATE = "late"
    BACKDATED = "backdated"
    OUT_OF_ORDER = "out_of_order"
    REDELIVERED = "redelivered"
    DUPLICATE = "duplicate_fact"
    SAME_ID = "same_id_other_content"
    CORRECTED = "corrected"
    CORRECTION_FIRST = "correction_first"
    MISFILED = "wrong_person"
    RETRACTED = "retracted"
    UNRETRACTED = "unretracted"
    WRONG_INSZ = "wrong_insz"
    WRONG_KBO = "wrong_kbo"
    UNKNOWN_CODE = "unknown_code"
    OLD_NIS = "retired_nis"
    SCHEMA = "schema_break"
    UNAUTHORISED = "unauthorised"
    OUTAGE = "outage"
    SKEWED = "clock_skew"
    FAST_MACHINE = "fast_machine"
    UTC_MIDNIGHT = "utc_midnight"
    GAP_HEALED = "gap_healed"
    GAP = "sequence_gap"
    CONFLICT = "conflicting_job_date"
    WRONG_LINK = "wrong_link"
    CHAINED = "chained_link"
    ERASED = "erased"
    AFTER_ERASURE = "after_erasure"
    POISON = "poison"
