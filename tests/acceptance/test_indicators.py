"""Indicators over a simulated population: live, recomputed from the log, by API and command line: one figure."""

from __future__ import annotations

from ledger.figure import Figure, figure
from ledger.indicator import Indicator, indicators
from streams.factbooks import past_factbook
from tests.acceptance.serving import Served


def ask(served: Served, id: str, **asked: object) -> Figure:
    async def answer() -> Figure:
        return await served.parts.figures.figure(id, **asked)  # type: ignore[arg-type]

    return served.do(answer)


def splits_of(declared: Indicator) -> list[tuple[str, ...]]:
    """No split, one by each end of the list, and a crossing of two."""
    plain = [name for name in declared.splits if name not in {"area", "year"}]
    return [(), tuple(plain[:1]), tuple(plain[-1:]), tuple(plain[:2])]


def test_every_figure_is_the_same_live_and_recomputed_from_the_log(population: Served) -> None:
    first = ask(population, "IND-01")
    facts = population.do(lambda: past_factbook(population.parts.store, as_of=first.as_of, known_at=first.position))
    different = []
    for id, declared in indicators().items():
        for by in splits_of(declared):
            live = ask(population, id, by=by, protected=False)
            if live != figure(declared, facts, by=by, protected=False):
                different.append((id, by))
    assert different == []
    assert first.total.denominator


def test_most_figures_have_somebody_to_count(population: Served) -> None:
    empty = [id for id in indicators() if not ask(population, id, protected=False).total.denominator]
    assert set(empty) <= {"IND-34", "IND-42"}, "too few people of a small population for these"
