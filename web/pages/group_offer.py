"""Groepsaanbod NUG: jobseekers without benefit, whom nobody follows up formally, and whether they are reached."""

from __future__ import annotations

from web.blocks.shares import Shares
from web.blocks.trend import Trend
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page


@page("/groepsaanbod", nl="Groepsaanbod NUG", en="Group offer without benefit", template="figures.html", group=Group.EVALUATION, order=35)
async def group_offer(visit: Visit) -> Answer:
    """Reach, and who is left without any follow-up."""
    return await figure_page(
        visit,
        lead=(
            "Niet-uitkeringsgerechtigde werkzoekenden (NUG) hebben geen afsprakenblad en geen GPMI: niemand volgt hen formeel "
            "op. Een gericht "
            "groepsaanbod kan hen bereiken.",
            "Jobseekers without benefit have no sheet of agreements and no social integration project: nobody follows them up formally. "
            "A targeted group offer can reach them.",
        ),
        sections=(
            Section(
                ("Bereikt binnen 90 dagen", "Reached within 90 days"),
                (Trend(id="IND-27"), Shares(id="IND-27", by="gender"), Shares(id="IND-27", by="region")),
            ),
            Section(
                ("Zonder enige opvolging, vandaag", "Without any follow-up, today"),
                (Shares(id="IND-153", by="gender"), Shares(id="IND-153", by="region")),
            ),
            Section(
                ("Werk", "Work"),
                (
                    Shares(
                        id="IND-28",
                        by="benefit",
                        title=("Duurzaam werk op 12 maanden, naar uitkering", "Lasting work at 12 months, by benefit"),
                    ),
                ),
            ),
        ),
        splits=("region", "gender", "age", "self_reliance", "oral", "education"),
    )
