"""Faulty feeds: every verdict as counted, every effective history as told, by a ledger that knows nothing of the simulator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from ledger.catalogue import catalogue
from ledger.identity import Insz, check_insz, insz_check_digits
from ledger.verdict import StreamId
from simulation.conditions import Conditions
from simulation.draw import Draws
from simulation.faults import HARSH, PROFILES, REALISTIC, Fault, FaultProfile
from simulation.mistakes import wrong_insz
from simulation.moment import DAY, instant
from simulation.organisations import VDAB
from simulation.parameters import DEFAULT
from simulation.run import simulate, truth_path
from simulation.truth import Effective, PersonTruth, Planted, ThingTruth, Totals
from tests.simulation.little_ledger import LittleLedger

PEOPLE, SEED = 700, 23
_canonical = msgspec.json.Encoder(order="sorted").encode


class Truth(msgspec.Struct):
    """The truth file."""

    made: dict[str, int | str]
    persons: list[PersonTruth]
    things: list[ThingTruth]
    gaps: list[tuple[str, int]]
    healed: list[tuple[str, int]]
    totals: Totals

    @property
    def planted(self) -> list[Planted]:
        return [fault for person in self.persons for fault in person.faults] + [fault for thing in self.things for fault in thing.faults]


@dataclass
class Run:
    """A simulated file, what the simulator says of it, and a ledger that has read it."""

    profile: FaultProfile
    truth: Truth
    totals: Totals
    ledger: LittleLedger


def carried_out(profile: FaultProfile, folder: Path) -> Run:
    out = folder / f"{profile}.ndjson"
    totals = simulate(PEOPLE, SEED, profile, out, truth_path(out))
    ledger = LittleLedger()
    with out.open("rb") as lines:
        ledger.take(lines)
    return Run(profile, msgspec.json.decode(truth_path(out).read_bytes(), type=Truth), totals, ledger)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[FaultProfile, Run]:
    folder = tmp_path_factory.mktemp("simulated")
    return {profile: carried_out(profile, folder) for profile in FaultProfile}


@pytest.fixture(params=tuple(FaultProfile), ids=str)
def run(request: pytest.FixtureRequest, runs: dict[FaultProfile, Run]) -> Run:
    return runs[request.param]


def test_submissions_are_conserved(run: Run) -> None:
    assert (run.ledger.good, run.ledger.duplicate, dict(run.ledger.refused)) == (
        run.totals.good,
        run.totals.duplicate,
        run.totals.refused,
    )
    assert run.truth.totals == run.totals


def test_without_faults_all_is_admitted_and_all_types_but_three_occur(runs: dict[FaultProfile, Run]) -> None:
    run = runs[FaultProfile.NONE]
    assert run.totals.lines == run.totals.good
    kinds = {entry.type for entry in run.ledger.entries}
    assert {declared.name for declared in catalogue().types.values()} - kinds <= {
        "event.corrected",
        "event.retracted",
        "erasure.executed",
        "evc-guidance.started",
        "evc-phase.completed",
    }


def test_harsh_feeds_show_every_refusal_that_is_planted(runs: dict[FaultProfile, Run]) -> None:
    assert set(runs[FaultProfile.HARSH].totals.refused) == {"R01", "R03", "R05", "R06", "R07", "R08", "R09", "R13", "R14"}


def test_harsh_feeds_show_every_fault(runs: dict[FaultProfile, Run]) -> None:
    run = runs[FaultProfile.HARSH]
    rare = {Fault.POISON, Fault.GAP, Fault.GAP_HEALED, Fault.OLD_NIS}
    assert {fault.kind for fault in run.truth.planted} >= set(Fault) - rare
    assert run.truth.gaps
    assert run.truth.healed


def test_each_planted_refusal_is_refused_for_its_reason(run: Run) -> None:
    for fault in run.truth.planted:
        if fault.code is not None:
            given = run.ledger.refusals.get(fault.id, [])
            assert fault.code in {violation.reason.value for violation in given}, fault
            assert fault.rule is None or fault.rule in {violation.rule for violation in given}, fault


def test_the_effective_history_of_each_person_is_the_one_told(run: Run) -> None:
    links = run.ledger.links()
    for person in run.truth.persons:
        facts = run.ledger.facts(StreamId(f"persoon/{person.refs[-1]}"), links)
        told = _told(person.effective)
        assert told == ({} if person.erased is not None else facts), person.person


def test_the_effective_history_of_each_thing_is_the_one_told(run: Run) -> None:
    for thing in run.truth.things:
        facts = run.ledger.facts(StreamId(thing.stream))
        assert _told(thing.effective).items() <= facts.items(), thing.stream


def _told(effective: list[Effective]) -> dict[tuple[str, str], tuple[str, str, bytes]]:
    return {(e.source, e.id): (e.type, e.date, _canonical(msgspec.json.decode(e.data))) for e in effective}


def test_another_profile_delivers_the_same_true_world(runs: dict[FaultProfile, Run]) -> None:
    without = runs[FaultProfile.NONE].truth.persons
    for profile in (FaultProfile.REALISTIC, FaultProfile.HARSH):
        for quiet, noisy in zip(without, runs[profile].truth.persons, strict=True):
            assert (quiet.contract, quiet.work, quiet.pilots, quiet.jobs, quiet.editions, quiet.end) == (
                noisy.contract,
                noisy.work,
                noisy.pilots,
                noisy.jobs,
                noisy.editions,
                noisy.end,
            )


def test_faulty_feeds_end_in_the_true_history_but_for_what_the_faults_change(runs: dict[FaultProfile, Run]) -> None:
    """Conservation: the views after faults are those without, but for what was retracted, shifted or told twice by others."""
    lasting = {Fault.RETRACTED, Fault.UTC_MIDNIGHT, Fault.OLD_NIS, Fault.CONFLICT, Fault.WRONG_LINK, Fault.CHAINED, Fault.POISON}
    for profile in (FaultProfile.REALISTIC, FaultProfile.HARSH):
        compared = 0
        for quiet, noisy in zip(runs[FaultProfile.NONE].truth.persons, runs[profile].truth.persons, strict=True):
            if noisy.erased is not None or any(fault.kind in lasting for fault in noisy.faults):
                continue
            compared += 1
            assert _content(quiet.effective) == _content(noisy.effective)
        assert compared > PEOPLE // 20


def _content(effective: list[Effective]) -> Counter[tuple[str, str, str, bytes]]:
    return Counter((e.type, e.source, e.date, bytes(e.data)) for e in effective)


def test_rates_are_those_of_the_profile(runs: dict[FaultProfile, Run]) -> None:
    for profile in (FaultProfile.REALISTIC, FaultProfile.HARSH):
        faults = PROFILES[profile]
        assert faults is not None
        planted = Counter(fault.kind for fault in runs[profile].truth.planted)
        true = runs[FaultProfile.NONE].totals.good
        for kind, rate in (
            (Fault.LATE, faults.late + faults.very_late),
            (Fault.WRONG_INSZ, faults.wrong_insz),
            (Fault.RETRACTED, faults.retracted),
            (Fault.DUPLICATE, faults.duplicate),
        ):
            assert planted[kind] / true == pytest.approx(rate, rel=0.45), kind


def test_poison_is_valid_and_rare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROFILES, FaultProfile.HARSH, msgspec.structs.replace(HARSH, poison=0.01))
    out = tmp_path / "poisoned.ndjson"
    totals = simulate(60, SEED, FaultProfile.HARSH, out, truth_path(out))
    ledger = LittleLedger()
    with out.open("rb") as lines:
        ledger.take(lines)
    truth = msgspec.json.decode(truth_path(out).read_bytes(), type=Truth)
    poisoned = [fault.id for fault in truth.planted if fault.kind is Fault.POISON]
    assert poisoned
    assert {entry.id for entry in ledger.entries} >= set(poisoned) - set(ledger.refusals)
    assert ledger.good == totals.good


def test_a_wrong_number_is_never_a_valid_one() -> None:
    for n in range(300):
        base = f"90{n % 12 + 1:02d}{n % 28 + 1:02d}{n + 1:03d}"
        number = base + insz_check_digits(base, born_2000=False)
        assert isinstance(check_insz(number), Insz)
        assert not isinstance(check_insz(wrong_insz(number, Draws(1, "n", n))), Insz)


def test_what_is_held_up_by_an_outage_comes_within_the_catch_up_after_it() -> None:
    conditions = Conditions(3, HARSH, DEFAULT.period)
    begin, end = conditions.outages[VDAB.number][5]
    ordered = [conditions.through_outage(VDAB, begin + step * (end - begin) // 10, 0.0, 0.9) for step in range(10)]
    assert ordered == sorted(ordered)
    assert all(end <= arrival for arrival in ordered)
    assert conditions.through_outage(VDAB, begin - 1, 0.0, 0.5) == begin - 1


def test_outages_are_as_many_as_the_profile_says() -> None:
    conditions = Conditions(3, REALISTIC, DEFAULT.period)
    count = sum(len(windows) for windows in conditions.outages) / (len(conditions.outages) * 5)
    assert count == pytest.approx(REALISTIC.outages, rel=0.2)


def test_most_things_arrive_within_two_days() -> None:
    conditions = Conditions(3, REALISTIC, DEFAULT.period)
    noon = instant(DEFAULT.period.contracts_from, 12 * 3600)
    grid = [(n + 0.5) / 50 for n in range(50)]
    delays = [conditions.natural(noon, shape, length)[0] - noon for shape in grid for length in grid]
    assert min(delays) > 0
    assert sum(delay <= 2 * DAY for delay in delays) / len(delays) == pytest.approx(0.96, abs=0.01)
