"""Recognition dossiers: everything about one case_id, and the decision that holds in the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from ledger.codes.recognition import DecisionKind
from ledger.events.diploma import DiplomaDossierSubmitted, PostDecisionOrientationGiven, RecognitionDecided, RecognitionFileStatusChanged
from ledger.history import Fact
from ledger.subject import Subject

_WEIGHT: Mapping[DecisionKind, int] = {DecisionKind.INITIAL: 0, DecisionKind.LOWER_LEVEL: 1, DecisionKind.REVIEW: 2}


class Dossier(msgspec.Struct, frozen=True, gc=False):
    """One case_id: known from its submission, or only from what came after it (F02, F22)."""

    case_id: str
    submitted: Fact[DiplomaDossierSubmitted] | None
    statuses: tuple[Fact[RecognitionFileStatusChanged], ...]
    decisions: tuple[Fact[RecognitionDecided], ...]
    orientations: tuple[Fact[PostDecisionOrientationGiven], ...]

    @property
    def decision(self) -> Fact[RecognitionDecided] | None:
        """The decision that holds: review before lower level before initial, the latest of equals."""
        # ``max`` keeps the first of equals; timeline order reversed makes that the latest.
        return max(reversed(self.decisions), key=lambda fact: _WEIGHT[fact.payload.decision_kind], default=None)

    @property
    def initial(self) -> Fact[RecognitionDecided] | None:
        """The first initial decision: where processing times end."""
        return next((fact for fact in self.decisions if fact.payload.decision_kind is DecisionKind.INITIAL), None)


class _Parts:
    """What is known of one case while it is brought together."""

    __slots__ = ("decisions", "orientations", "statuses", "submitted")

    def __init__(self) -> None:
        self.submitted: Fact[DiplomaDossierSubmitted] | None = None
        self.statuses: list[Fact[RecognitionFileStatusChanged]] = []
        self.decisions: list[Fact[RecognitionDecided]] = []
        self.orientations: list[Fact[PostDecisionOrientationGiven]] = []


def dossiers_of(subject: Subject) -> tuple[Dossier, ...]:
    """The dossiers, in order of case id."""
    history = subject.history
    cases: defaultdict[str, _Parts] = defaultdict(_Parts)
    for submitted in history.of(DiplomaDossierSubmitted):
        parts = cases[submitted.payload.case_id]
        parts.submitted = parts.submitted or submitted
    for status in history.of(RecognitionFileStatusChanged):
        cases[status.payload.case_id].statuses.append(status)
    for decided in history.of(RecognitionDecided):
        cases[decided.payload.case_id].decisions.append(decided)
    for oriented in history.of(PostDecisionOrientationGiven):
        cases[oriented.payload.case_id].orientations.append(oriented)
    return tuple(
        Dossier(case_id, parts.submitted, tuple(parts.statuses), tuple(parts.decisions), tuple(parts.orientations))
        for case_id, parts in sorted(cases.items())
    )
