"""Who a person is and how they stand: profile, status, education (domain.md 3.10–3.13, 3.15–3.18)."""

from ledger.code import Code, code_list


@code_list("3.10", nl="Uitkeringsstatus", en="Benefit status")
class BenefitStatus(Code):
    """``none`` together with work status ``jobless`` makes a person NUG (jobseeker without benefit)."""

    UNEMPLOYMENT = "unemployment", "Werkloosheidsuitkering", "Unemployment benefit"
    INTEGRATION_TIME = "integration_time", "Beroepsinschakelingstijd of inschakelingsuitkering", "Integration time or integration benefit"
    LEEFLOON = "leefloon", "Leefloon of equivalent", "Living wage (leefloon) or equivalent"
    SICKNESS = "sickness", "Ziekte- of invaliditeitsuitkering", "Sickness or invalidity benefit"
    DISABILITY = "disability", "Inkomensvervangende tegemoetkoming", "Income replacement allowance"
    NONE = "none", "Geen uitkering", "No benefit"
    UNKNOWN = "unknown", "Onbekend", "Unknown"


@code_list("3.11", nl="Werkstatus", en="Work status")
class WorkStatus(Code):
    EMPLOYED = "employed", "Loontrekkend", "Employed"
    SELF_EMPLOYED = "self_employed", "Zelfstandig", "Self-employed"
    STUDYING = "studying", "Voltijds studerend", "Full-time student"
    JOBLESS = "jobless", "Niet-werkend", "Jobless"
    INACTIVE_CARE = "inactive_care", "Zorg voor gezin, niet beschikbaar", "Caring for family, not available"
    UNFIT = "unfit", "Arbeidsongeschikt", "Unfit for work"


@code_list("3.12", nl="Onderwijs- of diplomaniveau", en="Education or diploma level")
class EducationLevel(Code):
    """Levels follow the Flemish qualification structure (VKS), aligned with EQF."""

    NONE = "none", "Geen", "None"
    PRIMARY = "primary", "Lager onderwijs", "Primary"
    LOWER_SECONDARY = "lower_secondary", "Lager secundair", "Lower secondary"
    UPPER_SECONDARY = "upper_secondary", "Hoger secundair (VKS 3–4)", "Upper secondary (VKS 3–4)"
    HBO5 = "hbo5", "HBO5 (VKS 5)", "Associate degree (VKS 5)"
    BACHELOR = "bachelor", "Bachelor (VKS 6)", "Bachelor (VKS 6)"
    MASTER = "master", "Master (VKS 7)", "Master (VKS 7)"
    DOCTORATE = "doctorate", "Doctor (VKS 8)", "Doctorate (VKS 8)"
    ALFA = "alfa", "Laaggeletterd of analfabeet", "Low-literate or illiterate"
    UNKNOWN = "unknown", "Onbekend", "Unknown"


@code_list("3.13", nl="Herkomst van onderwijs", en="Origin of education")
class EducationOrigin(Code):
    BE = "be", "België", "Belgium"
    EEA_CH = "eea_ch", "EER of Zwitserland", "EEA or Switzerland"
    BENELUX_AUTO = "benelux_auto", "Automatisch erkend (Benelux, verdragen)", "Automatically recognised (Benelux, treaties)"
    NON_EEA = "non_eea", "Buiten de EER", "Outside the EEA"
    UNKNOWN = "unknown", "Onbekend", "Unknown"


@code_list("3.15", nl="Geregistreerd geslacht", en="Registered gender")
class Gender(Code):
    M = "m", "Man", "Male"
    F = "f", "Vrouw", "Female"
    X = "x", "X", "X"
    UNKNOWN = "unknown", "Onbekend", "Unknown"


@code_list("3.16", nl="Nationaliteitsgroep", en="Nationality group")
class NationalityGroup(Code):
    BE = "be", "België", "Belgium"
    EU = "eu", "Europese Unie", "European Union"
    EFTA_UK = "efta_uk", "EVA-landen en Verenigd Koninkrijk", "EFTA countries and United Kingdom"
    UA = "ua", "Oekraïne, tijdelijk beschermden", "Ukraine, temporary protection"
    WB_TR = "wb_tr", "Turkije en Westelijke Balkan", "Türkiye and Western Balkans"
    MENA = "mena", "Maghreb en Midden-Oosten", "Maghreb and Middle East"
    SSA = "ssa", "Sub-Sahara Afrika", "Sub-Saharan Africa"
    ASIA = "asia", "Azië", "Asia"
    AMERICAS = "americas", "Noord- en Zuid-Amerika", "The Americas"
    STATELESS_UNKNOWN = "stateless_unknown", "Staatloos of onbekend", "Stateless or unknown"


@code_list("3.17", nl="Inburgeringsplicht", en="Obligation")
class Obligation(Code):
    OBLIGED = "obliged", "Verplicht", "Obliged"
    ENTITLED = "entitled", "Rechthebbend", "Entitled"
    EXEMPT = "exempt", "Vrijgesteld", "Exempt"


@code_list("3.18", nl="Verblijfsgrond", en="Residence ground")
class ResidenceGround(Code):
    PROTECTION = "protection", "Internationale bescherming", "International protection"
    TEMPORARY_PROTECTION = "temporary_protection", "Tijdelijke bescherming", "Temporary protection"
    FAMILY = "family", "Gezinshereniging", "Family reunification"
    EU_MOBILITY = "eu_mobility", "Vrij verkeer EU", "EU free movement"
    WORK = "work", "Arbeid", "Work"
    STUDY = "study", "Studie", "Study"
    REGULARISATION = "regularisation", "Regularisatie", "Regularisation"
    OTHER = "other", "Andere", "Other"
