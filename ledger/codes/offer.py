"""The offer catalogue (domain.md 3.39, 3.54)."""

from ledger.code import Code, code_list


@code_list("3.39", nl="Soort aanbod", en="Offer kind")
class OfferKind(Code):
    SECTOR_BATH = "sector_bath", "Sectorbad", "Sector immersion"
    VOCATIONAL_TRAINING = "vocational_training", "Beroepsopleiding", "Vocational training"
    LANGUAGE_COURSE = "language_course", "Taalcursus", "Language course"
    INTEGRATED_LANGUAGE_TRAINING = (
        "integrated_language_training",
        "Geïntegreerde taal- en beroepsopleiding",
        "Integrated language and vocational training",
    )
    IBO = "ibo", "Individuele beroepsopleiding (IBO)", "Individual training in a company (IBO)"
    INTERNSHIP = "internship", "Stage", "Internship"
    JOB_EVENT = "job_event", "Jobevent", "Job event"
    MENTORING = "mentoring", "Mentoring naar werk", "Mentoring to work"
    APPLICATION_TRAINING = "application_training", "Sollicitatietraining", "Application training"
    INFO = "info", "Informatie", "Information"
    VACANCY = "vacancy", "Vacature", "Vacancy"


@code_list("3.54", nl="Reden van intrekking", en="Withdrawal reason")
class WithdrawalReason(Code):
    FULL = "full", "Volzet", "Full"
    EXPIRED = "expired", "Verlopen", "Expired"
    FUNDING_STOP = "funding_stop", "Einde financiering", "Funding stopped"
    REPLACED = "replaced", "Vervangen", "Replaced"
    ERROR = "error", "Vergissing", "Error"
