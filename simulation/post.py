"""The post: sends what the feeds hand in, and counts it under the answer that the ledger must give.

The check order of domain.md 0.4 decides: what is broken (R01, R06, R07, R08) or forbidden (R14, R03) is reported
before R13 (the person is erased), and that before R09 and R05; an identical redelivery is acknowledged before any check.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from ledger.catalogue import Payload
from ledger.verdict import Reason
from simulation.conditions import Conditions
from simulation.draw import Draws
from simulation.faults import Fault, Faults
from simulation.moment import HOUR, MINUTE, local_text
from simulation.organisations import OPERATOR, Source
from simulation.parameters import Parameters
from simulation.truth import Planted, Told, Totals, effective
from simulation.wire import Submission, submission

BEFORE_ERASURE = frozenset({Reason.R01, Reason.R06, Reason.R07, Reason.R08, Reason.R14, Reason.R03})
"""Reasons that are reported before R13."""


class Letter(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event that is about to be sent. ``day`` and ``second`` are its time; ``second`` 0 with day precision."""

    payload: Payload
    source: Source
    subject: str
    id: str
    day: int
    second: int
    precise: bool
    recorded: int

    @property
    def time_text(self) -> str:
        """Its time on the wire."""
        return local_text(self.day, self.second)


class Post:
    """Sends letters of one stream at a time."""

    def __init__(
        self,
        seed: int,
        parameters: Parameters,
        faults: Faults,
        send: Callable[[Submission], None],
        totals: Totals,
        *,
        keep: bool,
    ) -> None:
        self.seed = seed
        self.parameters = parameters
        self.faults = faults
        self.conditions = Conditions(seed, faults, parameters.period)
        self.totals = totals
        self.told = Told()
        self._send = send
        self._keep = keep
        self._erased_at: int | None = None

    def begin(self) -> Told:
        """A new stream: nothing told, nobody erased."""
        self.told = Told()
        self._erased_at = None
        return self.told

    @property
    def erased(self) -> bool:
        """Whether the person of the stream is erased at some time."""
        return self._erased_at is not None

    def erase_at(self, arrival: int) -> None:
        """From this arrival on the ledger knows that the person is erased."""
        self._erased_at = arrival

    def post(
        self,
        letter: Letter,
        arrivals: tuple[int, ...],
        *,
        sent: int | None = None,
        code: Reason | None = None,
        data: bytes | None = None,
        time_text: str | None = None,
        subject: str | None = None,
        counted: bool = True,
        movable: bool = False,
        elsewhere: bool = False,
    ) -> bool:
        """Send a letter in one or more copies; says whether it is admitted.

        ``code`` is the refusal it must get, ``elsewhere`` that it goes to another person's stream, ``counted`` that the
        source books it in its monthly totals, ``movable`` that the healing of a gap may delay it.
        """
        self._send(
            submission(
                letter.payload,
                letter.source,
                letter.subject if subject is None else subject,
                letter.id,
                day=letter.day,
                second=letter.second,
                precise=letter.precise,
                recorded=letter.recorded,
                sent=letter.recorded if sent is None else sent,
                arrivals=arrivals,
                data=data,
                time_text=time_text,
                counted=counted,
                movable=movable and self._erased_at is None,
            )
        )
        if code in BEFORE_ERASURE:
            self.totals.refuse(code, len(arrivals))
            return False
        in_time = len(arrivals) if elsewhere else sum(self.in_time(arrival, letter.source) for arrival in arrivals)
        if code is not None:
            self.totals.refuse(code, in_time)
            self.totals.refuse(Reason.R13, len(arrivals) - in_time)
            return False
        if not in_time:
            self.totals.refuse(Reason.R13, len(arrivals))
            self.plant(Fault.AFTER_ERASURE, letter.id, code=Reason.R13)
            return False
        self.totals.good += 1
        self.totals.duplicate += len(arrivals) - 1
        return True

    def in_time(self, arrival: int, source: Source) -> bool:
        """Whether an arrival is taken in before the erasure: ties go by source."""
        at = self._erased_at
        return at is None or arrival < at or (arrival == at and source.urn <= OPERATOR.urn)

    def arrival(self, source: Source, recorded: int, draws: Draws, purpose: str, *, after: int = 0) -> int:
        """When something extra arrives (a correction, a mended event): like everything else, but after a moment."""
        at, _ = self.conditions.natural(recorded, draws.uniform(purpose), draws.uniform(purpose, 1))
        at = self.conditions.through_outage(source, at, draws.uniform(purpose, 2), draws.uniform(purpose, 3))
        at = self.conditions.within(recorded, at, draws.uniform(purpose, 4))
        if at <= after:
            at = after + MINUTE + draws.below(HOUR, purpose, 5)
        return at

    def plant(
        self,
        kind: Fault,
        id: str,
        *,
        code: Reason | None = None,
        rule: str | None = None,
        by: str | None = None,
        copies: int | None = None,
    ) -> None:
        """Note a planted fault."""
        if not self._keep:
            return
        self.told.planted.append(Planted(kind=kind, id=id, code=None if code is None else code.value, rule=rule, by=by, copies=copies))

    def counts(self, letter: Letter, *, day: int | None = None, also: str | None = None) -> None:
        """Note that a letter's content is effective in the end; of an erased person nothing is."""
        if self._keep and self._erased_at is None:
            on = letter.day if day is None else day
            self.told.effective.append(effective(letter.payload, letter.source, letter.id, on, also))
