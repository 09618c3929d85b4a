"""The other clocks: exchanges, obligations, signals, employers, erasure, pilots, delivery."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.clock import clocks
from ledger.clocks.delivery import delivery
from ledger.codes.clock import ClockId
from ledger.codes.clock_state import ClockState, Party, Side
from ledger.codes.contract import EndingReason
from ledger.codes.vdab import PerspectiveRecipient
from ledger.entry import OpenEntry
from ledger.events.contract import CertificateIssued, ContractSigned, TrajectoryEnded
from ledger.events.course import LanguageLevelAttained
from ledger.events.employer import EmployerNeedStated, EmployerSupportAgreed
from ledger.events.identity import ErasureExecuted, PersonRegistered
from ledger.events.pilot import PilotOpened
from ledger.events.policy import EvaluationConcluded, NormSet
from ledger.events.referral import ReferralAnswered, ReferralMade
from ledger.events.signal import DiscriminationSignalHandled, DiscriminationSignalled
from ledger.events.vdab import WorkPerspectiveAcknowledged, WorkPerspectiveShared
from tests.given import (
    ACTIRIS,
    AGENCY,
    EMPLOYER_SUPPORT,
    EQUALITY,
    EVALUATOR,
    NARIC,
    OPERATOR,
    OTHER_AGENCY,
    POLICY,
    VDAB,
    Story,
    a,
    moment,
    ref,
)


class TestWorkPerspective:
    def shared(self, recipient: str = "vdab") -> Story:
        story = Story()
        story.given(a(WorkPerspectiveShared, share_id=ref("share"), recipient=recipient), on="2025-01-10")
        return story

    def test_the_recipient_has_a_week(self) -> None:
        story = self.shared()
        assert story.clock("C09", on="2025-01-17").state == ClockState.RUNNING
        assert story.clock("C09", on="2025-01-18").state == ClockState.BREACHED_OPEN

    @pytest.mark.parametrize("recipient", ["vdab", "actiris", "ocmw"])
    def test_it_runs_against_the_recipient(self, recipient: str) -> None:
        assert self.shared(recipient).clock("C09").against == recipient

    def test_acknowledging_that_share_meets_it(self) -> None:
        story = self.shared()
        story.given(a(WorkPerspectiveAcknowledged, share_id=ref("another")), on="2025-01-11", by=VDAB)
        assert story.clock("C09", on="2025-01-12").state == ClockState.RUNNING
        story.given(a(WorkPerspectiveAcknowledged, share_id=ref("share")), on="2025-01-17", by=VDAB)
        assert story.clock("C09").state == ClockState.MET


class TestReferral:
    def made(self, target: str = "vdab", org: str | None = VDAB.org) -> Story:
        story = Story()
        story.given(a(ReferralMade, referral_id=ref("referral"), target=target, target_org=org, kind="standard"), on="2025-01-10")
        return story

    @pytest.mark.parametrize(
        ("target", "party"),
        [("vdab", "vdab"), ("actiris", "actiris"), ("ocmw", "ocmw"), ("naric", "naric"), ("mentoring", "target_organisation")],
    )
    def test_it_runs_two_weeks_against_the_target(self, target: str, party: str) -> None:
        clock = self.made(target).clock("C17", on="2025-01-24")
        assert (clock.state, clock.against, clock.org) == (ClockState.RUNNING, party, VDAB.org)
        assert self.made(target).clock("C17", on="2025-01-25").state == ClockState.BREACHED_OPEN

    @pytest.mark.parametrize("answer", ["accepted", "no_show", "unreachable", "redirected"])
    def test_any_answer_meets_it(self, answer: str) -> None:
        story = self.made()
        payload = a(ReferralAnswered, referral_id=ref("referral"), answer=answer, first_action_on=None, refusal=None)
        story.given(payload, on="2025-01-24", by=VDAB)
        assert story.clock("C17").state == ClockState.MET

    def test_the_end_of_the_trajectory_ends_it_neutrally(self) -> None:
        story = self.made()
        story.given(a(TrajectoryEnded), on="2025-01-20")
        assert story.clock("C17").state == ClockState.NEUTRAL_END

    def test_saying_it_again_while_it_is_open_is_ignored(self) -> None:
        story = self.made()
        story.given(a(ReferralMade, referral_id=ref("referral")), on="2025-01-20")
        assert story.clock("C17").start == date(2025, 1, 10)


class TestReporting:
    def person(self, on: str, obligation_from: str | None = "2025-01-31", nis: str = "12025", obligation: str = "obliged") -> Story:
        story = Story()
        payload = a(PersonRegistered, obligation=obligation, obligation_from=obligation_from, residence_nis=nis)
        story.given(payload, on=on)
        return story

    def test_three_months_in_flanders(self) -> None:
        assert self.person("2025-04-30").clock("C21").state == ClockState.MET
        late = self.person("2025-05-01").clock("C21")
        assert (late.state, late.against, late.side) == (ClockState.BREACHED_CLOSED, Party.INBURGERAAR, Side.PERSON)

    def test_six_months_in_brussels(self) -> None:
        story = self.person("2025-07-31", nis="21004")
        assert story.clock("C22").state == ClockState.MET
        assert story.clocks("C21") == ()
        assert self.person("2025-08-01", nis="21004").clock("C22").state == ClockState.BREACHED_CLOSED

    def test_reporting_before_it_is_due_is_fine(self) -> None:
        story = self.person("2025-01-20")
        assert story.clock("C21", on="2025-01-20").state == ClockState.NOT_STARTED
        assert story.clock("C21").state == ClockState.MET_BEFORE_START

    @pytest.mark.parametrize(("obligation", "start"), [("entitled", None), ("entitled", "2025-01-31"), ("exempt", None)])
    def test_only_for_the_obliged(self, obligation: str, start: str | None) -> None:
        assert self.person("2025-02-01", start, obligation=obligation).clocks("C21") == ()

    def test_another_agency_that_repeats_it_starts_nothing(self) -> None:
        story = self.person("2025-02-20")
        story.given(a(PersonRegistered, obligation_from="2025-01-31", residence_nis="44021"), on="2026-02-20", by=OTHER_AGENCY)
        assert [clock.stop for clock in story.clocks("C21")] == [date(2025, 2, 20)]


class TestOralB1:
    def certified(self, kind: str = "attest", obligation: str = "obliged") -> Story:
        story = Story()
        story.given(a(PersonRegistered, obligation=obligation, obligation_from="2023-01-01"), on="2023-02-01")
        story.given(a(CertificateIssued, contract_id=ref("contract"), kind=kind), on="2024-02-29")
        return story

    def attained(self, story: Story, on: str, speaking: str = "b1", **changes: object) -> OpenEntry:
        changes = {"language": "nl", "evidence": "test_nt2", **changes}
        return story.given(a(LanguageLevelAttained, levels={"speaking": speaking}, **changes), on=on)

    def test_twenty_four_months_after_the_certificate(self) -> None:
        clock = self.certified().clock("C14", on="2026-02-28")
        assert (clock.state, clock.deadline, clock.case) == (ClockState.RUNNING, date(2026, 2, 28), ref("contract"))
        assert self.certified().clock("C14", on="2026-03-01").state == ClockState.BREACHED_OPEN

    def test_speaking_at_b1_or_above_meets_it(self) -> None:
        for level in ("b1", "b2", "c2"):
            story = self.certified()
            self.attained(story, "2026-02-28", level)
            assert story.clock("C14").state == ClockState.MET

    @pytest.mark.parametrize("changes", [{"speaking": "a2"}, {"evidence": "screening"}, {"language": "fr"}])
    def test_what_does_not(self, changes: dict[str, str]) -> None:
        story = self.certified()
        self.attained(story, "2025-01-01", changes.pop("speaking", "b1"), **changes)
        assert story.clock("C14", on="2025-01-01").state == ClockState.RUNNING

    def test_b1_from_before_the_certificate_stands(self) -> None:
        story = self.certified()
        self.attained(story, "2023-06-01")
        assert story.clock("C14").state == ClockState.MET_BEFORE_START

    @pytest.mark.parametrize(("kind", "obligation"), [("verklaring_inspanning", "obliged"), ("attest", "entitled")])
    def test_only_the_obliged_with_a_certificate(self, kind: str, obligation: str) -> None:
        assert self.certified(kind, obligation).clocks("C14") == ()

    def test_without_a_registration_the_obligation_is_unknown(self) -> None:
        story = Story()
        story.given(a(CertificateIssued, kind="attest"), on="2024-02-29")
        assert story.clock("C14").state == ClockState.UNKNOWN

    def test_death_is_neutral_and_a_move_to_wallonia_is_not(self) -> None:
        story = self.certified()
        moved = story.given(a(TrajectoryEnded, reason=EndingReason.MOVED_WALLONIA), on="2025-01-01")
        assert story.clock("C14", on="2025-01-01").state == ClockState.RUNNING
        story.corrected(moved, a(TrajectoryEnded, reason=EndingReason.DECEASED))
        assert story.clock("C14", on="2025-01-01").state == ClockState.NEUTRAL_END


class TestSignal:
    def test_sixty_days_for_who_received_it(self) -> None:
        story = Story(f"signaal/{ref('signal')}")
        story.given(a(DiscriminationSignalled, signal_id=ref("signal")), on="2025-01-10", by=EQUALITY)
        clock = story.clock("C18", on="2025-03-11")
        assert (clock.state, clock.against, clock.org) == (ClockState.RUNNING, Party.RECEIVING_ORGANISATION, EQUALITY.org)
        assert story.clock("C18", on="2025-03-12").state == ClockState.BREACHED_OPEN
        story.given(a(DiscriminationSignalHandled, signal_id=ref("signal")), on="2025-03-11", by=EQUALITY)
        assert story.clock("C18").state == ClockState.MET


class TestEmployer:
    def test_thirty_days_from_each_need(self) -> None:
        story = Story("werkgever/1999500095")
        story.given(a(EmployerNeedStated, need_id=ref("first")), on="2025-01-10", by=EMPLOYER_SUPPORT)
        story.given(a(EmployerNeedStated, need_id=ref("second")), on="2025-02-10", by=EMPLOYER_SUPPORT)
        agreed = a(EmployerSupportAgreed, need_id=ref("first"), route="none", support_kinds=(), partner_org=None)
        story.given(agreed, on="2025-02-09", by=EMPLOYER_SUPPORT)
        assert [clock.state for clock in story.clocks("C19", on="2025-03-13")] == [ClockState.MET, ClockState.BREACHED_OPEN]


class TestErasure:
    def erased(self, on: str) -> Story:
        story = Story()
        story.given(a(ContractSigned), on="2025-01-10")
        story.given(a(ErasureExecuted, requested_on="2025-01-31"), on=on, by=OPERATOR)
        return story

    def test_a_month_from_the_request(self) -> None:
        assert self.erased("2025-02-28").clock("C20").state == ClockState.MET
        late = self.erased("2025-03-01").clock("C20")
        assert (late.state, late.elapsed, late.against) == (ClockState.BREACHED_CLOSED, 29, Party.CONTROLLER)

    def test_the_person_leaves_every_other_clock(self) -> None:
        story = self.erased("2025-02-28")
        assert [clock.clock for clock in story.subject().clocks] == [ClockId.C20]
        assert story.clocks("C03", known_at=1)

    def test_once_it_is_known_on_every_date(self) -> None:
        assert self.erased("2025-02-28").subject(on="2025-01-15").clocks == ()


class TestPilot:
    PILOT = ref("pilot")

    def opened(self, on: str = "2024-03-01") -> Story:
        story = Story(f"beleid/pilot/{self.PILOT}")
        story.given(a(PilotOpened, pilot_id=self.PILOT), on=on, by=POLICY)
        return story

    def concluded(self, story: Story, on: str, kind: str = "pilot") -> OpenEntry:
        payload = a(EvaluationConcluded, subject_kind=kind, subject_id=self.PILOT)
        return story.given(payload, on=on, by=EVALUATOR, stream="beleid/evaluation/e1")

    def test_before_the_summer_of_2026(self) -> None:
        clock = self.opened().clock("C23", on="2026-06-20")
        assert (clock.state, clock.deadline, clock.period, clock.against) == (
            ClockState.RUNNING,
            date(2026, 6, 20),
            None,
            Party.POLICY_OWNER,
        )
        assert self.opened().clock("C23", on="2026-06-21").state == ClockState.BREACHED_OPEN

    def test_a_conclusion_about_the_pilot_meets_it(self) -> None:
        story = self.opened()
        self.concluded(story, "2026-06-20")
        assert story.clock("C23").state == ClockState.MET

    def test_a_conclusion_about_something_else_does_not(self) -> None:
        story = self.opened()
        self.concluded(story, "2026-06-20", "regulation")
        assert story.clock("C23", on="2026-06-20").state == ClockState.RUNNING

    def test_a_pilot_that_opens_later_has_no_such_clock(self) -> None:
        assert self.opened("2026-07-01").clocks("C23") == ()


class TestDelivery:
    def entry(self, hours: float, *, on: str = "2025-01-10") -> tuple[Story, OpenEntry]:
        story = Story()
        recorded = moment(on)
        admitted = recorded + timedelta(hours=hours)
        return story, story.given(a(ContractSigned), on=on, recorded=recorded, admitted=admitted, by=NARIC)

    def test_within_forty_eight_hours_it_is_met_and_not_listed(self) -> None:
        story, entry = self.entry(48)
        assert story.clocks("C24") == ()
        measured = delivery(story.subject(), entry)
        assert (measured.state, measured.elapsed, measured.deadline) == (ClockState.MET, 48 * 3600, date(2025, 1, 12))

    def test_a_second_more_is_late(self) -> None:
        story, entry = self.entry(48 + 1 / 3600)
        clock = story.clock("C24")
        assert (clock.state, clock.elapsed, clock.against, clock.org) == (
            ClockState.BREACHED_CLOSED,
            48 * 3600 + 1,
            Party.PUBLISHER,
            NARIC.org,
        )
        assert (clock.case, clock.position) == (entry.id, entry.position)

    def test_dead_entries_were_delivered_late_all_the_same(self) -> None:
        story, entry = self.entry(100)
        story.retracted(entry)
        assert entry.position in {clock.position for clock in story.clocks("C24")}

    def test_the_norm_may_change(self) -> None:
        story, _ = self.entry(3)
        changes = {"clock": "C24", "period": "PT2H", "kind": "target", "source": "framework", "valid_from": "2025-01-01"}
        story.given(a(NormSet, **changes), on="2025-01-01", by=POLICY, stream="beleid/norm/C24")
        assert story.clock("C24").period == "PT2H"

    def test_on_every_kind_of_stream(self) -> None:
        story = Story(f"signaal/{ref('signal')}")
        story.given(a(DiscriminationSignalled), on="2025-01-10", by=EQUALITY, admitted=moment("2025-02-01"))
        assert len(story.clocks("C24")) == 1


class TestCatalogue:
    def test_every_clock_is_declared(self) -> None:
        assert list(clocks()) == sorted(ClockId)

    def test_a_system_clock_never_runs_against_the_person(self) -> None:
        for declared in clocks().values():
            assert (declared.against is Party.INBURGERAAR) == (declared.side is Side.PERSON)

    def test_what_cannot_breach_raises_no_finding(self) -> None:
        assert [declared.id for declared in clocks().values() if declared.finding is None] == [ClockId.C02, ClockId.C07]

    def test_clocks_come_in_the_order_of_id_start_and_case(self) -> None:
        story = Story()
        story.given(a(PersonRegistered), on="2024-12-01")
        for day in ("2025-03-01", "2025-02-01"):
            story.given(a(ContractSigned, contract_id=ref(day)), on=day)
            story.given(a(ReferralMade, referral_id=ref(day)), on=day)
        told = [(clock.clock, clock.start or date.max, clock.case) for clock in story.subject().clocks]
        assert told == sorted(told)

    def test_the_services_and_recipients_are_parties_by_their_own_names(self) -> None:
        names = {*(role.value for role in (VDAB.role, ACTIRIS.role, AGENCY.role, NARIC.role)), *(one.value for one in PerspectiveRecipient)}
        assert names <= {party.value for party in Party}
