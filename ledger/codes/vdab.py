"""Registration, work perspective, activation steps and plans (domain.md 3.8, 3.37, 3.40, 3.41)."""

from collections.abc import Mapping

from ledger.code import Code, code_list
from ledger.codes.roles import Role


@code_list("3.8", nl="Activeringsstappen", en="Activation steps")
class ActivationStep(Code):
    """Who may report a step stands in :data:`STEP_REPORTERS`, what is mediation in :data:`MEDIATION_STEPS`."""

    FIRST_CONTACT = "first_contact", "Eerste contact", "First contact"
    ESTIMATION = "estimation", "Inschatting zelfredzaamheid", "Estimation of self-reliance"
    INTAKE_INTERVIEW = "intake_interview", "Bemiddelingsgesprek", "Mediation interview"
    COMPETENCE_PROFILE = "competence_profile", "Competentieprofiel opgemaakt", "Competence profile drawn up"
    ORIENTATION = "orientation", "Beroepsoriëntatie", "Vocational orientation"
    AGREEMENT_SHEET = "agreement_sheet", "Afsprakenblad", "Sheet of agreements"
    VACANCY_REFERRAL = "vacancy_referral", "Doorverwijzing naar vacature", "Referral to a vacancy"
    APPLICATION = "application", "Sollicitatie opgevolgd", "Application followed up"
    APPLICATION_TRAINING = "application_training", "Sollicitatietraining", "Application training"
    JOB_COACHING = "job_coaching", "Jobcoaching", "Job coaching"
    SECTOR_BATH = "sector_bath", "Sectorbad", "Sector immersion"
    TRAINING_REFERRAL = "training_referral", "Toeleiding naar opleiding", "Referral to training"
    TRAINING_SCREENING = "training_screening", "Opleidingsscreening of -test", "Training screening or test"
    LANGUAGE_SUPPORT = "language_support", "Taalondersteuning, NODW", "Language support at work"
    IBO = "ibo", "Individuele beroepsopleiding (IBO)", "Individual training in a company (IBO)"
    BIS_INTERNSHIP = "bis_internship", "Beroepsinlevingsstage", "Work immersion internship"
    WORK_EXPERIENCE = "work_experience", "Werkervaringsstage, TWE", "Work experience"
    WIJKWERKEN = "wijkwerken", "Wijk-werken", "Neighbourhood work"
    PARTNER_GUIDANCE = "partner_guidance", "Begeleiding door partner (tender)", "Guidance by a partner (tender)"
    MENTORING = "mentoring", "Mentoring naar werk", "Mentoring to work"
    HEALTH_ROUTE = "health_route", "Traject MMPP of gezondheid", "Health route"
    GPMI_STEP = "gpmi_step", "Stap in GPMI", "Step in a social integration project (GPMI)"
    ART60 = "art60", "Tewerkstelling artikel 60 §7", "Employment under article 60 §7"
    CATEGORY_CHANGE = "category_change", "Wijziging van categorie", "Change of category"
    DEREGISTERED = "deregistered", "Uitschrijving", "Deregistration"
    WARNING = "warning", "Verwittiging of sanctiemelding", "Warning or sanction notice"


_REPORTERS: dict[str, Role] = {"V": Role.VDAB, "A": Role.ACTIRIS, "O": Role.OCMW}

_MARKS: dict[ActivationStep, str] = {
    ActivationStep.FIRST_CONTACT: "VAO",
    ActivationStep.ESTIMATION: "VA*",
    ActivationStep.INTAKE_INTERVIEW: "VAO*",
    ActivationStep.COMPETENCE_PROFILE: "VA",
    ActivationStep.ORIENTATION: "VA*",
    ActivationStep.AGREEMENT_SHEET: "VA*",
    ActivationStep.VACANCY_REFERRAL: "VA*",
    ActivationStep.APPLICATION: "VA*",
    ActivationStep.APPLICATION_TRAINING: "VA*",
    ActivationStep.JOB_COACHING: "VAO*",
    ActivationStep.SECTOR_BATH: "V*",
    ActivationStep.TRAINING_REFERRAL: "VA*",
    ActivationStep.TRAINING_SCREENING: "V*",
    ActivationStep.LANGUAGE_SUPPORT: "VA",
    ActivationStep.IBO: "V*",
    ActivationStep.BIS_INTERNSHIP: "VA*",
    ActivationStep.WORK_EXPERIENCE: "VO*",
    ActivationStep.WIJKWERKEN: "V*",
    ActivationStep.PARTNER_GUIDANCE: "VA*",
    ActivationStep.MENTORING: "VA",
    ActivationStep.HEALTH_ROUTE: "VAO",
    ActivationStep.GPMI_STEP: "O*",
    ActivationStep.ART60: "O*",
    ActivationStep.CATEGORY_CHANGE: "VA",
    ActivationStep.DEREGISTERED: "VA",
    ActivationStep.WARNING: "VA*",
}

STEP_REPORTERS: Mapping[ActivationStep, frozenset[Role]] = {
    step: frozenset(_REPORTERS[letter] for letter in marks if letter in _REPORTERS) for step, marks in _MARKS.items()
}
"""Who may report each step: V = vdab, A = actiris, O = ocmw (3.8, B14)."""

MEDIATION_STEPS: frozenset[ActivationStep] = frozenset(step for step, marks in _MARKS.items() if "*" in marks)
"""Steps marked ★: acts of mediation, never done by an agency (3.8)."""

RESTRICTED_STEPS: frozenset[ActivationStep] = frozenset({ActivationStep.WARNING})
"""Steps that only a restricted view may show (3.8)."""


@code_list("inline", nl="Stand van de stap", en="State of the step")
class StepState(Code):
    PLANNED = "planned", "Gepland", "Planned"
    STARTED = "started", "Gestart", "Started"
    DONE = "done", "Uitgevoerd", "Done"
    NOT_SHOWN = "not_shown", "Niet komen opdagen", "Not shown"
    REFUSED = "refused", "Geweigerd", "Refused"
    STOPPED = "stopped", "Gestopt", "Stopped"


@code_list("3.37", nl="Categorie werkzoekende", en="Jobseeker category")
class JobseekerCategory(Code):
    BENEFIT = "benefit", "Uitkeringsgerechtigd", "Entitled to benefit"
    BIT = "bit", "In beroepsinschakelingstijd", "In integration time"
    LEEFLOON = "leefloon", "Met leefloon", "With living wage (leefloon)"
    FREE = "free", "Vrij ingeschreven", "Freely registered"
    WORKING_SEEKING = "working_seeking", "Werkend en werkzoekend", "Working and seeking"


@code_list("3.40", nl="Elementen van het arbeidsperspectief", en="Elements of the work perspective")
class PerspectiveElement(Code):
    SECTOR_PREFERENCES = "sector_preferences", "Sectorvoorkeuren", "Sector preferences"
    COMPETENCES = "competences", "Competenties", "Competences"
    AMBITION = "ambition", "Ambitie", "Ambition"
    EXPERIENCE = "experience", "Ervaring", "Experience"
    DIPLOMA_STATUS = "diploma_status", "Stand van het diploma", "Diploma status"
    LANGUAGE_LEVEL = "language_level", "Taalniveau", "Language level"
    AVAILABILITY = "availability", "Beschikbaarheid", "Availability"
    CONSTRAINTS_CODES = "constraints_codes", "Randvoorwaarden", "Constraints"


@code_list("inline", nl="Ontvanger van het arbeidsperspectief", en="Recipient of the work perspective")
class PerspectiveRecipient(Code):
    VDAB = "vdab", "VDAB", "VDAB"
    ACTIRIS = "actiris", "Actiris", "Actiris"
    OCMW = "ocmw", "OCMW", "OCMW"


@code_list("3.41", nl="Soort opvolgplan", en="Kind of follow-up plan")
class PlanKind(Code):
    AFSPRAKENBLAD = "afsprakenblad", "Afsprakenblad (VDAB)", "Sheet of agreements (VDAB)"
    ACTIEPLAN_ACTIRIS = "actieplan_actiris", "Actieplan (Actiris)", "Action plan (Actiris)"
    GPMI = "gpmi", "GPMI (OCMW)", "Social integration project (OCMW)"


PLAN_REPORTER: Mapping[Role, PlanKind] = {
    Role.VDAB: PlanKind.AFSPRAKENBLAD,
    Role.ACTIRIS: PlanKind.ACTIEPLAN_ACTIRIS,
    Role.OCMW: PlanKind.GPMI,
}
"""The one kind of plan that each service records (row 31)."""


@code_list("inline", nl="Stand van het plan", en="State of the plan")
class PlanState(Code):
    OPENED = "opened", "Geopend", "Opened"
    RENEWED = "renewed", "Vernieuwd", "Renewed"
    CLOSED = "closed", "Gesloten", "Closed"
