"""Monthly series around the start of a pilot (M4), as the page shows them."""

from __future__ import annotations

from markupsafe import Markup

from ledger.indicator import indicators
from ledger.series import MARKERS, Change
from ledger.sheet import Sheet
from web import wording
from web.charts.trend import Mark, Moment, trend
from web.evaluation.tables import Rows
from web.evaluation.wording import between, percent, points, secret
from web.language import Language


def series_drawing(one: Sheet, language: Language) -> Markup:
    """The series that decides, month by month, with the start and the changes of rules."""
    first = one.series[0] if one.series else None
    if first is None:
        return Markup("")
    moments = [
        Moment(f"{month.first:%m-%Y}", month.share, None, None, f"{month.first:%m-%Y}: {percent(month.share, language)}", settled=True)
        for month in first.months
    ]
    days = [month.first for month in first.months]
    marks = [Mark(days.index(first.start), language.say("start", "start"))] if first.start in days else []
    marks += [Mark(days.index(day), language.say("regel", "rule")) for day in MARKERS if day in days and day != first.start]
    title = language.of(indicators()[first.indicator].title)
    return trend(
        moments, title=language.say(f"{title}, per maand rond de start", f"{title}, by month around the start"), name="reeks", marks=marks
    )


def series_rows(one: Sheet, language: Language) -> Rows:
    """What changed in each series."""
    say = language.say
    heads = [
        say("Reeks", "Series"),
        say("Sprong (pp)", "Jump (pp)"),
        say("95 %-interval", "95% interval"),
        say("Helling per maand (pp)", "Slope by month (pp)"),
        say("95 %-interval", "95% interval"),
        say("Maanden voor; na", "Months before; after"),
        say("Sprong bij valse start (pp)", "Jump at a false start (pp)"),
    ]
    rows = []
    for told in one.series:
        found = told.found
        name = f"{told.indicator} {language.of(indicators()[told.indicator].title)}"
        level, slope = (found.level, found.slope) if found is not None else (None, None)
        rows.append(
            [
                name + (say(" (doorslaggevend)", " (decisive)") if told is one.series[0] else ""),
                *_change(level, language),
                *_change(slope, language),
                f"{found.before}; {found.after}" if found is not None else say("te weinig", "too few"),
                " ".join(_change(told.placebo, language)) if told.placebo is not None else wording.NOTHING,
            ]
        )
    return Rows(heads, rows)


def month_rows(one: Sheet, language: Language) -> Rows:
    """The months of the series that decides."""
    say = language.say
    heads = [say("Maand", "Month"), say("Boven de streep", "Numerator"), say("Onder de streep", "Denominator"), say("Aandeel", "Share")]
    rows = [
        [
            f"{month.first:%m-%Y}",
            secret(language) if month.top is None else wording.number(month.top, language),
            secret(language) if month.bottom is None else wording.number(month.bottom, language),
            percent(month.share, language),
        ]
        for month in (one.series[0].months if one.series else ())
    ]
    return Rows(heads, rows)


def _change(change: Change | None, language: Language) -> tuple[str, str]:
    if change is None:
        return wording.NOTHING, wording.NOTHING
    return points(change.value, language), between(change.interval, language)
