"""Databronnen: how good the data are that every figure stands on, by source."""

from __future__ import annotations

from web.blocks.funnels import Funnels
from web.blocks.shares import Shares
from web.blocks.trend import Trend
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page


@page("/databronnen", nl="Databronnen", en="Data sources", template="figures.html", group=Group.EXCHANGE, order=5)
async def data_sources(visit: Visit) -> Answer:
    """Lateness over time and by source; the rest of a source stands on its own page."""
    return await figure_page(
        visit,
        sources=True,
        lead=(
            "Een cijfer is maar zo goed als zijn bronnen. Hier staat welk deel van wat elke bron meldt, te laat aankwam; gaten, dubbels, "
            "correcties en controletotalen staan bij elke bron apart op de pagina Bronnen.",
            "A figure is only as good as its sources. Here is which part of what each source reports came late; gaps, duplicates, "
            "corrections and control totals stand with each source on the page Sources.",
        ),
        sections=(
            Section(("Te laat", "Late"), (Trend(id="IND-40"), Shares(id="IND-40", by="source"))),
            Section(("Controletotalen", "Control totals"), (Trend(id="IND-182"), Shares(id="IND-182", by="source"))),
            Section(("Bronnen naast elkaar", "Sources beside each other"), (Funnels(id="IND-40", by=("source",)),)),
        ),
        filters=(),
        splits=(),
    )
