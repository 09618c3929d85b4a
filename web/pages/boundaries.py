"""Rolgrenzen: where an organisation oversteps its role, as refusals at the gate and as patterns over time."""

from __future__ import annotations

from web.blocks.mix import Mix
from web.blocks.shares import Shares
from web.blocks.trend import Trend
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page


@page("/rolgrenzen", nl="Rolgrenzen", en="Role boundaries", template="figures.html", group=Group.QUALITY, order=10)
async def boundaries(visit: Visit) -> Answer:
    """Incidents per 10 000 events, and the patterns by rule."""
    return await figure_page(
        visit,
        sources=True,
        lead=(
            "Elke organisatie meldt enkel wat bij haar rol hoort. Een melding buiten die rol wordt geweigerd; een patroon dat "
            "op een andere "
            "rol lijkt, is een vraag om na te gaan en geen verwijt.",
            "Every organisation reports only what belongs to its role. A report outside that role is refused; a pattern that looks like "
            "another role is a question to look into and no reproach.",
        ),
        sections=(
            Section(("Incidenten", "Incidents"), (Trend(id="IND-30"), Shares(id="IND-30", by="source"))),
            Section(("Patronen", "Patterns"), (Mix(id="IND-184"),)),
        ),
        filters=(),
        splits=("source",),
        notes=(
            (
                "Weigeringen staan op de pagina Weigeringen, elke bevinding op de pagina Bevindingen.",
                "Refusals stand on the page Refusals, each finding on the page Findings.",
            ),
        ),
    )
