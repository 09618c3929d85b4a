"""Dimensions: what figures can be split by, each value with its name, and which dimension lies inside which.

A dimension that lies inside another (a region in its part of the country, a quarter in its year) shares an axis with it,
so that small-number protection knows that the one adds up to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from ledger import geography
from ledger.code import Code
from ledger.codes.clock_state import Party
from ledger.codes.contract import EndingReason
from ledger.codes.course import Cefr
from ledger.codes.edition import AlignmentOutcome, EditionKind
from ledger.codes.employer import EmployerNeed, SizeClass
from ledger.codes.evc import EvcOutcome
from ledger.codes.intake import Outlook, Scale
from ledger.codes.offer import OfferKind
from ledger.codes.person import BenefitStatus, EducationLevel, Gender, NationalityGroup, Obligation, ResidenceGround
from ledger.codes.pilot import AdvancedKind, InsightOrigin, PilotTheme
from ledger.codes.policy import ClauseTopic
from ledger.codes.recognition import (
    NARIC_PROCEDURES,
    STRICTLY_POSITIVE_OUTCOMES,
    DeficitKind,
    NextStep,
    RecognitionAuthority,
    RecognitionOutcome,
    RecognitionProcedure,
    RegulatedProfession,
)
from ledger.codes.referral import ReferralTarget, RefusalReason
from ledger.codes.region import Region
from ledger.codes.roles import Role
from ledger.codes.sector import Sector
from ledger.codes.vdab import PerspectiveElement, PerspectiveRecipient
from ledger.verdict import Message

UNKNOWN = "unknown"
"""A value that is missing: shown as a category, never dropped."""
MOST = 3
"""Dimensions that may be crossed in one answer."""
YEAR, QUARTER = "year", "quarter"
SEVERAL = "several"
"""An offer or edition that serves more than one region: it is counted once."""

FLANDERS, BRUSSELS = "vlaanderen", "brussel"


def area_of(region: str) -> str:
    """The part of the country that a region or province lies in."""
    return region if region in (UNKNOWN, BRUSSELS) else FLANDERS


def province_of(region: str) -> str:
    """The province that a region lies in; Brussels lies in none and stands for itself."""
    found = None if region == UNKNOWN else geography.province_of(Region(region))
    return region if found is None else found.value


def granted_of(outcome: str) -> str:
    """Whether an outcome is one of those that IND-18 counts: the categories of a mix and the share made of them are one table."""
    return "yes" if outcome in {one.value for one in STRICTLY_POSITIVE_OUTCOMES} else "no"


def academic_procedure(procedure: str) -> str:
    """Whether a procedure is one of NARIC's: those, and NARIC, are the same files, whichever of the two a figure is split by."""
    return procedure if procedure == UNKNOWN else "yes" if procedure in {one.value for one in NARIC_PROCEDURES} else "no"


def academic_authority(authority: str) -> str:
    """Whether an authority is NARIC."""
    return authority if authority == UNKNOWN else "yes" if authority == RecognitionAuthority.NARIC.value else "no"


def language_of(refusal: str) -> str:
    """Whether a reason of refusal is the one that IND-09 counts."""
    return "yes" if refusal == RefusalReason.LANGUAGE_TOO_LOW.value else "no"


class Dimension(msgspec.Struct, frozen=True, kw_only=True):
    """One way to split a figure."""

    code: str
    nl: str
    en: str
    values: type[Code] | None = None
    """The code list of its values, when it has one."""
    named: Mapping[str, Message] = {}
    """Names of values that are no code of a list."""
    sensitive: bool = False
    """Whether what holds for none or for all of a group already says something of each of them (evaluation.md 6.1.4)."""
    inside: str | None = None
    """The dimension that each of its values lies in one value of."""
    parent: Callable[[str], str] | None = None

    def label(self, value: str, lang: str) -> str:
        """A value in words; itself when it has none."""
        if value == UNKNOWN and value not in self.named:
            return "unknown" if lang == "en" else "onbekend"
        if value in self.named:
            return self.named[value].en if lang == "en" else self.named[value].nl
        if self.values is not None:
            try:
                return self.values(value).label(lang)
            except ValueError:
                return value
        return value


def _ages() -> dict[str, Message]:
    bands = {band: Message(f"{band} jaar", f"{band} years") for band in ("18-24", "25-34", "35-44", "45-54", "55-64")}
    return {"-17": Message("jonger dan 18", "younger than 18"), **bands, "65+": Message("65 en ouder", "65 and older")}


_AREAS = {FLANDERS: Message("Vlaanderen", "Flanders"), BRUSSELS: Message("Brussel", "Brussels")}
_SERVED = {SEVERAL: Message("verschillende regio's", "several regions")}
_YES_NO = {"yes": Message("ja", "yes"), "no": Message("nee", "no")}

_FEEDBACK = {
    "received": Message("Terugkoppeling ontvangen", "Feedback received"),
    "asked_no_answer": Message("Gevraagd, geen antwoord", "Asked, no answer"),
    "not_asked": Message("Niet gevraagd", "Not asked"),
}
_ANSWERS = {
    "taken_up": Message("Opgenomen, eerste actie gebeurd", "Taken up, first action done"),
    "accepted": Message("Aanvaard", "Accepted"),
    "redirected": Message("Verder doorverwezen", "Redirected"),
    "refused": Message("Geweigerd", "Refused"),
    "no_show": Message("Niet komen opdagen", "No show"),
    "unreachable": Message("Onbereikbaar", "Unreachable"),
    "none": Message("Geen antwoord", "No answer"),
}
_WINDOWS = {
    "before": Message("Al ingeschreven vóór het contract", "Registered before the contract"),
    "day55": Message("Tot en met dag 55", "Up to day 55"),
    "day60": Message("Dag 56 tot 60", "Day 56 to 60"),
    "day65": Message("Dag 61 tot 65", "Day 61 to 65"),
    "later": Message("Na dag 65", "After day 65"),
    "unused": Message("Niet benut", "Not used"),
}
_STOPPED = {
    "no_referral": Message("Geen doorverwijzing (agentschap)", "No referral (agency)"),
    "no_answer": Message("Doorverwezen, geen antwoord (bemiddelingsdienst)", "Referred, no answer (employment service)"),
    "answered": Message("Beantwoord, niet ingeschreven (persoon)", "Answered, not registered (person)"),
}
_GRANTED = {"yes": Message("Erkend", "Granted"), "no": Message("Niet of gedeeltelijk", "Not or partly")}
_FOR_LANGUAGE = {"yes": Message("Wegens taal", "For language"), "no": Message("Om een andere reden", "For another reason")}
_ALIGNED = {
    **{one.value: Message(one.label("nl"), one.label("en")) for one in AlignmentOutcome},
    "none": Message("Niet beoordeeld", "Not assessed"),
}
_SCREENED = {"yes": Message("Gescreend", "Screened"), "no": Message("Niet gescreend", "Not screened")}
_REFERRED = {"yes": Message("Doorverwezen", "Referred"), "no": Message("Niet doorverwezen", "Not referred")}
_REPLIED = {
    "taken_up": Message("Opgenomen", "Taken up"),
    "other": Message("Ander antwoord", "Another answer"),
    "none": Message("Geen antwoord", "No answer"),
    "not_referred": Message("Niet doorverwezen", "Not referred"),
}
_REGISTERED = {"yes": Message("Ingeschreven", "Registered"), "no": Message("Niet ingeschreven", "Not registered")}
_STEPPED = {
    "yes": Message("Eerste stap gemeld", "First step reported"),
    "no": Message("Geen stap gemeld", "No step reported"),
    "not_registered": Message("Niet ingeschreven", "Not registered"),
}
_WORKED = {"yes": Message("Betaalde job gehad", "Had a paid job"), "no": Message("Geen betaalde job", "No paid job")}
_RULES = {
    "P1": Message("P1 aanbod opstapelen bij één persoon", "P1 piling up offers on one person"),
    "P2": Message("P2 oriëntatie die op een opleiding lijkt", "P2 orientation that looks like training"),
    "P3": Message("P3 naar opleiding leiden buiten VDAB om", "P3 steering to training past VDAB"),
    "P4": Message("P4 agentschap als bron van jobstarts", "P4 agency as source of job starts"),
    "P5": Message("P5 vooral over het eigen aanbod informeren", "P5 informing mostly about the own offer"),
    "P6": Message("P6 werkgever komt altijd bij het agentschap uit", "P6 employer always lands at the agency"),
    "P7": Message("P7 traject zonder activeringspartner", "P7 trajectory made without the mediator"),
    "P8": Message("P8 buiten het eigen werkingsgebied", "P8 outside the own territory"),
    "P9": Message("P9 doorverwijzing naar de verkeerde dienst", "P9 referral to the wrong service"),
    "P10": Message("P10 warme overdracht zonder antwoord", "P10 warm handover left unanswered"),
}

DIMENSIONS: Mapping[str, Dimension] = {
    one.code: one
    for one in (
        Dimension(code=YEAR, nl="Jaar", en="Year"),
        Dimension(code=QUARTER, nl="Kwartaal", en="Quarter", inside=YEAR, parent=lambda quarter: quarter[:4]),
        Dimension(code="area", nl="Gewest", en="Part of the country", named=_AREAS),
        Dimension(code="province", nl="Provincie", en="Province", values=Region, inside="area", parent=area_of),
        Dimension(code="region", nl="Regio", en="Region", values=Region, inside="province", parent=province_of),
        Dimension(code="served", nl="Werkgebied", en="Area served", values=Region, named=_SERVED),
        Dimension(code="agency", nl="Agentschap (KBO)", en="Agency (KBO number)"),
        Dimension(code="gender", nl="Geslacht", en="Gender", values=Gender),
        Dimension(code="age", nl="Leeftijd", en="Age", named=_ages()),
        Dimension(code="education", nl="Opleidingsniveau", en="Education", values=EducationLevel),
        Dimension(code="nationality", nl="Nationaliteitsgroep", en="Nationality group", values=NationalityGroup, sensitive=True),
        Dimension(code="obligation", nl="Verplichting", en="Obligation", values=Obligation),
        Dimension(code="ground", nl="Verblijfsgrond", en="Residence ground", values=ResidenceGround),
        Dimension(code="benefit", nl="Uitkering bij het contract", en="Benefit at the contract", values=BenefitStatus, sensitive=True),
        Dimension(code="self_reliance", nl="Zelfredzaamheid", en="Self-reliance", values=Scale, sensitive=True),
        Dimension(code="learning", nl="Leervermogen", en="Learning ability", values=Scale, sensitive=True),
        Dimension(code="outlook", nl="Perspectief", en="Perspective", values=Outlook),
        Dimension(code="oral", nl="Mondeling Nederlands bij het contract", en="Oral Dutch at the contract", values=Cefr),
        Dimension(code="pilot", nl="In een proeftuin", en="In a pilot", named=_YES_NO),
        Dimension(code="target", nl="Doorverwezen naar", en="Referred to", values=ReferralTarget),
        Dimension(code="recipient", nl="Ontvanger", en="Recipient", values=PerspectiveRecipient),
        Dimension(code="service", nl="Dienst", en="Service", values=Role),
        Dimension(code="against", nl="Verantwoordelijke", en="Responsible party", values=Party),
        Dimension(code="academic", nl="Academische erkenning", en="Academic recognition", named=_YES_NO),
        Dimension(
            code="procedure", nl="Procedure", en="Procedure", values=RecognitionProcedure, inside="academic", parent=academic_procedure
        ),
        Dimension(
            code="authority", nl="Instantie", en="Authority", values=RecognitionAuthority, inside="academic", parent=academic_authority
        ),
        Dimension(code="granted", nl="Erkend", en="Granted", named=_GRANTED),
        Dimension(code="outcome", nl="Uitkomst", en="Outcome", values=RecognitionOutcome, inside="granted", parent=granted_of),
        Dimension(code="guided", nl="Begeleid door een agentschap", en="Guided by an agency", named=_YES_NO),
        Dimension(code="sector", nl="Sector", en="Sector", values=Sector),
        Dimension(code="offer_kind", nl="Soort aanbod", en="Kind of offer", values=OfferKind),
        Dimension(code="provider", nl="Aanbieder", en="Provider", values=Role),
        Dimension(code="edition_kind", nl="Soort editie", en="Kind of edition", values=EditionKind),
        Dimension(code="theme", nl="Thema", en="Theme", values=PilotTheme),
        Dimension(code="pilot_id", nl="Proeftuin", en="Pilot"),
        Dimension(code="kind", nl="Soort", en="Kind", values=AdvancedKind),
        Dimension(code="origin", nl="Oorsprong", en="Origin", values=InsightOrigin),
        Dimension(code="topic", nl="Onderwerp", en="Topic", values=ClauseTopic),
        Dimension(code="size", nl="Grootte", en="Size", values=SizeClass),
        Dimension(code="source", nl="Bron", en="Source"),
        Dimension(code="feedback", nl="Stand van de terugkoppeling", en="State of feedback", named=_FEEDBACK),
        Dimension(code="answer", nl="Antwoord", en="Answer", named=_ANSWERS),
        Dimension(code="for_language", nl="Geweigerd wegens taal", en="Refused for language", named=_FOR_LANGUAGE),
        Dimension(
            code="refusal",
            nl="Reden van weigering",
            en="Reason of refusal",
            values=RefusalReason,
            inside="for_language",
            parent=language_of,
        ),
        Dimension(code="window", nl="Wanneer ingeschreven", en="When registered", named=_WINDOWS),
        Dimension(code="next_step", nl="Volgende stap", en="Next step", values=NextStep),
        Dimension(code="deficit", nl="Soort tekort", en="Kind of deficit", values=DeficitKind),
        Dimension(code="evc_outcome", nl="EVC-resultaat", en="Outcome of validation", values=EvcOutcome),
        Dimension(code="need", nl="Nood", en="Need", values=EmployerNeed),
        Dimension(code="stopped", nl="Waar het stopte", en="Where it stopped", named=_STOPPED),
        Dimension(code="element", nl="Element van het arbeidsperspectief", en="Element of the work perspective", values=PerspectiveElement),
        Dimension(code="profession", nl="Gereglementeerd beroep", en="Regulated profession", values=RegulatedProfession),
        Dimension(code="alignment", nl="Afstemming", en="Alignment", named=_ALIGNED),
        Dimension(code="ending", nl="Reden van het einde", en="Reason of the ending", values=EndingReason),
        Dimension(code="recognised", nl="Diploma erkend", en="Diploma recognised", named=_YES_NO),
        Dimension(code="rule", nl="Patroonregel", en="Pattern rule", named=_RULES),
        Dimension(code="screened", nl="Screening", en="Screening", named=_SCREENED),
        Dimension(code="referred", nl="Doorverwijzing naar VDAB of Actiris", en="Referral to VDAB or Actiris", named=_REFERRED),
        Dimension(
            code="replied",
            nl="Antwoord op die doorverwijzing",
            en="Answer to that referral",
            named=_REPLIED,
            inside="referred",
            parent=lambda replied: "no" if replied == "not_referred" else "yes",
        ),
        Dimension(code="registered", nl="Inschrijving", en="Registration", named=_REGISTERED),
        Dimension(
            code="stepped",
            nl="Eerste stap",
            en="First step",
            named=_STEPPED,
            inside="registered",
            parent=lambda stepped: "no" if stepped == "not_registered" else "yes",
        ),
        Dimension(code="worked", nl="Werk", en="Work", named=_WORKED),
    )
}
"""Every dimension by its code."""


def around(name: str) -> tuple[str, ...]:
    """The dimensions that one lies inside, from coarse to fine, itself the last."""
    outer = DIMENSIONS[name].inside
    return (name,) if outer is None else (*around(outer), name)
