"""Stromen: from contract to work, as a flow, as a process map and by the quality of each referral."""

from __future__ import annotations

from web.blocks.funnels import Funnels
from web.blocks.gap import Gaps
from web.blocks.mix import Mix
from web.blocks.river import Process, River
from web.blocks.several import Several
from web.blocks.shares import Shares
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page

SPLITS = ("region", "gender", "age", "education", "obligation", "benefit", "self_reliance", "learning", "outlook", "oral", "pilot")


@page("/stromen", nl="Stromen", en="Flows", template="figures.html", group=Group.EVALUATION, order=10)
async def flows(visit: Visit) -> Answer:
    """The flow first, then what happens before, at and after a referral."""
    return await figure_page(
        visit,
        lead=(
            "Van het contract over screening, doorverwijzing, antwoord, inschrijving en eerste stap naar werk: waar mensen "
            "zijn, en hoe goed "
            "de diensten elkaar opvolgen.",
            "From the contract by way of screening, referral, answer, registration and first step to work: where people are, and how well "
            "the services follow each other up.",
        ),
        sections=(
            Section(("De weg", "The way"), (River(), Process())),
            Section(
                ("Vóór de doorverwijzing", "Before the referral"),
                (
                    Several(
                        shown=("IND-03", "IND-04", "IND-05", "IND-01", "IND-06", "IND-07"),
                        title=("Wat er gebeurt vóór en rond de inschrijving", "What happens before and around the registration"),
                    ),
                    Several(
                        shown=("IND-103", "IND-203", "IND-105"),
                        title=("Waarover gesproken is", "What was spoken of"),
                    ),
                    Mix(
                        id="IND-109",
                        by="agency",
                        note=(
                            "Wie te laat is, staat hier één keer: bij wie het tegen de uiterste dag stopte. Het telt bij "
                            "IND-01 als niet gehaald.",
                            "Whoever is late stands here once: with whom it stopped by the last day. In IND-01 it counts as not met.",
                        ),
                    ),
                ),
            ),
            Section(
                ("De doorverwijzing", "The referral"),
                (
                    Mix(id="IND-116", by="target"),
                    Shares(id="IND-08", by="target"),
                    Funnels(
                        id="IND-08", by=("target", "region"), title=("Opgenomen, per dienst en regio", "Taken up, by service and region")
                    ),
                    Shares(id="IND-114", by="target"),
                    Mix(id="IND-117"),
                    Shares(id="IND-09", by="target"),
                    Several(
                        shown=("IND-118", "IND-218", "IND-119"),
                        title=("Warme overdracht en herhaling", "Warm handover and repetition"),
                    ),
                    Gaps(
                        shown=("IND-106", "IND-206", "IND-306"),
                        title=("Wordt elk profiel even goed opgenomen?", "Is every profile taken up alike?"),
                        note=(
                            "Links van nul wordt de eerste groep minder opgenomen. Een verschil zegt niet waardoor het komt.",
                            "Left of zero the first group is taken up less. A difference does not tell its cause.",
                        ),
                    ),
                ),
            ),
            Section(
                ("Informatie en aanbod", "Information and offers"),
                (Shares(id="IND-21", by="provider"), Shares(id="IND-169", by="offer_kind")),
                (
                    "Agentschappen informeren over aanbod en raden het aan; zij bieden zelf geen opleiding aan.",
                    "Agencies inform on offers and recommend them; they offer no training themselves.",
                ),
            ),
        ),
        splits=SPLITS,
    )
