"""Reading over HTTP: entries and their stream, trajectories cut at D and N, views, refusals, findings, flows, contracts."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import httpx
import jsonschema
import msgspec
import pytest

from ledger.catalogue import catalogue
from ledger.codes.roles import Role
from ledger.example import example_event
from ledger.projection import projections
from ledger.time import local_date
from streams.keys import Keys
from tests.acceptance.serving import BATCH, Served
from tests.integration.feed import Feed, Json, person

STRUCTURED = "application/cloudevents+json"
TIMELINE = {"person", "position", "as_of", "known_at", "entries", "clocks", "findings", "facts"}


@pytest.fixture(scope="module")
def reader(population: Served) -> Iterator[httpx.Client]:
    with population.client() as client:
        yield client


@pytest.fixture(scope="module")
def busiest(reader: httpx.Client) -> str:
    """The person with the most entries."""
    counts: dict[str, int] = {}
    after: int | None = 0
    while after is not None:
        page = reader.get("/api/entries", params={"after": after, "limit": 1000}).json()
        for entry in page["entries"]:
            if entry["stream"].startswith("persoon/"):
                counts[entry["stream"]] = counts.get(entry["stream"], 0) + 1
        after = page["next"]
    return max(counts, key=lambda stream: (counts[stream], stream)).removeprefix("persoon/")


def publish(client: httpx.Client, *events: dict[str, Json]) -> None:
    client.post("/api/events", content=json.dumps(events), headers={"content-type": BATCH}).raise_for_status()


# -- entries ----------------------------------------------------------------------------------------------------------


def test_entries_are_paged_without_a_gap(reader: httpx.Client) -> None:
    head = reader.get("/api/status").json()["position"]
    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = reader.get("/api/entries", params={"after": after, "limit": 700}).json()
        seen += [entry["position"] for entry in page["entries"]]
        after = page["next"]
    assert seen == list(range(1, head + 1))


def test_data_of_signals_is_kept_for_their_own_reader(reader: httpx.Client) -> None:
    signals: list[Any] = []
    after: int | None = 0
    while after is not None:
        page = reader.get("/api/entries", params={"after": after, "limit": 1000}).json()
        signals += [entry for entry in page["entries"] if entry["stream"].startswith("signaal/")]
        after = page["next"]
    assert all(entry["state"] == "restricted" and entry["data"] is None for entry in signals)


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 1001}, {"after": -1}, {"after": "x"}, {"page": 2}, {"after": 2**60}])
def test_a_wrong_page_is_a_bad_request(reader: httpx.Client, query: dict[str, object]) -> None:
    answer = reader.get("/api/entries", params=query)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert answer.json()["pointer"] == next(iter(query))


def test_the_stream_resumes_where_it_was_left_and_tells_what_comes(ledger: Served, keys: Keys) -> None:
    feed = Feed(keys)
    with ledger.client() as client:
        publish(client, *(feed.event() for _ in range(5)))
    told: list[int] = []
    ready = threading.Event()

    def watch() -> None:
        with ledger.client() as client, client.stream("GET", "/api/entries/stream", headers={"Last-Event-ID": "2"}) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    told.append(int(line[4:]))
                    if told[-1] == 5:
                        ready.set()
                    if told[-1] == 7:
                        return

    thread = threading.Thread(target=watch)
    thread.start()
    assert ready.wait(60)
    with ledger.client() as client:
        publish(client, feed.event(), feed.event())
    thread.join(60)
    assert told == [3, 4, 5, 6, 7]


def test_the_status_stream_follows_the_head(ledger: Served, keys: Keys) -> None:
    feed = Feed(keys)
    with ledger.client() as client, client.stream("GET", "/api/status/stream") as answer:
        positions: list[int] = []
        for line in answer.iter_lines():
            if not line.startswith("data: "):
                continue
            told = json.loads(line[6:])
            positions.append(told["position"])
            if told["position"] == 0:
                with ledger.client() as other:
                    publish(other, feed.event())
            else:
                assert told["recent"][0]["position"] == 1
                break
    assert positions == [0, 1]


def test_a_last_event_id_that_is_no_position_is_a_bad_request(reader: httpx.Client) -> None:
    assert reader.get("/api/entries/stream", headers={"Last-Event-ID": "abc"}).status_code == 400


# -- trajectories -----------------------------------------------------------------------------------------------------


def test_a_trajectory_has_the_keys_that_stay(reader: httpx.Client, busiest: str) -> None:
    told = reader.get(f"/api/trajectories/{busiest}").json()
    assert told.keys() >= TIMELINE
    assert told["known_at"] is None
    assert told["position"] == reader.get("/api/status").json()["position"]
    assert told["entries"][0].keys() >= {"position", "type", "id", "source", "time", "admitted_at", "state", "data"}
    assert told["clocks"][0].keys() >= {"clock", "state", "start", "deadline", "stop", "elapsed", "paused", "against", "case"}
    assert {finding for entry in told["findings"] for finding in entry} >= {"code", "severity", "clock", "rule", "position", "since"}
    assert {entry["state"] for entry in told["entries"]} <= {"live", "corrected", "retracted", "superseded"}


def test_a_person_is_found_in_every_spelling(reader: httpx.Client, busiest: str) -> None:
    spellings = (busiest, f"persoon/{busiest}", f"persoon%2F{busiest}", busiest.upper())
    answers = [reader.get(f"/api/trajectories/{spelling}") for spelling in spellings]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.content for answer in answers}) == 1


def test_known_at_one_more_differs_by_exactly_that_entry(reader: httpx.Client, busiest: str) -> None:
    entries = reader.get(f"/api/trajectories/{busiest}").json()["entries"]
    for entry in entries:
        position = entry["position"]
        after = reader.get(f"/api/trajectories/{busiest}", params={"known_at": position}).json()
        ids = {one["id"] for one in after["entries"]}
        if position == min(one["position"] for one in entries):
            assert reader.get(f"/api/trajectories/{busiest}", params={"known_at": position - 1}).status_code == 404
            continue
        before = reader.get(f"/api/trajectories/{busiest}", params={"known_at": position - 1}).json()
        assert ids - {one["id"] for one in before["entries"]} == {entry["id"]}


def test_as_of_leaves_out_what_had_not_happened(reader: httpx.Client, busiest: str) -> None:
    entries = reader.get(f"/api/trajectories/{busiest}").json()["entries"]
    middle = entries[len(entries) // 2]["date"]
    told = reader.get(f"/api/trajectories/{busiest}", params={"as_of": middle}).json()
    assert told["as_of"] == middle
    shapers = {"event.corrected", "event.retracted"}
    assert all(entry["date"] <= middle for entry in told["entries"] if entry["name"] not in shapers)


def test_known_at_a_moment_is_known_at_its_position(reader: httpx.Client, busiest: str) -> None:
    entry = reader.get(f"/api/trajectories/{busiest}").json()["entries"][-1]
    by_moment = reader.get(f"/api/trajectories/{busiest}", params={"known_at": entry["admitted_at"]}).json()
    assert by_moment["known_at"] >= entry["position"]
    assert entry["id"] in {one["id"] for one in by_moment["entries"]}
    day = local_date(datetime.fromisoformat(entry["admitted_at"])).isoformat()
    by_day = reader.get(f"/api/trajectories/{busiest}", params={"known_at": day}).json()
    assert by_day["known_at"] >= by_moment["known_at"]


def test_correction_and_retraction_show_what_became_of_an_entry(client: httpx.Client, keys: Keys) -> None:
    feed = Feed(keys)
    intake = feed.event("intake.completed", person(1))
    target = {"target_source": intake["source"], "target_id": intake["id"]}
    replacement = {"time": "2024-02-20T10:00:00Z", "data": intake["data"]}
    correction = feed.event("event.corrected", person(1), data={**target, "reason": "wrong_date", "replacement": replacement})
    retraction = feed.event("event.retracted", person(1), data={**target, "reason": "never_happened"})
    url = f"/api/trajectories/{person(1)}"
    publish(client, intake, correction, retraction)

    def seen(known_at: int) -> dict[str, Any]:
        entries = client.get(url, params={"known_at": known_at}).json()["entries"]
        return {entry["id"]: entry for entry in entries}

    assert seen(1)[str(intake["id"])]["state"] == "live"
    corrected = seen(2)[str(intake["id"])]
    assert (corrected["state"], corrected["by"], corrected["date"]) == ("corrected", 2, "2024-02-20")
    assert corrected["effective"]["time"] == "2024-02-20T10:00:00Z"
    assert msgspec.convert(corrected["time"], str) != corrected["effective"]["time"]
    retracted = seen(3)[str(intake["id"])]
    assert (retracted["state"], retracted["by"]) == ("retracted", 3)


def test_an_erased_person_is_an_empty_place_that_says_so(client: httpx.Client, keys: Keys) -> None:
    feed = Feed(keys)
    intake = feed.event("intake.completed", person(1))
    erasure = feed.event("erasure.executed", person(1), role=Role.LEDGER_OPERATOR, data={"requested_on": "2024-02-20"})
    late = feed.event("intake.completed", person(1))
    publish(client, intake, erasure)
    answer = client.post("/api/events", content=json.dumps(late), headers={"content-type": STRUCTURED})
    assert answer.json()["refusals"][0]["code"] == "R13"
    told = client.get(f"/api/trajectories/{person(1)}").json()
    assert told["erased"] is True
    assert str(intake["id"]) not in json.dumps(told)
    assert client.get("/api/entries").json()["entries"][0]["state"] == "erased"
    shown = client.get(f"/trajecten/{person(1).removeprefix('persoon/')}")
    assert shown.status_code == 200
    assert "Deze persoon is gewist" in shown.text
    assert client.get("/api/refusals/1").json()["event"] is None


def test_watching_and_leaving_makes_room_for_the_next(ledger: Served) -> None:
    with ledger.client() as client:
        for _ in range(130):
            with client.stream("GET", "/api/status/stream") as answer:
                assert answer.status_code == 200
                next(answer.iter_lines())


@pytest.mark.parametrize("who", ["nobody", "0", "persoon", f"persoon/{'0' * 36}", "12345678-1234-8123-8123-123456789abc"])
def test_nobody_is_not_found(reader: httpx.Client, who: str) -> None:
    answer = reader.get(f"/api/trajectories/{who}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("as_of", "yesterday"),
        ("as_of", "2025-02-30"),
        ("as_of", "2025-02-03T00:00:00Z"),
        ("known_at", "-1"),
        ("known_at", "2025-13-01"),
        ("known_at", "2025-03-01T09:30:00"),
        ("known_at", "9" * 40),
        ("known_as", "1"),
    ],
)
def test_a_wrong_cut_is_named(reader: httpx.Client, busiest: str, name: str, value: str) -> None:
    answer = reader.get(f"/api/trajectories/{busiest}", params={name: value})
    assert answer.status_code == 400
    assert answer.json()["pointer"] == name


# -- views, refusals, findings, flows ---------------------------------------------------------------------------------


def test_projections_tell_how_far_they_are(reader: httpx.Client) -> None:
    told = reader.get("/api/projections").json()
    assert [view["name"] for view in told["projections"]] == list(projections())
    assert all(view["state"] == "live" and view["lag"] == 0 and view["position"] == told["position"] for view in told["projections"])
    assert told["stalled"] == []


def test_a_rebuild_is_asked_for_once_and_done(population: Served, reader: httpx.Client) -> None:
    first = reader.post("/api/projections/facts/rebuild")
    again = reader.post("/api/projections/facts/rebuild")
    assert first.status_code == again.status_code == 202
    assert first.json()["number"] == again.json()["number"]
    waiting = {view["name"]: view for view in reader.get("/api/projections").json()["projections"]}
    assert waiting["facts"]["state"] == "rebuilding"
    population.project()
    done = {view["name"]: view for view in reader.get("/api/projections").json()["projections"]}
    assert (done["facts"]["state"], done["facts"]["lag"]) == ("live", 0)


def test_an_unknown_projection_is_told_which_there_are(reader: httpx.Client) -> None:
    answer = reader.post("/api/projections/nonsense/rebuild")
    assert answer.status_code == 404
    assert "facts" in answer.json()["detail"]


def test_a_stalled_stream_is_shown_with_its_reason(ledger: Served, client: httpx.Client) -> None:
    stall = (
        "INSERT INTO ledger.stalled_streams (projection, stream, position, reason, since, tried_at, attempts) "
        "VALUES ('facts', 'editie/0199aaaa-0000-7000-8000-000000000001', 7, 'no such month', now(), now(), 3)"
    )
    ledger.do(lambda: ledger.parts.store.pool.execute(stall))
    (stalled,) = client.get("/api/projections").json()["stalled"]
    assert (stalled["projection"], stalled["reason"], stalled["attempts"]) == ("facts", "no such month", 3)
    assert {view["name"]: view["stalled"] for view in client.get("/api/status").json()["projections"]}["facts"] == 1
    assert "no such month" in client.get("/projecties").text
    assert 'ledger_stalled_streams{projection="facts"} 1.0' in client.get("/metrics").text


def test_an_empty_ledger_has_every_page(client: httpx.Client) -> None:
    for path in ("/", "/trajecten", "/weigeringen", "/bronnen", "/bevindingen", "/projecties", "/catalogus"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "Oefenregister" in answer.text
    assert "nog leeg" in client.get("/").text


def test_refusals_are_listed_by_source_reason_and_state(reader: httpx.Client) -> None:
    everything = reader.get("/api/refusals", params={"limit": 500}).json()["refusals"]
    assert everything
    code, source = everything[0]["code"], everything[0]["source"]
    assert all(one["code"] == code for one in reader.get("/api/refusals", params={"code": code}).json()["refusals"])
    assert all(one["source"] == source for one in reader.get("/api/refusals", params={"source": source}).json()["refusals"])
    assert reader.get("/api/refusals", params={"state": "resubmitted"}).json()["refusals"] == []
    page = reader.get("/api/refusals", params={"limit": 2}).json()
    following = reader.get("/api/refusals", params={"limit": 2, "after": page["next"]}).json()
    assert [one["refusal"] for one in page["refusals"] + following["refusals"]] == [one["refusal"] for one in everything[:4]]


def test_totals_agree_with_refusals_and_sources(reader: httpx.Client) -> None:
    status = reader.get("/api/status").json()
    sources = reader.get("/api/publishers").json()["sources"]
    assert sum(source["refused"] for source in sources) == status["totals"]["refused"]
    assert sum(source["admitted"] for source in sources) == status["position"]
    assert all(sum(source["reasons"].values()) == source["refused"] for source in sources)


def test_a_source_that_published_nothing_is_what_its_organisation_may_publish_as(ledger: Served, client: httpx.Client) -> None:
    granted = json.loads(example_event(catalogue().newest["publisher-authority.changed"]))
    refused = granted | {"id": "0199aaaa-0000-7000-8000-000000000001", "source": f"urn:kbo:{granted['data']['org']}:nieuw", "data": {}}
    publish(client, granted)
    client.post("/api/events", json=refused, headers={"content-type": "application/cloudevents+json"})
    ledger.project()
    roles = {one["source"]: one["role"] for one in client.get("/api/publishers").json()["sources"]}
    assert roles[refused["source"]] == granted["data"]["role"]


def test_a_refusal_that_is_no_json_is_shown_as_text(client: httpx.Client) -> None:
    client.post("/api/events", content=b'{"specversion": oops 85073003328', headers={"content-type": "application/x-ndjson"})
    told = client.get("/api/refusals/1").json()
    assert told["event"] is None
    assert told["raw"] == '{"specversion": oops …'


def test_a_refusal_that_is_not_there_is_not_found(reader: httpx.Client) -> None:
    assert reader.get("/api/refusals/999999999").status_code == 404
    assert reader.get("/api/refusals/abc").status_code == 404


def test_findings_stand_on_no_person_and_say_what_to_do(reader: httpx.Client) -> None:
    found = reader.get("/api/findings").json()["findings"]
    assert found
    assert all(not finding["stream"].startswith(("persoon/", "signaal/")) for finding in found)
    assert all(finding["label"]["nl"] and finding["mend"]["en"] for finding in found)
    code = found[0]["code"]
    assert {finding["code"] for finding in reader.get("/api/findings", params={"code": code}).json()["findings"]} == {code}
    assert reader.get("/api/findings", params={"code": "F99"}).status_code == 400


def test_flows_hide_small_counts_and_agree_with_each_other(reader: httpx.Client) -> None:
    by = {dimension: reader.get("/api/flows", params={"by": dimension}).json() for dimension in ("type", "region", "month")}
    assert len({answer["total"] for answer in by.values()}) == 1
    for answer in by.values():
        assert all(row["n"] is None or row["n"] == 0 or row["n"] >= 5 for row in answer["rows"])
        hidden = [row for row in answer["rows"] if row["hidden"]]
        assert len(hidden) != 1
    assert any(row["hidden"] for row in by["type"]["rows"])
    crossed = reader.get("/api/flows", params={"by": "region", "type": "contract.signed"}).json()
    total = next(row["n"] for row in by["type"]["rows"] if row["type"] == "contract.signed")
    assert crossed["total"] == total
    assert sum(row["hidden"] for row in crossed["rows"]) != 1
    assert reader.get("/api/flows", params={"by": "month", "type": "contract.signed"}).status_code == 400


# -- contracts and operations -----------------------------------------------------------------------------------------


def test_every_type_has_a_schema_that_its_example_fits(reader: httpx.Client) -> None:
    told = reader.get("/api/catalogue").json()
    assert [one["type"] for one in told["types"]] == list(catalogue().types)
    for one in told["types"]:
        answer = reader.get(one["schema"])
        assert answer.headers["content-type"] == "application/schema+json"
        jsonschema.Draft202012Validator(answer.json()).validate(one["example"])
    assert reader.get("/schemas/nonsense.json").status_code == 404


def test_examples_of_the_catalogue_are_admitted(client: httpx.Client) -> None:
    examples = [one["example"] for one in client.get("/api/catalogue").json()["types"]]
    # Each on an empty ledger: among the examples is the erasure of the person whom the others are about.
    answers = [
        client.post("/api/events?dry_run=true", content=json.dumps(example), headers={"content-type": STRUCTURED}) for example in examples
    ]
    assert [answer.json()["refusals"] for answer in answers] == [[]] * len(examples)


def test_asyncapi_and_openapi_are_served(reader: httpx.Client) -> None:
    assert reader.get("/asyncapi.yaml").text.startswith("asyncapi: 3.")
    document = reader.get("/docs/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]["/api/events"]["post"]["requestBody"]["content"]) == {
        "application/cloudevents+json",
        "application/cloudevents-batch+json",
        "application/x-ndjson",
        "application/json",
    }
    assert all(
        "400" in operation["responses"]
        for path in document["paths"].values()
        for operation in path.values()
        if operation["tags"] != ["Operations"] and "/asyncapi" not in json.dumps(operation) and operation["summary"] != "AsyncAPI document"
    )


def test_health_readiness_and_measures(reader: httpx.Client) -> None:
    assert reader.get("/healthz").text == "ok\n"
    assert reader.get("/readyz").text == "ready\n"
    measures = reader.get("/metrics")
    assert measures.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'ledger_verdicts_total{code="",outcome="admitted"}' in measures.text
    assert 'ledger_projection_lag{projection="facts"} 0.0' in measures.text


def test_a_database_that_is_away_is_a_503_and_comes_back(ledger: Served, keys: Keys, database_url: str) -> None:
    feed = Feed(keys)
    with ledger.client() as client:
        publish(client, feed.event())

        async def cut() -> None:
            async with ledger.parts.store.pool.acquire() as connection:
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )

        ledger.do(cut)
        deadline = time.monotonic() + 60
        answers: list[int] = []
        while time.monotonic() < deadline:
            answer = client.post("/api/events", content=json.dumps(feed.event()), headers={"content-type": STRUCTURED})
            answers.append(answer.status_code)
            if answer.status_code == 200:
                break
            assert answer.status_code == 503, answer.text
            assert answer.headers["retry-after"]
            time.sleep(0.1)
        assert answers[-1] == 200


# -- the frame --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/api/status", "/nothing", "/static/ledger.css", "/api/nothing"])
def test_every_answer_carries_the_security_headers(reader: httpx.Client, path: str) -> None:
    headers = reader.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_head_answers_as_get_without_a_body(reader: httpx.Client) -> None:
    for path in ("/", "/api/status", "/healthz"):
        answer = reader.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    ("accept", "media"), [("text/html", "text/html"), ("*/*", "application/problem+json"), ("application/json", "application/problem+json")]
)
def test_people_get_a_page_and_programs_a_problem(reader: httpx.Client, accept: str, media: str) -> None:
    answer = reader.get("/nothing", headers={"accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith(media)
    assert reader.get("/api/nothing", headers={"accept": accept}).headers["content-type"] == "application/problem+json"
