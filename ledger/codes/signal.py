"""Signals of discrimination (domain.md 3.61–3.63); their events stand in a restricted stream."""

from ledger.code import Code, code_list


@code_list("3.61", nl="Discriminatiegronden", en="Grounds of discrimination")
class DiscriminationGround(Code):
    ALLEGED_RACE = "alleged_race", "Zogenaamd ras", "Alleged race"
    SKIN_COLOUR = "skin_colour", "Huidskleur", "Skin colour"
    ORIGIN = "origin", "Afkomst", "Origin"
    NATIONAL_ETHNIC_ORIGIN = "national_ethnic_origin", "Nationale of etnische afstamming", "National or ethnic origin"
    NATIONALITY = "nationality", "Nationaliteit", "Nationality"
    RELIGION = "religion", "Geloof of levensbeschouwing", "Religion or belief"
    LANGUAGE = "language", "Taal", "Language"
    GENDER = "gender", "Geslacht", "Gender"
    AGE = "age", "Leeftijd", "Age"
    DISABILITY_HEALTH = "disability_health", "Handicap of gezondheidstoestand", "Disability or health"
    WEALTH = "wealth", "Vermogen", "Wealth"
    FAMILY_STATUS = "family_status", "Gezinssituatie", "Family status"
    SEXUAL_ORIENTATION = "sexual_orientation", "Seksuele geaardheid", "Sexual orientation"
    OTHER = "other", "Andere", "Other"


@code_list("3.62", nl="Context van het signaal", en="Context of the signal")
class SignalContext(Code):
    RECRUITMENT = "recruitment", "Werving", "Recruitment"
    WORK_FLOOR = "work_floor", "Werkvloer", "Shop floor"
    AGENCY_WORK = "agency_work", "Uitzendarbeid", "Temporary agency work"
    TRAINING = "training", "Opleiding", "Training"
    PUBLIC_SERVICE = "public_service", "Openbare dienst", "Public service"
    RECOGNITION = "recognition", "Diploma-erkenning", "Recognition"
    INTERNSHIP = "internship", "Stage", "Internship"
    HOUSING = "housing", "Wonen", "Housing"
    OTHER = "other", "Andere", "Other"


@code_list("3.63", nl="Actie op het signaal", en="Action on the signal")
class SignalAction(Code):
    INFORMED_RIGHTS = "informed_rights", "Geïnformeerd over rechten", "Informed of rights"
    REFERRED_VMRI = "referred_vmri", "Doorverwezen naar het Vlaams Mensenrechteninstituut", "Referred to the Flemish Human Rights Institute"
    REFERRED_UNIA = "referred_unia", "Doorverwezen naar Unia", "Referred to Unia"
    REFERRED_INSPECTION = "referred_inspection", "Doorverwezen naar de inspectie", "Referred to the inspectorate"
    INTERNAL_FOLLOW_UP = "internal_follow_up", "Intern opgevolgd", "Followed up internally"
    NO_ACTION_WANTED = "no_action_wanted", "Geen actie gewenst", "No action wanted"
    WITHDRAWN = "withdrawn", "Ingetrokken", "Withdrawn"
