"""Random lives for property tests: persons with every kind of event, wrong dates and ids, corrections, retractions and merges."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from ledger.catalogue import Payload
from ledger.events.contract import (
    CertificateIssued,
    ContractResumed,
    ContractSigned,
    ContractSuspended,
    ExemptionGranted,
    TrajectoryEnded,
)
from ledger.events.course import LanguageLevelAttained, MoCourseEnded, MoCourseStarted
from ledger.events.diploma import (
    DiplomaDossierSubmitted,
    PostDecisionOrientationGiven,
    RecognitionDecided,
    RecognitionFileStatusChanged,
)
from ledger.events.edition import (
    EditionAligned,
    EditionParticipantEnrolled,
    EditionParticipationEnded,
    EditionPlanned,
    EditionStarted,
    PerspectiveRecorded,
)
from ledger.events.identity import IdentityLinked, PersonRegistered, ProfileUpdated, SharingBasisRecorded
from ledger.events.intake import CareerOrientationHeld, CompetenceScreeningCompleted
from ledger.events.offer import OfferPublished, OfferWithdrawn
from ledger.events.pilot import PilotEnrolled, PilotLeft, PilotOpened
from ledger.events.referral import OfferRecommended, ReferralAnswered, ReferralMade
from ledger.events.vdab import ActivationStepReported, FollowUpPlanRecorded, JobseekerRegistered
from ledger.events.work import EmploymentEnded, EmploymentStarted, TrainingStarted
from tests.given import (
    ACTIRIS,
    AGENCY,
    IDENTITY,
    NARIC,
    ORGANISER,
    OTHER_AGENCY,
    PERSON,
    POLICY,
    TRAINER,
    VDAB,
    Publisher,
    Story,
    a,
    moment,
    ref,
)

PEOPLE = (PERSON, f"persoon/{ref('second')}", f"persoon/{ref('third')}")
EDITION, OFFER, PILOT = f"editie/{ref('edition')}", f"aanbod/{ref('offer')}", f"beleid/pilot/{ref('pilot')}"
FIRST_DAY = date(2025, 1, 1)

one_of_two = st.sampled_from(["a", "b"]).map(ref)
nis = st.sampled_from(["11002", "44021", "21004", "71022"])


def built(payload: type[Payload], **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Payload]:
    return st.builds(lambda **drawn: a(payload, **drawn), **fields)


def just(value: object) -> st.SearchStrategy[object]:
    return st.just(value)


levels = st.sampled_from(["a1", "a2", "b1"]).map(lambda level: {"speaking": level})

TOLD: tuple[tuple[Publisher, str | None, st.SearchStrategy[Payload]], ...] = (
    (AGENCY, None, built(PersonRegistered, residence_nis=nis, gender=st.sampled_from(["f", "m", "unknown"]))),
    (AGENCY, None, built(ProfileUpdated, residence_nis=nis, valid_from=st.sampled_from(["2024-12-01", "2025-01-01"]))),
    (IDENTITY, None, built(ProfileUpdated, residence_nis=nis, valid_from=just("2025-01-01"))),
    (AGENCY, None, built(ContractSigned, contract_id=one_of_two, contract_kind=st.sampled_from(["first", "amended", "renewed"]))),
    (OTHER_AGENCY, None, built(ContractSigned, contract_id=one_of_two, contract_kind=just("renewed"))),
    (AGENCY, None, built(ContractSuspended, contract_id=one_of_two, until=just(None))),
    (AGENCY, None, built(ContractResumed, contract_id=one_of_two)),
    (AGENCY, None, built(ExemptionGranted, contract_id=one_of_two, part=st.sampled_from(["mo", "pillar3"]))),
    (AGENCY, None, built(CertificateIssued, contract_id=one_of_two)),
    (AGENCY, None, built(TrajectoryEnded, contract_id=one_of_two, reason=st.sampled_from(["attest", "deceased", "no_show"]))),
    (AGENCY, None, built(CareerOrientationHeld)),
    (AGENCY, None, built(CompetenceScreeningCompleted)),
    (AGENCY, None, built(MoCourseStarted, mo_id=one_of_two, planned_end=just("2027-12-31"))),
    (AGENCY, None, built(MoCourseEnded, mo_id=one_of_two)),
    (VDAB, None, built(LanguageLevelAttained, levels=levels)),
    (AGENCY, None, built(SharingBasisRecorded, basis_id=one_of_two, state=st.sampled_from(["live", "ended"]), purpose=just("referral"))),
    (AGENCY, None, built(ReferralMade, referral_id=one_of_two, edition_id=just(ref("edition")))),
    (VDAB, None, built(ReferralAnswered, referral_id=one_of_two)),
    (AGENCY, None, built(OfferRecommended, offer_id=just(ref("offer")))),
    (VDAB, None, built(JobseekerRegistered)),
    (ACTIRIS, None, built(JobseekerRegistered)),
    (VDAB, None, built(ActivationStepReported, step=st.sampled_from(["first_contact", "deregistered", "training_referral"]))),
    (VDAB, None, built(FollowUpPlanRecorded, plan_id=one_of_two, state=st.sampled_from(["opened", "closed"]))),
    (TRAINER, None, built(TrainingStarted, training_id=one_of_two, remedies_deficit=just(ref("deficit")), planned_end=just(None))),
    (AGENCY, None, built(EmploymentStarted, job_id=one_of_two, evidence=just("self_report"))),
    (VDAB, None, built(EmploymentStarted, job_id=one_of_two, evidence=just("dimona"))),
    (VDAB, None, built(EmploymentEnded, job_id=one_of_two)),
    (AGENCY, None, built(DiplomaDossierSubmitted, case_id=one_of_two, previous_case=just(None))),
    (
        NARIC,
        None,
        built(
            RecognitionFileStatusChanged,
            case_id=one_of_two,
            status=st.sampled_from(["complete", "incomplete", "resumed", "awaiting_payment"]),
        ),
    ),
    (NARIC, None, built(RecognitionDecided, case_id=one_of_two, deficits=just([{"deficit_id": ref("deficit"), "kind": "language"}]))),
    (AGENCY, None, built(PostDecisionOrientationGiven, case_id=one_of_two)),
    (ORGANISER, None, built(EditionParticipantEnrolled, enrolment_id=one_of_two, edition_id=just(ref("edition")))),
    (ORGANISER, None, built(EditionParticipationEnded, enrolment_id=one_of_two, edition_id=just(ref("edition")))),
    (ORGANISER, None, built(PerspectiveRecorded, enrolment_id=one_of_two)),
    (AGENCY, None, built(PilotEnrolled, pilot_id=just(ref("pilot")), enrol_kind=st.sampled_from(["offered", "accepted"]))),
    (AGENCY, None, built(PilotLeft, pilot_id=just(ref("pilot")))),
    (
        ORGANISER,
        EDITION,
        built(EditionPlanned, edition_id=just(ref("edition")), edition_kind=st.sampled_from(["sector_trajectory", "group_offer"])),
    ),
    (ORGANISER, EDITION, built(EditionStarted, edition_id=just(ref("edition")))),
    (VDAB, EDITION, built(EditionAligned, edition_id=just(ref("edition")))),
    (VDAB, OFFER, built(OfferPublished, offer_id=just(ref("offer")))),
    (VDAB, OFFER, built(OfferWithdrawn, offer_id=just(ref("offer")))),
    (POLICY, PILOT, built(PilotOpened, pilot_id=just(ref("pilot")))),
)


@st.composite
def lives(draw: st.DrawFn, *, shaped_each: int = 2, most: int = 25) -> Story:
    """A story about up to three persons that may be one, with the shared streams they point at.

    An entry is corrected, and is retracted, at most ``shaped_each`` times.
    """
    story = Story()
    for _ in range(draw(st.integers(1, most))):
        publisher, stream, payloads = draw(st.sampled_from(TOLD))
        on = FIRST_DAY + timedelta(days=draw(st.integers(0, 500)))
        late = timedelta(days=draw(st.sampled_from([0, 0, 0, 3, 40, 200])))
        where = stream or draw(st.sampled_from(PEOPLE[:2]))
        happened = moment(on.isoformat(), draw(st.sampled_from(["00:00", "12:00"])))
        story.given(
            draw(payloads),
            on=on.isoformat(),
            at="12:00",
            by=publisher,
            stream=where,
            recorded=happened + timedelta(hours=draw(st.integers(0, 72))),
            admitted=happened + timedelta(hours=73) + late,
        )
    shaped: dict[tuple[str, str], int] = {}
    for _ in range(draw(st.integers(0, 6))):
        target = draw(st.sampled_from(story.entries))
        what = draw(st.sampled_from(["correct", "retract", "link"]))
        if what == "link":
            absorbed, survivor = draw(st.permutations(PEOPLE))[:2]
            story.linked(absorbed, survivor, on="2025-06-01")
            continue
        shaped[what, target.id] = shaped.get((what, target.id), 0) + 1
        if shaped[what, target.id] > shaped_each:
            continue
        if what == "retract":
            story.retracted(target)
        elif not isinstance(target.payload, IdentityLinked) and not target.type.startswith("event."):
            story.corrected(target, on=(FIRST_DAY + timedelta(days=draw(st.integers(0, 500)))).isoformat())
    return story
