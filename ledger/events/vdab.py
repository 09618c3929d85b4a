"""Registration as jobseeker, work perspective, steps, plans (domain.md 2.3, rows 24, 28–31)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.course import Cefr
from ledger.codes.intake import Channel
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.codes.vdab import (
    PLAN_REPORTER,
    ActivationStep,
    JobseekerCategory,
    PerspectiveElement,
    PerspectiveRecipient,
    PlanKind,
    PlanState,
    StepState,
)
from ledger.fields import Date, Uuid
from ledger.verdict import Violation


@event(
    "jobseeker.registered",
    24,
    stream=StreamKind.PERSON,
    publishers=[Role.VDAB, Role.ACTIRIS],
    nl="Ingeschreven als werkzoekende",
    en="Registered as jobseeker",
    natural_key=("@date", "@role"),
    after_life=True,
)
class JobseekerRegistered(Payload, frozen=True, kw_only=True):
    """The person is registered as a jobseeker; the service's feedback duty starts."""

    category: JobseekerCategory
    channel: Channel


@event(
    "work-perspective.shared",
    28,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Arbeidsperspectief gedeeld",
    en="Work perspective shared",
    natural_key=("share_id",),
    needs_contract=True,
)
class WorkPerspectiveShared(Payload, frozen=True, kw_only=True):
    """The agency shares what the screening showed with the activation partner."""

    share_id: Uuid
    recipient: PerspectiveRecipient
    elements: tuple[PerspectiveElement, ...]
    preferred_sectors: tuple[Sector, ...]
    dutch_oral: Cefr | None = None
    screening_on: Date

    def check(self, context: Context) -> Iterable[Violation]:
        if not self.elements:
            yield contradiction(
                "elements",
                "er wordt niets gedeeld: noem minstens één element",
                "nothing is shared: name at least one element",
            )
        if (PerspectiveElement.SECTOR_PREFERENCES in self.elements) != bool(self.preferred_sectors):
            yield contradiction(
                "preferred_sectors",
                "sector_preferences staat bij de elementen als preferred_sectors ingevuld is, en alleen dan; stem beide af",
                "preferred_sectors is filled if and only if sector_preferences is among the elements; make the two agree",
            )
        if self.screening_on > context.local_date:
            yield contradiction(
                "screening_on",
                f"de screening dateert van na het delen ({context.local_date}); verbeter screening_on of time",
                f"the screening is dated after the sharing ({context.local_date}); mend screening_on or time",
            )


@event(
    "work-perspective.acknowledged",
    29,
    stream=StreamKind.PERSON,
    publishers=[Role.VDAB, Role.ACTIRIS, Role.OCMW],
    nl="Ontvangst arbeidsperspectief",
    en="Work perspective acknowledged",
    natural_key=("share_id",),
    after_life=True,
)
class WorkPerspectiveAcknowledged(Payload, frozen=True, kw_only=True):
    """The activation partner acknowledges it and says whether it is usable."""

    share_id: Uuid
    usable: bool
    missing: tuple[PerspectiveElement, ...] | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if not self.usable and not self.missing:
            yield contradiction(
                "missing",
                "wat niet bruikbaar is, mist iets: noem in missing welke elementen ontbreken",
                "what is not usable lacks something: name in missing which elements are lacking",
            )


@event(
    "activation-step.reported",
    30,
    stream=StreamKind.PERSON,
    publishers=[Role.VDAB, Role.ACTIRIS, Role.OCMW],
    nl="Terugkoppeling stap",
    en="Activation step reported",
    natural_key=("@date", "step", "state"),
    after_life=True,
)
class ActivationStepReported(Payload, frozen=True, kw_only=True):
    """A service reports a step with the person; who may report which step is B14."""

    step: ActivationStep
    state: StepState
    sector: Sector | None = None
    offer_id: Uuid | None = None
    plan_id: Uuid | None = None


@event(
    "follow-up-plan.recorded",
    31,
    stream=StreamKind.PERSON,
    publishers=[Role.VDAB, Role.ACTIRIS, Role.OCMW],
    nl="Opvolgplan",
    en="Follow-up plan recorded",
    natural_key=("plan_id", "state"),
    after_life=True,
)
class FollowUpPlanRecorded(Payload, frozen=True, kw_only=True):
    """A plan between the person and the service is opened, renewed or closed."""

    plan_id: Uuid
    plan_kind: PlanKind
    state: PlanState

    def check(self, context: Context) -> Iterable[Violation]:
        own = PLAN_REPORTER.get(context.role)
        if own is not None and self.plan_kind is not own:
            yield contradiction(
                "plan_kind",
                f"{context.role.label('nl')} meldt alleen plannen van de soort {own.value}",
                f"{context.role.label('en')} reports plans of kind {own.value} only",
            )
