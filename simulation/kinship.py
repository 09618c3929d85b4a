"""Numbers and streams of a person under faults: chains of numbers, wrong links and their undoing, erasure."""

from __future__ import annotations

import msgspec

from ledger.codes.identity import CorrectionReason, ErasureGround, LinkCause
from ledger.events.correction import EventRetracted
from ledger.events.identity import ErasureExecuted, IdentityLinked
from ledger.identity import SANDBOX_PSEUDONYM_KEY, pseudonym
from simulation.draw import Draws, Table, as_uuid7
from simulation.fact import OFFICE_OPENS, OFFICE_SECONDS
from simulation.faults import Fault, Faults
from simulation.kin import Kin, used_numbers
from simulation.life import Life
from simulation.moment import MINUTE, as_date, instant, local_day, local_day_second, working_day
from simulation.numbers import insz
from simulation.organisations import IDENTITY, OPERATOR
from simulation.parameters import Period
from simulation.person import Person
from simulation.post import Letter, Post

NEIGHBOURS = 40
"""[A] Who is mistaken for somebody else is mistaken for one of so many persons before them."""
_GROUND: Table[ErasureGround] = Table(
    [
        (ErasureGround.OBJECTION, 40),
        (ErasureGround.UNLAWFUL, 25),
        (ErasureGround.RETENTION_END, 20),
        (ErasureGround.WITHDRAWN_CONSENT, 10),
        (ErasureGround.COURT_ORDER, 5),
    ]
)


def of(life: Life, post: Post) -> Kin:
    """Fix a person's numbers and erasure, and send the events that come with them."""
    person, numbers = life.person, used_numbers(life)
    erased = erasure_of(person, post.faults, post.parameters.period)
    if erased is not None:
        _erase(post, person, *erased)
        return Kin(numbers, erased[1])
    draws = person.draws
    if person.bis is None or person.linked is None or len(numbers) < 2 or not draws.chance(post.faults.chained, "fault.chained"):
        return Kin(numbers, None)
    until = life.opened + draws.below(max(1, person.linked - life.opened), "fault.chained.until")
    if not life.opened < until <= post.parameters.period.end:
        return Kin(numbers, None)
    first = insz(person.birth, 20 if person.bis[2] in "45" else 40)
    link = IdentityLinked(
        survivor_ref=pseudonym(person.bis, SANDBOX_PSEUDONYM_KEY),
        absorbed_ref=pseudonym(first, SANDBOX_PSEUDONYM_KEY),
        cause=LinkCause.DUPLICATE_FILE,
    )
    recorded = instant(until, OFFICE_OPENS + draws.below(OFFICE_SECONDS, "fault.chained.second"))
    letter = _letter(link, f"insz/{person.bis}", recorded, draws, "fault.chained.id")
    post.plant(Fault.CHAINED, letter.id)
    if post.post(letter, (post.arrival(IDENTITY, recorded, draws, "fault.chained.arrival"),)):
        post.counts(letter)
    return Kin((first, *numbers), None, first, until)


def erasure_of(person: Person, faults: Faults, period: Period) -> tuple[int, int] | None:
    """The days on which a person asks for erasure and is erased; decided on the person alone. Only with one number [A]."""
    draws = person.draws
    span = period.end - person.contract - 30
    if person.bis is not None or span <= 0 or not draws.chance(faults.erased * span / 365, "fault.erased"):
        return None
    asked = person.contract + 30 + draws.below(span, "fault.erased.asked")
    delay = max(1, draws.days(faults.erasure.median, faults.erasure.sigma, "fault.erased.done"))
    done = working_day(asked + delay)
    return None if done > period.end else (asked, done)


def _erase(post: Post, person: Person, asked: int, done: int) -> None:
    draws = person.draws
    recorded = instant(done, OFFICE_OPENS + draws.below(OFFICE_SECONDS, "fault.erased.second"))
    erasure = ErasureExecuted(
        requested_on=as_date(asked),
        ground=draws.pick(_GROUND, "fault.erased.ground"),
        keys_destroyed=1,
        controllers=(person.agency.kbo,),
    )
    letter = _letter(erasure, f"insz/{person.insz}", recorded, draws, "fault.erased.id")
    letter = msgspec.structs.replace(letter, source=OPERATOR)
    post.post(letter, (recorded + MINUTE,))
    post.plant(Fault.ERASED, letter.id)
    post.erase_at(recorded + MINUTE)


def other_person(post: Post, person: Person, draws: Draws) -> Person | None:
    """A person before this one for whom they are mistaken: with one number, and never erased."""
    for n in range(4):
        if person.index == 0:
            return None
        index = person.index - 1 - draws.below(min(person.index, NEIGHBOURS), "other", n)
        other = Person(post.seed, index, post.parameters)
        if other.bis is None and erasure_of(other, post.faults, post.parameters.period) is None:
            return other
    return None


def wrong_link(post: Post, letter: Letter, arrival: int, life: Life | None, key: str) -> bool:
    """Link a BIS number to the wrong person first; the link is retracted and the right one made. Says whether it did."""
    payload = letter.payload
    if life is None or not isinstance(payload, IdentityLinked):
        return False
    draws = Draws(post.seed, "wrong-link", key)
    if not draws.chance(post.faults.wrong_link, "hit"):
        return False
    other = other_person(post, life.person, draws)
    delay = max(1, draws.days(post.faults.wrong_link_undone.median, post.faults.wrong_link_undone.sigma, "undone"))
    day = working_day(local_day(letter.recorded) + delay)
    if other is None or day > post.parameters.period.end:
        return False
    elsewhere = f"insz/{other.insz}"
    wrong = msgspec.structs.replace(letter, payload=msgspec.structs.replace(payload, survivor_ref=other.ref), subject=elsewhere)
    post.post(wrong, (arrival,), elsewhere=True)
    recorded = instant(day, OFFICE_OPENS + draws.below(OFFICE_SECONDS - 10 * MINUTE, "second"))
    retraction = EventRetracted(target_source=IDENTITY.urn, target_id=letter.id, reason=CorrectionReason.WRONG_PERSON)
    note = _letter(retraction, elsewhere, recorded, draws, "retraction")
    post.post(note, (post.arrival(IDENTITY, recorded, draws, "retraction.arrival", after=arrival),), elsewhere=True)
    right = _letter(payload, letter.subject, recorded + 5 * MINUTE, draws, "right")
    post.plant(Fault.WRONG_LINK, letter.id, by=right.id)
    if post.post(right, (post.arrival(IDENTITY, right.recorded, draws, "right.arrival"),)):
        post.counts(right)
    return True


def _letter(payload: IdentityLinked | ErasureExecuted | EventRetracted, subject: str, recorded: int, draws: Draws, purpose: str) -> Letter:
    """A letter of the identity service on something that happened a minute before it was recorded."""
    day, second = local_day_second(recorded - MINUTE)
    return Letter(
        payload=payload,
        source=IDENTITY,
        subject=subject,
        id=as_uuid7(recorded * 1000, draws.key(purpose)),
        day=day,
        second=second,
        precise=True,
        recorded=recorded,
    )
