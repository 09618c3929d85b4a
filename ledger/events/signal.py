"""Signals of discrimination (domain.md 2.8, rows 67, 68): a restricted stream, never joined to a person."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.region import Region
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.codes.signal import DiscriminationGround, SignalAction, SignalContext
from ledger.fields import Uuid
from ledger.verdict import Violation


@event(
    "discrimination.signalled",
    67,
    stream=StreamKind.SIGNAL,
    publishers=[Role.AGENCY, Role.HNB, Role.PARTNER, Role.OCMW, Role.VDAB, Role.ACTIRIS, Role.EQUALITY_BODY],
    nl="Signaal discriminatie",
    en="Discrimination signalled",
    natural_key=("signal_id",),
    restricted=True,
)
class DiscriminationSignalled(Payload, frozen=True, kw_only=True):
    """A signal, without the person and without the accused (B17); a link to a person stays with the equality body."""

    signal_id: Uuid
    grounds: tuple[DiscriminationGround, ...]
    context: SignalContext
    region: Region
    sector: Sector | None = None
    person_link: bool

    def check(self, context: Context) -> Iterable[Violation]:
        if not self.grounds:
            yield contradiction(
                "grounds",
                "een signaal heeft minstens één grond: vul grounds in",
                "a signal has at least one ground: fill grounds",
            )

    def stream_key(self) -> str | None:
        return self.signal_id


@event(
    "discrimination-signal.handled",
    68,
    stream=StreamKind.SIGNAL,
    publishers=[Role.AGENCY, Role.HNB, Role.PARTNER, Role.OCMW, Role.VDAB, Role.ACTIRIS, Role.EQUALITY_BODY],
    nl="Signaal behandeld",
    en="Discrimination signal handled",
    natural_key=("signal_id",),
    restricted=True,
)
class DiscriminationSignalHandled(Payload, frozen=True, kw_only=True):
    """What the receiving organisation did with the signal."""

    signal_id: Uuid
    action: SignalAction

    def stream_key(self) -> str | None:
        return self.signal_id
