"""The simulator's face: write a population's events to a file, or give them as a stream.

    totals = simulate(20_000, seed=7, faults=FaultProfile.REALISTIC, out=Path("events.ndjson"))

Same seed, number of persons, profile and parameters: the same bytes. Person *i* is the same for any number of
persons; another profile is another delivery of the same true world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from simulation import editions, employers, policy
from simulation.delivery import Delivery
from simulation.fact import Fact
from simulation.faults import FaultProfile
from simulation.feed import Feed, feed_for
from simulation.offers import Catalogue
from simulation.parameters import DEFAULT, Parameters
from simulation.person import Person
from simulation.population import live
from simulation.truth import Book, Header, ThingTruth, Totals, person_truth

VERSION = 1
"""The simulator's version: another one may write other bytes for the same seed."""

Progress = Callable[[int, int], None]
"""Called now and then with work done and work in all, in persons; each person counts twice: lived, and written."""

_EVERY = 100


class Simulation:
    """One run: everybody and everything is fed into a delivery, then the lines come out."""

    def __init__(self, people: int, seed: int, faults: FaultProfile, parameters: Parameters = DEFAULT) -> None:
        if people < 1:
            raise ValueError(f"a population has at least 1 person, not {people}")
        if not 0 <= seed < 2**63:
            raise ValueError(f"a seed lies in 0 … 2^63 − 1; {seed} does not")
        self.people = people
        self.seed = seed
        self.faults = faults
        self.parameters = parameters
        self.totals = Totals()
        """Complete when all lines are out."""

    def lines(self, directory: Path | None, book: Book | None, progress: Progress | None) -> Iterator[bytes]:
        """All lines in order of arrival. What outgrows memory goes to a temporary folder in ``directory``."""
        totals = self.totals = Totals()
        feed: Feed
        delivery = Delivery(self.seed, self.parameters.period.end, directory, lambda source, day: feed.gap(source, day))
        feed = feed_for(self.faults, self.seed, self.parameters, delivery.put, totals, keep=book is not None)
        try:
            self._fill(feed, book, progress)
            written = 0
            for line in delivery.lines():
                yield line
                written += 1
                if progress is not None and written % 4096 == 0:
                    progress(self.people + min(self.people, self.people * written // totals.lines), 2 * self.people)
            totals.good += delivery.reconciled
            if written != totals.lines:
                raise AssertionError(f"{written} lines were written, {totals.lines} were counted: the simulator contradicts itself")
            if book is not None:
                book.close(delivery.burnt, delivery.healed, totals)
            if progress is not None:
                progress(2 * self.people, 2 * self.people)
        finally:
            delivery.close()

    def _fill(self, feed: Feed, book: Book | None, progress: Progress | None) -> None:
        catalogue = Catalogue(self.seed, self.parameters)
        used: dict[str, editions.Edition] = {}
        for index in range(self.people):
            life = live(self.seed, Person(self.seed, index, self.parameters), self.parameters, catalogue)
            for _, chosen in life.enrolments:
                used[chosen.edition_id] = chosen
            told, kin = feed.person(life)
            if book is not None:
                book.person(person_truth(life, told, kin))
            if progress is not None and index % _EVERY == 0:
                progress(index, 2 * self.people)
        for facts in (
            policy.tell(self.seed, self.people, self.parameters),
            catalogue.facts(self.people),
            employers.employers(self.seed, self.people, self.parameters),
            employers.signals(self.seed, self.people, self.parameters),
            editions.facts(self.seed, used.values(), self.parameters, catalogue),
        ):
            for stream_key, of_stream in groupby(facts, key=_subject):
                told = feed.thing(list(of_stream))
                if book is not None:
                    book.thing(ThingTruth(stream_key, told.effective, told.planted))


def _subject(fact: Fact) -> str:
    return fact.subject


def truth_path(out: Path) -> Path:
    """Where the truth of an output file stands by custom: ``<out>.truth.json``."""
    return out.with_name(out.name + ".truth.json")


def simulate(
    people: int,
    seed: int,
    faults: FaultProfile,
    out: Path,
    truth: Path | None = None,
    progress: Progress | None = None,
    parameters: Parameters = DEFAULT,
) -> Totals:
    """Write a population's events to ``out`` as NDJSON, and the truth beside them if ``truth`` is given.

    Files appear whole or not at all: until the end they are called ``….part``, and an interruption removes them.
    Gives the counts that the ledger must come to. ``OSError`` if the files cannot be written.
    """
    run = Simulation(people, seed, faults, parameters)
    part = out.with_name(out.name + ".part")
    truth_part = None if truth is None else truth.with_name(truth.name + ".part")
    book = None
    try:
        with part.open("wb", buffering=1 << 20) as file:
            if truth_part is not None:
                book = Book(truth_part, Header(VERSION, seed, people, faults.value))
            for line in run.lines(out.parent, book, progress):
                file.write(line)
    except BaseException as error:
        if book is not None:
            book.abandon()
        for unfinished in (part, truth_part):
            if unfinished is not None:
                unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename in {str(part), str(truth_part)}:
            error.filename = str(error.filename).removesuffix(".part")  # what was asked for, not what it is called meanwhile
        raise
    part.replace(out)
    if truth is not None and truth_part is not None:
        truth_part.replace(truth)
    return run.totals


def stream(people: int, seed: int, faults: FaultProfile = FaultProfile.NONE, parameters: Parameters = DEFAULT) -> Iterator[bytes]:
    """The same lines, one by one, without a file (a large population goes through temporary files all the same)."""
    yield from Simulation(people, seed, faults, parameters).lines(None, None, None)
