"""Clocks of what one organisation asks of another: work perspectives (C09) and referrals (C17)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ledger.clock import Clock, ClockType, clock
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import Party, Side
from ledger.codes.referral import ReferralTarget
from ledger.deadline import keyed, on_or_after, repeated, settle
from ledger.events.contract import TrajectoryEnded
from ledger.events.referral import ReferralAnswered, ReferralMade
from ledger.events.vdab import WorkPerspectiveAcknowledged, WorkPerspectiveShared
from ledger.history import Fact
from ledger.subject import Subject

TARGET_PARTY: Mapping[ReferralTarget, Party] = {
    target: Party(target.value) for target in ReferralTarget if target.value in {party.value for party in Party}
}
"""Targets that are a party by themselves; the others are named by their organisation only."""


@clock(ClockId.C09, starts=(WorkPerspectiveShared,), against=Party.VDAB, side=Side.SYSTEM)
def perspective_received(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From sharing a work perspective to the recipient's acknowledgement."""
    for share_id, shares in keyed(subject.history.of(WorkPerspectiveShared), lambda payload: payload.share_id).items():
        yield from repeated(shares, share_id, partial(_received, subject, declared))


def _received(subject: Subject, declared: ClockType, shared: Fact[WorkPerspectiveShared], case: str) -> Clock:
    share_id = shared.payload.share_id
    acknowledged = (fact for fact in subject.history.of(WorkPerspectiveAcknowledged) if fact.payload.share_id == share_id)
    return settle(
        declared,
        subject,
        start=shared.date,
        case=case,
        position=shared.entry.position,
        stop=on_or_after(shared.date, acknowledged),
        against=Party(shared.payload.recipient.value),
    )


@clock(ClockId.C17, starts=(ReferralMade,), against=Party.TARGET_ORGANISATION, side=Side.SYSTEM)
def referral_answered(subject: Subject, declared: ClockType) -> Iterator[Clock]:
    """From a referral to any answer."""
    for referral_id, referrals in keyed(subject.history.of(ReferralMade), lambda payload: payload.referral_id).items():
        yield from repeated(referrals, referral_id, partial(_answered, subject, declared))


def _answered(subject: Subject, declared: ClockType, made: Fact[ReferralMade], case: str) -> Clock:
    referral_id = made.payload.referral_id
    answers = (fact for fact in subject.history.of(ReferralAnswered) if fact.payload.referral_id == referral_id)
    return settle(
        declared,
        subject,
        start=made.date,
        case=case,
        position=made.entry.position,
        stop=on_or_after(made.date, answers),
        neutral=on_or_after(made.date, subject.history.of(TrajectoryEnded)),
        against=TARGET_PARTY.get(made.payload.target),
        org=made.payload.target_org,
    )
