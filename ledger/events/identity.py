"""Who the person is, under which basis data is shared, and erasure (domain.md 2.1, rows 1–5)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.identity import BasisState, ErasureGround, LegalBasis, LinkCause, Purpose
from ledger.codes.person import (
    BenefitStatus,
    EducationLevel,
    EducationOrigin,
    Gender,
    NationalityGroup,
    Obligation,
    ResidenceGround,
    WorkStatus,
)
from ledger.codes.roles import Role
from ledger.fields import Count, Date, Kbo, Nis, Uuid, Year, YearMonth
from ledger.verdict import Violation

FIRST_BIRTH_YEAR = 1900
"""The earliest birth year that can be registered (row 1)."""

YOUNGEST_AGE = 15
"""Nobody younger than this, in calendar years, is registered (row 1)."""


@event(
    "person.registered",
    1,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Aangemeld",
    en="Person registered",
)
class PersonRegistered(Payload, frozen=True, kw_only=True):
    """The person registers with an agency."""

    birth_year: Year
    gender: Gender
    nationality_group: NationalityGroup
    residence_nis: Nis
    obligation: Obligation
    obligation_from: Date | None = None
    residence_ground: ResidenceGround
    arrival_ym: YearMonth | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        last = context.local_date.year - YOUNGEST_AGE
        if not FIRST_BIRTH_YEAR <= self.birth_year <= last:
            yield contradiction(
                "birth_year",
                f"het geboortejaar ligt tussen {FIRST_BIRTH_YEAR} en {last} (jaar van het event − {YOUNGEST_AGE}); verbeter birth_year",
                f"the birth year lies between {FIRST_BIRTH_YEAR} and {last} (year of the event − {YOUNGEST_AGE}); mend birth_year",
            )
        if self.obligation is Obligation.OBLIGED and self.obligation_from is None:
            yield contradiction(
                "obligation_from",
                "wie verplicht is, heeft een datum waarop de verplichting begint: vul obligation_from in",
                "an obliged person has a date on which the obligation begins: give obligation_from",
            )


@event(
    "profile.updated",
    2,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY, Role.VDAB, Role.ACTIRIS, Role.OCMW, Role.IDENTITY_SERVICE],
    nl="Profielwijziging",
    en="Profile updated",
    natural_key=("valid_from", "@fields"),
)
class ProfileUpdated(Payload, frozen=True, kw_only=True):
    """One or more facts on the person change, from ``valid_from`` on."""

    residence_nis: Nis | None = None
    benefit_status: BenefitStatus | None = None
    work_status: WorkStatus | None = None
    education: EducationLevel | None = None
    education_origin: EducationOrigin | None = None
    dependent_children: Count | None = None
    valid_from: Date

    def stated(self) -> tuple[str, ...]:
        """The names of the facts that this event states, in the order of the row."""
        return tuple(name for name in PROFILE_FIELDS if getattr(self, name) is not None)

    def check(self, context: Context) -> Iterable[Violation]:
        stated = self.stated()
        if not stated:
            yield contradiction(
                "",
                f"er wijzigt niets: vul minstens één veld in naast valid_from ({', '.join(PROFILE_FIELDS)})",
                f"nothing changes: give at least one field besides valid_from ({', '.join(PROFILE_FIELDS)})",
            )
        only = _ONLY_FIELD.get(context.role)
        for name in stated:
            if only is not None and name != only:
                yield contradiction(
                    name,
                    f"{context.role.label('nl')} wijzigt alleen {only}: laat {name} weg",
                    f"{context.role.label('en')} changes {only} only: leave {name} out",
                )
        if self.valid_from > context.local_date:
            yield contradiction(
                "valid_from",
                f"valid_from ligt na de dag van het event ({context.local_date}); een wijziging wordt gemeld vanaf de dag dat zij geldt",
                f"valid_from is after the day of the event ({context.local_date}); a change is reported from the day it holds",
            )


PROFILE_FIELDS: tuple[str, ...] = (
    "residence_nis",
    "benefit_status",
    "work_status",
    "education",
    "education_origin",
    "dependent_children",
)
"""The facts that ``profile.updated`` can state; each is a natural key of its own, with ``valid_from``."""

_ONLY_FIELD: dict[Role, str] = {Role.OCMW: "benefit_status", Role.IDENTITY_SERVICE: "residence_nis"}


@event(
    "identity.linked",
    3,
    stream=StreamKind.PERSON,
    publishers=[Role.IDENTITY_SERVICE],
    nl="Identiteiten gekoppeld",
    en="Identities linked",
    natural_key=("absorbed_ref",),
    after_life=True,
)
class IdentityLinked(Payload, frozen=True, kw_only=True):
    """Two pseudonyms are one person; the absorbed one's events join the survivor's. Stands in the survivor's stream."""

    survivor_ref: Uuid
    absorbed_ref: Uuid
    cause: LinkCause

    def check(self, context: Context) -> Iterable[Violation]:
        if self.survivor_ref == self.absorbed_ref:
            yield contradiction(
                "absorbed_ref",
                "een persoon kan niet aan zichzelf gekoppeld worden: survivor_ref en absorbed_ref verschillen",
                "a person cannot be linked to itself: survivor_ref and absorbed_ref differ",
            )

    def stream_key(self) -> str | None:
        return self.survivor_ref


@event(
    "sharing-basis.recorded",
    4,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY, Role.VDAB, Role.ACTIRIS, Role.OCMW, Role.PARTNER],
    nl="Grondslag gegevensdeling",
    en="Sharing basis recorded",
    natural_key=("basis_id",),
    after_life=True,
)
class SharingBasisRecorded(Payload, frozen=True, kw_only=True):
    """A basis on which data of the person may be shared with a role, for a purpose."""

    basis_id: Uuid
    state: BasisState
    purpose: Purpose
    recipient_role: Role
    grondslag: LegalBasis
    valid_from: Date
    valid_to: Date | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            yield contradiction(
                "valid_to",
                f"valid_to ligt voor valid_from ({self.valid_from}); verbeter een van beide",
                f"valid_to is before valid_from ({self.valid_from}); mend one of them",
            )
        if self.grondslag is LegalBasis.CONSENT and self.recipient_role is not Role.PARTNER:
            yield contradiction(
                "grondslag",
                "toestemming is alleen een grondslag voor delen met een partner; kies een andere grondslag of ontvanger",
                "consent is a basis for sharing with a partner only; choose another basis or recipient",
            )


@event(
    "erasure.executed",
    5,
    stream=StreamKind.PERSON,
    publishers=[Role.LEDGER_OPERATOR],
    nl="Wissing uitgevoerd",
    en="Erasure executed",
    after_life=True,
)
class ErasureExecuted(Payload, frozen=True, kw_only=True):
    """The person's keys are destroyed; what was sealed with them is unreadable for ever."""

    requested_on: Date
    ground: ErasureGround
    keys_destroyed: Count
    controllers: tuple[Kbo, ...]

    def check(self, context: Context) -> Iterable[Violation]:
        if self.requested_on > context.local_date:
            yield contradiction(
                "requested_on",
                f"het verzoek dateert van na de wissing ({context.local_date}); verbeter requested_on of time",
                f"the request is dated after the erasure ({context.local_date}); mend requested_on or time",
            )
        if self.keys_destroyed < 1:
            yield contradiction(
                "keys_destroyed",
                "een wissing vernietigt minstens één sleutel; meld ze pas als dat gebeurd is",
                "an erasure destroys at least one key; report it only when that is done",
            )
