"""Pages of figures over many people: the first time at a position, and with its figures known. Run: python -m benchmarks.pages

The facts are those of simulated people, repeated under other keys; the database is left out. The design asks for an answer
within 300 ms when the figures of a position are known.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Sequence

from benchmarks.indicators import facts_of
from streams.board import Board, Kept
from web.blocks.curve import Curve
from web.blocks.mix import Mix
from web.blocks.river import Process, River
from web.blocks.shares import Shares
from web.blocks.trend import Trend
from web.figure_page import FigurePage, Section, made
from web.language import Language
from web.render import Frame, render
from web.scene import Scene

WARM_MS = 300.0
PAGE = (
    Section(("De weg", "The way"), (River(), Process())),
    Section(("Tijd", "Time"), (Curve(id="IND-108", marks=(60,)), Curve(id="IND-29", by="pilot"), Trend(id="IND-12"))),
    Section(
        ("Doorverwijzing", "Referral"), (Mix(id="IND-116", by="target"), Shares(id="IND-08", by="target"), Shares(id="IND-01", by="region"))
    ),
)
"""About as much as the fullest page shows."""


def page(board: Board, sections: Sequence[Section]) -> str:
    """One page as HTML, as a visitor gets it."""
    scene = Scene(board, Language.NL, filters={}, cohort=None, cohort_text="", split="")
    shown = made(scene, sections)
    view = FigurePage(
        lead="",
        sections=shown,
        filters=(),
        position=board.position,
        as_of=board.as_of,
        head=board.position,
        stamp=None,
        past=False,
        as_of_text="",
        known_at_text="",
        fault="",
        notes=(),
    )
    frame = Frame(
        title="Bench",
        path="/bench",
        query={},
        sandbox=True,
        signed_in=False,
        reads=True,
        operates=True,
        position=board.position,
        known="–",
        today="–",
    )
    return render("figures.html", language=Language.NL, frame=frame, view=view)


def main() -> int:
    """Print what it costs; 1 when a warm page takes longer than it may."""
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--people", type=int, default=2_000, help="simulated people")
    chosen.add_argument("--upto", type=int, default=20_000, help="people that the page is about")
    chosen.add_argument("--seed", type=int, default=7)
    chosen.add_argument("--rounds", type=int, default=9)
    asked = chosen.parse_args()
    facts = facts_of(asked.people, asked.seed, asked.upto)
    kept: Kept = {}
    began = time.perf_counter()
    size = len(page(Board(facts, kept), PAGE))
    first = (time.perf_counter() - began) * 1000
    taken: list[float] = []
    worked: list[float] = []
    for _ in range(asked.rounds):
        began, busy = time.perf_counter(), time.process_time()
        page(Board(facts, kept), PAGE)
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - busy) * 1000)
    warm = statistics.median(taken)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{asked.upto} people, {size / 1000:.0f} kB of HTML, {len(kept)} figures; {memory:.0f} MB of memory with the facts")
    print(f"first at a position: {first:.0f} ms; figures known: {warm:.0f} ms, of which {statistics.median(worked):.0f} ms at work")
    print(f"With its figures known a page may take {WARM_MS:.0f} ms.")
    return int(warm > WARM_MS)


if __name__ == "__main__":
    raise SystemExit(main())
