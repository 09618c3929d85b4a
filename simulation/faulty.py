"""The faulty feeds: a pass over the finished true world that decides what is sent, when it arrives, and what goes wrong.

At most one thing goes wrong with an event's content: it is broken and mended, or mistaken and corrected, or filed with
the wrong person, or retracted; timing, redelivery and extra reports come on top. Refused events are mended and sent
again under the same id, which was never admitted; only events of erased persons and trespasses never are.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct

import msgspec

from ledger.codes.roles import Role
from ledger.codes.work import JobEvidence
from ledger.events.work import EmploymentStarted
from simulation import amends, breaches, kinship
from simulation.draw import Draws, as_uuid7
from simulation.fact import OFFICE_OPENS, OFFICE_SECONDS, Fact
from simulation.faults import Fault
from simulation.kin import Kin
from simulation.life import Life
from simulation.mistakes import date_may_shift
from simulation.moment import DAY, HOUR, MINUTE, instant, local_text, working_day
from simulation.organisations import Source
from simulation.places import BY_SUCCESSOR, MERGER_DAY
from simulation.post import Letter, Post
from simulation.truth import Told

_EXEMPT = frozenset({Role.POLICY_OWNER, Role.EVALUATOR, Role.LEDGER_OPERATOR})
"""[A] Policy and the operator publish by hand and are spared."""
_DICE = Struct(">16I")
_UNIT = 2.0**-32
(
    _BACK,
    _BACK_BY,
    _SHAPE,
    _LENGTH,
    _ORDER,
    _OUTAGE,
    _PLACE,
    _AGAIN,
    _SECOND,
    _SAME_ID,
    _AMEND,
    _BREACH,
    _TRESPASS,
    _SKEW,
    _UTC,
    _CONFLICT,
) = range(16)


class Dice:
    """Sixteen uniform numbers of one fact, at the price of one hash."""

    __slots__ = ("_numbers",)

    def __init__(self, key: str) -> None:
        self._numbers: tuple[int, ...] = _DICE.unpack(blake2b(key.encode(), digest_size=64, person=b"feed").digest())

    def __getitem__(self, purpose: int) -> float:
        return (self._numbers[purpose] + 0.5) * _UNIT


class _Way:
    """A fact on its way: when recorded, when it arrives, under which subject."""

    __slots__ = ("arrival", "delayed", "dice", "fact", "recorded", "subject")

    def __init__(self, fact: Fact, dice: Dice, subject: str) -> None:
        self.fact = fact
        self.dice = dice
        self.subject = subject
        self.recorded = fact.recorded
        self.arrival = 0
        self.delayed: list[Fault] = []


class FaultyFeed:
    """Feeds the ledger with the facts of persons and things through faulty feeds."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._faults = post.faults
        self._end = post.parameters.period.end

    def gap(self, source: Source, day: int) -> int:
        """What befalls the numbering of a source on a day: 0 nothing, -1 a number is lost, else the seconds of delay that heal it."""
        f = self._faults
        draws = Draws(self._post.seed, "gap", f"{source.number}/{day}")
        if source.role in _EXEMPT or not draws.chance(f.gap_days, "hit"):
            return 0
        return draws.between(2 * HOUR, 23 * HOUR, "delay") if draws.chance(f.gap_heals, "heals") else -1

    def thing(self, facts: list[Fact]) -> Told:
        """Feed the facts of an edition, an offer, an employer, a signal or of policy."""
        told = self._post.begin()
        self._all([_Way(fact, Dice(fact.key), fact.subject) for fact in facts], None)
        return told

    def person(self, life: Life) -> tuple[Told, Kin]:
        """Feed the facts of a person; also tells their numbers and erasure."""
        told = self._post.begin()
        kin = kinship.of(life, self._post)
        self._all([_Way(fact, Dice(fact.key), kin.subject(fact)) for fact in life.facts], life)
        return told, kin

    def _all(self, ways: list[_Way], life: Life | None) -> None:
        for way in ways:
            self._time(way)
        following: dict[int, _Way] = {}
        for way in reversed(ways):
            number = way.fact.source.number
            later = following.get(number)
            if later is not None and way.dice[_ORDER] < self._faults.out_of_order and way.arrival < later.arrival:
                way.arrival = min(later.arrival + MINUTE + int(HOUR * way.dice[_PLACE]), max(way.arrival, self._post.conditions.limit))
                way.delayed.append(Fault.OUT_OF_ORDER)
            following[number] = way
        for way in ways:
            self._one(way, life)

    def _time(self, way: _Way) -> None:
        """Fix when a fact is recorded and when it arrives."""
        f, fact, dice, conditions = self._faults, way.fact, way.dice, self._post.conditions
        if fact.source.role in _EXEMPT:
            way.arrival = fact.recorded + HOUR
            return
        if dice[_BACK] < _backdated(fact.source.role, f.backdated) * f.backdated_scale:
            days = Draws(self._post.seed, "back", fact.key).days(f.backdated_delay.median, f.backdated_delay.sigma, "days")
            day = working_day(fact.day + max(1, days))
            if day <= self._end:
                way.recorded = instant(day, OFFICE_OPENS + int(OFFICE_SECONDS * dice[_BACK_BY]))
                way.delayed.append(Fault.BACKDATED)
        arrival, late = conditions.natural(way.recorded, dice[_SHAPE], dice[_LENGTH])
        if late:
            way.delayed.append(Fault.LATE)
        through = conditions.through_outage(fact.source, arrival, dice[_OUTAGE], dice[_PLACE])
        if through != arrival:
            way.delayed.append(Fault.OUTAGE)
        way.arrival = conditions.within(way.recorded, through, dice[_PLACE])
        if fact.precise and dice[_SKEW] < f.skewed and way.recorded == fact.recorded:
            seconds = Draws(self._post.seed, "skew", fact.key).days(f.skew_seconds.median, f.skew_seconds.sigma, "seconds")
            way.recorded = fact.time - min(HOUR, max(1, seconds))
            way.delayed.append(Fault.SKEWED)

    def _one(self, way: _Way, life: Life | None) -> None:
        """Send a fact, with what goes wrong."""
        post, _f, fact, dice = self._post, self._faults, way.fact, way.dice
        letter = Letter(
            payload=fact.payload,
            source=fact.source,
            subject=way.subject,
            id=fact.event_id(way.recorded),
            day=fact.day,
            second=fact.second,
            precise=fact.precise,
            recorded=way.recorded,
        )
        if fact.source.role in _EXEMPT:
            if post.post(letter, (way.arrival,)):
                post.counts(letter)
            return
        for delay in way.delayed:
            post.plant(delay, letter.id)
        letter = self._old_nis(letter, fact)
        if life is not None:
            breaches.trespass(post, letter, life.person, dice[_TRESPASS], way.arrival)
        if not fact.precise and self._utc(letter, way):
            return
        if breaches.broken(post, letter, way.arrival, dice[_BREACH], fact.key):
            return
        if kinship.wrong_link(post, letter, way.arrival, life, fact.key):
            return
        if amends.amended(post, letter, way.arrival, dice[_AMEND], fact.key, life):
            return
        self._plain(letter, way, life)

    def _plain(self, letter: Letter, way: _Way, life: Life | None) -> None:
        """Nothing is wrong with the content; it may be sent more than once, and reported twice."""
        post, f, dice = self._post, self._faults, way.dice
        arrivals: tuple[int, ...] = (way.arrival,)
        if dice[_AGAIN] < f.redelivered:
            draws = Draws(post.seed, "again", way.fact.key)
            copies = draws.between(1, f.copies, "copies")
            gaps = sorted(MINUTE + draws.below(3 * DAY, "gap", n) for n in range(copies))
            arrivals = (way.arrival, *(way.arrival + gap for gap in gaps))
            post.plant(Fault.REDELIVERED, letter.id, copies=copies)
        same_id = dice[_SAME_ID] < f.same_id
        admitted = post.post(letter, arrivals, movable=not same_id and way.recorded + 2 * DAY < post.conditions.limit)
        if same_id:
            breaches.same_id(post, letter, way.arrival, way.fact.key)
        second: str | None = None
        if admitted and self._reported_twice(letter, life, dice[_SECOND]):
            second = self._again(letter, way)
        if admitted:
            if second is not None and second < letter.id:
                post.counts(msgspec.structs.replace(letter, id=second), also=letter.id)
            else:
                post.counts(letter, also=second)
        if isinstance(letter.payload, EmploymentStarted) and life is not None:
            self._conflict(letter, letter.payload, way, life)
        if life is not None and f.poison and dice[_CONFLICT] > 1 - f.poison:
            breaches.poison(post, letter, life.person, way.arrival, way.fact.key)

    def _reported_twice(self, letter: Letter, life: Life | None, dice: float) -> bool:
        """Whether somebody reports the fact again: more likely where two offices of an agency share a file."""
        f = self._faults
        if dice < f.duplicate:
            return True
        if life is None or dice >= f.duplicate_shared or letter.source.role is not Role.AGENCY:
            return False
        return life.draws.chance(f.shared_files, "fault.shared-file")

    def _again(self, letter: Letter, way: _Way) -> str | None:
        """Report the same fact a second time under another id (F03); gives the id if it is admitted."""
        post = self._post
        draws = Draws(post.seed, "second", way.fact.key)
        recorded = letter.recorded + draws.between(5 * MINUTE, 3 * HOUR, "recorded")
        second = msgspec.structs.replace(letter, id=as_uuid7(recorded * 1000, draws.key("id")), recorded=recorded)
        post.plant(Fault.DUPLICATE, letter.id, by=second.id)
        return second.id if post.post(second, (post.arrival(letter.source, recorded, draws, "arrival"),)) else None

    def _conflict(self, letter: Letter, payload: EmploymentStarted, way: _Way, life: Life) -> None:
        """The agency relays another first day of the same job (F06)."""
        post, f = self._post, self._faults
        agency = life.agency_on(letter.day)
        if payload.evidence is not JobEvidence.DIMONA or letter.source is agency or way.dice[_CONFLICT] >= f.conflicting:
            return
        draws = Draws(post.seed, "conflict", way.fact.key)
        other = letter.day + draws.between(1, 20, "days") * (1 if draws.chance(0.5, "sign") else -1)
        told = working_day(max(letter.day, other) + draws.between(1, 20, "told"))
        if not life.open_on(told) or told > self._end:
            return
        recorded = instant(told, OFFICE_OPENS + draws.below(OFFICE_SECONDS, "second"))
        said = msgspec.structs.replace(payload, evidence=JobEvidence.SELF_REPORT, employer_ref=None)
        relayed = Letter(
            payload=said,
            source=agency,
            subject=way.subject,
            id=as_uuid7(recorded * 1000, draws.key("id")),
            day=other,
            second=0,
            precise=False,
            recorded=recorded,
        )
        post.plant(Fault.CONFLICT, letter.id, by=relayed.id)
        if post.post(relayed, (post.arrival(agency, recorded, draws, "arrival"),)):
            post.counts(relayed)

    def _old_nis(self, letter: Letter, fact: Fact) -> Letter:
        """After the mergers of 2025 some keep using the old code for a while (F05)."""
        f = self._faults
        if fact.day < MERGER_DAY:
            return letter
        for name in ("residence_nis", "nis"):
            old = BY_SUCCESSOR.get(getattr(letter.payload, name, None) or "")
            if old is not None:
                draws = Draws(self._post.seed, "old-nis", fact.key)
                until = MERGER_DAY + draws.days(f.old_nis_for.median, f.old_nis_for.sigma, "until")
                if fact.day <= until and draws.chance(f.old_nis, "hit"):
                    self._post.plant(Fault.OLD_NIS, letter.id)
                    return msgspec.structs.replace(letter, payload=msgspec.structs.replace(letter.payload, **{name: old}))
        return letter

    def _utc(self, letter: Letter, way: _Way) -> bool:
        """A source cuts the hours from local midnight in UTC: the event lands a day early, and stays there."""
        post, f = self._post, self._faults
        if letter.source not in f.utc_sources or way.dice[_UTC] >= f.utc or not date_may_shift(letter.payload):
            return False
        midnight = local_text(letter.day - 1, 0)[:10] + "T00:00:00Z"
        post.plant(Fault.UTC_MIDNIGHT, letter.id)
        if post.post(letter, (way.arrival,), time_text=midnight, movable=True):
            post.counts(letter, day=letter.day - 1)
        return True


def _backdated(role: Role, shares: tuple[tuple[Role, float], ...]) -> float:
    return next((share for held, share in shares if held is role), 0.0)
