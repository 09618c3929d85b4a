"""The persons of a comparison: who could be offered a place on which day, and what was known of them then (evaluation.md 6.4.1).

Everything is a day number or a code in an array, one place per person, so that whoever is compared with whoever can be worked
out for thousands at a time. What was not yet known on a day does not count on it: a support profile, a level of Dutch, an
earlier pilot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from ledger.factbook import Factbook
from ledger.plan import Event, Origin, Outcome, Plan, Who

Days = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FAR: Final = 10**7
"""A day that never comes."""
_EPOCH: Final = date(1970, 1, 1).toordinal()

_EVENTS: Final[Mapping[Event, tuple[str, ...]]] = {
    Event.JOB: ("job1_on",),
    Event.NEXT_STEP: ("job1_on", "train1_on"),
    Event.ORIENTED: ("orient_on",),
    Event.SCREENED: ("screen_on",),
    Event.INFORMED: ("inf_on",),
    Event.FILED: ("case1_on",),
    Event.REACHED: ("grp_on", "plan_on"),
}
_MILESTONES: Final = ("screen_on", "reg_on", "step1_on", "mo_on", "orient_on", "a2_on", "inf_on")
_LOW, _MIDDLE = ("alfa", "none", "primary", "lower_secondary"), ("upper_secondary",)
_LEEFLOON: Final = "leefloon"

COVARIATES: Final = (
    "gender",
    "age",
    "education",
    "obligation",
    "benefit_class",
    "oral_class",
    "region",
    "ground",
    "nationality",
    "learning",
    "outlook",
)
"""Covariates that stand on the day of the contract, or of the support profile."""
DATED: Final = ("learning", "outlook")
"""Of these, what the support profile says: known from its day on."""
EXACT: Final = ("gender", "age_class", "education_class", "obligation", "benefit_class")
"""What M1 matches on exactly, beside the region, self-reliance, oral Dutch and earlier pilots as known on the day."""


def as_day(day: date) -> int:
    """A date as a day number."""
    return day.toordinal() - _EPOCH


@dataclass(frozen=True, slots=True)
class Labelled:
    """A code per person, with the label of each code."""

    codes: Codes
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Persons of a plan's population, for one pilot. Day numbers; ``FAR`` where something did not happen."""

    keys: tuple[str, ...]
    as_of: int
    contract: Days
    origin: Days
    """The day that time counts from."""
    end: Days
    """From this day on nobody is at risk: the end of the trajectory, or departure for a pilot that comes after it."""
    left: Days
    """Death, or departure abroad or to Wallonia."""
    barred: Days
    """The first job of any kind: whoever has one is not offered a place (only where work is the outcome)."""
    offered: Days
    accepted: Days
    others: Mapping[str, Days]
    """Offers of other pilots."""
    profile: Days
    self_reliance: Labelled
    """Known from ``profile`` on."""
    milestones: Mapping[str, Days]
    traits: Mapping[str, Labelled]
    heard: Mask
    """Whether the employment service reported on them."""
    lot: npt.NDArray[np.uint64]
    """A number per person that depends on the seed of the parameters and the person alone: what ties are broken by."""
    events: Mapping[Event, Days]

    @property
    def n(self) -> int:
        """How many."""
        return len(self.keys)

    def lag(self, outcome: Outcome) -> Days:
        """The day of an outcome."""
        return self.events[outcome.event]

    def treated(self, outcome: Outcome) -> Codes:
        """The persons who were offered a place while they were at risk, by place, whether or not their time is over."""
        index = self.offered
        return np.flatnonzero((index < FAR) & self.at_risk(index - self.origin, outcome, before_offer=False))

    def at_risk(self, lag: Days | int, outcome: Outcome, *, before_offer: bool = True) -> Mask:
        """Who, so many days after the origin, could be offered a place: not offered one before, not ended, not yet there."""
        day = self.origin + lag
        standing = (self.origin < FAR) & (lag >= 0) & (day < self.end) & (self.lag(outcome) > day) & (self.barred > day)
        return standing & (self.offered > day) if before_offer else standing

    def reliance_on(self, day: Days, who: Codes | slice = slice(None)) -> Codes:
        """Self-reliance as known on a day; the last code is unknown."""
        return np.where(self.profile[who] <= day, self.self_reliance.codes[who], len(self.self_reliance.labels) - 1)

    def pilots_on(self, day: Days, who: Codes | slice = slice(None)) -> Codes:
        """Which other pilots had been offered by a day, as bits."""
        bits = np.zeros(len(day), dtype=np.int64)
        for place, offered in enumerate(self.others.values()):
            bits |= (offered[who] <= day).astype(np.int64) << place
        return bits

    def follow_up(self, index: Days, who: Codes, outcome: Outcome, *, until_offer: bool) -> tuple[Days, Codes]:
        """Days from an index date to what came first, and what it was: 1 the outcome, 2 departure, 0 the end of what is known.

        A comparison person who is offered a place later is followed until that day.
        """
        event, left = self.lag(outcome)[who], self.left[who]
        cut = np.full(len(who), self.as_of, dtype=np.int64)
        if until_offer:
            cut = np.minimum(cut, self.offered[who])
        last = np.minimum(np.minimum(event, left), np.minimum(cut, index + outcome.days))
        kind = np.where(event == last, 1, np.where(left == last, 2, 0))
        return last - index, kind


def people_of(facts: Factbook, plan: Plan, pilot_id: str) -> People:
    """The persons of a plan's population."""
    persons = facts.keep("people compared", lambda: _compared(facts))
    if plan.who is not Who.EVERYBODY:
        persons = persons.filter(pl.col("work0") == "jobless")
    if plan.who is Who.NUG:
        persons = persons.filter(pl.col("benefit0") == "none")
    stays = facts.table("pilot_stays")
    table = persons.join(_stay(stays, pilot_id), on="key", how="left", maintain_order="left").collect()
    others = {one: _days(_joined(table, stays, one)) for one in sorted(set(stays["pilot_id"]) - {pilot_id})}
    contract, left_on = _days(table["contract_on"]), _days(table["end_on"].zip_with(table["end_kind"] == "left_scope", _none(table)))
    ended = left_on if plan.after_end else _days(table["end_on"])
    origin = contract
    if plan.origin is Origin.CERTIFICATE:
        origin = _days(table["cert_on"])
    if plan.origin is Origin.REGISTRATION:
        origin = np.maximum(_days(table["reg_on"]), contract)
    outcomes = {o.event for o in ((plan.primary,) if plan.primary else ()) + plan.secondary} | {Event.JOB}
    works = plan.primary is not None and plan.primary.event in (Event.JOB, Event.NEXT_STEP)
    return People(
        keys=tuple(table["key"]),
        as_of=as_day(facts.as_of),
        contract=contract,
        origin=origin,
        end=ended,
        left=left_on,
        barred=_days(table["any_job_on"]) if works else np.full(table.height, FAR, dtype=np.int64),
        offered=_days(table["offered_on"]),
        accepted=_days(table["accepted_on"]),
        others=others,
        profile=_days(table["profile_on"]),
        self_reliance=_with_unknown(_labelled(table["self_reliance"])),
        milestones={name: _days(table[name]) for name in _MILESTONES},
        traits=_traits(table),
        heard=(table["fb_state"] == "received").fill_null(False).to_numpy(),
        lot=table["lot"].to_numpy(),
        events={event: np.minimum.reduce([_days(table[column]) for column in _EVENTS[event]]) for event in sorted(outcomes, key=str)},
    )


def _compared(facts: Factbook) -> pl.DataFrame:
    """Persons by key, with the classes that they are compared in, their first job and their lot: the same for every pilot."""
    table = _classed(facts.people().join(_first_jobs(facts), on="key", how="left").sort("key").collect())
    return table.with_columns(pl.Series("lot", draws_of(table["key"], facts.parameters.seed), dtype=pl.UInt64))


def draws_of(keys: Iterable[str], seed: int) -> npt.NDArray[np.uint64]:
    """A number per person that depends on the seed and the person alone."""
    salt = seed.to_bytes(8, "big")
    told = (blake2b(key.encode(), digest_size=8, key=salt).digest() for key in keys)
    return np.array([int.from_bytes(one, "big") for one in told], dtype=np.uint64)


def _first_jobs(facts: Factbook) -> pl.LazyFrame:
    """The first job of any kind after the contract, art. 60, student and flexi jobs included."""
    starts = facts.people().select("key", "contract_on").join(facts.lazy("jobs").select("key", "begins"), on="key")
    return starts.filter(pl.col("begins") > pl.col("contract_on")).group_by("key").agg(pl.col("begins").min().alias("any_job_on"))


def _stay(stays: pl.DataFrame, pilot_id: str) -> pl.LazyFrame:
    mine = stays.lazy().filter(pl.col("pilot_id") == pilot_id)
    return mine.group_by("key").agg(pl.col("offered_on").min(), pl.col("accepted_on").min())


def _joined(table: pl.DataFrame, stays: pl.DataFrame, pilot_id: str) -> pl.Series:
    mine = stays.filter(pl.col("pilot_id") == pilot_id).group_by("key").agg(pl.col("offered_on").min().alias("other"))
    return table.select("key").join(mine, on="key", how="left", maintain_order="left")["other"]


def _none(table: pl.DataFrame) -> pl.Series:
    return pl.Series("none", [None] * table.height, dtype=pl.Date)


def _days(series: pl.Series) -> Days:
    return series.cast(pl.Date).to_physical().cast(pl.Int64).fill_null(FAR).to_numpy()


def _labelled(series: pl.Series) -> Labelled:
    text = series.cast(pl.String).fill_null("unknown")
    labels = sorted(text.unique())
    return Labelled(text.cast(pl.Enum(labels)).to_physical().cast(pl.Int64).to_numpy(), tuple(labels))


def _with_unknown(one: Labelled) -> Labelled:
    """The same with ``unknown`` as the last code, whether or not anybody has it."""
    kept = [label for label in one.labels if label != "unknown"]
    place = np.array([kept.index(label) if label in kept else len(kept) for label in one.labels], dtype=np.int64)
    return Labelled(place[one.codes], (*kept, "unknown"))


def _classed(table: pl.DataFrame) -> pl.DataFrame:
    education = pl.col("edu0").cast(pl.String)
    graded = pl.when(education.is_in(_LOW)).then(pl.lit("low")).when(education.is_in(_MIDDLE)).then(pl.lit("secondary"))
    coarse = graded.when(education == "unknown").then(pl.lit("unknown")).otherwise(pl.lit("higher"))
    benefit = pl.col("benefit0").cast(pl.String)
    classes = pl.when(benefit == "none").then(pl.lit("nug")).when(benefit == _LEEFLOON).then(pl.lit(_LEEFLOON)).otherwise(pl.lit("other"))
    oral = pl.when(pl.col("oral0").cast(pl.String).is_in(["pre_a1", "a1"])).then(pl.lit("to_a1")).otherwise(pl.lit("from_a2"))
    young, old = ["-17", "18-24", "25-34"], ["55-64", "65+"]
    age = pl.col("age").cast(pl.String)
    banded = pl.when(age.is_in(young)).then(pl.lit("to_34")).when(age.is_in(old)).then(pl.lit("from_55"))
    ages = banded.when(age == "unknown").then(pl.lit("unknown")).otherwise(pl.lit("35_to_54"))
    half = pl.format("{}-{}", pl.col("contract_on").dt.year(), (pl.col("contract_on").dt.month() - 1) // 6 + 1)
    return table.with_columns(
        coarse.alias("education_class"),
        classes.alias("benefit_class"),
        oral.alias("oral_class"),
        ages.alias("age_class"),
        half.alias("half"),
    )


def _traits(table: pl.DataFrame) -> dict[str, Labelled]:
    names = (*COVARIATES, "education_class", "age_class", "area", "half")
    return {name: _labelled(table[name]) for name in names}


def strata(people: People, names: Sequence[str]) -> Codes:
    """One code per person for a crossing of traits."""
    code = np.zeros(people.n, dtype=np.int64)
    for name in names:
        one = people.traits[name]
        code = code * len(one.labels) + one.codes
    return code
