"""CSV as submissions: cells become what their field declares, and a bad table is told in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.submissions import Line, SubmissionFile
from ledger.errors import BadInput

HEAD = "id,source,type,subject,time,recordedat,publisherrole,sequence,grondslag"
CELLS = (
    "0190b3a0-0000-7000-8000-000000000001,urn:kbo:0123456749:kbi,be.inburgering.{type}.v1,persoon/0190b3a0-0000-8000-8000-000000000002,"
    "2024-05-01T09:00:00+02:00,2024-05-01T10:00:00+02:00,agency,7,public_task"
)


def rows(folder: Path, content: str | bytes) -> list[Line]:
    path = folder / "f.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with SubmissionFile(path) as file:
        return list(file.lines())


def test_a_row_becomes_an_event_with_the_types_that_its_fields_declare(tmp_path: Path) -> None:
    head = f"{HEAD},data.birth_year,data.gender,data.obligation_from,data.residence_nis"
    (line,) = rows(tmp_path, f"{head}\n{CELLS.format(type='person.registered')},1991,m,,11002\n")
    event = json.loads(line.raw)
    assert event["specversion"] == "1.0"
    assert event["sequence"] == 7
    assert event["data"] == {"birth_year": 1991, "gender": "m", "residence_nis": "11002"}
    assert line == Line(2, line.raw, "urn:kbo:0123456749:kbi", False, None)


def test_lists_and_truth_values_with_a_semicolon_between_cells(tmp_path: Path) -> None:
    head = f"{HEAD},data.preferred_sectors,data.experience_sectors,data.ambition".replace(",", ";")
    screening = CELLS.format(type="competence-screening.completed").replace(",", ";")
    intake = f"{HEAD},data.channel,data.duration,data.interpreter\n{CELLS.format(type='intake.completed')},office,45,TRUE\n"
    (line,) = rows(tmp_path, f"{head}\n{screening};care|it;;explore\n")
    assert json.loads(line.raw)["data"] == {"preferred_sectors": ["care", "it"], "experience_sectors": [], "ambition": "explore"}
    (line,) = rows(tmp_path, intake)
    assert json.loads(line.raw)["data"] == {"channel": "office", "duration": 45, "interpreter": True}


def test_an_object_in_the_payload_has_a_column_for_each_of_its_fields(tmp_path: Path) -> None:
    (line,) = rows(tmp_path, f"{HEAD},data.a.b,data.a.c\n{CELLS.format(type='un.known')},1,2\n")
    assert json.loads(line.raw)["data"] == {"a": {"b": "1", "c": "2"}}


def test_the_payload_may_be_one_column_of_json(tmp_path: Path) -> None:
    (line,) = rows(tmp_path, f'{HEAD},data\n{CELLS.format(type="contract.signed")},"{{""a"": [1, true]}}"\n')
    assert json.loads(line.raw)["data"] == {"a": [1, True]}


def test_what_does_not_fit_stays_text_for_the_ledger_to_refuse(tmp_path: Path) -> None:
    (line,) = rows(tmp_path, f"{HEAD},data.birth_year\n{CELLS.format(type='person.registered')},ninety\n")
    assert json.loads(line.raw)["data"] == {"birth_year": "ninety"}


def test_a_cell_may_hold_a_line_break_and_the_row_is_named_by_its_last_line(tmp_path: Path) -> None:
    lines = rows(tmp_path, f'{HEAD},data.x\n{CELLS.format(type="a.b")},"one\ntwo"\n{CELLS.format(type="a.b")},three\n')
    assert [line.number for line in lines] == [3, 4]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(
            "id,source,type\n1,2,3\n",
            "line 1: the column 'subject', 'time', 'recordedat', 'publisherrole', 'sequence' is missing",
            id="missing",
        ),
        pytest.param(f"{HEAD}\n{CELLS}\n", "no column for the payload", id="no payload"),
        pytest.param(f"{HEAD},data.x,colour\n", "unknown column 'colour'", id="unknown"),
        pytest.param(f"{HEAD},data.x,id\n", "the column 'id' stands there twice", id="twice"),
        pytest.param(f"{HEAD},data.x,data\n", "a column 'data' and a column 'data.<field>'", id="both"),
        pytest.param(f'{HEAD},data.x\n{CELLS},"never ends\n', "line 2: this is no CSV", id="open quote"),
    ],
)
def test_a_table_that_is_none_is_refused_with_its_place_and_how_to_mend_it(tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(BadInput) as refused:
        rows(tmp_path, content)
    assert says in str(refused.value)
    assert "f.csv, line" in str(refused.value)


def test_a_row_of_another_width_or_encoding_is_refused_alone(tmp_path: Path) -> None:
    good = f"{CELLS.format(type='a.b')},x"
    lines = rows(tmp_path, f"{HEAD},data.x\n{good}\n{good},y\n{good}é\n{good}\n".encode("latin-1"))
    assert [None if line.fault is None else line.fault.en[:18] for line in lines] == [
        None,
        "this row has 11 ce",
        "this row is not UT",
        None,
    ]
