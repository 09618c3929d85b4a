"""Diploma-erkenning: how long it takes net and gross, who decides, what comes out and what follows."""

from __future__ import annotations

from web.blocks.curve import Curve
from web.blocks.mix import Mix
from web.blocks.shares import Shares
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page


@page("/diploma", nl="Diploma-erkenning", en="Diploma recognition", template="figures.html", group=Group.EVALUATION, order=50)
async def diploma(visit: Visit) -> Answer:
    """Net and gross beside each other, by the party whose term it is."""
    return await figure_page(
        visit,
        lead=(
            "Een diploma laten erkennen: hoeveel tijd neemt de instantie, hoeveel tijd gaat er over het geheel, wat komt "
            "eruit en wat volgt? "
            "Een termijn van een instantie is nooit een tekort van de aanvrager.",
            "Having a diploma recognised: how much time does the authority take, how much the whole, what comes out and what "
            "follows? A term "
            "of an authority is never a shortcoming of the applicant.",
        ),
        sections=(
            Section(
                ("Netto en bruto", "Net and gross"),
                (
                    Curve(
                        id="IND-132",
                        marks=(60, 120),
                        until=730,
                        title=("Netto: de tijd van de instantie", "Net: the time of the authority"),
                        note=(
                            "Van volledig dossier tot beslissing; de dagen waarop op de aanvrager gewacht wordt, tellen niet.",
                            "From complete file to decision; days of waiting for the applicant do not count.",
                        ),
                    ),
                    Curve(
                        id="IND-17",
                        marks=(60, 120),
                        until=730,
                        title=("Bruto: de tijd van de aanvrager", "Gross: the time of the applicant"),
                        note=(
                            "Van indiening tot beslissing, met alles wat ertussen ligt: vervollediging, betaling, advies, wachten.",
                            "From filing to decision, with all that lies between: completion, payment, advice, waiting.",
                        ),
                    ),
                ),
            ),
            Section(
                ("Wie beslist, en binnen zijn termijn?", "Who decides, and within its term?"),
                (Shares(id="IND-131", by="against"), Shares(id="IND-131", by="procedure"), Shares(id="IND-16", by="procedure")),
            ),
            Section(
                ("Begeleiding", "Guidance"),
                (
                    Shares(id="IND-14", by="procedure"),
                    Shares(id="IND-15"),
                    Shares(id="IND-135", by="against"),
                    Curve(
                        id="IND-17", by="guided", until=730, title=("Bruto, met en zonder begeleiding", "Gross, with and without guidance")
                    ),
                ),
            ),
            Section(("Uitkomst", "Outcome"), (Mix(id="IND-134", by="guided"), Shares(id="IND-18", by="procedure"))),
            Section(
                ("Daarna", "Afterwards"),
                (
                    Mix(id="IND-235"),
                    Shares(id="IND-19", by="outcome"),
                    Shares(id="IND-138", by="profession"),
                    Shares(id="IND-137"),
                    Curve(id="IND-237", until=1095),
                    Shares(id="IND-236", by="deficit"),
                    Shares(id="IND-136", by="deficit"),
                    Shares(id="IND-157", by="recognised"),
                ),
                (
                    "Een academische erkenning opent nog geen gereglementeerd beroep: daarvoor is een tweede procedure nodig. "
                    "En een tekort "
                    "moet weggewerkt worden.",
                    "Academic recognition does not open a regulated profession: that takes a second procedure. And a deficit "
                    "has to be remedied.",
                ),
            ),
        ),
        splits=("procedure", "guided", "gender", "education", "region"),
    )
