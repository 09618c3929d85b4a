"""Civic orientation, language levels, participation (domain.md 2.2, rows 16–19)."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.course import Cefr, CourseMode, CourseOutcome, LanguageEvidence, ParticipationForm, ParticipationState
from ledger.codes.language import LanguageCode
from ledger.codes.roles import Role
from ledger.fields import Date, Minutes, Uuid
from ledger.verdict import Violation


@event(
    "mo-course.started",
    16,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="MO-cursus gestart",
    en="Civic orientation course started",
    natural_key=("mo_id",),
    needs_contract=True,
)
class MoCourseStarted(Payload, frozen=True, kw_only=True):
    """The person starts the course in civic orientation."""

    mo_id: Uuid
    language: LanguageCode
    mode: CourseMode
    planned_end: Date
    edition_id: Uuid | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.planned_end <= context.local_date:
            yield contradiction(
                "planned_end",
                f"het geplande einde ligt niet na de start ({context.local_date}); verbeter planned_end of time",
                f"the planned end is not after the start ({context.local_date}); mend planned_end or time",
            )


@event(
    "mo-course.ended",
    17,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="MO-cursus beëindigd",
    en="Civic orientation course ended",
    natural_key=("mo_id",),
    needs_contract=True,
)
class MoCourseEnded(Payload, frozen=True, kw_only=True):
    """The course ends, with or without its goals met."""

    mo_id: Uuid
    outcome: CourseOutcome


class LanguageLevels(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A level for each skill that was assessed."""

    listening: Cefr | None = None
    speaking: Cefr | None = None
    reading: Cefr | None = None
    writing: Cefr | None = None

    @property
    def oral(self) -> Cefr | None:
        """The lower of listening and speaking; one that is missing is ignored, None when both are."""
        return min((level for level in (self.listening, self.speaking) if level is not None), default=None)


@event(
    "language-level.attained",
    18,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY, Role.HNB, Role.NT2_PROVIDER, Role.VDAB],
    nl="Taalniveau behaald",
    en="Language level attained",
    natural_key=("@date", "language", "evidence"),
    after_life=True,
)
class LanguageLevelAttained(Payload, frozen=True, kw_only=True):
    """The person shows a level in a language."""

    language: LanguageCode
    levels: LanguageLevels
    evidence: LanguageEvidence

    def check(self, context: Context) -> Iterable[Violation]:
        if self.levels == LanguageLevels():
            yield contradiction(
                "levels",
                "er staat geen enkele vaardigheid: geef een niveau voor listening, speaking, reading of writing",
                "there is no skill at all: give a level for listening, speaking, reading or writing",
            )


@event(
    "participation.recorded",
    19,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY, Role.LOCAL_GOVERNMENT],
    nl="Participatie- en netwerktraject",
    en="Participation and network trajectory",
    natural_key=("state", "form", "@date"),
    needs_contract=True,
)
class ParticipationRecorded(Payload, frozen=True, kw_only=True):
    """A step in the participation and network trajectory (PNT)."""

    state: ParticipationState
    form: ParticipationForm
    min_total: Minutes | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.state is ParticipationState.COMPLETED and not self.min_total:
            yield contradiction(
                "min_total",
                "een voltooid traject heeft minuten: geef min_total van 1 of meer",
                "a completed trajectory has minutes: give min_total of 1 or more",
            )
