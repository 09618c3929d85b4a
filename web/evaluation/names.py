"""Names of covariates, their levels, and the parts of a comparison."""

from __future__ import annotations

from ledger.codes.course import Cefr
from ledger.codes.intake import Outlook, Scale
from ledger.codes.person import EducationLevel, Gender, NationalityGroup, Obligation, ResidenceGround
from ledger.codes.region import Region
from web.language import Language

_COVARIATES = {
    "gender": ("Geslacht", "Gender", Gender),
    "age": ("Leeftijd", "Age", None),
    "education": ("Opleiding", "Education", EducationLevel),
    "obligation": ("Verplichting", "Obligation", Obligation),
    "benefit_class": ("Uitkering", "Benefit", None),
    "oral_class": ("Mondeling Nederlands", "Oral Dutch", Cefr),
    "region": ("Regio", "Region", Region),
    "ground": ("Verblijfsgrond", "Residence ground", ResidenceGround),
    "nationality": ("Nationaliteitsgroep", "Nationality group", NationalityGroup),
    "learning": ("Leervermogen", "Learning ability", Scale),
    "outlook": ("Perspectief", "Perspective", Outlook),
    "self_reliance": ("Zelfredzaamheid", "Self-reliance", Scale),
    "screen_on": ("Gescreend", "Screened", None),
    "reg_on": ("Ingeschreven", "Registered", None),
    "step1_on": ("Stap gezet", "Step taken", None),
    "mo_on": ("MO gestart", "Civic orientation started", None),
    "orient_on": ("Georiënteerd", "Oriented", None),
    "a2_on": ("Nederlands A2", "Dutch A2", None),
    "inf_on": ("Geïnformeerd", "Informed", None),
    "other_pilot": ("Andere proeftuin", "Other pilot", None),
}
_LEVELS = {
    "unknown": ("onbekend", "unknown"),
    "other": ("andere", "other"),
    "yes": ("ja", "yes"),
    "nug": ("geen", "none"),
    "leefloon": ("leefloon", "living wage"),
    "to_a1": ("tot A1", "up to A1"),
    "from_a2": ("vanaf A2", "from A2"),
}
_PARTS = {
    "self_reliance_low": ("lage zelfredzaamheid", "low self-reliance"),
    "nug": ("zonder werk en uitkering", "without work and benefit"),
    "registered_before": ("placebo: ingeschreven vóór het aanbod", "placebo: registered before the offer"),
    "earlier_period": ("placebo: periode vóór de proeftuin", "placebo: period before the pilot"),
}


def covariate(name: str, level: str, language: Language) -> str:
    """``Opleiding: bachelor``."""
    nl, en, codes = _COVARIATES.get(name, (name, name, None))
    if level in _LEVELS:
        return f"{language.say(nl, en)}: {language.say(*_LEVELS[level])}"
    if codes is not None:
        try:
            return f"{language.say(nl, en)}: {codes(level).label(language.value)}"
        except ValueError:
            pass
    return f"{language.say(nl, en)}: {level}"


def part_name(name: str, language: Language) -> str:
    """A part of a comparison."""
    return language.say(*_PARTS[name]) if name in _PARTS else name
