"""Recognition of diplomas: explanation, dossier, file, decision, what follows (domain.md 1.4, 1.5, 7.3)."""

from __future__ import annotations

from collections.abc import Callable

from ledger.codes.intake import Ambition
from ledger.codes.person import EducationLevel, EducationOrigin
from ledger.codes.recognition import (
    DecisionKind,
    ExplanationMode,
    FileStatus,
    NextStep,
    RecognitionAuthority,
    RecognitionOutcome,
    RecognitionProcedure,
    RegulatedProfession,
)
from ledger.codes.sector import Sector
from ledger.codes.work import TrainingKind
from ledger.events.diploma import (
    Deficit,
    DiplomaDossierSubmitted,
    PostDecisionOrientationGiven,
    RecognitionDecided,
    RecognitionFileStatusChanged,
    RecognitionProcedureExplained,
)
from simulation import marginals
from simulation.draw import Table
from simulation.life import NEVER, Life
from simulation.moment import working_day
from simulation.organisations import FOD, HVN, NARIC, TRAINER_A, TRAINER_B, ZORG, Source
from simulation.training import train

_A, _P, _S = RecognitionAuthority, RecognitionProcedure, FileStatus
_EU_ORIGIN = (EducationOrigin.EEA_CH, EducationOrigin.BENELUX_AUTO)
_AMBITIOUS = (Ambition.WORK_OWN_LEVEL, Ambition.STUDY, Ambition.TRAINING_FIRST)


Status = Callable[[FileStatus, int], None]
"""Reports that a file reaches a status on a day."""


class Case:
    """One file at one authority."""

    def __init__(self, life: Life, n: int, source: Source, authority: RecognitionAuthority, procedure: RecognitionProcedure) -> None:
        self.n = n
        self.case_id = life.draws.uuid8("case", n)
        self.source = source
        self.authority = authority
        self.procedure = procedure
        self.guided = False
        self.previous: str | None = None
        self.profession: RegulatedProfession | None = None

    @property
    def specific(self) -> bool:
        """Whether a named diploma is asked for, which takes longer."""
        return self.procedure not in (_P.LEVEL_HE, _P.PROFESSIONAL_AUTOMATIC)


def tell(life: Life) -> None:
    """The facts of a person's recognition files."""
    r, draws, person = life.parameters.recognition, life.draws, life.person
    eligible = person.higher or (person.education is EducationLevel.UPPER_SECONDARY and person.ambition in _AMBITIOUS)
    if not eligible or person.origin in (EducationOrigin.BE, EducationOrigin.BENELUX_AUTO):
        return
    explained = life.reached(r.explained, "explained", life.start)
    if not life.open_on(explained) or explained > life.last_day:
        return
    case = _route(life)
    authorities = {_A.NARIC, case.authority}
    procedures = {case.procedure, _P.LEVEL_HE if person.higher else _P.LEVEL_SE}
    source = HVN if person.brussels and draws.chance(0.3, "explained.hnb") else life.agency_on(explained)
    mode = ExplanationMode.INDIVIDUAL if draws.chance(0.6, "explained.mode") else ExplanationMode.GROUP
    life.add(
        source,
        RecognitionProcedureExplained(authorities=tuple(sorted(authorities)), procedures=tuple(sorted(procedures)), mode=mode),
        explained,
    )
    submitted = life.reached(r.dossier, "dossier", explained)
    if submitted > life.last_day or submitted > life.gone:
        return
    case.guided = draws.chance(r.guided, "dossier.guided") and life.open_on(submitted)
    outcome, decided = _file(life, case, submitted)
    if outcome is None or decided > life.last_day:
        return
    if case.authority is _A.NARIC and case.profession is not None and outcome is not RecognitionOutcome.NO_DECISION_POSSIBLE:
        following = life.reached(r.other_authority, "dossier.other", decided)
        if following <= min(life.last_day, life.gone):
            visum = Case(life, 1, FOD, _A.FOD_VOLKSGEZONDHEID, _P.VISUM)
            visum.guided, visum.previous, visum.profession = case.guided and life.open_on(following), case.case_id, case.profession
            _file(life, visum, following)


def _route(life: Life) -> Case:
    """The route of domain.md 1.5 for the person's diploma."""
    draws, person = life.draws, life.person
    if person.higher and person.sectors[0] is Sector.CARE:
        profession = draws.pick(marginals.HEALTH, "profession")
        if person.origin in _EU_ORIGIN:
            automatic = draws.chance(0.5, "procedure.automatic")
            case = Case(life, 0, ZORG, _A.DEPARTEMENT_ZORG, _P.PROFESSIONAL_AUTOMATIC if automatic else _P.PROFESSIONAL_GENERAL)
        else:
            case = Case(life, 0, NARIC, _A.NARIC, _P.SPECIFIC_HE)
        case.profession = profession
        return case
    if person.education is EducationLevel.DOCTORATE:
        return Case(life, 0, NARIC, _A.NARIC, _P.DOCTORATE)
    specific = draws.chance(0.15, "procedure.specific")
    if person.higher:
        return Case(life, 0, NARIC, _A.NARIC, _P.SPECIFIC_HE if specific else _P.LEVEL_HE)
    return Case(life, 0, NARIC, _A.NARIC, _P.SPECIFIC_SE if specific else _P.LEVEL_SE)


def _file(life: Life, case: Case, submitted: int) -> tuple[RecognitionOutcome | None, int]:
    """A file from submission to decision; gives the outcome and its day, or None."""
    r, draws, person, n = life.parameters.recognition, life.draws, life.person, case.n
    dossier = DiplomaDossierSubmitted(
        case_id=case.case_id,
        authority=case.authority,
        procedure=case.procedure,
        diploma_origin=person.origin,
        diploma_field=Sector.CARE if case.profession is not None else person.sectors[0],
        claimed_level=person.education,
        regulated_profession=case.profession,
        guided_by_agency=case.guided,
        previous_case=case.previous,
    )
    life.add(life.agency_on(submitted) if case.guided else case.source, dossier, submitted)

    def status(value: FileStatus, day: int) -> None:
        if day <= life.gone:
            life.add(case.source, RecognitionFileStatusChanged(case_id=case.case_id, status=value), day)

    received = working_day(submitted + max(1, draws.days(6, 0.9, "file.received", n)))
    status(_S.RECEIVED, received)
    complete = working_day(received + draws.between(0, 5, "file.complete", n))
    if draws.chance(r.incomplete, "file.incomplete", n):
        status(_S.INCOMPLETE, complete)
        if not draws.chance(r.completed_in_the_end, "file.completed", n):
            status(_S.CLOSED_NO_DOCUMENTS, working_day(complete + 185))
            return None, NEVER
        complete = working_day(complete + max(1, draws.days(r.completing.median, r.completing.sigma, "file.completing", n)))
    status(_S.COMPLETE, complete)
    net = r.specific_net if case.specific else r.level_net
    if case.authority is not _A.NARIC:
        net = r.other_decision
    length = max(10, draws.days(net.median, net.sigma, "file.net", n))
    length += _pauses(life, case, complete, length, status)
    decided = working_day(complete + length)
    if not draws.chance(r.specific_decided if case.specific else r.level_decided, "file.decided", n):
        if draws.chance(0.5, "file.withdrawn", n):
            status(_S.WITHDRAWN, decided)
        return None, NEVER
    if decided > life.gone:
        return None, NEVER
    table = (
        marginals.OTHER_OUTCOME
        if case.authority is not _A.NARIC
        else marginals.SPECIFIC_OUTCOME
        if case.specific
        else marginals.LEVEL_OUTCOME
    )
    outcome = draws.pick(table, "file.outcome", n)
    _decide(life, case, DecisionKind.INITIAL, outcome, decided)
    _review(life, case, outcome, decided, status)
    return outcome, decided


def _pauses(life: Life, case: Case, complete: int, length: int, status: Status) -> int:
    """At most one time of waiting for the applicant, sometimes for two reasons at once; gives its days."""
    r, draws, n = life.parameters.recognition, life.draws, case.n
    if not draws.chance(r.pause.p, "pause", n):
        return 0
    first = working_day(complete + 1 + draws.below(length - 5, "pause.from", n))
    waited = max(2, draws.days(r.pause.median, r.pause.sigma, "pause", 4 + n))
    resumed = working_day(first + waited)
    reason = draws.pick(marginals.PAUSES, "pause.reason", n)
    status(reason, first)
    if waited > 10 and draws.chance(0.2, "pause.second", n) and reason is not _S.AUTHENTICITY_CHECK:
        status(_S.AUTHENTICITY_CHECK, working_day(first + waited // 2))
    status(_S.RESUMED, resumed)
    return resumed - first


_LOWER = {
    EducationLevel.DOCTORATE: EducationLevel.MASTER,
    EducationLevel.MASTER: EducationLevel.BACHELOR,
    EducationLevel.BACHELOR: EducationLevel.HBO5,
    EducationLevel.HBO5: EducationLevel.UPPER_SECONDARY,
    EducationLevel.UPPER_SECONDARY: EducationLevel.LOWER_SECONDARY,
}
_STRICT = (RecognitionOutcome.GRANTED_AS_REQUESTED, RecognitionOutcome.GRANTED_LOWER, RecognitionOutcome.GRANTED_OTHER)


def _decide(life: Life, case: Case, kind: DecisionKind, outcome: RecognitionOutcome, day: int) -> None:
    r, draws, person = life.parameters.recognition, life.draws, life.person
    n = case.n + (2 if kind is DecisionKind.REVIEW else 0)
    granted = None
    if outcome in _STRICT:
        granted = _LOWER[person.education] if outcome is RecognitionOutcome.GRANTED_LOWER else person.education
    deficits: tuple[Deficit, ...] = ()
    if outcome in (RecognitionOutcome.PARTIAL, RecognitionOutcome.COMPENSATING_MEASURE):
        deficits = tuple(
            Deficit(
                deficit_id=draws.uuid8("deficit", 4 * n + k),
                kind=draws.pick(marginals.DEFICIT, "deficit", 4 * n + k),
                size_min=600 * draws.between(1, 20, "deficit.size", 4 * n + k),
            )
            for k in range(draws.between(1, 2, "deficits", n))
        )
    decision = RecognitionDecided(
        case_id=case.case_id,
        authority=case.authority,
        procedure=case.procedure,
        decision_kind=kind,
        outcome=outcome,
        granted_level=granted,
        deficits=deficits,
    )
    life.add(case.source, decision, day)
    if case.guided:
        oriented = life.reached(r.oriented, f"oriented.{n}", day + 1)
        if oriented <= life.gone:
            step = _next_step(case, outcome)
            life.add(life.agency_on(oriented), PostDecisionOrientationGiven(case_id=case.case_id, next_step=step), oriented)
    if deficits:
        started = life.reached(r.remedied, f"remedied.{n}", day)
        if started <= min(life.gone, life.last_day) and not life.employed_on(started):
            sector = Sector.CARE if case.profession is not None else person.sectors[0]
            trainer = TRAINER_A if draws.chance(0.5, "remedied.trainer", n) else TRAINER_B
            weeks = draws.between(12, 26, "remedied.weeks", n)
            training_id, deficit_id = draws.uuid8("training", 10 + n), deficits[0].deficit_id
            train(life, trainer, training_id, TrainingKind.BRIDGING_DEFICIT, sector, started, weeks, f"remedied.{n}.training", deficit_id)


def _next_step(case: Case, outcome: RecognitionOutcome) -> NextStep:
    if case.profession is not None and case.authority is _A.NARIC and outcome in _STRICT:
        return NextStep.OTHER_AUTHORITY
    return _NEXT[outcome]


_NEXT = {
    RecognitionOutcome.GRANTED_AS_REQUESTED: NextStep.WORK_WITH_RECOGNITION,
    RecognitionOutcome.GRANTED_LOWER: NextStep.STUDY,
    RecognitionOutcome.GRANTED_OTHER: NextStep.WORK_WITH_RECOGNITION,
    RecognitionOutcome.PARTIAL: NextStep.REMEDY_DEFICIT,
    RecognitionOutcome.COMPENSATING_MEASURE: NextStep.REMEDY_DEFICIT,
    RecognitionOutcome.REFUSED: NextStep.LOWER_LEVEL_REQUEST,
    RecognitionOutcome.NO_DECISION_POSSIBLE: NextStep.EVC,
}
_REVIEWED: Table[RecognitionOutcome] = Table(
    [(RecognitionOutcome.GRANTED_AS_REQUESTED, 40), (RecognitionOutcome.GRANTED_LOWER, 20), (RecognitionOutcome.REFUSED, 40)]
)


def _review(life: Life, case: Case, outcome: RecognitionOutcome, decided: int, status: Status) -> None:
    r, draws, n = life.parameters.recognition, life.draws, case.n
    if outcome is RecognitionOutcome.GRANTED_AS_REQUESTED or not draws.chance(r.review, "review", n):
        return
    requested = working_day(decided + max(3, draws.days(50, 0.7, "review.requested", n)))
    reviewed = working_day(requested + max(7, draws.days(45, 0.4, "review.decided", n)))
    status(FileStatus.REVIEW_REQUESTED, requested)
    if reviewed <= min(life.gone, life.last_day):
        _decide(life, case, DecisionKind.REVIEW, draws.pick(_REVIEWED, "review.outcome", n), reviewed)
