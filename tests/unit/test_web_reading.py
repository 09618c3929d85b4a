"""Taking requests apart: bodies, content modes, binary headers, and masking what names a person. No server needed."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Sequence
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.identity import insz_check_digits
from web.binary import attribute, structured_from_binary
from web.body import read_body
from web.content import BATCH, JSON, MAX_EVENTS, NDJSON, STRUCTURED, Intake, content_type, take_apart
from web.masking import masked
from web.problem import ProblemError, ProblemKind

WRITABLE = st.characters(exclude_categories=["Cs"])
"""Every character that UTF-8 can carry."""


async def pieces(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def body_of(parts: Sequence[bytes], encoding: str = "", limit: int = 10_000) -> bytes:
    return asyncio.run(read_body(pieces(parts), encoding=encoding, limit=limit))


def kind_of_error(parts: Sequence[bytes], encoding: str = "", limit: int = 10_000) -> ProblemKind:
    with pytest.raises(ProblemError) as raised:
        body_of(parts, encoding, limit)
    return raised.value.kind


def split(whole: bytes, size: int) -> list[bytes]:
    return [whole[at : at + size] for at in range(0, len(whole), size)]


@given(st.binary(max_size=4000), st.integers(1, 700), st.booleans())
def test_a_body_is_the_same_however_it_comes(whole: bytes, size: int, zipped: bool) -> None:
    sent = gzip.compress(whole) if zipped else whole
    assert body_of(split(sent, size), "gzip" if zipped else "") == whole


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(1, 50))
def test_gzip_members_that_follow_one_another_are_one_body(members: list[bytes], size: int) -> None:
    assert body_of(split(b"".join(map(gzip.compress, members)), size), "gzip") == b"".join(members)


@given(st.integers(1, 3000), st.integers(-3, 3), st.booleans())
def test_the_limit_is_exact(limit: int, more: int, zipped: bool) -> None:
    whole = b"x" * max(0, limit + more)
    sent = split(gzip.compress(whole) if zipped else whole, 97)
    encoding = "gzip" if zipped else ""
    if len(whole) > limit:
        assert kind_of_error(sent, encoding, limit) is ProblemKind.TOO_LARGE
    else:
        assert body_of(sent, encoding, limit) == whole


@given(st.binary(min_size=1, max_size=200))
def test_bytes_that_are_no_gzip_are_a_bad_request_or_nothing(noise: bytes) -> None:
    with pytest.raises(ProblemError):
        body_of([b"\x00" + noise], "gzip")


def test_a_body_that_is_far_too_large_is_cut_off_before_its_end() -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1000
            yield b" " * 1000

    with pytest.raises(ProblemError):
        asyncio.run(read_body(endless(), limit=5000))
    assert read <= 5000 * 10


# -- content modes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("application/json", ("application/json", {})),
        ("Application/JSON; Charset=UTF-8", ("application/json", {"charset": "utf-8"})),
        ('text/plain;charset="utf-8" ; x=1', ("text/plain", {"charset": "utf-8", "x": "1"})),
        ("", ("", {"": ""})),
    ],
)
def test_content_types_are_read_as_http_says(header: str, told: tuple[str, dict[str, str]]) -> None:
    media, parameters = content_type(header)
    assert (media, {name: value for name, value in parameters.items() if name}) == (told[0], {k: v for k, v in told[1].items() if k})


@given(st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3), max_size=20))
def test_a_batch_and_its_lines_hold_the_same_events(events: list[dict[str, object]]) -> None:
    lines = [json.dumps(event).encode() for event in events]
    batch = take_apart(BATCH, [], b"[" + b" , ".join(lines) + b"]")
    ndjson = take_apart(NDJSON, [], b"\r\n".join(lines))
    assert batch.events == ndjson.events == lines
    assert not batch.alone
    assert not ndjson.alone


@given(st.binary(max_size=80))
def test_any_bytes_are_taken_apart_or_told_what_is_wrong(body: bytes) -> None:
    for media in (STRUCTURED, BATCH, NDJSON, JSON):
        headers = [(b"ce-id", b"1")] if media == JSON else []
        taken, problem = _tried(media, headers, body)
        assert (taken is None) != (problem is None)
        assert problem is None or problem in {ProblemKind.BAD_JSON, ProblemKind.TOO_LARGE}
        assert taken is None or len(taken.events) <= MAX_EVENTS


def _tried(media: str, headers: list[tuple[bytes, bytes]], body: bytes) -> tuple[Intake | None, ProblemKind | None]:
    try:
        return take_apart(media, headers, body), None
    except ProblemError as error:
        return None, error.kind


# -- binary mode ------------------------------------------------------------------------------------------------------


@given(st.text(WRITABLE, max_size=60))
def test_a_percent_encoded_value_is_what_was_meant(text: str) -> None:
    assert attribute(quote(text, safe="").encode()) == text


@pytest.mark.parametrize(
    ("sent", "meant"),
    [(b'"a b"', "a b"), (b'"a \\"b\\""', 'a "b"'), (b"100%", "100%"), (b"%2525", "%25"), (b"%e2%82%ac", "€"), (b'"', '"'), (b"%zz", "%zz")],
)
def test_quotes_and_stray_percents(sent: bytes, meant: str) -> None:
    assert attribute(sent) == meant


@given(st.dictionaries(st.from_regex(r"[a-z0-9]{1,12}", fullmatch=True), st.text(WRITABLE, max_size=20), max_size=6))
def test_attributes_of_any_text_make_one_json_object(attributes: dict[str, str]) -> None:
    taken = {name: value for name, value in attributes.items() if name not in {"data", "datacontenttype"}}
    event = structured_from_binary([(n.encode(), quote(v, safe="").encode()) for n, v in taken.items()], b'{"a": 1}')
    assert msgspec.json.decode(event) == {**taken, "datacontenttype": "application/json", "data": {"a": 1}}


def test_a_header_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(ProblemError):
        structured_from_binary([(b"id", b"1"), (b"ID", b"2")], b"{}")


# -- masking ----------------------------------------------------------------------------------------------------------


@given(
    st.integers(0, 999_999_999),
    st.sampled_from(["{}{}{}{}{}", "{}.{}.{}-{}.{}", "{} {} {} {} {}", "{}-{}-{}-{}-{}"]),
    st.sampled_from(
        ['{{"subject": "insz/{}"}}', '{{"data": {{"note": "{}"}}}}', "{}", "number {}, a person", '{{"subject": "insz\\/{}"}}']
    ),
)
def test_a_number_that_names_a_person_is_never_shown(number: int, spelling: str, place: str) -> None:
    base = f"{number:09d}"
    digits = base + insz_check_digits(base, born_2000=False)
    written = spelling.format(digits[:2], digits[2:4], digits[4:6], digits[6:9], digits[9:])
    assert written not in masked(place.format(written).encode()).decode()


@pytest.mark.parametrize(
    "kept",
    [
        '{"id": "0180ccd3-4700-767a-9873-693a9179a77b"}',
        '{"id": "0180ccd3-4700-767a-9873-12345678901a"}',
        '{"source": "urn:kbo:1999010048:kbi"}',
        '{"time": "2025-03-10T10:30:00+01:00"}',
        '{"subject": "persoon/01957f6e-f604-7567-9708-0875e9bef767"}',
    ],
)
def test_what_names_nobody_is_left_alone(kept: str) -> None:
    assert masked(kept.encode()).decode() == kept
