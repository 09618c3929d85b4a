"""What comes out of a record, whatever is in it: an event that the examiner admits, or one that it refuses as R01."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.authority import SANDBOX_CREDENTIAL
from ledger.identity import SANDBOX_PSEUDONYM_KEY
from streams.kafka.submissions import structured
from streams.keys import Keys
from tests.integration.feed import Feed, person

FEED = Feed(Keys(bytes(range(32)), SANDBOX_PSEUDONYM_KEY))
EVENT = FEED.event(subject=person(1))
HEADERS = [(f"ce_{name}", str(value).encode()) for name, value in EVENT.items() if name != "data"]
DATA = msgspec.json.encode(EVENT["data"])


def codes(raw: bytes) -> list[str]:
    return [v.reason.value for v in FEED.examiner.examine(raw, SANDBOX_CREDENTIAL).violations]


def test_both_modes_are_the_same_event() -> None:
    whole = FEED.examiner.examine(structured(msgspec.json.encode(EVENT), []), SANDBOX_CREDENTIAL)
    binary = FEED.examiner.examine(structured(DATA, [*HEADERS, ("content-type", b"application/json")]), SANDBOX_CREDENTIAL)
    assert whole.violations == binary.violations == ()
    assert whole.digest == binary.digest


@pytest.mark.parametrize(
    ("value", "headers"),
    [
        (None, []),
        (b"", HEADERS),
        (b"\xff\xfe\x00", []),
        (b"not json", HEADERS),
        (DATA + b',"subject":"persoon/x"', HEADERS),
        (DATA[:-3], HEADERS),
        (DATA, [*HEADERS, ("ce_id", b"twice")]),
        (DATA, [*HEADERS, ("ce_traceparent", b"\xff")]),
        (DATA, [*HEADERS, ("ce_data", b"{}")]),
        (DATA, [*HEADERS, ("ce_unheard", b"of")]),
        (DATA, HEADERS[1:]),
        (b"[" * 100_000, HEADERS),
    ],
)
def test_what_is_no_event_is_refused_as_r01(value: bytes | None, headers: list[tuple[str, bytes]]) -> None:
    assert "R01" in codes(structured(value, headers))


@given(
    st.none() | st.binary(max_size=200), st.lists(st.tuples(st.sampled_from(["ce_id", "ce_type", "ce_data", "x"]), st.binary(max_size=9)))
)
def test_no_bytes_are_ever_too_bad(value: bytes | None, headers: list[tuple[str, bytes]]) -> None:
    assert codes(structured(value, headers))
