"""Training and employment (domain.md 3.42–3.44)."""

from ledger.code import Code, code_list


@code_list("3.42", nl="Soort opleiding", en="Training kind")
class TrainingKind(Code):
    VOCATIONAL = "vocational", "Beroepsopleiding", "Vocational training"
    INTEGRATED_LANGUAGE_VOCATIONAL = (
        "integrated_language_vocational",
        "Geïntegreerde taal- en beroepsopleiding",
        "Integrated language and vocational training",
    )
    BRIDGING_DEFICIT = "bridging_deficit", "Bijscholing van een tekort", "Bridging a deficit"
    ADULT_EDUCATION = "adult_education", "Volwassenenonderwijs", "Adult education"
    HIGHER_EDUCATION = "higher_education", "Hoger onderwijs", "Higher education"
    IBO = "ibo", "Individuele beroepsopleiding (IBO)", "Individual training in a company (IBO)"
    BIS_INTERNSHIP = "bis_internship", "Beroepsinlevingsstage", "Work immersion internship"
    WORK_EXPERIENCE = "work_experience", "Werkervaringsstage", "Work experience"
    NODW = "nodw", "Nederlands op de werkvloer", "Dutch on the shop floor"


@code_list("inline", nl="Resultaat van de opleiding", en="Outcome of the training")
class TrainingOutcome(Code):
    COMPLETED = "completed", "Voltooid", "Completed"
    STOPPED_JOB = "stopped_job", "Gestopt om werk", "Stopped for a job"
    STOPPED_LANGUAGE = "stopped_language", "Gestopt om taal", "Stopped because of language"
    STOPPED_OTHER = "stopped_other", "Gestopt om andere reden", "Stopped for another reason"
    FAILED = "failed", "Niet geslaagd", "Failed"


@code_list("3.43", nl="Soort arbeidscontract", en="Kind of job contract")
class JobContractKind(Code):
    INDEFINITE = "indefinite", "Onbepaalde duur", "Indefinite"
    FIXED = "fixed", "Bepaalde duur", "Fixed term"
    TEMP_AGENCY = "temp_agency", "Uitzendarbeid", "Temporary agency work"
    IBO_FOLLOW = "ibo_follow", "Contract na IBO", "Contract after individual training (IBO)"
    ART60 = "art60", "Artikel 60 §7", "Article 60 §7"
    TWE = "twe", "Tijdelijke werkervaring", "Temporary work experience"
    SELF_EMPLOYED = "self_employed", "Zelfstandig", "Self-employed"
    FLEXI = "flexi", "Flexi-job", "Flexi-job"
    STUDENT = "student", "Studentenjob", "Student job"
    MAATWERK = "maatwerk", "Maatwerk", "Sheltered work"


OCMW_CONTRACTS: frozenset[JobContractKind] = frozenset({JobContractKind.ART60, JobContractKind.TWE})
"""The job contracts that an OCMW itself reports (row 34)."""


@code_list("inline", nl="Bewijs van tewerkstelling", en="Evidence of employment")
class JobEvidence(Code):
    DIMONA = "dimona", "Dimona-aangifte", "Dimona declaration"
    EMPLOYER = "employer", "Verklaring van de werkgever", "Statement of the employer"
    SELF_REPORT = "self_report", "Gemeld door de persoon", "Reported by the person"


@code_list("inline", nl="Werk op niveau", en="Match of the level")
class LevelMatch(Code):
    MATCH = "match", "Op niveau", "At level"
    BELOW = "below", "Onder niveau", "Below level"
    UNKNOWN = "unknown", "Onbekend", "Unknown"


@code_list("3.44", nl="Reden van einde tewerkstelling", en="Job end reason")
class JobEndReason(Code):
    END_CONTRACT = "end_contract", "Einde contract", "End of contract"
    DISMISSED = "dismissed", "Ontslagen", "Dismissed"
    RESIGNED = "resigned", "Ontslag genomen", "Resigned"
    NEW_JOB = "new_job", "Nieuwe job", "New job"
    STUDY = "study", "Studie", "Study"
    HEALTH = "health", "Gezondheid", "Health"
    UNKNOWN = "unknown", "Onbekend", "Unknown"
