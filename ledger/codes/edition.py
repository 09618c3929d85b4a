"""Editions of sector trajectories and group offers (domain.md 3.51, 3.52)."""

from ledger.code import Code, code_list


@code_list("inline", nl="Soort editie", en="Kind of edition")
class EditionKind(Code):
    SECTOR_TRAJECTORY = "sector_trajectory", "Oriënterend sectortraject", "Sector orientation trajectory"
    GROUP_OFFER = "group_offer", "Gericht groepsaanbod", "Targeted group offer"


@code_list("3.51", nl="Doelpubliek", en="Audience")
class Audience(Code):
    NUG = "nug", "Niet-uitkeringsgerechtigde werkzoekenden", "Jobseekers without benefit"
    LOW_LITERATE = "low_literate", "Laaggeletterden", "Low-literate people"
    HIGHLY_EDUCATED = "highly_educated", "Hooggeschoolden", "Highly educated people"
    WOMEN = "women", "Vrouwen", "Women"
    CARE_BACKGROUND = "care_background", "Achtergrond in zorg", "Background in care"
    IT_BACKGROUND = "it_background", "Achtergrond in IT", "Background in IT"
    ANY_NEWCOMER = "any_newcomer", "Elke nieuwkomer", "Any newcomer"
    LIMITED_DUTCH = "limited_dutch", "Beperkt Nederlands", "Limited Dutch"


@code_list("inline", nl="Uitkomst van de afstemming", en="Outcome of the alignment")
class AlignmentOutcome(Code):
    COMPLEMENTARY = "complementary", "Aanvullend", "Complementary"
    OVERLAPPING = "overlapping", "Overlappend", "Overlapping"
    ADJUST = "adjust", "Bij te sturen", "To be adjusted"


@code_list("inline", nl="Uitkomst van de editie", en="Outcome of the edition")
class EditionOutcome(Code):
    COMPLETED = "completed", "Voltooid", "Completed"
    CANCELLED = "cancelled", "Afgelast", "Cancelled"


@code_list("inline", nl="Uitkomst van de deelname", en="Outcome of the participation")
class ParticipationOutcome(Code):
    COMPLETED = "completed", "Voltooid", "Completed"
    DROPPED_JOB = "dropped_job", "Gestopt om werk", "Dropped for a job"
    DROPPED_TRAINING = "dropped_training", "Gestopt om opleiding", "Dropped for training"
    DROPPED_OTHER = "dropped_other", "Gestopt om andere reden", "Dropped for another reason"
    NEVER_STARTED = "never_started", "Nooit gestart", "Never started"


@code_list("3.52", nl="Perspectief", en="Perspective")
class Perspective(Code):
    JOB = "job", "Job", "Job"
    INTERNSHIP = "internship", "Stage", "Internship"
    TRAINING = "training", "Opleiding", "Training"
    STUDY = "study", "Studie", "Study"
    EVC_OR_RECOGNITION = "evc_or_recognition", "EVC of diploma-erkenning", "Validation of skills or recognition"
    SELF_EMPLOYMENT = "self_employment", "Zelfstandig ondernemen", "Self-employment"
    NONE_YET = "none_yet", "Nog geen", "None yet"


IN_SIGHT: frozenset[Perspective] = frozenset({Perspective.JOB, Perspective.INTERNSHIP, Perspective.TRAINING})
"""A perspective *in sight*: a job, an internship or a training, each with its sector (3.52, row 49)."""
