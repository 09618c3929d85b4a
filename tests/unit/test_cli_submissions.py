"""Files of submissions: recognised by content, read line by line, and every kind of bad file told in one sentence."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from cli.submissions import LOST_AFTER, MAX_LINE, Line, SubmissionFile
from ledger.errors import BadInput

GOOD = json.dumps({"id": "a", "source": "urn:kbo:0123456749:x", "data": {}})
SIMULATED = json.dumps({"id": "b", "source": "urn:kbo:0123456749:x", "admittedat": "2024-01-01T00:00:00Z", "data": {}})


def read(path: Path) -> list[Line]:
    with SubmissionFile(path) as file:
        return list(file.lines())


def written(folder: Path, content: bytes | str, name: str = "f") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_ndjson_gives_each_line_with_its_number_and_source(tmp_path: Path) -> None:
    lines = read(written(tmp_path, f"{GOOD}\n\n  {SIMULATED}\r\n{GOOD}"))
    assert [(line.number, line.source, line.timed, line.fault) for line in lines] == [
        (1, "urn:kbo:0123456749:x", False, None),
        (3, "urn:kbo:0123456749:x", True, None),
        (4, "urn:kbo:0123456749:x", False, None),
    ]
    assert [line.raw.decode() for line in lines] == [GOOD, SIMULATED, GOOD]


@pytest.mark.parametrize("content", [f"\ufeff{GOOD}\n".encode(), gzip.compress(f"{GOOD}\n".encode(), mtime=0), f"\n\n{GOOD}".encode()])
def test_a_byte_order_mark_gzip_and_blank_lines_do_not_matter(tmp_path: Path, content: bytes) -> None:
    assert [line.raw.decode() for line in read(written(tmp_path, content))] == [GOOD]


def test_the_name_does_not_matter(tmp_path: Path) -> None:
    assert len(read(written(tmp_path, GOOD, "events.csv"))) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"  \n\n ", "is empty", id="blank"),
        pytest.param(GOOD.encode("utf-16"), "is UTF-16, not UTF-8; convert it: iconv -f UTF-16", id="utf-16"),
        pytest.param(b"PK\x03\x04\x00\x00\x08", "is a binary file", id="binary"),
        pytest.param('{"id": "caf\xe9"}'.encode("latin-1"), "line 1: not UTF-8; convert", id="latin-1"),
        pytest.param(b'{\n  "id": "a"\n}', "line 1: the object does not end on its line", id="pretty-printed"),
        pytest.param(b'{"id": "a"', "line 1: the object does not end on its line", id="cut in its first line"),
        pytest.param(b'{"id": a}\n', "line 1: this is no NDJSON", id="not JSON"),
        pytest.param(b'[{"id": "a"}]', "line 1: this is a JSON array; NDJSON has one object a line: jq -c", id="array"),
        pytest.param(b"hello\nworld\n", "neither NDJSON (one JSON object a line) nor CSV", id="text"),
        pytest.param(b'"a string"\n', "neither NDJSON", id="JSON but no object"),
        pytest.param(gzip.compress(GOOD.encode(), mtime=0)[:15], "the gzip file is damaged or cut off", id="cut gzip"),
        pytest.param(b"\x1f\x8b" + b"\x01" * 20, "the gzip file is damaged or cut off", id="damaged gzip"),
    ],
)
def test_a_file_that_is_neither_is_refused_as_a_whole_in_one_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(BadInput) as refused:
        SubmissionFile(path)
    assert says in str(refused.value)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        SubmissionFile(tmp_path / "nothing")
    with pytest.raises(BadInput, match="is a folder"):
        SubmissionFile(tmp_path)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param(b'{"id": "a", "sou', "the last line is cut off", id="cut off"),
        pytest.param(b"not json\n", "not valid JSON", id="no JSON"),
        pytest.param('{"id": "\xe9"}\n'.encode("latin-1"), "not UTF-8", id="latin-1"),
        pytest.param(b'{"a":' + b"1" * (MAX_LINE + 10) + b"}\n", "longer than", id="endless"),
        pytest.param(b"[" * 100_000 + b"\n", "not valid JSON", id="deep"),
    ],
)
def test_a_single_line_that_cannot_be_read_is_handed_in_with_its_fault_and_the_rest_goes_on(tmp_path: Path, line: bytes, says: str) -> None:
    ends = line.endswith(b"\n")
    lines = read(written(tmp_path, f"{GOOD}\n".encode() + line + (GOOD.encode() if ends else b"")))
    assert lines[1].fault is not None
    assert says in lines[1].fault.en
    assert lines[1].fault.nl != lines[1].fault.en
    assert [one.number for one in lines] == ([1, 2, 3] if ends else [1, 2])
    assert [one.fault is None for one in lines][::2] == [True] * (len(lines) - 1)


@pytest.mark.parametrize("odd", ["[1]", "17", '{"source": 17}', '{"admittedat": null}', "null"])
def test_json_of_another_shape_is_left_to_the_ledger_to_judge(tmp_path: Path, odd: str) -> None:
    assert read(written(tmp_path, f"{GOOD}\n{odd}\n"))[1] == Line(2, odd.encode(), "", False, None)


def test_a_file_that_turns_into_something_else_is_given_up(tmp_path: Path) -> None:
    path = written(tmp_path, f"{GOOD}\n" + "no json\n" * (LOST_AFTER + 50))
    seen: list[Line] = []
    with SubmissionFile(path) as file, pytest.raises(BadInput, match=rf"line {LOST_AFTER + 2}: {LOST_AFTER} lines in a row"):
        seen.extend(file.lines())
    assert len(seen) == LOST_AFTER + 1


def test_a_gzip_file_that_breaks_off_gives_what_came_before_and_says_where(tmp_path: Path) -> None:
    path = written(tmp_path, gzip.compress((f"{GOOD}\n" * 5_000).encode(), compresslevel=0)[:-4_000])
    seen: list[Line] = []
    with SubmissionFile(path) as file, pytest.raises(BadInput, match=r"after line \d+: the gzip file is damaged or cut off"):
        seen.extend(file.lines())
    assert len(seen) > 4_000
