"""Intake, orientation and screening (domain.md 3.26–3.30)."""

from ledger.code import Code, code_list


@code_list("3.26", nl="Kanaal", en="Channel")
class Channel(Code):
    OFFICE = "office", "Aan het loket", "At the office"
    PHONE = "phone", "Telefonisch", "By phone"
    ONLINE = "online", "Online", "Online"
    OUTREACH = "outreach", "Vindplaatsgericht", "Outreach"
    PARTNER = "partner", "Via een partner", "Through a partner"


@code_list("inline", nl="Vorm van oriëntatie", en="Mode of orientation")
class OrientationMode(Code):
    INDIVIDUAL = "individual", "Individueel", "Individual"
    GROUP = "group", "In groep", "In group"


@code_list("3.27", nl="Onderwerpen van loopbaanoriëntatie", en="Career orientation topics")
class OrientationTopic(Code):
    LIFE_CAREER = "life_career", "Levensloopbaan", "Life career"
    LABOUR_MARKET_INSIGHT = "labour_market_insight", "Arbeidsmarktinzicht", "Labour market insight"
    SECTOR_INFO = "sector_info", "Sectorinformatie", "Sector information"
    DIPLOMA_ROUTE = "diploma_route", "Weg naar diploma-erkenning", "Route to diploma recognition"
    EVC_ROUTE = "evc_route", "Weg naar EVC", "Route to validation of skills (EVC)"
    DUTCH_IMPORTANCE = "dutch_importance", "Belang van Nederlands", "Importance of Dutch"
    RIGHTS_DISCRIMINATION = "rights_discrimination", "Rechten en discriminatie", "Rights and discrimination"
    FAMILY_WORK_BALANCE = "family_work_balance", "Gezin en werk", "Family and work"
    ENTREPRENEURSHIP = "entrepreneurship", "Ondernemen", "Entrepreneurship"
    VACANCY_MATCHING = "vacancy_matching", "Matching met vacatures", "Matching with vacancies"
    APPLICATION_FOLLOWUP = "application_followup", "Opvolging van sollicitaties", "Follow-up of applications"
    EMPLOYER_NEGOTIATION = "employer_negotiation", "Onderhandelen met werkgever", "Negotiating with an employer"


MEDIATION_TOPICS: frozenset[OrientationTopic] = frozenset(
    {OrientationTopic.VACANCY_MATCHING, OrientationTopic.APPLICATION_FOLLOWUP, OrientationTopic.EMPLOYER_NEGOTIATION}
)
"""Topics that are job mediation and that no agency handles (3.27, B01)."""


@code_list("3.28", nl="Ambitie", en="Ambition")
class Ambition(Code):
    WORK_NOW = "work_now", "Meteen werken", "Work now"
    WORK_OWN_LEVEL = "work_own_level", "Werken op eigen niveau", "Work at own level"
    TRAINING_FIRST = "training_first", "Eerst opleiding", "Training first"
    STUDY = "study", "Studeren", "Study"
    SELF_EMPLOYED = "self_employed", "Zelfstandig worden", "Become self-employed"
    NO_WORK_NOW = "no_work_now", "Nu niet werken", "No work now"
    UNDECIDED = "undecided", "Nog niet beslist", "Undecided"


@code_list("3.29", nl="Schaal", en="Scale")
class Scale(Code):
    LOW = "low", "Laag", "Low"
    MEDIUM = "medium", "Gemiddeld", "Medium"
    HIGH = "high", "Hoog", "High"


@code_list("3.30", nl="Toekomstperspectief", en="Outlook")
class Outlook(Code):
    PROFESSIONAL = "professional", "Professioneel", "Professional"
    EDUCATIONAL = "educational", "Educatief", "Educational"
    SOCIAL = "social", "Sociaal", "Social"
    COMBINED = "combined", "Gecombineerd", "Combined"
    UNCLEAR = "unclear", "Onduidelijk", "Unclear"
