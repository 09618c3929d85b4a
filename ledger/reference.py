"""The reference: what a fold needs from the streams of others, cut at the same date D and position N.

Norms, editions, offers, pilots, frameworks, resources, evaluations and authorities are a few thousand streams that all
persons share. A reference is built once from their histories and shared by every subject of a run; when one of its streams
changes, :meth:`Reference.updated` makes the next one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar, cast

from ledger.catalogue import StreamKind
from ledger.codes.clock import ClockId
from ledger.codes.edition import EditionKind
from ledger.codes.publisher import AuthorityState
from ledger.codes.roles import Role
from ledger.events.edition import EditionAligned, EditionEnded, EditionPlanned, EditionStarted
from ledger.events.offer import OfferPublished, OfferWithdrawn
from ledger.events.pilot import PilotOpened
from ledger.events.policy import EvaluationConcluded, FrameworkVersionAdopted, NormSet, ResourceRecorded
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.fact import Fact
from ledger.history import History, P
from ledger.parameters import DEFAULT_NORMS, Norm
from ledger.time import day_after, local_midnight
from ledger.verdict import StreamId

T = TypeVar("T")

KINDS: frozenset[StreamKind] = frozenset({StreamKind.EDITION, StreamKind.OFFER, StreamKind.POLICY, StreamKind.PUBLISHER})
"""The kinds of stream that a reference is built from."""


class Edition:
    """One sector trajectory or group offer, as far as its stream tells."""

    __slots__ = ("aligned", "ended", "history", "planned", "started")

    def __init__(self, history: History) -> None:
        self.history = history
        self.planned: Fact[EditionPlanned] | None = history.first(EditionPlanned)
        self.aligned: tuple[Fact[EditionAligned], ...] = tuple(history.of(EditionAligned))
        self.started: Fact[EditionStarted] | None = history.first(EditionStarted)
        self.ended: Fact[EditionEnded] | None = history.first(EditionEnded)

    @property
    def kind(self) -> EditionKind | None:
        """Sector trajectory or group offer; None while its planning is not known."""
        return self.planned.payload.edition_kind if self.planned else None


class Offer:
    """One published offer."""

    __slots__ = ("published", "withdrawn")

    def __init__(self, history: History) -> None:
        self.published: Fact[OfferPublished] | None = history.first(OfferPublished)
        self.withdrawn: Fact[OfferWithdrawn] | None = history.first(OfferWithdrawn)

    def live_on(self, day: date) -> bool:
        """Whether it could be taken up on a date: published by then, within its validity, and not withdrawn (F18)."""
        if self.published is None or self.published.date > day:
            return False
        offer = self.published.payload
        valid = offer.valid_from <= day and (offer.valid_to is None or day <= offer.valid_to)
        return valid and (self.withdrawn is None or day < self.withdrawn.date)


class Pilot:
    """One proeftuin."""

    __slots__ = ("opened",)

    def __init__(self, history: History) -> None:
        self.opened: Fact[PilotOpened] | None = history.first(PilotOpened)


class Reference:
    """The shared streams, looked up by business id. Immutable; answers are kept, so asking again costs a look-up."""

    __slots__ = ("_editions", "_histories", "_kept", "_norms", "_offers", "_pilots", "as_of", "known_at")

    def __init__(self, histories: Iterable[History] = (), *, as_of: date, known_at: int | None = None) -> None:
        self.as_of = as_of
        self.known_at = known_at
        self._histories: dict[StreamId, History] = {}
        for history in histories:
            if (history.as_of, history.known_at) != (as_of, known_at):
                cuts = f"({history.as_of}, {history.known_at}) and ({as_of}, {known_at})"
                raise ValueError(f"{history.key} and the reference are cut at {cuts}: cut both alike")
            self._histories[history.key] = history
        self._editions: dict[str, Edition | None] = {}
        self._offers: dict[str, Offer | None] = {}
        self._pilots: dict[str, Pilot | None] = {}
        self._kept: dict[object, object] = {}
        self._norms: dict[ClockId, tuple[list[date], list[Norm]]] = {}

    def updated(self, histories: Iterable[History]) -> Reference:
        """This reference with the histories of some streams replaced or added."""
        fresh = Reference(histories, as_of=self.as_of, known_at=self.known_at)
        fresh._histories = {**self._histories, **fresh._histories}
        return fresh

    def history(self, stream: StreamId) -> History | None:
        """The history of a shared stream; None when nothing of it is known."""
        return self._histories.get(stream)

    def histories(self, kind: StreamKind) -> tuple[History, ...]:
        """The histories of one kind of stream, by key."""
        return tuple(self._histories[key] for key in sorted(self._histories) if self._histories[key].kind is kind)

    def edition(self, edition_id: str) -> Edition | None:
        """An edition; None when its stream is not known."""
        if edition_id not in self._editions:
            history = self._histories.get(StreamId(f"editie/{edition_id}"))
            self._editions[edition_id] = Edition(history) if history else None
        return self._editions[edition_id]

    def edition_kind(self, edition_id: str) -> EditionKind | None:
        """Sector trajectory or group offer; None when it is not known (yet)."""
        edition = self.edition(edition_id)
        return edition.kind if edition else None

    def offer(self, offer_id: str) -> Offer | None:
        """An offer; None when its stream is not known."""
        if offer_id not in self._offers:
            history = self._histories.get(StreamId(f"aanbod/{offer_id}"))
            self._offers[offer_id] = Offer(history) if history else None
        return self._offers[offer_id]

    def pilot(self, pilot_id: str) -> Pilot | None:
        """A pilot; None when its stream is not known."""
        if pilot_id not in self._pilots:
            history = self._histories.get(StreamId(f"beleid/pilot/{pilot_id}"))
            self._pilots[pilot_id] = Pilot(history) if history else None
        return self._pilots[pilot_id]

    def framework(self, framework_id: str) -> tuple[Fact[FrameworkVersionAdopted], ...]:
        """The versions of a framework, in timeline order."""
        return self._of(f"beleid/framework/{framework_id}", FrameworkVersionAdopted)

    def resources(self, pilot_id: str) -> tuple[Fact[ResourceRecorded], ...]:
        """What was allocated to a pilot and spent, in timeline order, whatever stream it stands in."""
        return self.memo(_resources).get(pilot_id, ())

    def evaluations(self, subject_id: str) -> tuple[Fact[EvaluationConcluded], ...]:
        """The conclusions about a pilot, clause or regulation, in timeline order, whatever stream they stand in."""
        return self.memo(_evaluations).get(subject_id, ())

    def norm(self, clock: ClockId, start: date) -> Norm:
        """The norm valid on a clock's start date (5.4); the parameter table's before the first norm.set."""
        if clock not in self._norms:
            self._norms[clock] = self._norms_of(clock)
        valid_from, norms = self._norms[clock]
        index = bisect_right(valid_from, start)
        return norms[index - 1] if index else DEFAULT_NORMS[clock]

    def norms(self, clock: ClockId) -> tuple[tuple[date, Norm], ...]:
        """Every norm of a clock with the first start date it holds for, the parameter table's first."""
        self.norm(clock, date.min)
        return ((date.min, DEFAULT_NORMS[clock]), *zip(*self._norms[clock], strict=True))

    def memo(self, make: Callable[[Reference], T]) -> T:
        """``make(self)``, computed the first time and kept under the function itself."""
        if make not in self._kept:
            self._kept[make] = make(self)
        return cast("T", self._kept[make])

    def roles_of(self, org: str, day: date) -> frozenset[Role]:
        """The roles that an organisation was authorised for at the end of a local date, as its bron stream says."""
        moment = local_midnight(day_after(day))
        held: dict[Role, AuthorityState] = {}
        changes = self._of(f"bron/{org}", PublisherAuthorityChanged)
        for fact in sorted(changes, key=lambda fact: (fact.payload.valid_from, fact.entry.recorded_at, fact.entry.id)):
            if fact.payload.org == org and fact.payload.valid_from < moment:
                held[fact.payload.role] = fact.payload.state
        return frozenset(role for role, state in held.items() if state is AuthorityState.AUTHORISED)

    def _of(self, stream: str, payload: type[P]) -> tuple[Fact[P], ...]:
        history = self._histories.get(StreamId(stream))
        return tuple(history.of(payload)) if history else ()

    def _norms_of(self, clock: ClockId) -> tuple[list[date], list[Norm]]:
        facts = [fact for fact in self._of(f"beleid/norm/{clock.value}", NormSet) if fact.payload.clock == clock]
        latest: dict[date, Norm] = {}
        for fact in sorted(facts, key=lambda fact: (fact.payload.valid_from, fact.entry.recorded_at, fact.entry.id)):
            latest[fact.payload.valid_from] = Norm(fact.payload.period, fact.payload.kind, fact.payload.source)
        return list(latest), list(latest.values())


def _resources(reference: Reference) -> dict[str, tuple[Fact[ResourceRecorded], ...]]:
    return _grouped(reference, ResourceRecorded, lambda payload: payload.pilot_id)


def _evaluations(reference: Reference) -> dict[str, tuple[Fact[EvaluationConcluded], ...]]:
    return _grouped(reference, EvaluationConcluded, lambda payload: payload.subject_id)


def _grouped(reference: Reference, payload: type[P], key: Callable[[P], str]) -> dict[str, tuple[Fact[P], ...]]:
    """The facts of a class in all policy streams: those of budgets and evaluations are checked by their kind alone."""
    found: dict[str, list[Fact[P]]] = {}
    for history in reference.histories(StreamKind.POLICY):
        for fact in history.of(payload):
            found.setdefault(key(fact.payload), []).append(fact)
    return {key: tuple(sorted(facts, key=lambda f: (f.local, f.entry.recorded_at, f.entry.id))) for key, facts in found.items()}
