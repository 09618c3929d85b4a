"""Courses, language levels, participation (domain.md 3.31, 3.32, 3.64)."""

from ledger.code import Code, code_list


@code_list("inline", nl="Vorm van de cursus", en="Mode of the course")
class CourseMode(Code):
    CLASSROOM = "classroom", "In de klas", "Classroom"
    ONLINE = "online", "Online", "Online"
    HYBRID = "hybrid", "Gemengd", "Hybrid"
    SELF_STUDY = "self_study", "Zelfstudie", "Self-study"


@code_list("inline", nl="Resultaat van de cursus", en="Outcome of the course")
class CourseOutcome(Code):
    GOALS_MET = "goals_met", "Doelen bereikt", "Goals met"
    GOALS_NOT_MET = "goals_not_met", "Doelen niet bereikt", "Goals not met"
    DROPPED = "dropped", "Afgehaakt", "Dropped"
    EXEMPT_TEST = "exempt_test", "Vrijgesteld na test", "Exempt after test"


@code_list("3.31", nl="Bewijs van taalniveau", en="Language evidence")
class LanguageEvidence(Code):
    TEST_NT2 = "test_nt2", "Gestandaardiseerde test NT2", "Standardised Dutch test"
    COURSE_CERTIFICATE = "course_certificate", "Certificaat van de cursus", "Course certificate"
    LEVEL_CERTIFICATE_HNB = "level_certificate_hnb", "Niveau-attest Huis van het Nederlands", "Level certificate of the house of Dutch"
    SCREENING = "screening", "Screening (bewijst geen doel)", "Screening (proves no goal)"
    SELOR = "selor", "Selor-certificaat", "Selor certificate"


GOAL_EVIDENCE: frozenset[LanguageEvidence] = frozenset(LanguageEvidence) - {LanguageEvidence.SCREENING}
"""Evidence that can prove a goal; a screening never does (3.31)."""


@code_list("inline", nl="Stand van participatie", en="State of participation")
class ParticipationState(Code):
    STARTED = "started", "Gestart", "Started"
    COMPLETED = "completed", "Voltooid", "Completed"
    STOPPED = "stopped", "Gestopt", "Stopped"


@code_list("3.32", nl="Vorm van participatie", en="Form of participation")
class ParticipationForm(Code):
    BUDDY = "buddy", "Buddy", "Buddy"
    VOLUNTEERING = "volunteering", "Vrijwilligerswerk", "Volunteering"
    INTERNSHIP_INTRO = "internship_intro", "Kennismakingsstage", "Introductory internship"
    ASSOCIATION = "association", "Vereniging", "Association"
    PRACTICE_DUTCH = "practice_dutch", "Nederlands oefenen", "Practising Dutch"
    OTHER = "other", "Andere", "Other"


@code_list("3.64", nl="Taalniveau (ERK)", en="Language level (CEFR)")
class Cefr(Code):
    """Ordered by level, not by alphabet: ``<`` and ``max`` compare :attr:`rank`. ``pre_a1`` also means no known level."""

    PRE_A1 = "pre_a1", "Onder A1", "Below A1"
    A1 = "a1", "A1", "A1"
    A2 = "a2", "A2", "A2"
    B1 = "b1", "B1", "B1"
    B2 = "b2", "B2", "B2"
    C1 = "c1", "C1", "C1"
    C2 = "c2", "C2", "C2"

    @property
    def rank(self) -> int:
        """0 for ``pre_a1`` to 6 for ``c2``."""
        return _CEFR_RANK[self.value]

    def __lt__(self, other: str, /) -> bool:
        return self.rank < Cefr(other).rank

    def __le__(self, other: str, /) -> bool:
        return self.rank <= Cefr(other).rank

    def __gt__(self, other: str, /) -> bool:
        return self.rank > Cefr(other).rank

    def __ge__(self, other: str, /) -> bool:
        return self.rank >= Cefr(other).rank


_CEFR_RANK: dict[str, int] = {level.value: rank for rank, level in enumerate(Cefr)}
