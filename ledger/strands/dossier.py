"""Recognition dossiers: everything about one case_id, and the decision that holds in the end."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from ledger.codes.recognition import DecisionKind
from ledger.events.diploma import DiplomaDossierSubmitted, PostDecisionOrientationGiven, RecognitionDecided, RecognitionFileStatusChanged
from ledger.history import Fact
from ledger.subject import Subject

_WEIGHT: Mapping[DecisionKind, int] = {DecisionKind.INITIAL: 0, DecisionKind.LOWER_LEVEL: 1, DecisionKind.REVIEW: 2}


class Dossier(msgspec.Struct, frozen=True):
    """One case_id: known from its submission, or only from what came after it (F02, F22)."""

    case_id: str
    submitted: Fact[DiplomaDossierSubmitted] | None
    statuses: tuple[Fact[RecognitionFileStatusChanged], ...]
    decisions: tuple[Fact[RecognitionDecided], ...]
    orientations: tuple[Fact[PostDecisionOrientationGiven], ...]

    @property
    def decision(self) -> Fact[RecognitionDecided] | None:
        """The decision that holds: review before lower level before initial, the latest of equals."""
        return max(self.decisions, key=lambda fact: _WEIGHT[fact.payload.decision_kind], default=None) if len(self.decisions) < 2 else _heaviest(self)

    @property
    def initial(self) -> Fact[RecognitionDecided] | None:
        """The first initial decision: where processing times end."""
        return next((fact for fact in self.decisions if fact.payload.decision_kind is DecisionKind.INITIAL), None)


def _heaviest(dossier: Dossier) -> Fact[RecognitionDecided]:
    # ``max`` keeps the first of equals; timeline order reversed makes that the latest.
    return max(reversed(dossier.decisions), key=lambda fact: _WEIGHT[fact.payload.decision_kind])


def dossiers_of(subject: Subject) -> tuple[Dossier, ...]:
    """The dossiers, in order of the first thing known about each."""
    parts: dict[str, tuple[list[Fact[DiplomaDossierSubmitted]], list[Fact[RecognitionFileStatusChanged]], list[Fact[RecognitionDecided]], list[Fact[PostDecisionOrientationGiven]]]] = {}
    for fact in subject.history.of(DiplomaDossierSubmitted):
        parts.setdefault(fact.payload.case_id, ([], [], [], []))[0].append(fact)
    for status in subject.history.of(RecognitionFileStatusChanged):
        parts.setdefault(status.payload.case_id, ([], [], [], []))[1].append(status)
    for decided in subject.history.of(RecognitionDecided):
        parts.setdefault(decided.payload.case_id, ([], [], [], []))[2].append(decided)
    for oriented in subject.history.of(PostDecisionOrientationGiven):
        parts.setdefault(oriented.payload.case_id, ([], [], [], []))[3].append(oriented)
    return tuple(
        Dossier(case_id, submitted[0] if submitted else None, tuple(statuses), tuple(decisions), tuple(orientations))
        for case_id, (submitted, statuses, decisions, orientations) in parts.items()
    )
