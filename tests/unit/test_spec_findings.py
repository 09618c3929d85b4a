"""Findings, from the CloudEvent on: what somebody expects who read domain.md 0.4 only."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.codes.roles import Role
from tests.given import ref
from tests.unit.ledger_of_lines import LedgerOfLines
from tests.unit.wire import PERSON

CONTRACT, CASE, OFFER = ref("contract"), ref("case"), ref("offer")
FIRST, SECOND, THIRD = (f"persoon/{ref(name)}" for name in ("first", "second", "third"))
ENTITLED: dict[str, Any] = {"obligation": "entitled", "obligation_from": None, "residence_nis": "11002"}


def link(ledger: LedgerOfLines, absorbed: str, survivor: str, on: str) -> int:
    return ledger.tell("identity.linked", on, subject=survivor, survivor_ref=survivor[8:], absorbed_ref=absorbed[8:])


def test_resuming_what_nobody_suspended_waits_for_its_suspension() -> None:
    ledger = LedgerOfLines()
    ledger.tell("contract.signed", "2025-01-10", contract_id=CONTRACT)
    resumed = ledger.tell("contract.resumed", "2025-03-01", contract_id=CONTRACT)
    assert [(one.position, one.severity) for one in ledger.findings(PERSON, "F02")] == [(resumed, "info")]
    ledger.tell("contract.suspended", "2025-02-01", contract_id=CONTRACT, until=None)
    assert ledger.findings(PERSON, "F02") == []


def test_resuming_a_file_that_never_paused_waits_too() -> None:
    ledger = LedgerOfLines()
    ledger.tell("diploma-dossier.submitted", "2025-01-10", by=Role.AGENCY, case_id=CASE, previous_case=None)
    ledger.tell("recognition-file.changed", "2025-01-20", by=Role.NARIC, case_id=CASE, status="complete")
    resumed = ledger.tell("recognition-file.changed", "2025-03-01", by=Role.NARIC, case_id=CASE, status="resumed")
    assert [one.position for one in ledger.findings(PERSON, "F02")] == [resumed]
    ledger.tell("recognition-file.changed", "2025-02-01", by=Role.NARIC, case_id=CASE, status="authenticity_check")
    assert ledger.findings(PERSON, "F02") == []


def test_persons_linked_along_a_chain_must_fit_each_other() -> None:
    ledger = LedgerOfLines()
    ledger.tell("person.registered", "2024-12-01", subject=FIRST, birth_year=1990, **ENTITLED)
    ledger.tell("person.registered", "2024-12-02", subject=THIRD, birth_year=1985, **ENTITLED)
    link(ledger, FIRST, SECOND, "2025-01-05")
    assert ledger.findings(SECOND, "F28") == []
    last = link(ledger, SECOND, THIRD, "2025-01-06")
    assert [(one.position, one.severity) for one in ledger.findings(FIRST, "F28")] == [(last, "high")]
    assert ledger.answer(FIRST)["streams"] == [THIRD, *sorted((FIRST, SECOND))]
    entry = ledger.entries[last - 1]
    ledger.tell(
        "event.retracted", "2025-01-07", by=Role.IDENTITY_SERVICE, subject=entry.stream, target_source=entry.source, target_id=entry.id
    )
    assert ledger.findings(FIRST, "F28") == []
    assert ledger.answer(FIRST)["streams"] == [SECOND, FIRST]


def test_the_link_that_closes_a_circle_of_three_is_refused_at_projection() -> None:
    ledger = LedgerOfLines()
    link(ledger, FIRST, SECOND, "2025-01-05")
    link(ledger, SECOND, THIRD, "2025-01-06")
    closing = link(ledger, THIRD, FIRST, "2025-01-07")
    assert ledger.answer(FIRST)["person"] == THIRD[8:]
    assert [one.position for one in ledger.findings(FIRST, "F28")] == [closing]


def test_an_offer_that_is_published_later_was_not_live_when_it_was_recommended() -> None:
    ledger = LedgerOfLines()
    ledger.tell("offer.recommended", "2025-03-01", offer_id=OFFER)
    ledger.tell("offer.published", "2025-03-02", subject=f"aanbod/{OFFER}", offer_id=OFFER, valid_from="2025-01-01", valid_to=None)
    ledger.tell("offer.recommended", "2025-03-03", offer_id=OFFER)
    assert [one.since.isoformat() for one in ledger.findings(PERSON, "F18")] == ["2025-03-01"]


def dossier(ledger: LedgerOfLines, on: str, case: str = "case", **data: Any) -> int:
    made: dict[str, Any] = {
        "case_id": ref(case),
        "diploma_origin": "non_eea",
        "regulated_profession": "nurse",
        "previous_case": None,
        **data,
    }
    return ledger.tell("diploma-dossier.submitted", on, by=Role.AGENCY, **made)


@pytest.mark.parametrize(("naric_on", "flagged"), [("2025-01-10", False), ("2025-03-01", False), ("2025-03-02", True)])
def test_outside_the_eea_naric_comes_first_and_the_visum_after_it(naric_on: str, flagged: bool) -> None:
    ledger = LedgerOfLines()
    dossier(ledger, "2025-03-01", authority="fod_volksgezondheid", procedure="visum")
    dossier(ledger, naric_on, "before", authority="naric", procedure="specific_he")
    assert [one.case for one in ledger.findings(PERSON, "F38")] == ([CASE] if flagged else [])


@pytest.mark.parametrize(
    ("authority", "procedure"),
    [("fod_volksgezondheid", "visum"), ("departement_zorg", "title_specialist"), ("biv", "professional_general")],
)
def test_what_is_no_regulated_profession_is_recognised_by_nobody_but_naric(authority: str, procedure: str) -> None:
    ledger = LedgerOfLines()
    dossier(ledger, "2025-03-01", authority=authority, procedure=procedure, regulated_profession=None)
    assert [one.case for one in ledger.findings(PERSON, "F38")] == [CASE]


def test_a_basis_that_ended_and_was_renewed_and_ended_again_covers_neither_gap() -> None:
    ledger = LedgerOfLines()
    states = (("live", "2025-01-01"), ("ended", "2025-03-01"), ("live", "2025-05-01"), ("ended", "2025-08-01"))
    for state, on in states:
        ledger.tell(
            "sharing-basis.recorded", on, by=Role.AGENCY, basis_id=ref("basis"), state=state, purpose="referral",
            recipient_role="vdab", grondslag="protocol", valid_from=on, valid_to=None,
        )  # fmt: skip
    for month in ("02", "04", "06", "09"):
        ledger.tell(
            "referral.made", f"2025-{month}-15", by=Role.AGENCY, referral_id=ref(month), target="vdab", kind="standard", edition_id=None
        )
    assert [one.since.isoformat() for one in ledger.findings(PERSON, "F24")] == ["2025-04-15", "2025-09-15"]


def test_a_partner_that_aligned_the_edition_is_the_mediator_it_shows_itself_to_be() -> None:
    ledger, edition = LedgerOfLines(), ref("edition")
    stream = f"editie/{edition}"
    plan: dict[str, Any] = {"edition_id": edition, "pilot_id": None, "partners": ["1999015095"], "sessions": 16}
    ledger.tell("edition.planned", "2025-01-05", subject=stream, **plan)
    assert len(ledger.findings(stream, "F27/P7")) == 1
    ledger.tell("edition.aligned", "2025-02-01", by=Role.VDAB, subject=stream, edition_id=edition, outcome="adjust", compared_offers=[])
    assert ledger.findings(stream, "F27/P7") == []


def test_two_systems_of_one_organisation_each_have_their_own_control_total() -> None:
    ledger = LedgerOfLines()
    for system in ("kbi", "bedrijven", "bedrijven"):
        made = ledger.told("feed.reconciled", "2025-02-01", by=Role.AGENCY, subject="bron/1999010048", period="2025-01")
        ledger.admit(made | {"source": f"urn:kbo:1999010048:{system}"})
    counted = [fact.entry.source[19:] for fact in ledger.subject("bron/1999010048").history.facts]
    assert sorted(counted) == ["bedrijven", "kbi"]
    assert len(ledger.findings("bron/1999010048", "F03")) == 1
