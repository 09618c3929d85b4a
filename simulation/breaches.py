"""Events that are refused: broken ones, which are mended and sent again, and ones that their sender may not publish."""

from __future__ import annotations

from datetime import date

import msgspec

from ledger.codes.person import Obligation
from ledger.events.identity import PersonRegistered
from ledger.verdict import Reason
from simulation import mistakes
from simulation.conditions import MACHINES
from simulation.draw import Draws, as_uuid7
from simulation.faults import Fault
from simulation.moment import DAY, HOUR, MINUTE, local_day_second
from simulation.person import Person
from simulation.post import BEFORE_ERASURE, Letter, Post
from simulation.trespass import TRESPASSES


def broken(post: Post, letter: Letter, arrival: int, dice: float, key: str) -> bool:
    """Break an event, if it is its turn, and mend it; says whether it did. One number decides which fault, if any."""
    if arrival + 5 * DAY > post.conditions.limit:
        return False
    wrong = _broken(post, letter, dice, key)
    if wrong is not None:
        post.post(letter, (arrival,), data=wrong.data, subject=wrong.subject, code=wrong.code)
        return _mend(post, letter, arrival, Draws(post.seed, "mended", key), wrong.kind, wrong.code)
    until = post.conditions.broken(letter.source, arrival)
    if until:
        post.post(letter, (arrival,), data=mistakes.broken_schema(letter.payload), code=Reason.R01)
        return _mend(post, letter, until, Draws(post.seed, "mended", key), Fault.SCHEMA, Reason.R01)
    return letter.precise and _fast(post, letter, key)


class _Wrong(msgspec.Struct, frozen=True):
    """A broken version: other data or another subject, and the refusal it gets."""

    kind: Fault
    code: Reason
    data: bytes | None = None
    subject: str | None = None


def _broken(post: Post, letter: Letter, dice: float, key: str) -> _Wrong | None:
    f = post.faults
    if dice < f.wrong_insz:
        if not letter.subject.startswith("insz/"):
            return None
        number = mistakes.wrong_insz(letter.subject[5:], Draws(post.seed, "broken", key))
        return _Wrong(Fault.WRONG_INSZ, Reason.R06, subject=f"insz/{number}")
    dice -= f.wrong_insz
    kbo = f.wrong_kbo / f.kbo_share if mistakes.has_kbo(letter.payload) else 0.0
    if dice < kbo:
        data = mistakes.wrong_kbo(letter.payload, Draws(post.seed, "broken", key))
        return None if data is None else _Wrong(Fault.WRONG_KBO, Reason.R07, data=data)
    if dice - kbo < f.unknown_code:
        data = mistakes.unknown_code(letter.payload, Draws(post.seed, "broken", key))
        return None if data is None else _Wrong(Fault.UNKNOWN_CODE, Reason.R08, data=data)
    return None


def _fast(post: Post, letter: Letter, key: str) -> bool:
    """A machine that runs ahead stamps a time that has not come when the event arrives (R09)."""
    f = post.faults
    machine = int(key[-6:], 16) % MACHINES
    if not post.conditions.runs_ahead(letter.source, letter.day, machine):
        return False
    day, second = local_day_second(letter.recorded)
    if day != letter.day or letter.second + f.fast_seconds >= DAY:
        return False
    draws = Draws(post.seed, "mended", key)
    true = letter.recorded - second + letter.second
    arrival = true + draws.between(20, 240, "arrival")
    ahead = msgspec.structs.replace(letter, second=letter.second + f.fast_seconds, recorded=true + f.fast_seconds + 5)
    post.post(ahead, (arrival,), sent=true + 10, code=Reason.R09)
    return _mend(post, letter, arrival, draws, Fault.FAST_MACHINE, Reason.R09)


def _mend(post: Post, letter: Letter, refused: int, draws: Draws, kind: Fault, code: Reason) -> bool:
    """Send the mended event some days after the refusal, under the same id."""
    delay = draws.lognormal(post.faults.mended.median, post.faults.mended.sigma, "mended")
    sent = min(max(letter.recorded, refused) + HOUR + int(delay * DAY), post.conditions.limit - 2 * HOUR)
    arrival = max(sent, refused) + MINUTE + draws.below(HOUR, "mended.arrival")
    known = code in BEFORE_ERASURE or post.in_time(refused, letter.source)
    post.plant(kind, letter.id, code=code if known else Reason.R13)
    if post.post(letter, (arrival,), sent=sent, counted=False):
        post.counts(letter)
    return True


def same_id(post: Post, letter: Letter, admitted: int, key: str) -> None:
    """The same id comes again with other content (R05)."""
    draws = Draws(post.seed, "same-id", key)
    arrival = admitted + MINUTE + draws.below(2 * DAY, "arrival")
    other = mistakes.other_code(letter.payload, draws) or mistakes.other_number(letter.payload, draws)
    changed = (
        msgspec.structs.replace(letter, payload=other)
        if other is not None
        else msgspec.structs.replace(letter, recorded=letter.recorded + 1)
    )
    post.plant(Fault.SAME_ID, letter.id, code=Reason.R05 if post.in_time(arrival, letter.source) else Reason.R13)
    post.post(changed, (arrival,), sent=max(letter.recorded, admitted), code=Reason.R05, counted=False)


def trespass(post: Post, letter: Letter, person: Person, dice: float, arrival: int) -> None:
    """Beside an event, somebody publishes what is not theirs to publish (R14, R03); it is never repaired."""
    if dice >= post.faults.unauthorised:
        return
    draws = Draws(post.seed, "trespass", letter.id)
    act = TRESPASSES[draws.below(len(TRESPASSES), "kind")]
    payload = act.make(draws, letter.day)
    forbidden = Letter(
        payload=payload,
        source=act.source,
        subject=letter.subject,
        id=as_uuid7(letter.recorded * 1000, draws.key("id")),
        day=letter.day,
        second=letter.second,
        precise=letter.precise,
        recorded=letter.recorded,
    )
    post.plant(Fault.UNAUTHORISED, forbidden.id, code=act.reason, rule=act.rule)
    post.post(forbidden, (arrival + draws.below(HOUR, "arrival"),), code=act.reason, counted=False)


def poison(post: Post, letter: Letter, person: Person, arrival: int, key: str) -> None:
    """A valid event on which a careless projection breaks: a second registration whose obligation starts at the end of time."""
    draws = Draws(post.seed, "poison", key)
    payload = PersonRegistered(
        birth_year=person.birth.year,
        gender=person.gender,
        nationality_group=person.nationality,
        residence_nis=person.place.nis_on(letter.day),
        obligation=Obligation.OBLIGED,
        obligation_from=date.max,
        residence_ground=person.ground,
    )
    poisoned = Letter(
        payload=payload,
        source=person.agency,
        subject=letter.subject,
        id=as_uuid7(letter.recorded * 1000, draws.key("id")),
        day=letter.day,
        second=letter.second,
        precise=letter.precise,
        recorded=letter.recorded,
    )
    post.plant(Fault.POISON, poisoned.id)
    if post.post(poisoned, (arrival + 1 + draws.below(HOUR, "arrival"),)):
        post.counts(poisoned)
