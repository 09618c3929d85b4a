"""The integration contract and its life (domain.md 2.2, rows 8–11, 20, 21)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.contract import CertificateKind, ContractKind, EndingReason, ExemptionGround, SuspensionReason, TrajectoryPart
from ledger.codes.person import WorkStatus
from ledger.codes.roles import Role
from ledger.fields import Date, Uuid
from ledger.verdict import Violation


@event(
    "contract.signed",
    8,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Inburgeringscontract ondertekend",
    en="Integration contract signed",
    natural_key=("contract_id",),
)
class ContractSigned(Payload, frozen=True, kw_only=True):
    """The person and the agency sign the contract that lists the trajectory's parts."""

    contract_id: Uuid
    contract_kind: ContractKind
    parts: tuple[TrajectoryPart, ...]
    work_allowed: bool
    work_status: WorkStatus
    counsellor_ref: Uuid | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if not self.parts:
            yield contradiction(
                "parts",
                "een contract heeft minstens één trajectonderdeel: vul parts in",
                "a contract has at least one part: fill parts",
            )
        if len(set(self.parts)) != len(self.parts):
            yield contradiction(
                "parts",
                "een trajectonderdeel staat er meer dan één keer: noem elk onderdeel één keer",
                "a part stands there more than once: name each part once",
            )


@event(
    "contract.suspended",
    9,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Contract opgeschort",
    en="Contract suspended",
    natural_key=("contract_id", "@date"),
    needs_contract=True,
)
class ContractSuspended(Payload, frozen=True, kw_only=True):
    """The contract is interrupted for a time."""

    contract_id: Uuid
    reason: SuspensionReason
    until: Date | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if self.until is not None and self.until <= context.local_date:
            yield contradiction(
                "until",
                f"de opschorting eindigt niet na haar begin ({context.local_date}); geef een latere until of laat het weg",
                f"the suspension does not end after it begins ({context.local_date}); give a later until or leave it out",
            )


@event(
    "contract.resumed",
    10,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Contract hervat",
    en="Contract resumed",
    natural_key=("contract_id", "@date"),
    needs_contract=True,
)
class ContractResumed(Payload, frozen=True, kw_only=True):
    """A suspended contract runs again."""

    contract_id: Uuid


@event(
    "exemption.granted",
    11,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Vrijstelling",
    en="Exemption granted",
    natural_key=("contract_id", "part"),
    needs_contract=True,
)
class ExemptionGranted(Payload, frozen=True, kw_only=True):
    """The person need not follow a part of the trajectory."""

    contract_id: Uuid
    part: TrajectoryPart
    ground: ExemptionGround


@event(
    "certificate.issued",
    20,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Inburgeringsattest of verklaring",
    en="Integration certificate or declaration",
    natural_key=("contract_id",),
)
class CertificateIssued(Payload, frozen=True, kw_only=True):
    """The certificate (all goals reached) or the declaration of effort is issued."""

    contract_id: Uuid
    kind: CertificateKind


@event(
    "trajectory.ended",
    21,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="Traject beëindigd",
    en="Trajectory ended",
    natural_key=("contract_id",),
)
class TrajectoryEnded(Payload, frozen=True, kw_only=True):
    """The trajectory under a contract comes to its end."""

    contract_id: Uuid
    reason: EndingReason
