"""Pilots, agreements and conclusions over HTTP, on the command line and on pages: one figure, and conclusions that are admitted."""

from __future__ import annotations

import html
import json
import re

import httpx
import pytest

from cli.main import main
from ledger.authority import Credential
from ledger.codes.roles import Role
from simulation.run import stream
from tests.acceptance.serving import Served
from tests.waiting import until


def text(answer: httpx.Response) -> str:
    """What the page says, without its marks."""
    assert answer.status_code == 200, answer.text[:500]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_every_pilot_has_a_line_a_sheet_and_a_page(population: Served) -> None:
    with population.client() as client:
        told = client.get("/api/pilots").raise_for_status().json()
        assert {one["theme"] for one in told["pilots"]} >= {"sector_trajectory", "career_orientation", "employer_language"}
        listed = text(client.get("/proeftuinen"))
        for one in told["pilots"]:
            sheet = client.get(f"/api/pilots/{one['id']}").raise_for_status().json()
            assert sheet["pilot"] == one
            assert [criterion["id"] for criterion in sheet["criteria"]] == [f"E{n}" for n in range(1, 11)]
            assert sheet["position"] == told["position"]
            for lang, proposal, why in (("nl", "nl", "nl"), ("en", "en", "en")):
                page = text(client.get(f"/proeftuinen/{one['id']}", params={"lang": lang}))
                assert sheet["pilot"]["proposal_label"][proposal] in page
                assert sheet["criteria"][0]["why"][why] in page
                assert sheet["plan"] in page
            assert one["label"]["nl"] in listed


def test_few_people_give_no_comparison_and_no_small_count(population: Served) -> None:
    """A hundred and twenty people: every pilot is descriptive, and no count of one to four is told anywhere."""
    with population.client() as client:
        for one in client.get("/api/pilots").json()["pilots"]:
            sheet = client.get(f"/api/pilots/{one['id']}").json()
            assert sheet["claim"] == "descriptive"
            assert sheet["m1"] is None
            counts = [one["offered"], one["accepted"], sheet["left"], *sheet["by_region"].values()]
            counts += [sheet[name] for name in ("fitting", "immature", "several")]
            assert all(n is None or n == 0 or n >= 5 for n in counts), (one["theme"], counts)
            for row in sheet["process"]:
                assert row["denominator"] is None or row["denominator"] == 0 or row["denominator"] >= 10


def test_the_budget_stands_in_the_address_and_needs_no_script(population: Served) -> None:
    with population.client() as client:
        told = client.get("/api/pilots", params={"budget": 2_000_000}).json()["budget"]
        assert told["budget"] == 200_000_000
        assert {one["rule"] for one in told["scenarios"]} == {"proportional", "cheapest", "protect"}
        assert all(sum(part["cents"] for part in one["pilots"]) <= told["budget"] for one in told["scenarios"])
        assert len(told["envelopes"]) == 4
        page = text(client.get("/proeftuinen", params={"budget": "2000000"}))
        assert "€ 2.000.000" in page
        assert "Iedereen evenveel minder" in page
        sector = next(one for one in client.get("/api/pilots").json()["pilots"] if one["theme"] == "sector_trajectory")
        own = client.get("/api/pilots", params={"budget": 2_000_000, "amounts": "sector_trajectory:0"}).json()["budget"]
        manual = next(one for one in own["scenarios"] if one["rule"] == "manual")
        assert next(part for part in manual["pilots"] if part["pilot"] == sector["id"])["cents"] == 0
        assert "Zelf gekozen bedragen" in text(client.get("/proeftuinen", params={f"bedrag-{sector['id'][:8]}": "0"}))


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/api/pilots", {"budget": "-1"}, 400),
        ("/api/pilots", {"amounts": "sector_trajectory"}, 400),
        ("/api/pilots", {"amounts": "moon_landing:5"}, 404),
        ("/api/pilots/moon_landing", {}, 404),
        ("/api/pilots/sector_trajectory", {"rule_needed": "perhaps"}, 400),
        ("/api/agreements", {"norm": "C01"}, 400),
        ("/api/agreements/vdab.moon", {}, 404),
    ],
)
def test_what_cannot_be_answered_says_why(population: Served, path: str, query: dict[str, str], status: int) -> None:
    with population.client() as client:
        answer = client.get(path, params=query)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


def test_agreements_are_the_same_everywhere_and_follow_the_asked_norm(
    population: Served, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with population.client() as client:
        told = client.get("/api/agreements", params={"norm": "C10=60"}).raise_for_status().json()
        page = text(client.get("/afspraken", params={"C10": "60", "lang": "en"}))
    codes = [one["code"] for one in told["clauses"]]
    assert {"vdab.registration", "vdab.feedback", "actiris.brussels"} <= set(codes)
    feedback = next(one for one in told["clauses"] if one["code"] == "vdab.feedback")
    first = feedback["clocks"][0]
    assert (first["clock"], first["norm"]) == ("C10", "P21D")
    assert first["total"]["decided"] >= 10
    assert f"{first['total']['met']} of {first['total']['decided']} in time" in page
    assert first["changed"]["tally"]["met"] >= first["total"]["met"], "a longer norm never has fewer in time"
    brussels = next(one for one in told["clauses"] if one["code"] == "actiris.brussels")
    assert brussels["clocks"][0]["kind"] == "may"
    monkeypatch.setenv("LEDGER_URL", population.url)
    assert main(["agreements", "--norm", "C10=60", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == told
    assert main(["agreements", "vdab.feedback"]) == 0
    assert "C10" in capfd.readouterr().out
    assert main(["agreements", "--norm", "C10"]) == 2


def test_the_command_tells_what_the_api_tells(
    population: Served, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGER_URL", population.url)
    with population.client() as client:
        told = client.get("/api/pilots").json()
        sheet = client.get("/api/pilots/group_offer", params={"rule_needed": "yes"}).json()
    assert main(["pilots", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == told
    assert main(["pilots", "group_offer", "--rule-needed", "yes", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == sheet
    assert main(["pilots"]) == 0
    assert "None of these is chosen" in capfd.readouterr().out
    assert main(["pilots", "group_offer"]) == 0
    assert "E10" in capfd.readouterr().out
    assert main(["pilots", "group_offer", "--budget", "5"]) == 2


def test_clauses_that_somebody_looked_at_are_ready_when_the_ledger_moved_on(ledger: Served) -> None:
    lines = list(stream(30, 5))
    ledger.publish(lines[: len(lines) // 2])
    ledger.project()
    first = ledger.do(ledger.parts.evaluations.live)
    assert not first.counted
    first.clauses({})
    ledger.publish(lines[len(lines) // 2 :])
    ledger.project()

    async def newer() -> bool:
        made = await ledger.parts.evaluations.live()
        return made.cut > first.cut and made.counted

    ledger.do(lambda: until(newer))


def test_a_sheet_of_the_past_is_recomputed_from_the_log(population: Served) -> None:
    with population.client() as client:
        now = client.get("/api/pilots/career_orientation").json()
        cut = {"as_of": now["as_of"], "known_at": str(now["position"])}
        again = client.get("/api/pilots/career_orientation", params=cut).raise_for_status().json()
    # Whether a refused submission arrived is known live only: it is no entry. All else is the same to the last digit.
    for name in ("process", "money", "claim", "by_region", "fitting", "plan", "equity"):
        assert again[name] == now[name], name


def test_a_conclusion_is_admitted_as_an_event_that_names_its_figures_and_position(ledger: Served) -> None:
    from simulation.faults import FaultProfile
    from simulation.run import stream

    ledger.publish(stream(20, 3, FaultProfile.NONE))
    ledger.project()
    with ledger.client() as client:
        sheet = client.get("/api/pilots/sector_trajectory").json()
        answer = client.post("/api/pilots/sector_trajectory/conclusion", json={"conclusion": "stop"}).raise_for_status().json()
        assert answer["admitted"] == 1
        entry = client.get("/api/entries", params={"after": answer["verdicts"][0]["position"] - 1, "limit": 1}).json()["entries"][0]
        assert entry["type"].endswith("evaluation.concluded.v1")
        said = entry["data"]
        assert said["checkpoint_position"] == sheet["position"]
        assert list(said["indicator_ids"]) == sheet["indicators"]
        ledger.project()
        after = client.get("/api/pilots/sector_trajectory").json()
        assert after["pilot"]["conclusion"]["conclusion"] == "stop"
        assert after["pilot"]["conclusion"]["checkpoint_position"] == sheet["position"]
        assert after["pilot"]["deviating"] == (after["pilot"]["proposal"] != "stop")
        form = client.post(f"/proeftuinen/{after['pilot']['id']}", data={"conclusion": "continue_pilot"}, headers={"Origin": ledger.url})
        assert form.status_code in {200, 303}, form.text[:300]
        second = client.post("/api/agreements/vdab.feedback/conclusion", json={"conclusion": "adjust_framework"}).json()
        assert second["admitted"] == 1
        assert client.post("/api/pilots/sector_trajectory/conclusion", json={"conclusion": "applaud"}).status_code in {400, 422}


def test_reading_a_conclusion_back_recomputes_the_figures_that_it_names(ledger: Served) -> None:
    """What was concluded on stays what it was, however far the ledger has moved on."""
    from simulation.faults import FaultProfile
    from simulation.run import stream

    lines = list(stream(25, 4, FaultProfile.NONE))
    ledger.publish(lines[: 2 * len(lines) // 3])
    ledger.project()
    with ledger.client() as client:
        read = client.get("/api/pilots/sector_trajectory").raise_for_status().json()
        cut = {"as_of": read["as_of"], "known_at": str(read["position"])}
        figures = {id: client.get(f"/api/indicators/{id}").raise_for_status().json() for id in read["indicators"]}
        ledger.publish(lines[2 * len(lines) // 3 :])
        ledger.project()
        body = {"conclusion": "continue_pilot", "position": read["position"]}
        answer = client.post("/api/pilots/sector_trajectory/conclusion", json=body).raise_for_status().json()
        entry = client.get("/api/entries", params={"after": answer["verdicts"][0]["position"] - 1, "limit": 1}).json()["entries"][0]
        said = entry["data"]
        assert said["checkpoint_position"] == read["position"], "the figures that were read, not those of now"
        named = {"as_of": read["as_of"], "known_at": str(said["checkpoint_position"])}
        assert named == cut
        assert list(said["indicator_ids"]) == read["indicators"]
        for id in said["indicator_ids"]:
            again = client.get(f"/api/indicators/{id}", params=named).raise_for_status().json()
            assert again["rows"] == figures[id]["rows"], id
            assert again["total"] == figures[id]["total"], id
        sheet = client.get("/api/pilots/sector_trajectory", params=named).raise_for_status().json()
        for name in ("process", "money", "claim", "by_region", "plan", "equity", "closed", "m1", "m2", "staggered"):
            assert sheet[name] == read[name], name
        now = client.get("/api/pilots/sector_trajectory").json()
        assert now["position"] > read["position"]
        body["position"] = now["position"] + 10**6
        assert client.post("/api/pilots/sector_trajectory/conclusion", json=body).status_code == 422


def test_in_an_ordinary_ledger_only_a_policy_owner_or_evaluator_concludes(ordinary: Served) -> None:
    with ordinary.client() as client:
        assert client.get("/api/pilots").status_code == 200
        assert client.get("/proeftuinen").status_code == 200
        assert client.get("/afspraken").status_code == 200
        assert client.get("/api/pilots", params={"known_at": "1"}).status_code == 401
        assert client.post("/api/agreements/vdab.feedback/conclusion", json={"conclusion": "stop"}).status_code in {401, 404}


def test_an_agency_concludes_nothing() -> None:
    from datetime import UTC, datetime

    from ledger.codes.policy import Conclusion, EvaluationSubject
    from ledger.errors import UsageError
    from ledger.factbook import Factbook
    from streams.concluding import concluded

    facts = Factbook({}, as_of=datetime(2026, 6, 1, tzinfo=UTC).date(), position=5)
    asked = {
        "subject_kind": EvaluationSubject.PILOT,
        "subject_id": "0190a1b2-0000-8000-8000-000000000000",
        "conclusion": Conclusion.STOP,
        "indicators": ("IND-29",),
        "now": datetime(2026, 6, 1, tzinfo=UTC),
    }
    with pytest.raises(UsageError, match="concludes nothing"):
        concluded(facts, credential=Credential(name="a", org="1999010048", role=Role.AGENCY), **asked)  # type: ignore[arg-type]
    raw = json.loads(concluded(facts, credential=Credential(name="p", org="1999035089", role=Role.POLICY_OWNER), **asked))  # type: ignore[arg-type]
    assert (raw["publisherrole"], raw["sequence"], raw["data"]["checkpoint_position"]) == ("policy_owner", 1, 5)
