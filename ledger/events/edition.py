"""Editions of sector trajectories and group offers (domain.md 2.5, rows 43–49).

Rows 43–46 stand in the edition's stream, 47–49 in the person's; the edition's views find those by ``edition_id``.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.edition import (
    IN_SIGHT,
    AlignmentOutcome,
    Audience,
    EditionKind,
    EditionOutcome,
    ParticipationOutcome,
    Perspective,
)
from ledger.codes.pilot import PilotTheme
from ledger.codes.region import Region
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.fields import Count, Date, Kbo, Minutes, Uuid
from ledger.verdict import Violation

LARGEST_CAPACITY = 500
"""An edition holds 1 to this many participants (row 43)."""


@event(
    "edition.planned",
    43,
    stream=StreamKind.EDITION,
    publishers=[Role.EDITION_ORGANISER, Role.AGENCY],
    nl="Editie gepland",
    en="Edition planned",
    natural_key=("edition_id",),
)
class EditionPlanned(Payload, frozen=True, kw_only=True):
    """An edition is planned, with its sectors or audience, its regions, size and dates."""

    edition_id: Uuid
    edition_kind: EditionKind
    theme: PilotTheme
    sectors: tuple[Sector, ...]
    regions: tuple[Region, ...]
    capacity: Count
    planned_start: Date
    planned_end: Date
    sessions: Count
    dutch_terms_min: Minutes
    partners: tuple[Kbo, ...]
    audience: tuple[Audience, ...]
    pilot_id: Uuid | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.planned_end < self.planned_start:
            yield contradiction(
                "planned_end",
                f"de editie eindigt voor zij begint ({self.planned_start}); verbeter planned_start of planned_end",
                f"the edition ends before it begins ({self.planned_start}); mend planned_start or planned_end",
            )
        if not 1 <= self.capacity <= LARGEST_CAPACITY:
            yield contradiction(
                "capacity",
                f"een editie heeft 1 tot {LARGEST_CAPACITY} plaatsen; splits een grotere op",
                f"an edition has 1 to {LARGEST_CAPACITY} places; split a larger one",
            )
        if self.edition_kind is EditionKind.SECTOR_TRAJECTORY and not self.sectors:
            yield contradiction(
                "sectors",
                "een sectortraject heeft minstens één sector: vul sectors in",
                "a sector trajectory has at least one sector: fill sectors",
            )
        if self.edition_kind is EditionKind.GROUP_OFFER and not self.audience:
            yield contradiction(
                "audience",
                "een groepsaanbod heeft een doelpubliek: vul audience in",
                "a group offer has an audience: fill audience",
            )

    def stream_key(self) -> str | None:
        return self.edition_id


@event(
    "edition.aligned",
    44,
    stream=StreamKind.EDITION,
    publishers=[Role.VDAB, Role.ACTIRIS],
    nl="Afgestemd met bemiddelaar",
    en="Edition aligned with the mediator",
    natural_key=("edition_id", "@role"),
)
class EditionAligned(Payload, frozen=True, kw_only=True):
    """VDAB or Actiris says whether the edition complements its own offer."""

    edition_id: Uuid
    outcome: AlignmentOutcome
    compared_offers: tuple[Uuid, ...]

    def stream_key(self) -> str | None:
        return self.edition_id


@event(
    "edition.started",
    45,
    stream=StreamKind.EDITION,
    publishers=[Role.EDITION_ORGANISER, Role.AGENCY],
    nl="Editie gestart",
    en="Edition started",
    natural_key=("edition_id",),
)
class EditionStarted(Payload, frozen=True, kw_only=True):
    """The edition starts."""

    edition_id: Uuid

    def stream_key(self) -> str | None:
        return self.edition_id


@event(
    "edition.ended",
    46,
    stream=StreamKind.EDITION,
    publishers=[Role.EDITION_ORGANISER, Role.AGENCY],
    nl="Editie beëindigd",
    en="Edition ended",
    natural_key=("edition_id",),
)
class EditionEnded(Payload, frozen=True, kw_only=True):
    """The edition is over or called off."""

    edition_id: Uuid
    outcome: EditionOutcome

    def stream_key(self) -> str | None:
        return self.edition_id


@event(
    "edition-participant.enrolled",
    47,
    stream=StreamKind.PERSON,
    publishers=[Role.EDITION_ORGANISER, Role.AGENCY],
    nl="Deelnemer ingeschreven",
    en="Edition participant enrolled",
    natural_key=("enrolment_id",),
)
class EditionParticipantEnrolled(Payload, frozen=True, kw_only=True):
    """The person is enrolled in an edition."""

    enrolment_id: Uuid
    edition_id: Uuid
    mo_id: Uuid | None = None


@event(
    "edition-participation.ended",
    48,
    stream=StreamKind.PERSON,
    publishers=[Role.EDITION_ORGANISER, Role.AGENCY],
    nl="Deelname beëindigd",
    en="Edition participation ended",
    natural_key=("enrolment_id",),
)
class EditionParticipationEnded(Payload, frozen=True, kw_only=True):
    """The person's participation ends; minutes attended and minutes spent on Dutch terms of the sector."""

    enrolment_id: Uuid
    edition_id: Uuid
    outcome: ParticipationOutcome
    attended_min: Minutes
    dutch_terms_min: Minutes
    sectors_met: tuple[Sector, ...]

    def check(self, context: Context) -> Iterable[Violation]:
        if self.outcome is ParticipationOutcome.NEVER_STARTED and self.attended_min != 0:
            yield contradiction(
                "attended_min",
                "wie nooit startte, was nul minuten aanwezig; verbeter outcome of attended_min",
                "who never started attended zero minutes; mend outcome or attended_min",
            )


@event(
    "perspective.recorded",
    49,
    stream=StreamKind.PERSON,
    publishers=[Role.EDITION_ORGANISER, Role.AGENCY, Role.VDAB, Role.ACTIRIS],
    nl="Perspectief vastgesteld",
    en="Perspective recorded",
    natural_key=("enrolment_id",),
)
class PerspectiveRecorded(Payload, frozen=True, kw_only=True):
    """What the person has in sight after the edition."""

    enrolment_id: Uuid
    perspective: Perspective
    sector: Sector | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.perspective in IN_SIGHT and self.sector is None:
            yield contradiction(
                "sector",
                "een job, stage of opleiding heeft een sector: vul sector in",
                "a job, an internship or a training has a sector: give sector",
            )
