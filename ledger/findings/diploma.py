"""Recognition dossiers: decided without a file, with open deficits, along the wrong route (F22, F23, F38)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ledger.codes.person import EducationOrigin, NationalityGroup
from ledger.codes.recognition import (
    HEALTH_PROFESSIONS,
    RecognitionAuthority,
    RecognitionProcedure,
    RegulatedProfession,
)
from ledger.events.diploma import DiplomaDossierSubmitted, RecognitionDecided
from ledger.events.identity import PersonRegistered
from ledger.events.work import TrainingStarted
from ledger.finding import Hit, Severity, finding
from ledger.strands.dossier import dossiers_of
from ledger.subject import Subject
from ledger.time import days_after


@finding(
    "F22",
    Severity.INFO,
    nl="Beslissing zonder dossier",
    en="Decision without a file",
    mend_nl="Wacht op de indiening of de dossierstatus, of laat de instantie het dossiernummer nakijken.",
    mend_en="Wait for the submission or the file status, or have the authority check the case id.",
    needs=(RecognitionDecided,),
)
def decision_without_file(subject: Subject) -> Iterable[Hit]:
    for dossier in subject.memo(dossiers_of):
        if dossier.submitted is None and not dossier.statuses:
            for decided in dossier.decisions:
                yield Hit(since=decided.date, position=decided.entry.position, case=dossier.case_id)


@finding(
    "F23",
    Severity.INFO,
    nl="Tekort blijft open",
    en="Deficit open",
    mend_nl="Zoek met de persoon een bijscholing voor het tekort, of geef de gestarte opleiding met het tekort erbij door.",
    mend_en="Look for training that remedies the deficit, or pass on the training that started, naming the deficit.",
    needs=(RecognitionDecided,),
)
def deficit_open(subject: Subject) -> Iterable[Hit]:
    patience = subject.parameters.deficit_days + 1
    remedied = {training.payload.remedies_deficit for training in subject.history.of(TrainingStarted)}
    for dossier in subject.memo(dossiers_of):
        decided = dossier.decision
        if decided is None:
            continue
        for deficit in decided.payload.deficits:
            if deficit.deficit_id not in remedied:
                yield Hit(since=days_after(decided.date, patience), position=decided.entry.position, case=deficit.deficit_id)


_EEA = frozenset({EducationOrigin.EEA_CH, EducationOrigin.BENELUX_AUTO})
_EEA_NATIONALS = frozenset({NationalityGroup.BE, NationalityGroup.EU, NationalityGroup.EFTA_UK})
_SPECIFIC = frozenset({RecognitionProcedure.SPECIFIC_HE, RecognitionProcedure.SPECIFIC_SE, RecognitionProcedure.DOCTORATE})

_BODY: Mapping[RegulatedProfession, RecognitionAuthority] = {
    RegulatedProfession.ARCHITECT: RecognitionAuthority.ORDE_ARCHITECTEN,
    RegulatedProfession.ESTATE_AGENT: RecognitionAuthority.BIV,
    RegulatedProfession.ACCOUNTANT: RecognitionAuthority.ITAA,
    RegulatedProfession.OTHER_REGULATED: RecognitionAuthority.OTHER_DIRECTIVE,
}
"""The professional body of each other regulated profession (domain.md 1.5)."""


@finding(
    "F38",
    Severity.WARN,
    nl="Dossier volgt de verkeerde weg",
    en="Authority mismatch",
    mend_nl="Ga na bij welke instantie dit diploma en beroep horen; oriënteer de persoon opnieuw.",
    mend_en="Check which authority this diploma and profession belong to; orient the person anew.",
    needs=(DiplomaDossierSubmitted,),
)
def authority_mismatch(subject: Subject) -> Iterable[Hit]:
    for dossier in subject.memo(dossiers_of):
        submitted = dossier.submitted
        if submitted is not None and not route_fits(subject, submitted.payload):
            yield Hit(since=submitted.date, position=submitted.entry.position, case=dossier.case_id)


def route_fits(subject: Subject, dossier: DiplomaDossierSubmitted) -> bool:
    """Whether authority and procedure follow the routing table of domain.md 1.5; what the table does not name fits."""
    profession, origin = dossier.regulated_profession, dossier.diploma_origin
    if dossier.authority is RecognitionAuthority.FWB_EQUIVALENCE or origin not in _EEA | {EducationOrigin.NON_EEA}:
        return True
    if profession is None:
        # Not regulated: no recognition needed, NARIC optional; there is no profession to recognise elsewhere.
        return dossier.authority is RecognitionAuthority.NARIC
    inside = origin in _EEA
    if profession in HEALTH_PROFESSIONS:
        return _health_route(subject, dossier, inside)
    if profession is RegulatedProfession.TEACHER:
        return dossier.authority is (RecognitionAuthority.ONDERWIJS_AGODI if inside else RecognitionAuthority.NARIC)
    if inside:
        return dossier.authority is _BODY[profession]
    if dossier.authority is RecognitionAuthority.NARIC:
        return dossier.procedure in _SPECIFIC
    return dossier.authority is _BODY[profession] and _after_specific(subject, dossier)


def _health_route(subject: Subject, dossier: DiplomaDossierSubmitted, inside: bool) -> bool:
    if inside:
        return dossier.authority is RecognitionAuthority.DEPARTEMENT_ZORG
    if dossier.authority is RecognitionAuthority.NARIC:
        return dossier.procedure in _SPECIFIC
    if dossier.authority is RecognitionAuthority.FOD_VOLKSGEZONDHEID:
        return _after_specific(subject, dossier)
    if dossier.authority is RecognitionAuthority.DEPARTEMENT_ZORG:
        # A specialist title follows the visum; else only an EEA national recognised in an EEA state may go here.
        registered = subject.history.of(PersonRegistered)
        return dossier.procedure is RecognitionProcedure.TITLE_SPECIALIST or any(
            one.payload.nationality_group in _EEA_NATIONALS for one in registered
        )
    return False


def _after_specific(subject: Subject, dossier: DiplomaDossierSubmitted) -> bool:
    """Whether the person went to NARIC for a specific recognition first: on an earlier day, or the same."""
    days = [one.submitted.date for one in subject.memo(dossiers_of) if one.submitted is not None and one.case_id == dossier.case_id]
    return any(
        one.submitted is not None
        and one.submitted.date <= min(days, default=one.submitted.date)
        and one.submitted.payload.authority is RecognitionAuthority.NARIC
        and one.submitted.payload.procedure in _SPECIFIC
        and one.case_id != dossier.case_id
        for one in subject.memo(dossiers_of)
    )
