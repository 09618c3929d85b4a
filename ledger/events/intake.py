"""Intake, orientation, screening, support profile (domain.md 2.2, rows 12–15)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.intake import Ambition, Channel, OrientationMode, OrientationTopic, Outlook, Scale
from ledger.codes.person import EducationLevel
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.fields import Count, Minutes, Token, Uuid
from ledger.verdict import Violation

INTAKE_MINUTES = (5, 480)
"""An intake takes no fewer and no more minutes than these (row 12)."""

MOST_PREFERRED_SECTORS = 3
"""A screening names at most this many preferred sectors, in order (row 14)."""


@event(
    "intake.completed",
    12,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY, Role.HNB],
    nl="Intake afgerond",
    en="Intake completed",
    natural_key=("@date",),
)
class IntakeCompleted(Payload, frozen=True, kw_only=True):
    """An intake is done, by an agency or, for Dutch only, by the Brussels house of Dutch."""

    channel: Channel
    duration: Minutes
    interpreter: bool
    nt2_only: bool
    contract_id: Uuid | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        least, most = INTAKE_MINUTES
        if not least <= self.duration <= most:
            yield contradiction(
                "duration",
                f"een intake duurt {least} tot {most} minuten; geef de duur in minuten",
                f"an intake takes {least} to {most} minutes; give the duration in minutes",
            )
        if context.role is Role.HNB and not self.nt2_only:
            yield contradiction(
                "nt2_only",
                "het Huis van het Nederlands doet alleen intakes voor NT2: nt2_only is true",
                "the house of Dutch does intakes for Dutch only: nt2_only is true",
            )


@event(
    "career-orientation.held",
    13,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Loopbaanoriëntatie",
    en="Career orientation held",
    natural_key=("@date", "mode"),
    needs_contract=True,
)
class CareerOrientationHeld(Payload, frozen=True, kw_only=True):
    """The agency orients the person on life career and labour market; mediation topics are denied by B01."""

    mode: OrientationMode
    topics: tuple[OrientationTopic, ...]
    duration: Minutes
    edition_id: Uuid | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if not self.topics:
            yield contradiction(
                "topics",
                "een oriëntatie heeft minstens één onderwerp: vul topics in",
                "an orientation has at least one topic: fill topics",
            )


@event(
    "competence-screening.completed",
    14,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Screening competenties en ambities",
    en="Screening of competences and ambitions",
    natural_key=("@date",),
    needs_contract=True,
)
class CompetenceScreeningCompleted(Payload, frozen=True, kw_only=True):
    """What the person can and wants; ``preferred_sectors`` stands in order of preference."""

    preferred_sectors: tuple[Sector, ...]
    ambition: Ambition
    experience_years: Count | None = None
    experience_sectors: tuple[Sector, ...]
    competence_codes: tuple[Token, ...] | None = None
    diploma_level: EducationLevel | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if len(self.preferred_sectors) > MOST_PREFERRED_SECTORS:
            yield contradiction(
                "preferred_sectors",
                f"hoogstens {MOST_PREFERRED_SECTORS} voorkeursectoren: houd de eerste {MOST_PREFERRED_SECTORS} over",
                f"at most {MOST_PREFERRED_SECTORS} preferred sectors: keep the first {MOST_PREFERRED_SECTORS}",
            )
        if len(set(self.preferred_sectors)) != len(self.preferred_sectors):
            yield contradiction(
                "preferred_sectors",
                "een voorkeursector staat er meer dan één keer: noem elke sector één keer",
                "a preferred sector stands there more than once: name each sector once",
            )


@event(
    "support-profile.assessed",
    15,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Begeleidingsprofiel",
    en="Support profile assessed",
    natural_key=("@date",),
    needs_contract=True,
)
class SupportProfileAssessed(Payload, frozen=True, kw_only=True):
    """How much guidance the person needs, and which future they see."""

    self_reliance: Scale
    learning_ability: Scale
    perspective: Outlook
