"""Validation of earlier acquired competences, EVC (domain.md 3.49, 3.50)."""

from ledger.code import Code, code_list


@code_list("3.49", nl="EVC-fasen", en="EVC phases")
class EvcPhase(Code):
    IDENTIFICATION = "identification", "Identificatie", "Identification"
    DOCUMENTATION = "documentation", "Documentatie", "Documentation"
    ASSESSMENT = "assessment", "Beoordeling", "Assessment"
    CERTIFICATION = "certification", "Certificering", "Certification"


CENTRE_PHASES: frozenset[EvcPhase] = frozenset({EvcPhase.ASSESSMENT, EvcPhase.CERTIFICATION})
"""Phases that only a recognised centre completes, and that have an outcome (row 42, B09)."""


@code_list("3.50", nl="EVC-resultaat", en="EVC outcome")
class EvcOutcome(Code):
    FULL = "full", "Bewijs van beroepskwalificatie", "Full vocational qualification"
    PARTIAL = "partial", "Bewijs van deelkwalificatie", "Partial qualification"
    COMPETENCES = "competences", "Bewijs van competenties", "Proof of competences"
    FAILED = "failed", "Niet geslaagd", "Failed"
