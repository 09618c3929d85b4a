"""Werkgevers: what they need, how soon there is an agreement, and whether another partner fits better. No employer is named."""

from __future__ import annotations

from web.blocks.funnels import Funnels
from web.blocks.shares import Shares
from web.blocks.trend import Trend
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page


@page("/werkgevers", nl="Werkgevers", en="Employers", template="figures.html", group=Group.EVALUATION, order=54)
async def employers(visit: Visit) -> Answer:
    """Needs, agreements, deliveries."""
    return await figure_page(
        visit,
        lead=(
            "Werkgevers bepalen zelf welke noden zij hebben en wat zij investeren. De agentschappen ondersteunen, of "
            "verwijzen door wanneer "
            "een ander aanbod beter past. Geen werkgever staat hier met naam.",
            "Employers decide on their own needs and on what they invest. The agencies support them, or refer when another "
            "offer fits better. "
            "No employer is named here.",
        ),
        sections=(
            Section(("Noden", "Needs"), (Shares(id="IND-173", by="need"),)),
            Section(
                ("Afspraken", "Agreements"),
                (
                    Trend(id="IND-35"),
                    Funnels(
                        id="IND-35", by=("sector",), title=("Afspraak binnen 30 dagen, per sector", "Agreement within 30 days, by sector")
                    ),
                    Shares(id="IND-35", by="size"),
                    Shares(id="IND-36", by="size"),
                ),
            ),
            Section(
                ("Geleverd", "Delivered"),
                (
                    Shares(id="IND-174", by="size"),
                    Shares(id="IND-274", by="size"),
                    Shares(
                        id="IND-175",
                        by="sector",
                        note=(
                            "Het aandeel is niet goed of slecht; het gaat om de aantallen in de tabel.",
                            "The share is neither good nor bad; it is about the numbers in the table.",
                        ),
                    ),
                    Shares(
                        id="IND-37",
                        by="size",
                        note=(
                            "Boven 100 % kreeg de werkgever meer ondersteuning dan hij zelf investeerde.",
                            "Over 100% the employer received more support than it invested itself.",
                        ),
                    ),
                ),
            ),
        ),
        filters=("region", "sector"),
        splits=("sector", "size", "region"),
    )
