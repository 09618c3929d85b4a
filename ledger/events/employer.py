"""Support for employers (domain.md 2.8, rows 64–66)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.employer import EmployerNeed, SizeClass, StatedBy, SupportKind, SupportRoute
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.fields import BasisPoints, Cents, Count, Kbo, Minutes, Nis, Uuid
from ledger.verdict import Violation


@event(
    "employer-need.stated",
    64,
    stream=StreamKind.EMPLOYER,
    publishers=[Role.EMPLOYER_SUPPORT, Role.SECTOR_BODY, Role.VDAB, Role.ACTIRIS],
    nl="Nood werkgever",
    en="Employer need stated",
    natural_key=("need_id",),
)
class EmployerNeedStated(Payload, frozen=True, kw_only=True):
    """The employer states what it needs and what it will invest, in minutes and euro cents."""

    need_id: Uuid
    needs: tuple[EmployerNeed, ...]
    stated_by: StatedBy
    investment_min: Minutes
    investment_cents: Cents | None = None
    sector: Sector
    size_class: SizeClass
    nis: Nis

    def check(self, context: Context) -> Iterable[Violation]:
        if not self.needs:
            yield contradiction(
                "needs",
                "er staat geen nood: noem er minstens één in needs",
                "there is no need: name at least one in needs",
            )


@event(
    "employer-support.agreed",
    65,
    stream=StreamKind.EMPLOYER,
    publishers=[Role.EMPLOYER_SUPPORT],
    nl="Aanbod afgesproken",
    en="Employer support agreed",
    natural_key=("support_id",),
)
class EmployerSupportAgreed(Payload, frozen=True, kw_only=True):
    """What support follows on the need, and who gives it."""

    support_id: Uuid
    need_id: Uuid
    route: SupportRoute
    support_kinds: tuple[SupportKind, ...]
    partner_org: Kbo | None = None
    planned_min: Minutes

    def check(self, context: Context) -> Iterable[Violation]:
        if self.route is SupportRoute.OTHER_PARTNER and self.partner_org is None:
            yield contradiction(
                "partner_org",
                "een andere partner heeft een ondernemingsnummer: vul partner_org in",
                "another partner has an enterprise number: give partner_org",
            )
        if self.route is SupportRoute.NONE and self.support_kinds:
            yield contradiction(
                "support_kinds",
                "zonder ondersteuning zijn er geen soorten: laat support_kinds leeg of kies een andere route",
                "without support there are no kinds: leave support_kinds empty or choose another route",
            )


@event(
    "employer-support.delivered",
    66,
    stream=StreamKind.EMPLOYER,
    publishers=[Role.EMPLOYER_SUPPORT, Role.PARTNER],
    nl="Ondersteuning geleverd",
    en="Employer support delivered",
    natural_key=("support_id", "@date", "support_kind"),
)
class EmployerSupportDelivered(Payload, frozen=True, kw_only=True):
    """Support is given: minutes, employees reached, satisfaction in basis points."""

    support_id: Uuid
    support_kind: SupportKind
    delivered_min: Minutes
    reached_employees: Count
    non_native_employees: Count | None = None
    satisfaction_bp: BasisPoints | None = None
