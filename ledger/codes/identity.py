"""Linking, data sharing, erasing, correcting (domain.md 3.19–3.23)."""

from ledger.code import Code, code_list


@code_list("3.19", nl="Reden van koppeling", en="Link cause")
class LinkCause(Code):
    BIS_TO_RRN = "bis_to_rrn", "BIS-nummer naar rijksregisternummer", "BIS number to national register number"
    DUPLICATE_FILE = "duplicate_file", "Dubbel dossier", "Duplicate file"
    RRN_CHANGE = "rrn_change", "Gewijzigd rijksregisternummer", "Changed national register number"
    MANUAL = "manual", "Manuele koppeling", "Manual link"


@code_list("3.20", nl="Grondslag", en="Legal basis")
class LegalBasis(Code):
    PUBLIC_TASK = "public_task", "Taak van algemeen belang", "Public task"
    LEGAL_OBLIGATION = "legal_obligation", "Wettelijke verplichting", "Legal obligation"
    PROTOCOL = "protocol", "Protocol voor gegevensdeling", "Data-sharing protocol"
    CONSENT = "consent", "Toestemming", "Consent"
    VITAL = "vital", "Vitaal belang", "Vital interest"


@code_list("3.21", nl="Doel van gegevensdeling", en="Purpose of data sharing")
class Purpose(Code):
    REFERRAL = "referral", "Doorverwijzing", "Referral"
    WORK_PERSPECTIVE = "work_perspective", "Arbeidsperspectief", "Work perspective"
    FEEDBACK = "feedback", "Terugkoppeling", "Feedback"
    RECOGNITION = "recognition", "Diploma-erkenning", "Recognition"
    EVALUATION = "evaluation", "Evaluatie", "Evaluation"
    MENTORING = "mentoring", "Mentoring", "Mentoring"


@code_list("inline", nl="Stand van de grondslag", en="State of the basis")
class BasisState(Code):
    LIVE = "live", "Geldig", "Live"
    ENDED = "ended", "Beëindigd", "Ended"


@code_list("3.22", nl="Grond van wissing", en="Erasure ground")
class ErasureGround(Code):
    WITHDRAWN_CONSENT = "withdrawn_consent", "Toestemming ingetrokken", "Consent withdrawn"
    OBJECTION = "objection", "Bezwaar", "Objection"
    UNLAWFUL = "unlawful", "Onrechtmatige verwerking", "Unlawful processing"
    RETENTION_END = "retention_end", "Einde bewaartermijn", "End of retention period"
    COURT_ORDER = "court_order", "Rechterlijk bevel", "Court order"


@code_list("3.23", nl="Reden van correctie", en="Correction reason")
class CorrectionReason(Code):
    TYPING_ERROR = "typing_error", "Tikfout", "Typing error"
    WRONG_PERSON = "wrong_person", "Verkeerde persoon", "Wrong person"
    WRONG_DATE = "wrong_date", "Verkeerde datum", "Wrong date"
    WRONG_CODE = "wrong_code", "Verkeerde code", "Wrong code"
    SOURCE_CORRECTION = "source_correction", "Rechtzetting in de bron", "Correction at the source"
    DUPLICATE = "duplicate", "Dubbel", "Duplicate"
    NEVER_HAPPENED = "never_happened", "Nooit gebeurd", "Never happened"
