"""A trajectory as one picture: lanes of what happened, and the deadlines below them."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from ledger.fact import State
from ledger.timeline import Timeline, TimelineClock
from web import wording
from web.charts.strip import Mark, Span, strip
from web.labels import code_label, type_label
from web.language import Language
from web.trajectory.clocks import tone_of

SPANS_SHOWN = 24

_LANES: tuple[tuple[str, str, frozenset[str]], ...] = tuple(
    (nl, en, frozenset(subjects.split()))
    for nl, en, subjects in (
        (
            "Traject",
            "Trajectory",
            "person profile contract exemption certificate trajectory intake career-orientation competence-screening support-profile",
        ),
        ("MO, taal, netwerk", "Civic course, Dutch", "mo-course language-level participation"),
        (
            "Verwijzing en aanbod",
            "Referral and offer",
            "referral initiative offer edition-participant edition-participation perspective pilot advanced-trajectory sharing-basis",
        ),
        ("VDAB, Actiris, OCMW", "Employment services", "jobseeker work-perspective activation-step follow-up-plan"),
        (
            "Erkenning, EVC",
            "Recognition",
            "recognition-procedure diploma-dossier recognition-file recognition post-decision-orientation evc-guidance evc-phase",
        ),
        ("Opleiding en werk", "Training and work", "training employment"),
    )
)
"""Lanes with the first words of the event types in them."""
_OTHER = ("Dossier zelf", "The file itself")


def picture(told: Timeline, language: Language) -> Markup:
    """The drawing of one timeline."""
    lanes = [language.say(nl, en) for nl, en, _ in _LANES]
    marks = [_mark(entry_name, told, language) for entry_name in range(len(told.entries))]
    if any(mark.lane == len(_LANES) for mark in marks):
        lanes.append(language.say(*_OTHER))
    spans = [_span(clock, told, language) for clock in _chosen(told)]
    told_marks = wording.events(len(marks), language)
    told_spans = wording.counted(len(spans), ("termijn", "deadline"), ("termijnen", "deadlines"), language)
    title = language.say(
        f"Het traject in beeld: {told_marks} en {told_spans}. De tabellen eronder zeggen hetzelfde.",
        f"The trajectory as a picture: {told_marks} and {told_spans}. The tables below say the same.",
    )
    return strip(
        lanes,
        marks,
        [span for span in spans if span is not None],
        today=told.as_of,
        today_label=language.say("peildatum", "as-of date"),
        title=title,
        name="traject",
    )


def _mark(place: int, told: Timeline, language: Language) -> Mark:
    entry = told.entries[place]
    subject = entry.name.partition(".")[0]
    lane = next((number for number, (_, _, subjects) in enumerate(_LANES) if subject in subjects), len(_LANES))
    state = "live" if entry.state is State.LIVE else entry.state.value
    return Mark(entry.date, lane, f"{type_label(entry.name, language)}, {wording.short_day(entry.date, language)}", state, entry.late)


def _short(text: str) -> str:
    return text if len(text) <= 36 else text[:35].rstrip() + "…"


def _chosen(told: Timeline) -> list[TimelineClock]:
    started = [clock for clock in told.clocks if clock.start is not None and clock.clock != "C24"]
    return sorted(started, key=lambda clock: (clock.start or told.as_of, clock.clock))[:SPANS_SHOWN]


def _span(clock: TimelineClock, told: Timeline, language: Language) -> Span | None:
    if clock.start is None:
        return None
    tone = tone_of(clock)
    ended = clock.stop
    if ended is None and clock.state in {"neutral_end", "breached_closed"} and clock.elapsed is not None:
        ended = clock.start + timedelta(days=clock.elapsed + clock.paused)
    if ended is None and clock.state == "unused":
        ended = clock.deadline
    end = min(ended or told.as_of, told.as_of)
    state = code_label("state", clock.state, language)
    return Span(
        clock.start,
        max(end, clock.start),
        clock.deadline,
        _short(f"{clock.clock} {code_label('clock', clock.clock, language)}"),
        tone,
        f"{code_label('clock', clock.clock, language)}: {state}",
    )
