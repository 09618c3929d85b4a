"""Feedback of the employment services: how long nothing was heard of a registered person who does not work.

Silence is cut into segments, each from a word (registration, step, last employed day) to the next; the last one is open
while it lasts. Segments change only when something happens; what they amount to on a date D is counted from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from ledger.events.vdab import ActivationStepReported
from ledger.strands.job import Job, jobs_of
from ledger.strands.registration import Registration, main_registration, registrations_of
from ledger.subject import Subject
from ledger.time import days_after

_DAY = timedelta(days=1)


class Silence(NamedTuple):
    """Days on which a registered person without work waits for a word of the service."""

    word: date
    """The latest of registration, step and last employed day."""
    first: date
    last: date | None
    """The last day of the segment; None while it lasts."""


def silences_of(subject: Subject) -> tuple[Silence, ...]:
    """The segments with the service of the main registration, ascending and disjoint."""
    registration = subject.memo(main_registration)
    if registration is None:
        return ()
    service, registrations = registration.service, subject.memo(registrations_of)
    steps = [fact.date for fact in subject.history.of(ActivationStepReported) if fact.entry.role is service]
    jobs = subject.memo(jobs_of)
    return tuple(segment for spell in registrations if spell.service is service for segment in _of_spell(spell, steps, jobs))


def _of_spell(spell: Registration, steps: Iterable[date], jobs: Iterable[Job]) -> Iterable[Silence]:
    """The days of one registration that are not employed, cut at each word."""
    ends = spell.ends
    words = {spell.begins} | {day for day in steps if spell.begins <= day and (ends is None or day < ends)}
    work = [(job.begins, job.last_day) for job in jobs]
    words |= {last for _, last in work if last is not None and last >= spell.begins and (ends is None or last < ends)}
    ordered = sorted(words)
    for at, word in enumerate(ordered):
        until = ordered[at + 1] - _DAY if at + 1 < len(ordered) else (None if ends is None else ends - _DAY)
        yield from _without_work(word, word, until, work)


def _without_work(word: date, first: date, last: date | None, work: Iterable[tuple[date, date | None]]) -> Iterable[Silence]:
    at = first
    for begins, ends in sorted(work, key=lambda job: job[0]):
        if last is not None and begins > last:
            break
        if ends is not None and ends < at:
            continue
        if begins > at:
            yield Silence(word, at, begins - _DAY)
        if ends is None:
            return
        at = max(at, ends + _DAY)
    if last is None or at <= last:
        yield Silence(word, at, last)


class Feedback(NamedTuple):
    """What the segments amount to on a date (columns 35 and 36)."""

    days: int
    """Person-days registered and not employed."""
    days_ok: int
    """Of these, at most ``feedback_days`` after the latest word."""
    gap_max: int
    """The longest silence in days, an open one cut at the date."""


def feedback_on(silences: Iterable[Silence], as_of: date, feedback_days: int) -> Feedback:
    """Count segments up to a date."""
    days = days_ok = gap_max = 0
    for silence in silences:
        last = as_of if silence.last is None else min(silence.last, as_of)
        if last < silence.first:
            continue
        days += (last - silence.first).days + 1
        covered = min(last, days_after(silence.word, feedback_days))
        days_ok += max(0, (covered - silence.first).days + 1)
        # A closed segment ends the day before something happened; an open one is cut at the date itself.
        gap_max = max(gap_max, (last - silence.word).days + (silence.last is not None and silence.last <= as_of))
    return Feedback(days, days_ok, gap_max)
