"""EVC: validation of acquired skills, from guidance to assessment and outcome."""

from __future__ import annotations

from web.blocks.curve import Curve
from web.blocks.mix import Mix
from web.blocks.shares import Shares
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page


@page("/evc", nl="EVC", en="Validation of skills", template="figures.html", group=Group.EVALUATION, order=52)
async def evc(visit: Visit) -> Answer:
    """Small numbers: much of it is hidden, and says so."""
    return await figure_page(
        visit,
        lead=(
            "Wie iets kan maar geen diploma heeft, kan het laten erkennen (EVC). Het agentschap begeleidt de eerste fasen; beoordelen en "
            "certificeren doet enkel een erkend testcentrum.",
            "Who can do something but has no diploma can have it recognised (EVC). The agency guides the first phases; only a recognised "
            "centre assesses and certifies.",
        ),
        sections=(
            Section(
                ("Van begeleiding naar beoordeling", "From guidance to assessment"),
                (Shares(id="IND-42", by="pilot"), Curve(id="IND-240", marks=(180, 365))),
            ),
            Section(("Resultaat", "Outcome"), (Mix(id="IND-140"),)),
        ),
        splits=("pilot", "gender", "education", "region"),
        notes=(
            (
                "De proeftuin rond EVC-begeleiding wordt enkel beschreven: er is geen vergelijking die een effect kan aantonen.",
                "The pilot on EVC guidance is only described: there is no comparison that could show an effect.",
            ),
        ),
    )
