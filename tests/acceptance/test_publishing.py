"""POST /api/events: every content mode, verdict per event, idempotency, dry run, limits and every kind of bad request."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import asyncpg
import httpx
import pytest

from streams.keys import Keys
from streams.postgres.connection import let_go
from streams.settings import Settings
from tests.acceptance.serving import BATCH, Served, serving
from tests.integration.feed import Feed, Json, person

STRUCTURED = "application/cloudevents+json"
NDJSON = "application/x-ndjson"
PROBLEM = "application/problem+json"


@pytest.fixture
def feed(keys: Keys) -> Feed:
    return Feed(keys)


def post(client: httpx.Client, content: bytes | str, media: str, **parameters: str) -> httpx.Response:
    return client.post("/api/events", content=content, headers={"content-type": media}, params=parameters)


def batch(events: list[dict[str, Json]]) -> bytes:
    return json.dumps(events).encode()


def is_problem(response: httpx.Response, status: int, kind: str) -> dict[str, Json]:
    """The problem in an answer, checked to be one of that status and kind, with a sentence in both languages."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    problem: dict[str, Json] = response.json()
    assert problem["status"] == status
    assert problem["type"] == f"/docs/problems#{kind}"
    message = problem["message"]
    assert isinstance(message, dict)
    assert message["nl"]
    assert message["en"] == problem["detail"] or kind == "refused"
    return problem


# -- content modes ----------------------------------------------------------------------------------------------------


def test_one_structured_event_is_admitted_at_position_one(client: httpx.Client, feed: Feed) -> None:
    event = feed.event()
    answer = post(client, json.dumps(event), f"{STRUCTURED}; charset=utf-8")
    assert answer.status_code == 200
    assert answer.json() == {
        "admitted": 1,
        "duplicate": 0,
        "refused": 0,
        "refusals": [],
        "verdicts": [{"outcome": "admitted", "id": event["id"], "source": event["source"], "position": 1}],
    }


def test_a_batch_answers_a_verdict_per_event_in_order(client: httpx.Client, feed: Feed) -> None:
    good, bad, other = feed.event(), feed.event(specversion="0.3"), feed.event()
    answer = post(client, batch([good, bad, good, other]), BATCH)
    told = answer.json()
    assert answer.status_code == 200
    assert [verdict["outcome"] for verdict in told["verdicts"]] == ["admitted", "refused", "duplicate", "admitted"]
    assert (told["admitted"], told["duplicate"], told["refused"]) == (2, 1, 1)
    assert told["verdicts"][2]["position"] == told["verdicts"][0]["position"]
    (refusal,) = told["refusals"]
    assert set(refusal) == {"id", "source", "code", "rule", "pointer", "message", "number"}
    assert (refusal["code"], refusal["rule"], refusal["pointer"]) == ("R01", None, "/specversion")
    assert set(refusal["message"]) == {"nl", "en"}


def test_ndjson_judges_each_line_and_passes_over_blank_ones(client: httpx.Client, feed: Feed) -> None:
    lines = [json.dumps(feed.event()), "", "{ no json", json.dumps(feed.event()), json.dumps(feed.event())[:-20]]
    told = post(client, "\r\n".join(lines), NDJSON).json()
    assert [verdict["outcome"] for verdict in told["verdicts"]] == ["admitted", "refused", "admitted", "refused"]
    assert [refusal["code"] for refusal in told["refusals"]] == ["R01", "R01"]


def test_binary_mode_reads_attributes_from_headers_percent_decoded(client: httpx.Client, feed: Feed) -> None:
    event = feed.event()
    data = event.pop("data")
    headers = {f"ce-{name}": str(value) for name, value in event.items()}
    headers["ce-source"] = str(event["source"]).replace(":", "%3A")
    headers["ce-type"] = f'"{event["type"]}"'
    answer = client.post("/api/events", content=json.dumps(data), headers={**headers, "content-type": "application/json"})
    assert answer.json()["verdicts"] == [{"outcome": "admitted", "id": event["id"], "source": event["source"], "position": 1}]


def test_the_same_event_in_another_content_mode_is_a_duplicate(client: httpx.Client, feed: Feed) -> None:
    event = feed.event()
    post(client, json.dumps(event), STRUCTURED)
    data = event.pop("data")
    headers = {f"ce-{name}": str(value) for name, value in event.items()} | {"content-type": "application/json"}
    answer = client.post("/api/events", content=json.dumps(data), headers=headers)
    assert answer.json()["duplicate"] == 1


def test_binary_data_cannot_change_the_envelope(client: httpx.Client, feed: Feed) -> None:
    event = feed.event()
    event.pop("data")
    headers = {f"ce-{name}": str(value) for name, value in event.items()} | {"content-type": "application/json"}
    answer = client.post("/api/events", content=b'{}, "sequence": 9, "x": {}', headers=headers)
    is_problem(answer, 400, "bad-json")


@pytest.mark.parametrize(
    ("name", "value"),
    [("ce-id", "%FF%FE"), ("ce-datacontenttype", "application/json"), ("ce-data", "{}")],
    ids=["not UTF-8", "told by Content-Type", "told by the body"],
)
def test_a_binary_header_that_cannot_be_read_is_named(client: httpx.Client, feed: Feed, name: str, value: str) -> None:
    event = feed.event()
    event.pop("data")
    headers = {f"ce-{key}": str(told) for key, told in event.items()} | {"content-type": "application/json", name: value}
    assert is_problem(client.post("/api/events", content=b"{}", headers=headers), 400, "bad-request")["pointer"] == name


def test_a_gzipped_batch_is_read(client: httpx.Client, feed: Feed) -> None:
    body = gzip.compress(batch([feed.event() for _ in range(3)]))
    answer = client.post("/api/events", content=body, headers={"content-type": BATCH, "content-encoding": "gzip"})
    assert answer.json()["admitted"] == 3


def test_a_byte_order_mark_does_no_harm(client: httpx.Client, feed: Feed) -> None:
    answer = post(client, b"\xef\xbb\xbf" + json.dumps(feed.event()).encode(), STRUCTURED)
    assert answer.json()["admitted"] == 1


def test_an_empty_batch_is_answered_with_zeros(client: httpx.Client) -> None:
    assert post(client, b"[]", BATCH).json() == {"admitted": 0, "duplicate": 0, "refused": 0, "refusals": [], "verdicts": []}


# -- verdicts ---------------------------------------------------------------------------------------------------------


def test_one_refused_event_is_a_problem_with_the_verdict_in_it(client: httpx.Client, feed: Feed) -> None:
    answer = post(client, json.dumps(feed.event(publisherrole="vdab")), STRUCTURED)
    problem = is_problem(answer, 422, "refused")
    assert problem["refused"] == 1
    assert problem["verdicts"][0]["code"] == "R14"  # type: ignore[index,call-overload]
    assert problem["refusals"][0]["rule"] == "B11"  # type: ignore[index,call-overload]
    assert problem["pointer"] == "/type"


def test_sending_again_is_acknowledged_with_the_first_position(client: httpx.Client, feed: Feed) -> None:
    event = json.dumps(feed.event())
    first, second = (post(client, event, STRUCTURED).json()["verdicts"][0] for _ in range(2))
    assert (first["outcome"], second["outcome"]) == ("admitted", "duplicate")
    assert first["position"] == second["position"]


def test_other_content_under_the_same_id_is_refused(client: httpx.Client, feed: Feed) -> None:
    event = feed.event()
    post(client, json.dumps(event), STRUCTURED)
    answer = post(client, json.dumps(event | {"time": "2024-02-01T10:00:00Z"}), STRUCTURED)
    assert answer.json()["refusals"][0]["code"] == "R05"


def test_a_dry_run_judges_and_takes_nothing_in(client: httpx.Client, feed: Feed) -> None:
    events = [feed.event(), feed.event(specversion="2.0")]
    told = post(client, batch(events), BATCH, dry_run="true").json()
    assert (told["admitted"], told["refused"]) == (1, 1)
    assert told["refusals"][0]["number"] is None
    status = client.get("/api/status").json()
    assert status["position"] == 0
    assert status["open_refusals"] == 0


def test_an_insz_in_the_subject_becomes_a_pseudonym_and_shows_up_nowhere(client: httpx.Client, feed: Feed) -> None:
    number = "85073003328"
    post(client, json.dumps(feed.event(subject=f"insz/{number}")), STRUCTURED)
    post(client, json.dumps(feed.event(subject=f"insz/{number}", specversion="0.3")), STRUCTURED)
    entries = client.get("/api/entries").text
    refusal = client.get("/api/refusals/1").text
    assert "persoon/" in entries
    assert number not in entries
    assert number not in refusal


def test_the_same_event_from_many_at_once_is_admitted_once(ledger: Served, feed: Feed) -> None:
    event = json.dumps(feed.event())

    def send(_: int) -> str:
        with ledger.client() as client:
            outcome: str = post(client, event, STRUCTURED).json()["verdicts"][0]["outcome"]
            return outcome

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(send, range(16)))
    assert outcomes == ["admitted"] + ["duplicate"] * 15


# -- limits -----------------------------------------------------------------------------------------------------------


def test_a_thousand_events_pass_and_one_more_does_not(client: httpx.Client, feed: Feed) -> None:
    event = json.dumps(feed.event())
    assert post(client, "\n".join([event] * 1000), NDJSON).json()["duplicate"] == 999
    is_problem(post(client, "\n".join([event] * 1001), NDJSON), 413, "too-large")
    is_problem(post(client, f"[{','.join([event] * 1001)}]", BATCH), 413, "too-large")


def test_an_event_beyond_64_kib_is_refused(client: httpx.Client, feed: Feed) -> None:
    event = json.dumps(feed.event())
    large = event[:-1] + " " * 65_536 + "}"
    is_problem(post(client, large, STRUCTURED), 413, "too-large")
    told = post(client, f"[{event},{large}]", BATCH).json()
    assert [verdict["outcome"] for verdict in told["verdicts"]] == ["admitted", "refused"]


@pytest.mark.parametrize("size", [5 * 1024 * 1024 + 1, 20 * 1024 * 1024])
def test_a_request_beyond_5_mib_is_refused_however_it_comes(client: httpx.Client, size: int) -> None:
    def trickle() -> Iterator[bytes]:
        for _ in range(size // 65_536 + 1):
            yield b" " * 65_536

    is_problem(post(client, b" " * size, BATCH), 413, "too-large")
    is_problem(client.post("/api/events", content=trickle(), headers={"content-type": BATCH}), 413, "too-large")


def test_a_zip_bomb_is_refused(client: httpx.Client) -> None:
    bomb = gzip.compress(b" " * 200_000_000, mtime=0)
    answer = client.post("/api/events", content=bomb, headers={"content-type": NDJSON, "content-encoding": "gzip"})
    is_problem(answer, 413, "too-large")


def test_a_full_queue_is_told_with_how_long_to_wait(database_url: str, tmp_path: object, keys: Keys) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path)) / "data"
    feed = Feed(keys)
    bodies = [batch([feed.event() for _ in range(200)]) for _ in range(24)]
    with serving(database_url, folder, settings=Settings(data=folder, queue_events=200)) as served:

        def send(body: bytes) -> httpx.Response:
            with served.client() as client:
                return post(client, body, BATCH)

        async def held() -> asyncpg.Connection[asyncpg.Record]:
            connection = await asyncpg.connect(database_url)
            await connection.execute("BEGIN; SELECT FROM ledger.sequencer FOR UPDATE")
            return connection

        with ThreadPoolExecutor(24) as pool:
            # Nothing is written as long as somebody holds the head: one batch is on its way, one waits, the rest is told to come back.
            holder = served.do(held)
            try:
                sending = [pool.submit(send, body) for body in bodies]
                first, _ = wait(sending, timeout=50, return_when=FIRST_COMPLETED)
                assert [one.result().status_code for one in first][:1] == [429]
            finally:
                served.do(lambda: let_go(holder))
            answers = [one.result() for one in sending]
        told = [answer for answer in answers if answer.status_code == 429]
        assert {answer.status_code for answer in answers} == {200, 429}
        for answer in told:
            assert int(answer.headers["retry-after"]) == is_problem(answer, 429, "overloaded")["retry_after"]
        with served.client() as client:
            taken = sum(answer.json()["admitted"] for answer in answers if answer.status_code == 200)
            assert client.get("/api/status").json()["position"] == taken


# -- bad requests -----------------------------------------------------------------------------------------------------


def test_bad_json_is_told_with_its_place(client: httpx.Client) -> None:
    problem = is_problem(post(client, '{\n  "id": 1,\n  oops\n}', STRUCTURED), 400, "bad-json")
    assert "line 3, character 3" in str(problem["detail"])
    assert "ends too soon" in str(is_problem(post(client, "[{", BATCH), 400, "bad-json")["detail"])
    assert "too deep" in str(is_problem(post(client, "[" * 60_000, BATCH), 400, "bad-json")["detail"])


@pytest.mark.parametrize("body", [b"", b"{}", b"17", b'"text"', b"null"])
def test_a_batch_that_is_no_list_is_a_bad_request(client: httpx.Client, body: bytes) -> None:
    is_problem(post(client, body, BATCH), 400, "bad-json")


@pytest.mark.parametrize("element", ["17", "null", '"text"', "[]", "true", "{}"])
def test_an_element_that_is_no_event_is_refused_by_itself(client: httpx.Client, element: str) -> None:
    told = post(client, f"[{element}]", BATCH).json()
    assert (told["refused"], told["refusals"][0]["code"]) == (1, "R01")


@pytest.mark.parametrize(
    "media",
    ["", "text/plain", "application/xml", "application/cloudevents+avro", "application/json", "multipart/form-data", "nonsense"],
)
def test_another_content_type_is_told_what_is_read(client: httpx.Client, media: str) -> None:
    answer = post(client, b"{}", media)
    is_problem(answer, 415, "unsupported-media-type")
    assert STRUCTURED in answer.headers["accept-post"]


def test_another_charset_or_encoding_is_not_read(client: httpx.Client, feed: Feed) -> None:
    body = json.dumps(feed.event()).encode()
    is_problem(post(client, body, f"{STRUCTURED}; charset=utf-16"), 415, "unsupported-media-type")
    answer = client.post("/api/events", content=body, headers={"content-type": STRUCTURED, "content-encoding": "br"})
    is_problem(answer, 415, "unsupported-media-type")
    assert "gzip" in answer.headers["accept-encoding"]


@pytest.mark.parametrize("body", [b"no gzip at all", gzip.compress(b"[]", mtime=0)[:-6], b"", gzip.compress(b"[]", mtime=0) + b"rest"])
def test_broken_gzip_is_a_bad_request(client: httpx.Client, body: bytes) -> None:
    answer = client.post("/api/events", content=body, headers={"content-type": BATCH, "content-encoding": "gzip"})
    is_problem(answer, 400, "bad-request")


def test_bytes_that_are_no_utf8_are_refused(client: httpx.Client, feed: Feed) -> None:
    event = json.dumps(feed.event()).encode().replace(b"intake", b"int\xff\xfeake")
    assert post(client, b"[" + event + b"]", BATCH).json()["refusals"][0]["code"] == "R01"


@pytest.mark.parametrize(
    ("query", "pointer"), [("?dryrun=true", "dryrun"), ("?dry_run=true&dry_run=false", "dry_run"), ("?dry_run=perhaps", "dry_run")]
)
def test_a_wrong_parameter_is_named(client: httpx.Client, query: str, pointer: str) -> None:
    answer = client.post(f"/api/events{query}", content=b"[]", headers={"content-type": BATCH})
    assert is_problem(answer, 400, "bad-parameter")["pointer"] == pointer


def test_a_wrong_method_is_told_which_is_right(client: httpx.Client) -> None:
    answer = client.get("/api/events")
    is_problem(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["allow"]


def test_a_request_from_another_site_is_refused(client: httpx.Client, feed: Feed) -> None:
    body = json.dumps(feed.event())
    foreign = {"content-type": STRUCTURED, "origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    assert client.post("/api/events", content=body, headers=foreign).status_code == 403
    own = {"content-type": STRUCTURED, "origin": str(client.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    assert client.post("/api/events", content=body, headers=own).status_code == 200


def test_events_of_many_streams_are_all_there_after_a_batch(client: httpx.Client, feed: Feed) -> None:
    events = [feed.event(subject=person(number)) for number in range(1, 40)]
    post(client, batch(events), BATCH)
    told = client.get("/api/entries", params={"limit": "1000"}).json()
    assert [entry["id"] for entry in told["entries"]] == [event["id"] for event in events]
    assert [entry["position"] for entry in told["entries"]] == list(range(1, 40))
