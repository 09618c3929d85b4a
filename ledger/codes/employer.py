"""Support for employers (domain.md 3.58–3.60)."""

from ledger.code import Code, code_list


@code_list("3.58", nl="Noden van werkgevers", en="Employer needs")
class EmployerNeed(Code):
    LANGUAGE_LEARNING = "language_learning", "Taal leren", "Language learning"
    LANGUAGE_POLICY = "language_policy", "Taalbeleid", "Language policy"
    CLEAR_LANGUAGE = "clear_language", "Duidelijke taal", "Clear language"
    ONBOARDING = "onboarding", "Onthaal", "Onboarding"
    DIVERSITY_POLICY = "diversity_policy", "Diversiteitsbeleid", "Diversity policy"
    TEAM_INTEGRATION = "team_integration", "Integratie in het team", "Team integration"
    INCLUSIVE_RECRUITMENT = "inclusive_recruitment", "Inclusieve werving", "Inclusive recruitment"
    ANTI_DISCRIMINATION = "anti_discrimination", "Antidiscriminatie", "Anti-discrimination"
    MENTORING_FLOOR = "mentoring_floor", "Mentoring op de werkvloer", "Mentoring on the shop floor"
    SUBSIDY_INFO = "subsidy_info", "Informatie over subsidies", "Subsidy information"


@code_list("inline", nl="Wie de nood stelt", en="Who states the need")
class StatedBy(Code):
    """Always the employer: it decides on needs and investment (B16)."""

    EMPLOYER = "employer", "Werkgever", "Employer"


@code_list("3.59", nl="Grootteklasse", en="Size class")
class SizeClass(Code):
    MICRO = "micro", "Minder dan 10 werknemers", "Fewer than 10 employees"
    SMALL = "small", "10 tot 49 werknemers", "10 to 49 employees"
    MEDIUM = "medium", "50 tot 249 werknemers", "50 to 249 employees"
    LARGE = "large", "250 werknemers of meer", "250 employees or more"


@code_list("inline", nl="Route van de ondersteuning", en="Route of the support")
class SupportRoute(Code):
    AGENCY_OFFER = "agency_offer", "Aanbod van het agentschap", "Offer of the agency"
    OTHER_PARTNER = "other_partner", "Andere partner", "Other partner"
    NONE = "none", "Geen", "None"


@code_list("3.60", nl="Soort ondersteuning voor werkgevers", en="Employer support kind")
class SupportKind(Code):
    LANGUAGE_SCAN = "language_scan", "Taalscan", "Language scan"
    LANGUAGE_COACHING = "language_coaching", "Taalcoaching", "Language coaching"
    LANGUAGE_BUDDY = "language_buddy", "Taalbuddy, peter of meter", "Language buddy"
    CLEAR_LANGUAGE_TRAINING = "clear_language_training", "Opleiding duidelijke taal", "Clear language training"
    DIVERSITY_SCAN = "diversity_scan", "Diversiteitsscan", "Diversity scan"
    DIVERSITY_TRAINING = "diversity_training", "Diversiteitstraining", "Diversity training"
    POLICY_ADVICE = "policy_advice", "Beleidsadvies", "Policy advice"
    TOOLKIT = "toolkit", "Toolkit", "Toolkit"
    INFO_SESSION = "info_session", "Infosessie", "Information session"
    REFERRAL_PARTNER = "referral_partner", "Doorverwijzing naar partner", "Referral to a partner"
