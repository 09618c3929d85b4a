"""One row per recognition dossier, and one per deficit (``fact_case``, ``fact_deficit`` of evaluation.md 6.2.2)."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.cases import CaseRow, DeficitRow, cases_of, deficits_of
from ledger.catalogue import StreamKind
from ledger.projection import projection
from ledger.subject import Subject


@projection(
    "cases",
    kinds=(StreamKind.PERSON,),
    row=CaseRow,
    version=3,
    nl="Erkenningsdossiers",
    en="Recognition cases",
    index=[("case_id",)],
)
def cases(subject: Subject) -> Iterable[CaseRow]:
    return () if subject.history.erased else cases_of(subject)


@projection(
    "deficits",
    kinds=(StreamKind.PERSON,),
    row=DeficitRow,
    nl="Tekorten na erkenning",
    en="Deficits after recognition",
)
def deficits(subject: Subject) -> Iterable[DeficitRow]:
    return () if subject.history.erased else deficits_of(subject)
