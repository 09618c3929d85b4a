"""Mistakes that somebody amends: corrections, events filed with the wrong person, retractions and their undoing."""

from __future__ import annotations

import msgspec

from ledger.catalogue import Payload, canonical
from ledger.codes.identity import CorrectionReason
from ledger.events.correction import EventCorrected, EventRetracted, Replacement
from ledger.events.identity import IdentityLinked
from simulation import mistakes
from simulation.draw import Draws, as_uuid7
from simulation.fact import OFFICE_OPENS, OFFICE_SECONDS
from simulation.faults import Fault
from simulation.kinship import other_person
from simulation.life import Life
from simulation.moment import DAY, MINUTE, as_moment, instant, local_day, local_day_second, working_day
from simulation.organisations import Source
from simulation.parameters import Delay
from simulation.post import Letter, Post


def amended(post: Post, letter: Letter, arrival: int, dice: float, key: str, life: Life | None) -> bool:
    """Mistake an event, if it is its turn, and amend it; says whether it did."""
    f = post.faults
    if dice >= f.corrected + f.retracted or isinstance(letter.payload, IdentityLinked):
        return False
    draws = Draws(post.seed, "amend", key)
    if dice >= f.corrected:
        return _retract(post, letter, arrival, draws)
    u = draws.uniform("kind")
    if u >= f.wrong_date + f.wrong_code + f.typing:
        return life is not None and _misfile(post, letter, arrival, draws, life)
    return _correct(post, letter, arrival, draws, u)


class _Version(msgspec.Struct, frozen=True):
    """Content of an event at some time: payload and local day."""

    payload: Payload
    day: int


def _mistaken(post: Post, letter: Letter, draws: Draws, u: float) -> tuple[_Version, CorrectionReason] | None:
    f = post.faults
    if u >= f.wrong_date:
        if u < f.wrong_date + f.wrong_code:
            payload, reason = mistakes.other_code(letter.payload, draws), CorrectionReason.WRONG_CODE
        else:
            payload, reason = mistakes.other_number(letter.payload, draws), CorrectionReason.TYPING_ERROR
        if payload is not None:
            return _Version(payload, letter.day), reason
    if not mistakes.date_may_shift(letter.payload):
        return None
    return _Version(letter.payload, letter.day - draws.between(1, 20, "wrong-date")), CorrectionReason.WRONG_DATE


def _correct(post: Post, letter: Letter, arrival: int, draws: Draws, u: float) -> bool:
    """Send a mistaken event and its correction, sometimes another wrong correction in between."""
    f = post.faults
    mistaken = _mistaken(post, letter, draws, u)
    recorded = later(post, letter.recorded, f.corrected_delay, draws, "corrected")
    if mistaken is None or recorded is None:
        return False
    version, reason = mistaken
    true = _Version(letter.payload, letter.day)
    corrections = [(true, recorded)]
    second = later(post, recorded, f.corrected_delay, draws, "again.delay")
    if second is not None and mistakes.date_may_shift(letter.payload) and draws.chance(f.corrected_again, "again"):
        between = _Version(letter.payload, letter.day - draws.between(21, 40, "again.date"))
        corrections = [(between, recorded), (true, second)]
    early = draws.chance(f.correction_first, "first") and recorded + 12 * DAY < post.conditions.limit
    after = 0 if early else arrival
    effective = version
    for n, (content, moment) in enumerate(corrections):
        correction = EventCorrected(
            target_source=letter.source.urn,
            target_id=letter.id,
            reason=reason,
            replacement=Replacement(time=as_moment(content.day, letter.second), data=msgspec.Raw(canonical(content.payload))),
        )
        note = amending(letter.source, letter.subject, correction, moment, draws, f"correction.{n}")
        after = post.arrival(letter.source, moment, draws, f"correction.{n}.arrival", after=after)
        if n == 0 and early:
            arrival = max(arrival, after + MINUTE + draws.below(5 * DAY, "first.delay"))
            post.plant(Fault.CORRECTION_FIRST, letter.id, by=note.id)
        post.plant(Fault.CORRECTED, letter.id, by=note.id)
        if post.post(note, (after,)):
            effective = content
    first = msgspec.structs.replace(letter, payload=version.payload, day=version.day)
    if post.post(first, (arrival,)):
        post.counts(msgspec.structs.replace(letter, payload=effective.payload, day=effective.day))
    return True


def _misfile(post: Post, letter: Letter, arrival: int, draws: Draws, life: Life) -> bool:
    """File an event with another person; the source retracts it there and reports it anew where it belongs."""
    other = other_person(post, life.person, draws)
    recorded = later(post, letter.recorded, post.faults.corrected_delay, draws, "corrected")
    if other is None or recorded is None:
        return False
    elsewhere = "insz/" + other.insz
    post.post(msgspec.structs.replace(letter, subject=elsewhere), (arrival,), elsewhere=True)
    retraction = EventRetracted(target_source=letter.source.urn, target_id=letter.id, reason=CorrectionReason.WRONG_PERSON)
    note = amending(letter.source, elsewhere, retraction, recorded, draws, "misfiled")
    post.post(note, (post.arrival(letter.source, recorded, draws, "misfiled.arrival", after=arrival),), elsewhere=True)
    anew = recorded + 2 * MINUTE
    right = msgspec.structs.replace(letter, id=as_uuid7(anew * 1000, draws.key("anew")), recorded=anew)
    post.plant(Fault.MISFILED, letter.id, by=right.id)
    if post.post(right, (post.arrival(letter.source, anew, draws, "anew.arrival"),)):
        post.counts(right)
    return True


def _retract(post: Post, letter: Letter, arrival: int, draws: Draws) -> bool:
    """Retract an event that was right; sometimes the retraction is retracted in its turn."""
    f = post.faults
    recorded = later(post, letter.recorded, f.retracted_delay, draws, "retracted")
    if recorded is None:
        return False
    admitted = post.post(letter, (arrival,))
    reason = CorrectionReason.NEVER_HAPPENED if draws.chance(0.6, "reason") else CorrectionReason.DUPLICATE
    retraction = EventRetracted(target_source=letter.source.urn, target_id=letter.id, reason=reason)
    note = amending(letter.source, letter.subject, retraction, recorded, draws, "retraction")
    hidden = post.post(note, (post.arrival(letter.source, recorded, draws, "retraction.arrival"),))
    post.plant(Fault.RETRACTED, letter.id, by=note.id)
    undone = later(post, recorded, f.unretracted_delay, draws, "undone")
    if undone is not None and draws.chance(f.unretracted, "undone.done"):
        undoing = EventRetracted(target_source=letter.source.urn, target_id=note.id, reason=CorrectionReason.SOURCE_CORRECTION)
        back = amending(letter.source, letter.subject, undoing, undone, draws, "undoing")
        post.plant(Fault.UNRETRACTED, letter.id, by=back.id)
        if post.post(back, (post.arrival(letter.source, undone, draws, "undoing.arrival"),)):
            hidden = False
    if admitted and not hidden:
        post.counts(letter)
    return True


def later(post: Post, recorded: int, delay: Delay, draws: Draws, purpose: str) -> int | None:
    """When an amendment is recorded: in office hours some days later, or None after the end of the period."""
    day = working_day(local_day(recorded) + max(1, draws.days(delay.median, delay.sigma, purpose)))
    if day > post.parameters.period.end:
        return None
    return instant(day, OFFICE_OPENS + draws.below(OFFICE_SECONDS, purpose, 1)) + MINUTE


def amending(source: Source, subject: str, payload: Payload, recorded: int, draws: Draws, purpose: str) -> Letter:
    """The letter of an amendment recorded at a moment; it happened a minute before."""
    day, second = local_day_second(recorded - MINUTE)
    return Letter(
        payload=payload,
        source=source,
        subject=subject,
        id=as_uuid7(recorded * 1000, draws.key(purpose)),
        day=day,
        second=second,
        precise=True,
        recorded=recorded,
    )
