"""Distributions of the population's properties and of the events' codes (domain.md 7.2–7.4). All [A] unless domain.md says otherwise."""

from __future__ import annotations

from ledger.codes.contract import EndingReason, SuspensionReason
from ledger.codes.course import Cefr, CourseMode, LanguageEvidence, ParticipationForm
from ledger.codes.edition import Perspective
from ledger.codes.employer import EmployerNeed, SizeClass, SupportRoute
from ledger.codes.intake import Ambition, Channel, OrientationTopic, Outlook, Scale
from ledger.codes.language import LanguageCode
from ledger.codes.offer import OfferKind
from ledger.codes.person import (
    BenefitStatus,
    EducationLevel,
    EducationOrigin,
    Gender,
    NationalityGroup,
    ResidenceGround,
    WorkStatus,
)
from ledger.codes.pilot import AdvancedOutcome
from ledger.codes.recognition import DeficitKind, FileStatus, RecognitionOutcome, RegulatedProfession
from ledger.codes.referral import Initiative, ReferralAnswer, ReferralTarget, RefusalReason
from ledger.codes.sector import Sector
from ledger.codes.signal import DiscriminationGround, SignalContext
from ledger.codes.vdab import ActivationStep
from ledger.codes.work import JobContractKind, JobEndReason
from simulation.draw import Table

MONTH_WEIGHTS = (1.05, 1.00, 1.05, 0.95, 0.95, 0.90, 0.70, 0.80, 1.35, 1.20, 1.10, 0.95)
"""Contracts, January … December."""

GENDER = Table([(Gender.F, 52), (Gender.M, 47.9), (Gender.X, 0.1)])
AGE = Table([((18, 24), 17), ((25, 34), 41), ((35, 44), 25), ((45, 54), 11), ((55, 64), 5), ((65, 74), 1)])

_N = NationalityGroup
NATIONALITY = Table(
    [
        (_N.MENA, 29),
        (_N.EU, 22),
        (_N.ASIA, 14),
        (_N.SSA, 13),
        (_N.WB_TR, 9),
        (_N.UA, 6),
        (_N.AMERICAS, 4),
        (_N.BE, 2),
        (_N.EFTA_UK, 0.5),
        (_N.STATELESS_UNKNOWN, 0.5),
    ]
)
BRUSSELS_NATIONALITY_FACTORS = {_N.EU: 1.4, _N.MENA: 1.2, _N.UA: 0.7}

_G = ResidenceGround
GROUND_EU = Table([(_G.EU_MOBILITY, 0.74), (_G.FAMILY, 0.22), (_G.WORK, 0.03), (_G.STUDY, 0.01)])
GROUND_OTHER = Table([(_G.FAMILY, 40), (_G.PROTECTION, 28), (_G.WORK, 5), (_G.STUDY, 1), (_G.REGULARISATION, 2), (_G.OTHER, 1)])

OBLIGED = {
    _G.PROTECTION: 0.88,
    _G.TEMPORARY_PROTECTION: 0.05,
    _G.FAMILY: 0.72,
    _G.WORK: 0.15,
    _G.OTHER: 0.20,
    _G.REGULARISATION: 0.20,
    _G.EU_MOBILITY: 0.0,
    _G.STUDY: 0.05,
}
"""By ground; family counts for persons from outside the EU only, and nobody of 65 or more is obliged."""
OBLIGED_SCALE = 0.98
"""Brings the share of obliged persons to 49 %."""

_E = EducationLevel
EDUCATION = Table(
    [
        (_E.ALFA, 8),
        (_E.NONE, 4),
        (_E.PRIMARY, 12),
        (_E.LOWER_SECONDARY, 17),
        (_E.UNKNOWN, 2.5),
        (_E.UPPER_SECONDARY, 27),
        (_E.HBO5, 3),
        (_E.BACHELOR, 16),
        (_E.MASTER, 10),
        (_E.DOCTORATE, 0.5),
    ]
)
"""In rising order, so that one uniform gives both the level and the ability that goes with it."""
HIGHER = frozenset({_E.BACHELOR, _E.MASTER, _E.DOCTORATE})
HBO5_UP = HIGHER | {_E.HBO5}
HIGHER_ODDS = {_N.ASIA: 1.5, _N.AMERICAS: 1.6, _N.EU: 1.2, _N.UA: 2.0, _N.MENA: 0.9, _N.SSA: 0.8, _N.WB_TR: 0.8}

_O = EducationOrigin
ORIGIN_EU = Table([(_O.EEA_CH, 75), (_O.BENELUX_AUTO, 9), (_O.NON_EEA, 10), (_O.BE, 2), (_O.UNKNOWN, 4)])
ORIGIN_OTHER = Table([(_O.NON_EEA, 95), (_O.EEA_CH, 1.5), (_O.BE, 0.7), (_O.UNKNOWN, 2.8)])

ORAL = Table([(Cefr.PRE_A1, 72), (Cefr.A1, 16), (Cefr.A2, 7), (Cefr.B1, 3), (Cefr.B2, 2)])
WORK_STATUS = Table(
    [
        (WorkStatus.JOBLESS, 66),
        (WorkStatus.EMPLOYED, 17),
        (WorkStatus.SELF_EMPLOYED, 2),
        (WorkStatus.STUDYING, 4),
        (WorkStatus.INACTIVE_CARE, 8),
        (WorkStatus.UNFIT, 3),
    ]
)
LEEFLOON_SHARE = 0.42
LEEFLOON_ODDS = {_G.PROTECTION: 6.0, _G.EU_MOBILITY: 0.15, _G.FAMILY: 0.3}
BENEFIT_OTHER = Table(
    [
        (BenefitStatus.NONE, 44),
        (BenefitStatus.UNEMPLOYMENT, 5),
        (BenefitStatus.INTEGRATION_TIME, 2),
        (BenefitStatus.SICKNESS, 4),
        (BenefitStatus.UNKNOWN, 3),
    ]
)
"""Of the jobless without leefloon."""

WORK_ALLOWED = 0.97
ABILITY_RHO = 0.5
RELIANCE = Table([(Scale.LOW, 28), (Scale.MEDIUM, 47), (Scale.HIGH, 25)])
LEARNING = Table([(Scale.LOW, 26), (Scale.MEDIUM, 46), (Scale.HIGH, 28)])
OUTLOOK = Table([(Outlook.PROFESSIONAL, 58), (Outlook.EDUCATIONAL, 17), (Outlook.SOCIAL, 9), (Outlook.COMBINED, 11), (Outlook.UNCLEAR, 5)])
AMBITION = Table(
    [
        (Ambition.WORK_NOW, 38),
        (Ambition.WORK_OWN_LEVEL, 14),
        (Ambition.TRAINING_FIRST, 18),
        (Ambition.STUDY, 9),
        (Ambition.SELF_EMPLOYED, 4),
        (Ambition.NO_WORK_NOW, 8),
        (Ambition.UNDECIDED, 9),
    ]
)
CHILDREN = Table([(0, 45), (1, 20), (2, 20), (3, 10), (4, 5)])

_S = Sector
SECTOR = Table(
    [
        (_S.CARE, 17),
        (_S.CLEANING, 12),
        (_S.TRANSPORT_LOGISTICS, 11),
        (_S.CONSTRUCTION, 9),
        (_S.HOSPITALITY, 8),
        (_S.RETAIL, 7),
        (_S.IT, 6),
        (_S.METAL_TECH, 5),
        (_S.FOOD, 5),
        (_S.CHILDCARE, 5),
        (_S.EDUCATION, 4),
        (_S.ADMINISTRATION, 3),
        (_S.AUTOMOTIVE, 2),
        (_S.ELECTRICAL, 2),
        (_S.AGRI_GREEN, 2),
        (_S.SOCIAL_ECONOMY, 1),
        (_S.TEXTILE, 0.5),
        (_S.OTHER, 0.5),
    ]
)
EDITION_SECTOR = Table([(_S.CARE, 45), (_S.IT, 20), (_S.CONSTRUCTION, 12), (_S.TRANSPORT_LOGISTICS, 13), (_S.HOSPITALITY, 10)])

CHANNEL = Table([(Channel.OFFICE, 60), (Channel.ONLINE, 18), (Channel.PHONE, 14), (Channel.OUTREACH, 5), (Channel.PARTNER, 3)])
TOPIC = Table(
    [
        (OrientationTopic.LIFE_CAREER, 30),
        (OrientationTopic.LABOUR_MARKET_INSIGHT, 25),
        (OrientationTopic.SECTOR_INFO, 14),
        (OrientationTopic.DUTCH_IMPORTANCE, 12),
        (OrientationTopic.DIPLOMA_ROUTE, 8),
        (OrientationTopic.RIGHTS_DISCRIMINATION, 5),
        (OrientationTopic.FAMILY_WORK_BALANCE, 4),
        (OrientationTopic.EVC_ROUTE, 1),
        (OrientationTopic.ENTREPRENEURSHIP, 1),
    ]
)
MO_LANGUAGE = Table(
    [
        (LanguageCode.AR, 24),
        (LanguageCode.EN, 20),
        (LanguageCode.TR, 9),
        (LanguageCode.FR, 9),
        (LanguageCode.ES, 8),
        (LanguageCode.PS, 7),
        (LanguageCode.FA, 7),
        (LanguageCode.RU, 6),
        (LanguageCode.UK, 4),
        (LanguageCode.SO, 3),
        (LanguageCode.TI, 3),
    ]
)
MO_MODE = Table([(CourseMode.CLASSROOM, 80), (CourseMode.HYBRID, 14), (CourseMode.SELF_STUDY, 6)])
A2_EVIDENCE = Table([(LanguageEvidence.COURSE_CERTIFICATE, 70), (LanguageEvidence.TEST_NT2, 30)])
PNT_FORM = Table(
    [
        (ParticipationForm.BUDDY, 28),
        (ParticipationForm.VOLUNTEERING, 22),
        (ParticipationForm.PRACTICE_DUTCH, 22),
        (ParticipationForm.INTERNSHIP_INTRO, 12),
        (ParticipationForm.ASSOCIATION, 10),
        (ParticipationForm.OTHER, 6),
    ]
)
SUSPENSION = Table(
    [
        (SuspensionReason.MEDICAL, 24),
        (SuspensionReason.CHILDCARE, 20),
        (SuspensionReason.WORK, 22),
        (SuspensionReason.FAMILY, 14),
        (SuspensionReason.WAITING_OFFER, 12),
        (SuspensionReason.OTHER, 7),
        (SuspensionReason.DETENTION, 1),
    ]
)
DROPOUT_OBLIGED = Table(
    [(EndingReason.NO_SHOW, 50), (EndingReason.SANCTIONED, 30), (EndingReason.RESIDENCE_LOST, 10), (EndingReason.MEDICAL, 10)]
)
DROPOUT_ENTITLED = Table([(EndingReason.WITHDREW, 55), (EndingReason.NO_SHOW, 25), (EndingReason.WORK, 12), (EndingReason.STUDY, 8)])

_A = ReferralAnswer
ANSWER = Table([(_A.ACCEPTED, 30), (_A.TAKEN_UP, 45), (_A.REFUSED, 10), (_A.NO_SHOW, 10), (_A.UNREACHABLE, 5)])
_F = RefusalReason
REFUSAL = Table([(_F.LANGUAGE_TOO_LOW, 30), (_F.NO_PLACES, 15), (_F.NOT_ELIGIBLE, 20), (_F.ALREADY_SERVED, 15), (_F.NO_CAPACITY, 20)])
REFUSAL_LOW_ORAL = REFUSAL.reweighted((2, 1, 1, 1, 1))
_T = ReferralTarget
OTHER_TARGET = Table(
    [
        (_T.WELFARE, 18),
        (_T.HOUSING, 12),
        (_T.NT2, 14),
        (_T.ADULT_EDUCATION, 10),
        (_T.LOCAL_INITIATIVE, 14),
        (_T.OCMW, 14),
        (_T.MENTORING, 10),
        (_T.CHILDCARE, 4),
        (_T.ENTREPRENEURSHIP, 2),
        (_T.HIGHER_EDUCATION, 2),
    ]
)
_I = Initiative
INITIATIVE = Table(
    [
        (_I.MENTORING, 18),
        (_I.JOB_EVENT, 20),
        (_I.COMPANY_VISIT, 8),
        (_I.LANGUAGE_PRACTICE, 20),
        (_I.INFO_SESSION, 12),
        (_I.BUDDY_WORK, 8),
        (_I.MATCHMAKING, 6),
        (_I.VOLUNTEERING, 6),
        (_I.ENTREPRENEUR_DESK, 2),
    ]
)

_P = ActivationStep
FIRST_STEP = Table([(_P.FIRST_CONTACT, 62), (_P.ESTIMATION, 22), (_P.COMPETENCE_PROFILE, 16)])
STEP_VDAB = Table(
    [
        (_P.COMPETENCE_PROFILE, 14),
        (_P.ORIENTATION, 10),
        (_P.AGREEMENT_SHEET, 8),
        (_P.VACANCY_REFERRAL, 16),
        (_P.APPLICATION, 9),
        (_P.APPLICATION_TRAINING, 7),
        (_P.SECTOR_BATH, 5),
        (_P.TRAINING_REFERRAL, 9),
        (_P.TRAINING_SCREENING, 4),
        (_P.LANGUAGE_SUPPORT, 7),
        (_P.PARTNER_GUIDANCE, 5),
        (_P.MENTORING, 3),
        (_P.WIJKWERKEN, 1),
        (_P.HEALTH_ROUTE, 2),
    ]
)
STEP_ACTIRIS = Table(
    [
        (_P.COMPETENCE_PROFILE, 16),
        (_P.ORIENTATION, 14),
        (_P.AGREEMENT_SHEET, 8),
        (_P.VACANCY_REFERRAL, 18),
        (_P.APPLICATION, 10),
        (_P.APPLICATION_TRAINING, 8),
        (_P.TRAINING_REFERRAL, 10),
        (_P.LANGUAGE_SUPPORT, 8),
        (_P.PARTNER_GUIDANCE, 6),
        (_P.HEALTH_ROUTE, 2),
    ]
)
STEP_OCMW = Table([(_P.GPMI_STEP, 60), (_P.JOB_COACHING, 25), (_P.INTAKE_INTERVIEW, 15)])

_R = RecognitionOutcome
LEVEL_OUTCOME = Table(
    [(_R.GRANTED_AS_REQUESTED, 70), (_R.GRANTED_LOWER, 14), (_R.GRANTED_OTHER, 4), (_R.REFUSED, 3), (_R.NO_DECISION_POSSIBLE, 9)]
)
SPECIFIC_OUTCOME = Table(
    [(_R.GRANTED_AS_REQUESTED, 47), (_R.PARTIAL, 28), (_R.GRANTED_OTHER, 7), (_R.REFUSED, 6), (_R.NO_DECISION_POSSIBLE, 12)]
)
OTHER_OUTCOME = Table([(_R.GRANTED_AS_REQUESTED, 72), (_R.COMPENSATING_MEASURE, 18), (_R.REFUSED, 10)])
PAUSES = Table(
    [
        (FileStatus.AWAITING_PAYMENT, 35),
        (FileStatus.AWAITING_ORIGINAL, 30),
        (FileStatus.AWAITING_APPLICANT, 25),
        (FileStatus.AUTHENTICITY_CHECK, 10),
    ]
)
DEFICIT = Table(
    [
        (DeficitKind.COURSE_UNITS, 45),
        (DeficitKind.INTERNSHIP, 25),
        (DeficitKind.LANGUAGE, 15),
        (DeficitKind.THESIS, 10),
        (DeficitKind.PROFESSIONAL_PRACTICE, 5),
    ]
)
HEALTH = Table(
    [
        (RegulatedProfession.NURSE, 45),
        (RegulatedProfession.CARE_ASSISTANT, 20),
        (RegulatedProfession.PHYSIOTHERAPIST, 10),
        (RegulatedProfession.PHYSICIAN, 10),
        (RegulatedProfession.PHARMACIST, 6),
        (RegulatedProfession.DENTIST, 5),
        (RegulatedProfession.MIDWIFE, 4),
    ]
)

_J = JobContractKind
JOB_KIND = Table(
    [
        (_J.TEMP_AGENCY, 0.34),
        (_J.FIXED, 0.2),
        (_J.INDEFINITE, 0.18),
        (_J.FLEXI, 0.06),
        (_J.IBO_FOLLOW, 0.05),
        (_J.SELF_EMPLOYED, 0.03),
        (_J.MAATWERK, 0.02),
    ]
)
JOB_KIND_LEEFLOON = Table([*zip(JOB_KIND.values, JOB_KIND.weights, strict=True), (_J.ART60, 0.50)])
"""art. 60 exists for leefloon only; 0,50 among their first jobs gives 0,12 over all."""
JOB_END = Table(
    [
        (JobEndReason.END_CONTRACT, 48),
        (JobEndReason.NEW_JOB, 16),
        (JobEndReason.RESIGNED, 13),
        (JobEndReason.DISMISSED, 10),
        (JobEndReason.UNKNOWN, 6),
        (JobEndReason.HEALTH, 4),
        (JobEndReason.STUDY, 3),
    ]
)
FULL_TIME = Table([(10_000, 62), (8_000, 12), (5_000, 18), (4_000, 4), (2_500, 4)])

PERSPECTIVE = Table(
    [
        (Perspective.TRAINING, 0.34),
        (Perspective.INTERNSHIP, 0.22),
        (Perspective.JOB, 0.18),
        (Perspective.NONE_YET, 0.12),
        (Perspective.STUDY, 0.06),
        (Perspective.EVC_OR_RECOGNITION, 0.06),
        (Perspective.SELF_EMPLOYMENT, 0.02),
    ]
)
ADVANCED_OUTCOME = Table(
    [
        (AdvancedOutcome.TRAINING, 26),
        (AdvancedOutcome.STUDY, 18),
        (AdvancedOutcome.JOB_BELOW, 16),
        (AdvancedOutcome.JOB_AT_LEVEL, 14),
        (AdvancedOutcome.RECOGNITION_STARTED, 8),
        (AdvancedOutcome.DROPPED, 10),
        (AdvancedOutcome.NONE, 8),
    ]
)

_K = OfferKind
OFFER = Table(
    [
        (_K.VOCATIONAL_TRAINING, 30),
        (_K.SECTOR_BATH, 12),
        (_K.INTEGRATED_LANGUAGE_TRAINING, 12),
        (_K.LANGUAGE_COURSE, 10),
        (_K.IBO, 8),
        (_K.JOB_EVENT, 10),
        (_K.MENTORING, 8),
        (_K.INFO, 10),
    ]
)
OFFER_ORAL = Table([(Cefr.PRE_A1, 8), (Cefr.A1, 12), (Cefr.A2, 15), (Cefr.B1, 45), (Cefr.B2, 20)])

SIZE = Table([(SizeClass.MICRO, 40), (SizeClass.SMALL, 35), (SizeClass.MEDIUM, 18), (SizeClass.LARGE, 7)])
NEED = Table([(need, 1) for need in EmployerNeed])
ROUTE = Table([(SupportRoute.AGENCY_OFFER, 55), (SupportRoute.OTHER_PARTNER, 33), (SupportRoute.NONE, 12)])

_D = DiscriminationGround
SIGNAL_GROUND = Table([(_D.ORIGIN, 38), (_D.RELIGION, 20), (_D.SKIN_COLOUR, 16), (_D.LANGUAGE, 14), (_D.GENDER, 7), (_D.OTHER, 5)])
_C = SignalContext
SIGNAL_CONTEXT = Table([(_C.RECRUITMENT, 45), (_C.WORK_FLOOR, 27), (_C.AGENCY_WORK, 14), (_C.TRAINING, 6), (_C.OTHER, 8)])
