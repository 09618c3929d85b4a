"""Referrals, answers and initiatives (domain.md 3.3, 3.34–3.36, 3.38)."""

from ledger.code import Code, code_list


@code_list("3.3", nl="Doel van doorverwijzing", en="Referral target")
class ReferralTarget(Code):
    VDAB = "vdab", "VDAB", "VDAB"
    ACTIRIS = "actiris", "Actiris", "Actiris"
    OCMW = "ocmw", "OCMW", "OCMW"
    NARIC = "naric", "NARIC-Vlaanderen", "NARIC"
    RECOGNITION_AUTHORITY = "recognition_authority", "Andere erkenningsinstantie", "Other recognition authority"
    EVC = "evc", "EVC-centrum", "Validation centre (EVC)"
    VOCATIONAL_TRAINING = "vocational_training", "Beroepsopleiding", "Vocational training"
    NT2 = "nt2", "NT2-aanbod", "Dutch courses"
    ADULT_EDUCATION = "adult_education", "Volwassenenonderwijs", "Adult education"
    HIGHER_EDUCATION = "higher_education", "Hoger onderwijs", "Higher education"
    MENTORING = "mentoring", "Mentoring naar werk", "Mentoring to work"
    JOB_EVENT = "job_event", "Jobevent", "Job event"
    ENTREPRENEURSHIP = "entrepreneurship", "Starterbegeleiding", "Self-employment support"
    CHILDCARE = "childcare", "Kinderopvang", "Childcare"
    WELFARE = "welfare", "Welzijn en gezondheid", "Welfare and health"
    HOUSING = "housing", "Wonen", "Housing"
    LOCAL_INITIATIVE = "local_initiative", "Lokaal initiatief", "Local initiative"
    SECTOR_TRAJECTORY = "sector_trajectory", "Sectortraject", "Sector trajectory"
    GROUP_OFFER = "group_offer", "Groepsaanbod", "Group offer"
    EQUALITY_BODY = "equality_body", "Meldpunt discriminatie", "Equality body"


@code_list("inline", nl="Soort doorverwijzing", en="Kind of referral")
class ReferralKind(Code):
    STANDARD = "standard", "Gewone doorverwijzing", "Standard referral"
    WARM_HANDOVER = "warm_handover", "Warme overdracht", "Warm handover"


WARM_HANDOVER_TARGETS: frozenset[ReferralTarget] = frozenset({ReferralTarget.VDAB, ReferralTarget.ACTIRIS, ReferralTarget.OCMW})
"""The activation partners to whom a warm handover can be made (row 22)."""


@code_list("3.34", nl="Motief", en="Motive")
class Motive(Code):
    PILLAR3 = "pillar3", "Derde pijler", "Third pillar"
    OWN_LEVEL_WORK = "own_level_work", "Werk op eigen niveau", "Work at own level"
    TRAINING = "training", "Opleiding", "Training"
    RECOGNITION = "recognition", "Diploma-erkenning", "Recognition"
    DEFICIT = "deficit", "Tekort wegwerken", "Remedying a deficit"
    EVC = "evc", "EVC", "Validation of skills (EVC)"
    LANGUAGE = "language", "Taal", "Language"
    SELF_EMPLOYMENT = "self_employment", "Zelfstandig ondernemen", "Self-employment"
    NETWORK = "network", "Netwerk", "Network"
    WELFARE = "welfare", "Welzijn", "Welfare"


@code_list("3.35", nl="Antwoord op doorverwijzing", en="Answer to a referral")
class ReferralAnswer(Code):
    ACCEPTED = "accepted", "Aanvaard", "Accepted"
    TAKEN_UP = "taken_up", "Opgenomen, eerste actie gebeurd", "Taken up, first action done"
    REFUSED = "refused", "Geweigerd", "Refused"
    NO_SHOW = "no_show", "Niet komen opdagen", "No show"
    UNREACHABLE = "unreachable", "Onbereikbaar", "Unreachable"
    REDIRECTED = "redirected", "Verder doorverwezen", "Redirected"


@code_list("3.36", nl="Reden van weigering", en="Refusal reason")
class RefusalReason(Code):
    LANGUAGE_TOO_LOW = "language_too_low", "Taalniveau te laag", "Language level too low"
    NO_PLACES = "no_places", "Geen plaatsen", "No places"
    NOT_ELIGIBLE = "not_eligible", "Behoort niet tot de doelgroep", "Not eligible"
    WRONG_REGION = "wrong_region", "Verkeerde regio", "Wrong region"
    ALREADY_SERVED = "already_served", "Al geholpen", "Already served"
    NO_CAPACITY = "no_capacity", "Geen capaciteit", "No capacity"


@code_list("3.38", nl="Initiatief", en="Initiative")
class Initiative(Code):
    MENTORING = "mentoring", "Mentoring naar werk", "Mentoring to work"
    JOB_EVENT = "job_event", "Jobevent", "Job event"
    COMPANY_VISIT = "company_visit", "Bedrijfsbezoek", "Company visit"
    LANGUAGE_PRACTICE = "language_practice", "Taal oefenen", "Language practice"
    INFO_SESSION = "info_session", "Infosessie", "Information session"
    BUDDY_WORK = "buddy_work", "Buddy naar werk", "Work buddy"
    MATCHMAKING = "matchmaking", "Matchmaking", "Matchmaking"
    VOLUNTEERING = "volunteering", "Vrijwilligerswerk", "Volunteering"
    ENTREPRENEUR_DESK = "entrepreneur_desk", "Ondernemersloket", "Entrepreneur desk"


@code_list("inline", nl="Reikwijdte van een initiatief", en="Scope of an initiative")
class InitiativeScope(Code):
    LOCAL = "local", "Lokaal", "Local"
    REGIONAL = "regional", "Regionaal", "Regional"
    FLEMISH = "flemish", "Vlaams", "Flemish"


@code_list("inline", nl="Stand van deelname", en="State of attendance")
class AttendanceState(Code):
    ATTENDED = "attended", "Aanwezig", "Attended"
    STARTED = "started", "Gestart", "Started"
    COMPLETED = "completed", "Voltooid", "Completed"
    STOPPED = "stopped", "Gestopt", "Stopped"
