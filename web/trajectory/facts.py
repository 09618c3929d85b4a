"""The main facts of a person for people, out of the many that figures are made from. All of them stand in the JSON answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ledger.code import Code
from ledger.codes.person import EducationLevel
from ledger.codes.region import Region
from web import wording
from web.labels import Told, region_label
from web.language import Language

_MAIN: tuple[tuple[str, str, str], ...] = (
    ("contract_on", "Eerste contract", "First contract"),
    ("region0", "Regio bij het contract", "Region at the contract"),
    ("obligation", "Verplicht of rechthebbend", "Obliged or entitled"),
    ("ground", "Verblijfsgrond", "Residence ground"),
    ("age0", "Leeftijd bij het contract", "Age at the contract"),
    ("edu0", "Opleiding bij het contract", "Education at the contract"),
    ("work0", "Werk bij het contract", "Work at the contract"),
    ("parts", "Onderdelen van het traject", "Parts of the trajectory"),
    ("exempt_parts", "Vrijgesteld van", "Exempt from"),
    ("self_rel", "Zelfredzaamheid", "Self-reliance"),
    ("outlook", "Toekomstperspectief", "Outlook"),
    ("screen_on", "Screening van competenties", "Competence screening"),
    ("ambition", "Ambitie", "Ambition"),
    ("ref3_on", "Verwezen naar VDAB of Actiris", "Referred to VDAB or Actiris"),
    ("reg_on", "Ingeschreven als werkzoekende", "Registered as jobseeker"),
    ("reg_service", "Ingeschreven bij", "Registered with"),
    ("step1_on", "Eerste stap van de dienst", "First step by the service"),
    ("mo_on", "Start cursus MO", "Start of the civic course"),
    ("mo_out", "Uitkomst cursus MO", "Outcome of the civic course"),
    ("oral_d", "Nederlands mondeling", "Oral Dutch"),
    ("cert_on", "Attest of verklaring", "Certificate"),
    ("case_n", "Erkenningsdossiers", "Recognition cases"),
    ("rec_best", "Beste erkenning", "Best recognition"),
    ("evc_out", "Uitkomst EVC", "Validation outcome"),
    ("sec_on", "Sectortraject sinds", "Sector trajectory since"),
    ("train1_on", "Eerste opleiding", "First training"),
    ("job1_on", "Eerste werk", "First job"),
    ("job1_sector", "Sector van het eerste werk", "Sector of the first job"),
    ("job_d", "Aan het werk op de peildatum", "At work on the as-of date"),
    ("end_on", "Traject beëindigd", "Trajectory ended"),
    ("end_reason", "Reden van het einde", "Reason of the end"),
)

_LISTS: Mapping[str, type[Code]] = {"edu0": EducationLevel}
"""Facts that are kept as plain text of a code list."""


def main_facts(facts: Mapping[str, object], language: Language) -> list[Told]:
    """The main facts that say something, written out. A fact that has no place here is in the JSON answer."""
    shown: list[Told] = []
    for name, nl, en in _MAIN:
        value = facts.get(name)
        if value in (None, (), [], 0):
            continue
        if name in _LISTS and isinstance(value, str):
            value = _LISTS[name](value)
        shown.append((language.say(nl, en), _written(value, language)))
    return shown


def _written(value: object, language: Language) -> str:
    if isinstance(value, Region):
        return region_label(value.value, language)
    if isinstance(value, Code):
        return value.label(language.value)
    if isinstance(value, bool):
        return language.say("ja", "yes") if value else language.say("nee", "no")
    if isinstance(value, date):
        return wording.short_day(value, language)
    if isinstance(value, tuple | list):
        return ", ".join(_written(item, language) for item in value)
    if isinstance(value, int):
        return wording.number(value, language)
    return str(value)
