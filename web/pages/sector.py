"""Sectortrajecten: reach, completion and what follows, with groups of editions beside what chance gives."""

from __future__ import annotations

from web.blocks.curve import Curve
from web.blocks.editions import Editions
from web.blocks.mix import Mix
from web.blocks.several import Several
from web.blocks.shares import Shares
from web.blocks.trend import Trend
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page

GROUPED = (
    "Een editie telt 12 tot 18 plaatsen; één editie zou personen herkenbaar maken. Daarom staan de edities van een regio per half jaar "
    "samen, en half jaren samen tot de noemer minstens 30 is. Waar een kwartaal afgeschermd is, staat het jaar als geheel.",
    "An edition has 12 to 18 places; a single one would make persons recognisable. So the editions of a region stand together by "
    "half-year, and half-years together until the denominator is at least 30. Where a quarter is hidden, its year stands whole.",
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
                    Editions(id="IND-23", note=GROUPED),
                    Editions(id="IND-143"),
                    Editions(id="IND-151"),
                ),
            ),
            Section(("Bereik", "Reach"), (Trend(id="IND-141"), Shares(id="IND-141", by="gender"), Shares(id="IND-241", by="area"))),
            Section(
                ("Inhoud en samenloop", "Content and overlap"),
                (
                    Several(
                        shown=("IND-22", "IND-41", "IND-25", "IND-43"),
                        title=("Samen met de lessen, in het Nederlands, afgestemd", "Along with the lessons, in Dutch, aligned"),
                    ),
                    Mix(id="IND-150"),
                    Shares(id="IND-148", by="area"),
                    Shares(id="IND-142", by="served"),
                ),
            ),
            Section(
                ("Daarna", "Afterwards"),
                (
                    Several(
                        shown=("IND-23", "IND-24", "IND-151", "IND-26"),
                        title=("Perspectief, overdracht en vervolg", "Perspective, handover and next step"),
                    ),
                    Shares(id="IND-24", by="against"),
                    Curve(id="IND-244", marks=(7, 14, 30, 60), until=365),
                    Several(
                        shown=("IND-143", "IND-243", "IND-151", "IND-251"),
                        title=("Voltooid of eerder gestopt, en wat volgt", "Completed or stopped earlier, and what follows"),
                    ),
                ),
            ),
        ),
        splits=("region", "gender", "age", "benefit", "oral", "self_reliance"),
    )
