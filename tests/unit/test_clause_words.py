"""The parties of a clause as a page names them."""

from __future__ import annotations

import pytest

from ledger.tally import PartyTally, Tally
from web.evaluation.clauses import _who
from web.language import Language


def one(org: str | None) -> PartyTally:
    return PartyTally(party="vdab", org=org, tally=Tally(met=6, decided=12, share=0.5, interval=None, hidden=False))


@pytest.mark.parametrize(
    ("org", "others", "nl", "en"),
    [
        ("1999015095", [None], "VDAB (1999015095)", "VDAB (1999015095)"),
        (None, ["1999015095"], "VDAB (organisatie niet vermeld)", "VDAB (organisation not told)"),
        (None, [], "VDAB", "VDAB"),
    ],
)
def test_a_party_without_an_organisation_says_so_where_others_have_one(org: str | None, others: list[str | None], nl: str, en: str) -> None:
    beside = [one(org), *(one(other) for other in others)]
    assert (_who(beside[0], beside, Language.NL), _who(beside[0], beside, Language.EN)) == (nl, en)
