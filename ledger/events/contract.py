"""The integration contract and its life (domain.md 2.2, rows 8–11, 20, 21)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.contract import ContractKind, TrajectoryPart
from ledger.codes.person import WorkStatus
from ledger.codes.roles import Role
from ledger.fields import Uuid
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
class ContractSigned(Payload):
    """The person and the agency sign the contract that lists the trajectory's parts."""

    contract_id: Uuid
    contract_kind: ContractKind
    parts: tuple[TrajectoryPart, ...]
    work_allowed: bool
    work_status: WorkStatus
    counsellor_ref: Uuid | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if not self.parts:
            yield contradiction("parts", "een contract heeft minstens één trajectonderdeel", "a contract has at least one part")
        if len(set(self.parts)) != len(self.parts):
            yield contradiction("parts", "noem elk trajectonderdeel één keer", "name each part once")
