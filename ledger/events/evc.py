"""Validation of earlier acquired competences, EVC (domain.md 2.4, rows 41, 42)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.catalogue import Context, Payload, StreamKind, contradiction, event
from ledger.codes.evc import CENTRE_PHASES, EvcOutcome, EvcPhase
from ledger.codes.roles import Role
from ledger.fields import Token, Uuid
from ledger.verdict import Violation


@event(
    "evc-guidance.started",
    41,
    stream=StreamKind.PERSON,
    publishers=[Role.AGENCY],
    nl="EVC-begeleiding gestart",
    en="EVC guidance started",
    natural_key=("evc_id",),
)
class EvcGuidanceStarted(Payload, frozen=True, kw_only=True):
    """The agency guides the person to validation of competences; only inside a pilot (B10)."""

    evc_id: Uuid
    qualification: Token
    pilot_id: Uuid


@event(
    "evc-phase.completed",
    42,
    stream=StreamKind.PERSON,
    publishers=[Role.EVC_PROVIDER, Role.AGENCY],
    nl="EVC-fase afgerond",
    en="EVC phase completed",
    natural_key=("evc_id", "phase"),
    after_life=True,
)
class EvcPhaseCompleted(Payload, frozen=True, kw_only=True):
    """One of the four phases is done; assessment and certification are the centre's alone (B09)."""

    evc_id: Uuid
    phase: EvcPhase
    outcome: EvcOutcome | None = None

    def check(self, context: Context) -> Iterable[Violation]:
        if (self.phase in CENTRE_PHASES) != (self.outcome is not None):
            yield contradiction(
                "outcome",
                "beoordeling en certificering hebben een resultaat, identificatie en documentatie niet; vul outcome in of laat het weg",
                "assessment and certification have an outcome, identification and documentation have none; give outcome or leave it out",
            )
