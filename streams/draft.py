"""A draft: what one batch of examined submissions makes of the ledger's state, before it is written.

Everything is decided here, in order, in memory: who is admitted at which position, who is a duplicate, who is refused
and why. The draft lies over the :class:`~streams.state.State` and changes it only when it is settled, so a dry run is a
draft that is thrown away.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from ledger.admission import Candidate, Examined, Prior, decide
from ledger.codes.roles import Role
from ledger.entry import OpenEntry
from ledger.events.correction import EventRetracted
from ledger.events.identity import ErasureExecuted, IdentityLinked
from ledger.events.publisher import PublisherAuthorityChanged
from ledger.sealing import KEY_BYTES, NONCE_BYTES, StreamCipher, associated_data, wrap
from ledger.transparency.commitment import salt_key
from ledger.transparency.tree import leaf_hash
from ledger.verdict import Outcome, Position, Reason, StreamId, Verdict, Violation, violation
from streams.entropy import Entropy
from streams.folder import Mode
from streams.keys import seal_identity
from streams.leaf import commitment_of
from streams.postgres.appender import Commit, Erasure
from streams.refusal_row import counted_source, refusal_row
from streams.state import State, Stream
from streams.stretch import Consumed, Stretch

_STEERING = frozenset({PublisherAuthorityChanged, IdentityLinked, EventRetracted, ErasureExecuted})
"""Payloads of events that change what later ones are judged by. Compared by type: isinstance costs ten times as much."""


class Draft:
    """One batch being decided."""

    def __init__(
        self,
        state: State,
        *,
        now: datetime,
        known: Mapping[tuple[str, str], Prior],
        streams: Mapping[StreamId, Stream],
        entropy: Entropy,
    ) -> None:
        """``known``: what stands in the store under the batch's ids; ``streams``: the state of streams that are not remembered."""
        self._state = state
        self._now = now
        self._known = known
        self._loaded = streams
        self._entropy = entropy
        self._registry = state.registry
        self._erased = state.erased
        self._links = state.links
        self._fresh_links: list[OpenEntry] = []
        self._last_key = state.last_key
        self._touched: dict[StreamId, Stream] = {}
        self._salt = salt_key(state.keys.commitments)
        self._leaves: list[bytes] = []
        self._recent: dict[tuple[str, str], Prior] = {}
        self.commit = Commit(
            after=state.position,
            position=state.position,
            admitted_at=state.admitted_at,
            entries=[],
            nodes=[],
            keys=[],
            identities=[],
            refusals={},
            totals={},
            erasures=[],
            consumed=[],
        )
        self.verdicts: list[Verdict] = []
        self.refused: list[tuple[int, bytes]] = []
        """Which verdicts are refusals, with the content under which each is kept."""

    def decide(self, submitted: Sequence[Examined], stream_entries: int) -> None:
        """Decide the next submissions, in order; the verdicts are added to :attr:`verdicts`."""
        known, earlier, recent = self._known, self._state.recent, self._recent
        verdicts, totals = self.verdicts, self.commit.totals
        for examined in submitted:
            candidate = examined.candidate
            prior = None
            if candidate is not None:
                key = (examined.source, examined.id)
                prior = known.get(key) or recent.get(key) or earlier.get(key)  # type: ignore[arg-type]
            stamp = self._stamp(examined)
            answer = decide(examined, registry=self._registry, is_erased=self._erased.__contains__, admitted_at=stamp, prior=prior)
            if answer is None:
                assert candidate is not None
                stream = self._stream(candidate.stream)
                if stream.version < stream_entries:
                    verdicts.append(self._admit(examined, candidate, stream, stamp))
                    continue
                answer = _stream_full(stream_entries)
            if not isinstance(answer, Violation):
                verdicts.append(Verdict(outcome=Outcome.DUPLICATE, id=examined.id, source=examined.source, position=answer.position))
                counter = (counted_source(examined), "duplicate", "")
                totals[counter] = totals.get(counter, 0) + 1
            else:
                verdicts.append(self._refuse(examined, answer, stamp))

    def consume(self, stretches: Sequence[tuple[int, Stretch]]) -> None:
        """Say which of the submissions came from a Kafka partition: stretches with the place of their first submission."""
        refused = dict(self.refused)
        for first, stretch in stretches:
            places = range(first, first + len(stretch.ends))
            contents = {place - first: refused[place] for place in places if place in refused}
            self.commit.consumed.append(Consumed(stretch=stretch, verdicts=self.verdicts[first : places.stop], contents=contents))

    def settle(self) -> None:
        """Make this draft the ledger's state: it is going to be written."""
        state = self._state
        state.position, state.admitted_at = self.commit.position, self.commit.admitted_at
        state.frontier, nodes = state.frontier.extended(self._leaves)
        self.commit.nodes = [(node.level, node.index, node.hash) for node in nodes]
        state.last_key, state.registry, state.erased = self._last_key, self._registry, self._erased
        state.links = self._links.extended(self._fresh_links)
        state.recent = self._recent
        state.offsets |= {one.stretch.partition: one.stretch.ends[-1] for one in self.commit.consumed}
        state.keep(self._touched)

    # -- admitting ----------------------------------------------------------------------------------------------------

    def _stamp(self, examined: Examined) -> datetime:
        """The ``admitted_at`` that it gets if it is admitted: never before that of the entry before it."""
        moment = self._now
        if self._state.mode is Mode.SANDBOX:
            if examined.admitted_at is not None:
                moment = examined.admitted_at
            elif examined.candidate is not None:
                moment = examined.candidate.recorded_at
        last = self.commit.admitted_at
        return moment if last is None or moment > last else last

    def _stream(self, name: StreamId) -> Stream:
        stream = self._touched.get(name)
        if stream is None:
            held = self._state.streams.get(name) or self._loaded[name]
            stream = self._touched[name] = Stream(held.version, held.sealed, held.key_id, held.key, held.salt, held.identified)
        return stream

    def _admit(self, examined: Examined, candidate: Candidate, stream: Stream, stamp: datetime) -> Verdict:
        commit = self.commit
        name, source, event_id, full_type = candidate.stream, examined.source, examined.id, examined.type
        assert source is not None
        assert event_id is not None
        assert full_type is not None
        position = commit.position = Position(commit.position + 1)
        commit.admitted_at = stamp
        stream.version += 1
        data, key_id, salt = candidate.data, None, self._salt
        payload = candidate.payload
        if stream.sealed and type(payload) is not ErasureExecuted:
            if stream.key is None:
                self._give_key(name, stream)
                assert stream.key is not None
            data = StreamCipher(stream.key).seal(self._entropy.take(NONCE_BYTES), data, associated_data(name, full_type, source, event_id))
            assert stream.salt is not None
            key_id, salt = stream.key_id, stream.salt
            if examined.insz is not None and not stream.identified:
                stream.identified = True
                commit.identities.append((name, seal_identity(stream.key, self._entropy.take(NONCE_BYTES), name, examined.insz)))
        row = (
            position,
            stream.version,
            candidate.sequence,
            candidate.time,
            candidate.recorded_at,
            stamp,
            key_id,
            event_id,
            candidate.causation_id,
            candidate.correlation_id,
            name,
            full_type,
            source,
            candidate.role,
            candidate.time_precision,
            candidate.legal_basis,
            examined.digest,
            data,
        )
        leaf = commitment_of(row, candidate.data, salt)
        self._leaves.append(leaf_hash(leaf))
        commit.entries.append((*row, leaf))
        self._recent[source, event_id] = Prior(position, examined.digest)
        counter = (source, "admitted", "")
        commit.totals[counter] = commit.totals.get(counter, 0) + 1
        if type(payload) in _STEERING:
            self._steer(examined, candidate, position, stream.version, stamp)
        return Verdict(outcome=Outcome.ADMITTED, id=event_id, source=source, position=position)

    def _give_key(self, name: StreamId, stream: Stream) -> None:
        self._last_key += 1
        secret = self._entropy.take(KEY_BYTES + NONCE_BYTES)
        stream.key_id, stream.key = self._last_key, secret[:KEY_BYTES]
        stream.salt = salt_key(stream.key)
        self.commit.keys.append((stream.key_id, name, wrap(self._state.keys.master, secret[KEY_BYTES:], name, stream.key)))

    def _steer(self, examined: Examined, candidate: Candidate, position: Position, version: int, stamp: datetime) -> None:
        """Take in an event that changes what later ones, of the same batch too, are judged by."""
        payload = candidate.payload
        if isinstance(payload, PublisherAuthorityChanged):
            if self._registry is self._state.registry:
                self._registry = copy.deepcopy(self._registry)
            self._registry.apply(payload, position)
        elif isinstance(payload, ErasureExecuted):
            self._links = self._links.extended(self._fresh_links)
            self._fresh_links = []
            streams = self._links.members_of(candidate.stream)
            self._erased = self._erased | set(streams)
            self.commit.erasures.append(Erasure(streams, position))
            for name in streams:
                if name in self._touched or name in self._state.streams:
                    erased = self._stream(name)
                    erased.key = erased.key_id = erased.salt = None
        elif candidate.role is Role.IDENTITY_SERVICE:
            assert examined.source is not None
            assert examined.id is not None
            self._fresh_links.append(
                OpenEntry(
                    position=position,
                    stream=candidate.stream,
                    version=version,
                    type=candidate.declared.name,
                    id=examined.id,
                    source=examined.source,
                    role=candidate.role,
                    time=candidate.time,
                    time_precision=candidate.time_precision,
                    recorded_at=candidate.recorded_at,
                    admitted_at=stamp,
                    sequence=candidate.sequence,
                    payload=payload,
                )
            )

    # -- refusing -----------------------------------------------------------------------------------------------------

    def _refuse(self, examined: Examined, why: Violation, stamp: datetime) -> Verdict:
        commit = self.commit
        content = hashlib.blake2b(
            examined.credential.name.encode() + b"\0" + examined.raw, key=self._state.keys.digest, digest_size=32
        ).digest()
        kept = commit.refusals.get(content)
        if kept is not None:
            kept.times_seen += 1
        else:
            nonce = self._entropy.take(NONCE_BYTES)
            commit.refusals[content] = refusal_row(
                examined,
                why,
                content=content,
                stamp=stamp,
                cipher=self._state.keys.refusals,
                nonce=nonce,
                erased=examined.stream in self._erased,
            )
        self.refused.append((len(self.verdicts), content))
        counter = (counted_source(examined), "refused", why.reason.value)
        commit.totals[counter] = commit.totals.get(counter, 0) + 1
        return Verdict(
            outcome=Outcome.REFUSED,
            id=examined.id,
            source=examined.source,
            code=why.reason,
            rule=why.rule,
            pointer=why.pointer,
            message=why.message,
        )


def _stream_full(limit: int) -> Violation:
    return violation(
        Reason.R01,
        "/subject",
        f"deze stroom telt al {limit} events, het hoogste aantal: meld het aan de beheerder van het register",
        f"this stream holds {limit} events already, which is the most it can: tell the operator of the register",
    )
