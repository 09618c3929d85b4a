"""What blocks have in common: the table of shares, what must be said beside a figure, and a value as it is read out."""

from __future__ import annotations

import re

import msgspec
from markupsafe import Markup

from ledger.cohort import Unanswerable
from ledger.figure import Row
from ledger.indicator import Method
from web.block import Block, Head, Line, Table
from web.indicator_words import Shown, tell
from web.scene import Scene, Seen, values


def anchor(text: str) -> str:
    """A name for an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def told(scene: Scene, seen: Seen, row: Row) -> Shown:
    """A row in words."""
    told_row = tell(seen.indicator, row, scene.language)
    return msgspec.structs.replace(told_row, labels=tuple(scene.name(name, value) for name, value in row.strata.items()))


def standard_table(scene: Scene, seen: Seen, heads: tuple[str, ...], *, total: bool = True) -> Table:
    """Numerator, denominator, value, interval, coverage and what does not count, per row and for all together."""
    found = seen.indicator
    times = found.method is Method.TIME
    columns = [
        Head(scene.say("Teller", "Numerator"), True),
        Head(scene.say("Noemer", "Denominator"), True),
        Head(scene.say("Mediaan, dagen", "Median, days") if times else scene.say("Cijfer", "Figure"), True),
        Head(scene.say("95 %-interval", "95% interval"), True),
    ]
    if found.coverage:
        columns.append(Head(scene.say("Terugkoppeling gekend", "Feedback known")))
    columns.append(Head(scene.say("Niet meegeteld", "Not counted")))
    lines = []
    for row in seen.rows if heads else ():
        one = told(scene, seen, row)
        lines.append(Line(one.labels, _cells(one, found.coverage), one.hidden))
    if total:
        one = told(scene, seen, seen.total)
        name = scene.say("Alles samen", "All together")
        lines.append(Line((name, *[""] * (len(heads) - 1)) if heads else (name,), _cells(one, found.coverage), one.hidden, strong=True))
    named = tuple(Head(head) for head in heads) or (Head(scene.say("Groep", "Group")),)
    return Table(scene.language.of(found.title), (*named, *columns), tuple(lines))


def _cells(one: Shown, coverage: bool) -> tuple[str, ...]:
    return (one.numerator, one.denominator, one.value, one.interval, *((one.coverage,) if coverage else ()), one.beside)


def warnings(scene: Scene, seen: Seen) -> tuple[str, ...]:
    """What must be said beside a figure before anybody uses it."""
    said = []
    state = seen.total.coverage_state
    if state == "withheld":
        said.append(
            scene.say(
                "Van minder dan de helft kwam terugkoppeling: het cijfer wordt niet getoond.",
                "Feedback came on fewer than half: the figure is withheld.",
            )
        )
    elif state == "flagged":
        said.append(
            scene.say(
                "Van minder dan 80 % kwam terugkoppeling: lees dit cijfer met voorbehoud.",
                "Feedback came on fewer than 80%: read this figure with care.",
            )
        )
    if seen.unfiltered:
        names = ", ".join(scene.head(name).lower() for name in seen.unfiltered)
        said.append(scene.say(f"Dit cijfer kan niet gefilterd worden op {names}.", f"This figure cannot be filtered by {names}."))
    if seen.indicator.caveat is not None and "pilot" in seen.figure.by:
        said.append(scene.language.of(seen.indicator.caveat))
    return tuple(said)


def said(scene: Scene, seen: Seen, label: str, row: Row) -> str:
    """A row as it is read out."""
    one = told(scene, seen, row)
    if one.hidden:
        return f"{label}: {one.numerator}"
    around = f" ({one.interval})" if row.interval is not None else ""
    parts = scene.say(f"{one.numerator} van {one.denominator}", f"{one.numerator} of {one.denominator}")
    return f"{label}: {one.value}{around}, {parts}" if label else f"{one.value}{around}, {parts}"


_NOUNS = {
    "target": ("dienst van bestemming", "service of destination"),
    "window": ("tijdvak van inschrijving", "window of registration"),
}
"""Dimensions whose name does not read as a noun in a title."""


def title_of(scene: Scene, seen: Seen, own: str, by: str = "") -> str:
    """The title of a block: its own, else that of the indicator with what it is split by."""
    title = own or scene.language.of(seen.indicator.title)
    head = scene.head(by) if by else ""
    head = scene.say(*_NOUNS[by]) if by in _NOUNS else head if head.isupper() else head[:1].lower() + head[1:]
    if not by or own:
        return title
    if set(values(by)) == {"yes", "no"}:
        return scene.say(f"{title}, wel of niet {head}", f"{title}, {head} or not")
    return f"{title}, {scene.say('naar', 'by')} {head}"


def unanswerable(scene: Scene, name: str, title: str, error: Unanswerable) -> Block:
    """A block that says why its figure cannot be had with these filters."""
    return Block(
        kind="none",
        name=name,
        title=title,
        sentence=scene.say("Dit cijfer is met deze filters niet te geven.", "This figure cannot be given with these filters."),
        chart=Markup(""),
        keys=(),
        tables=(),
        notes=(scene.fault(error),),
        warnings=(),
        labels=(),
    )
