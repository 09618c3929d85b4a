"""Recognition of diplomas and professions (domain.md 3.5–3.7, 3.45–3.48)."""

from collections.abc import Mapping

from ledger.code import Code, code_list


@code_list("3.6", nl="Erkenningsinstanties", en="Recognition authorities")
class RecognitionAuthority(Code):
    NARIC = "naric", "NARIC-Vlaanderen", "NARIC Flanders"
    DEPARTEMENT_ZORG = "departement_zorg", "Departement Zorg", "Flemish Department of Care"
    FOD_VOLKSGEZONDHEID = "fod_volksgezondheid", "FOD Volksgezondheid", "Federal public service Health"
    ONDERWIJS_AGODI = "onderwijs_agodi", "AGODI, lerarenerkenning", "AGODI, recognition of teachers"
    ORDE_ARCHITECTEN = "orde_architecten", "Orde van Architecten", "Order of Architects"
    BIV = "biv", "Beroepsinstituut van Vastgoedmakelaars (BIV)", "Institute of Estate Agents (BIV)"
    ITAA = "itaa", "Instituut van de Belastingadviseurs en Accountants (ITAA)", "Institute for Tax Advisors and Accountants (ITAA)"
    FWB_EQUIVALENCE = "fwb_equivalence", "Franse Gemeenschap, équivalence", "French Community, equivalence"
    OTHER_DIRECTIVE = "other_directive", "Andere bevoegde instantie (richtlijn 2005/36)", "Other competent authority (directive 2005/36)"


@code_list("3.5", nl="Erkenningsprocedures", en="Recognition procedures")
class RecognitionProcedure(Code):
    """Which authority may handle a procedure stands in :data:`PROCEDURE_AUTHORITIES`."""

    LEVEL_HE = "level_he", "Niveau-erkenning hoger onderwijs", "Level recognition, higher education"
    LEVEL_SE = "level_se", "Erkenning secundair onderwijs", "Recognition, secondary education"
    SPECIFIC_HE = "specific_he", "Specifieke erkenning hoger onderwijs", "Specific recognition, higher education"
    SPECIFIC_SE = "specific_se", "Specifieke erkenning secundair onderwijs", "Specific recognition, secondary education"
    DOCTORATE = "doctorate", "Erkenning doctoraat", "Recognition of a doctorate"
    PROFESSIONAL_AUTOMATIC = (
        "professional_automatic",
        "Professionele erkenning, automatisch stelsel",
        "Professional recognition, automatic system",
    )
    PROFESSIONAL_GENERAL = "professional_general", "Professionele erkenning, algemeen stelsel", "Professional recognition, general system"
    VISUM = "visum", "Visum gezondheidszorgberoep", "Licence (visum) for a health profession"
    TITLE_SPECIALIST = "title_specialist", "Bijzondere beroepstitel", "Specialist title"


NARIC_PROCEDURES: frozenset[RecognitionProcedure] = frozenset(
    {
        RecognitionProcedure.LEVEL_HE,
        RecognitionProcedure.LEVEL_SE,
        RecognitionProcedure.SPECIFIC_HE,
        RecognitionProcedure.SPECIFIC_SE,
        RecognitionProcedure.DOCTORATE,
    }
)
"""The academic procedures: NARIC's alone (3.5)."""

PROFESSIONAL_PROCEDURES: frozenset[RecognitionProcedure] = frozenset(
    {RecognitionProcedure.PROFESSIONAL_AUTOMATIC, RecognitionProcedure.PROFESSIONAL_GENERAL}
)
"""Professional recognition under directive 2005/36/EC (3.5, C08b)."""

_NARIC: frozenset[RecognitionAuthority] = frozenset({RecognitionAuthority.NARIC})
_OTHERS: frozenset[RecognitionAuthority] = frozenset(RecognitionAuthority) - _NARIC

PROCEDURE_AUTHORITIES: Mapping[RecognitionProcedure, frozenset[RecognitionAuthority]] = {
    RecognitionProcedure.LEVEL_HE: _NARIC,
    RecognitionProcedure.LEVEL_SE: _NARIC,
    RecognitionProcedure.SPECIFIC_HE: _NARIC,
    RecognitionProcedure.SPECIFIC_SE: _NARIC,
    RecognitionProcedure.DOCTORATE: _NARIC,
    RecognitionProcedure.PROFESSIONAL_AUTOMATIC: _OTHERS,
    RecognitionProcedure.PROFESSIONAL_GENERAL: _OTHERS,
    RecognitionProcedure.VISUM: frozenset({RecognitionAuthority.FOD_VOLKSGEZONDHEID}),
    RecognitionProcedure.TITLE_SPECIALIST: frozenset({RecognitionAuthority.DEPARTEMENT_ZORG}),
}
"""The authorities that may handle each procedure (3.5); "other" there reads: any but NARIC."""


@code_list("3.7", nl="Uitkomst van de erkenning", en="Recognition outcome")
class RecognitionOutcome(Code):
    GRANTED_AS_REQUESTED = "granted_as_requested", "Toegekend zoals gevraagd", "Granted as requested"
    GRANTED_LOWER = "granted_lower", "Toegekend op lager niveau", "Granted at a lower level"
    GRANTED_OTHER = "granted_other", "Ander studiebewijs dan gevraagd", "Other certificate than requested"
    PARTIAL = "partial", "Gedeeltelijk, met tekorten", "Partial, with deficits"
    COMPENSATING_MEASURE = "compensating_measure", "Compenserende maatregel opgelegd", "Compensating measure imposed"
    REFUSED = "refused", "Geen gelijkwaardigheid", "Refused"
    NO_DECISION_POSSIBLE = "no_decision_possible", "Geen beslissing mogelijk", "No decision possible"


STRICTLY_POSITIVE_OUTCOMES: frozenset[RecognitionOutcome] = frozenset(
    {RecognitionOutcome.GRANTED_AS_REQUESTED, RecognitionOutcome.GRANTED_LOWER, RecognitionOutcome.GRANTED_OTHER}
)
"""``granted_*``: a level was granted (3.7)."""

POSITIVE_OUTCOMES: frozenset[RecognitionOutcome] = STRICTLY_POSITIVE_OUTCOMES | {RecognitionOutcome.PARTIAL}
"""Positive outcomes (3.7). ``compensating_measure`` counts only through a later grant, hence is not among them."""


@code_list("3.45", nl="Gereglementeerde beroepen", en="Regulated professions")
class RegulatedProfession(Code):
    NURSE = "nurse", "Verpleegkundige", "Nurse"
    CARE_ASSISTANT = "care_assistant", "Zorgkundige", "Care assistant"
    PHYSICIAN = "physician", "Arts", "Physician"
    DENTIST = "dentist", "Tandarts", "Dentist"
    PHARMACIST = "pharmacist", "Apotheker", "Pharmacist"
    PHYSIOTHERAPIST = "physiotherapist", "Kinesitherapeut", "Physiotherapist"
    MIDWIFE = "midwife", "Vroedvrouw", "Midwife"
    PARAMEDICAL = "paramedical", "Paramedisch beroep", "Paramedical profession"
    PSYCHOLOGIST = "psychologist", "Psycholoog", "Psychologist"
    TEACHER = "teacher", "Leraar", "Teacher"
    ARCHITECT = "architect", "Architect", "Architect"
    ACCOUNTANT = "accountant", "Accountant", "Accountant"
    ESTATE_AGENT = "estate_agent", "Vastgoedmakelaar", "Estate agent"
    OTHER_REGULATED = "other_regulated", "Ander gereglementeerd beroep", "Other regulated profession"


HEALTH_PROFESSIONS: frozenset[RegulatedProfession] = frozenset(
    {
        RegulatedProfession.NURSE,
        RegulatedProfession.CARE_ASSISTANT,
        RegulatedProfession.PHYSICIAN,
        RegulatedProfession.DENTIST,
        RegulatedProfession.PHARMACIST,
        RegulatedProfession.PHYSIOTHERAPIST,
        RegulatedProfession.MIDWIFE,
        RegulatedProfession.PARAMEDICAL,
        RegulatedProfession.PSYCHOLOGIST,
    }
)
"""The health professions of the routing table (1.5, F38)."""


@code_list("3.46", nl="Status van het dossier", en="File status")
class FileStatus(Code):
    RECEIVED = "received", "Ontvangen", "Received"
    INCOMPLETE = "incomplete", "Onvolledig", "Incomplete"
    COMPLETE = "complete", "Volledig", "Complete"
    AWAITING_PAYMENT = "awaiting_payment", "Wacht op betaling", "Awaiting payment"
    AWAITING_APPLICANT = "awaiting_applicant", "Wacht op de aanvrager", "Awaiting the applicant"
    AWAITING_ORIGINAL = "awaiting_original", "Wacht op originele stukken", "Awaiting original documents"
    AUTHENTICITY_CHECK = "authenticity_check", "Controle van echtheid", "Authenticity check"
    ADVICE_REQUESTED = "advice_requested", "Advies gevraagd", "Advice requested"
    RESUMED = "resumed", "Hervat", "Resumed"
    REVIEW_REQUESTED = "review_requested", "Herziening gevraagd", "Review requested"
    WITHDRAWN = "withdrawn", "Ingetrokken", "Withdrawn"
    CLOSED_NO_DOCUMENTS = "closed_no_documents", "Gesloten, stukken ontbreken", "Closed, documents missing"


PAUSING_STATUSES: frozenset[FileStatus] = frozenset(
    {
        FileStatus.INCOMPLETE,
        FileStatus.AWAITING_PAYMENT,
        FileStatus.AWAITING_APPLICANT,
        FileStatus.AWAITING_ORIGINAL,
        FileStatus.AUTHENTICITY_CHECK,
    }
)
"""Statuses marked ★: they pause the clock until the next ``complete`` or ``resumed`` (3.46)."""


@code_list("3.47", nl="Soort tekort", en="Deficit kind")
class DeficitKind(Code):
    COURSE_UNITS = "course_units", "Opleidingsonderdelen", "Course units"
    INTERNSHIP = "internship", "Stage", "Internship"
    THESIS = "thesis", "Eindwerk", "Thesis"
    LANGUAGE = "language", "Taal", "Language"
    PROFESSIONAL_PRACTICE = "professional_practice", "Beroepspraktijk", "Professional practice"
    APTITUDE_TEST = "aptitude_test", "Proeve van bekwaamheid", "Aptitude test"


@code_list("3.48", nl="Volgende stap", en="Next step")
class NextStep(Code):
    WORK_WITH_RECOGNITION = "work_with_recognition", "Werken met de erkenning", "Work with the recognition"
    OTHER_AUTHORITY = "other_authority", "Andere instantie", "Other authority"
    REMEDY_DEFICIT = "remedy_deficit", "Tekort wegwerken", "Remedy the deficit"
    LOWER_LEVEL_REQUEST = "lower_level_request", "Aanvraag op lager niveau", "Request at a lower level"
    REVIEW = "review", "Herziening", "Review"
    STUDY = "study", "Studeren", "Study"
    EVC = "evc", "EVC", "Validation of skills (EVC)"
    NONE = "none", "Geen", "None"


@code_list("inline", nl="Vorm van toelichting", en="Mode of explanation")
class ExplanationMode(Code):
    INDIVIDUAL = "individual", "Individueel", "Individual"
    GROUP = "group", "In groep", "In group"
    DIGITAL = "digital", "Digitaal", "Digital"


@code_list("inline", nl="Soort beslissing", en="Kind of decision")
class DecisionKind(Code):
    INITIAL = "initial", "Eerste beslissing", "Initial decision"
    LOWER_LEVEL = "lower_level", "Beslissing op lager niveau", "Decision at a lower level"
    REVIEW = "review", "Beslissing na herziening", "Decision after review"
