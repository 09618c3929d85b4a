"""The generated reference is that of the code, and the documents' own links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generate import FOLDER, pages

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_reference_is_fresh(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "stale: run 'make docs'"


def test_the_reference_holds_no_page_that_is_generated_no_more() -> None:
    assert {f"reference/{path.name}" for path in (FOLDER / "reference").iterdir()} <= set(pages())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    local = [target.partition("#")[0] for target in _LINK.findall(text) if not target.startswith(("http:", "https:", "#", "mailto:"))]
    assert [target for target in local if not (document.parent / target).exists()] == []
