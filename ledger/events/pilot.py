"""Advanced trajectories, pilots, insights (domain.md 2.6, rows 50–55)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.contract import EndingReason, TrajectoryPart
from ledger.codes.edition import Perspective
from ledger.codes.pilot import AdvancedKind, AdvancedOutcome, EnrolKind, InsightOrigin, InsightState, PilotTheme
from ledger.codes.region import Region
from ledger.codes.roles import Role
from ledger.fields import Count, Date, Kbo, Uuid
from ledger.verdict import Violation


@event(
    "advanced-trajectory.started",
    50,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Vervolg- of upgradetraject gestart",
    en="Advanced trajectory started",
    natural_key=("adv_id",),
    after_life=True,
)
class AdvancedTrajectoryStarted(Payload, frozen=True, kw_only=True):
    """Intensive guidance starts, after the certificate or to raise the level of work."""

    adv_id: Uuid
    kind: AdvancedKind
    goal: Perspective
    pilot_id: Uuid | None = None


@event(
    "advanced-trajectory.ended",
    51,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Vervolg- of upgradetraject beëindigd",
    en="Advanced trajectory ended",
    natural_key=("adv_id",),
    after_life=True,
)
class AdvancedTrajectoryEnded(Payload, frozen=True, kw_only=True):
    """The intensive guidance ends."""

    adv_id: Uuid
    outcome: AdvancedOutcome


@event(
    "insight.recorded",
    52,
    stream=StreamKind.POLICY,
    policy_kind="insight",
    publishers=[Role.AGENCY, Role.EVALUATOR, Role.POLICY_OWNER],
    nl="Inzicht",
    en="Insight recorded",
    natural_key=("insight_id", "state"),
)
class InsightRecorded(Payload, frozen=True, kw_only=True):
    """Something learned in a pilot is proposed for, taken into, or kept out of the regular trajectory."""

    insight_id: Uuid
    origin: InsightOrigin
    theme: PilotTheme
    state: InsightState
    integrated_part: TrajectoryPart | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.state is InsightState.INTEGRATED and self.integrated_part is None:
            yield contradiction(
                "integrated_part",
                "een opgenomen inzicht zit in een trajectonderdeel: vul integrated_part in",
                "an integrated insight sits in a part of the trajectory: give integrated_part",
            )

    def stream_key(self) -> str | None:
        return self.insight_id


@event(
    "pilot.opened",
    53,
    stream=StreamKind.POLICY,
    policy_kind="pilot",
    publishers=[Role.POLICY_OWNER],
    nl="Proeftuin geopend",
    en="Pilot opened",
    natural_key=("pilot_id",),
)
class PilotOpened(Payload, frozen=True, kw_only=True):
    """A pilot (proeftuin) opens, in regions, for a time."""

    pilot_id: Uuid
    theme: PilotTheme
    executors: tuple[Kbo, ...]
    regions: tuple[Region, ...]
    valid_from: Date
    valid_to: Date | None = None
    target_reach: Count | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            yield contradiction(
                "valid_to",
                f"de proeftuin eindigt niet na haar begin ({self.valid_from}); verbeter valid_from of valid_to",
                f"the pilot does not end after it begins ({self.valid_from}); mend valid_from or valid_to",
            )

    def stream_key(self) -> str | None:
        return self.pilot_id


@event(
    "pilot.enrolled",
    54,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Ingestapt in proeftuin",
    en="Enrolled in a pilot",
    natural_key=("pilot_id", "enrol_kind"),
)
class PilotEnrolled(Payload, frozen=True, kw_only=True):
    """A place in a pilot is offered to the person, or accepted."""

    pilot_id: Uuid
    enrol_kind: EnrolKind


@event(
    "pilot.left",
    55,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Uitgestapt uit proeftuin",
    en="Left a pilot",
    natural_key=("pilot_id",),
    after_life=True,
)
class PilotLeft(Payload, frozen=True, kw_only=True):
    """The person leaves the pilot."""

    pilot_id: Uuid
    reason: EndingReason
