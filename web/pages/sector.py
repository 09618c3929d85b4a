"""Sectortrajecten: reach, completion and what follows, with groups of editions beside what chance gives."""

from __future__ import annotations

from web.blocks.funnels import Funnels
from web.blocks.shares import Shares
from web.blocks.trend import Trend
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page

GROUPED = (
    "Een editie telt 12 tot 18 plaatsen; één editie zou personen herkenbaar maken. Daarom staan hier alle edities van een "
    "thema in een regio "
    "samen, over de gekozen periode, en enkel groepen met een noemer van minstens 30 worden vergeleken.",
    "An edition has 12 to 18 places; a single one would make persons recognisable. So all editions of a theme in a region stand together "
    "here, over the chosen period, and only groups with a denominator of at least 30 are compared.",
)


@page("/sectortrajecten", nl="Sectortrajecten", en="Sector trajectories", template="figures.html", group=Group.EVALUATION, order=30)
async def sector(visit: Visit) -> Answer:
    """Funnels of grouped editions, then each figure."""
    return await figure_page(
        visit,
        lead=(
            "Korte oriënterende trajecten in een sector, samen met de lessen maatschappelijke oriëntatie: wie bereiken ze, "
            "wie maakt ze af, en "
            "komt er een job, stage of opleiding in zicht?",
            "Short orienting trajectories in a sector, along with the lessons of civic orientation: whom do they reach, who "
            "completes them, "
            "and does a job, internship or training come in sight?",
        ),
        sections=(
            Section(
                ("Edities vergeleken", "Editions compared"),
                (
                    Funnels(id="IND-23", by=("theme", "region"), note=GROUPED),
                    Funnels(id="IND-143", by=("theme", "region")),
                    Funnels(id="IND-151", by=("theme", "region")),
                ),
            ),
            Section(("Bereik", "Reach"), (Trend(id="IND-141"), Shares(id="IND-141", by="gender"))),
            Section(
                ("Inhoud en samenloop", "Content and overlap"),
                (Shares(id="IND-22", by="theme"), Shares(id="IND-41", by="theme"), Shares(id="IND-43"), Shares(id="IND-25", by="theme")),
            ),
            Section(
                ("Daarna", "Afterwards"),
                (Shares(id="IND-23", by="theme"), Shares(id="IND-24", by="against"), Shares(id="IND-151", by="theme"), Shares(id="IND-26")),
            ),
        ),
        splits=("theme", "region", "gender", "age", "benefit", "oral", "self_reliance"),
    )
