"""Brussel 60 dagen: the option to register with Actiris, how it is used, and how much hangs on the limit of 60 days."""

from __future__ import annotations

from web.blocks.curve import Curve
from web.blocks.mix import Mix
from web.blocks.shares import Shares
from web.blocks.trend import Trend
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page

MAY = ("Mogelijkheid, geen verplichting: niet benut is neutraal.", "An option, no duty: not used is neutral.")


@page("/brussel", nl="Brussel 60 dagen", en="Brussels 60 days", template="figures.html", group=Group.EVALUATION, order=45)
async def brussels(visit: Visit) -> Answer:
    """Never added to the duty in Flanders; unused is grey."""
    return await figure_page(
        visit,
        sources=True,
        lead=(
            "Wie in Brussel een contract tekent en geen werk heeft, kan zich binnen 60 dagen bij Actiris inschrijven. Dat is "
            "een mogelijkheid, "
            "geen verplichting. Dit cijfer wordt nooit bij de plicht in Vlaanderen geteld.",
            "Who signs a contract in Brussels and has no work may register with Actiris within 60 days. That is an option, no duty. This "
            "figure is never added to the duty in Flanders.",
        ),
        sections=(
            Section(
                ("Benutting", "Take-up"),
                (
                    Shares(id="IND-02", tone="neutral", note=MAY),
                    Curve(
                        id="IND-211",
                        marks=(55, 60, 65),
                        until=365,
                        title=("Wanneer men zich inschrijft, in netto dagen", "When people register, in net days"),
                        note=MAY,
                    ),
                ),
            ),
            Section(
                ("Hoeveel hangt af van de grens van 60 dagen?", "How much hangs on the limit of 60 days?"),
                (Mix(id="IND-111", grey=("unused",), note=MAY), Mix(id="IND-311", grey=("unused",), note=MAY)),
                (
                    "Wie op dag 56 tot 60 inschrijft, zou bij een grens van 55 dagen niet meetellen; wie op dag 61 tot 65 "
                    "inschrijft, bij een "
                    "grens van 65 dagen wel.",
                    "Who registers on day 56 to 60 would not count with a limit of 55 days; who registers on day 61 to 65 "
                    "would with one of 65.",
                ),
            ),
            Section(("Door de tijd", "Over time"), (Trend(id="IND-02", note=MAY),)),
            Section(
                ("Hetzelfde traject, dezelfde definities", "The same trajectory, the same definitions"),
                (
                    Shares(id="IND-06", by="area"),
                    Shares(id="IND-114", by="area"),
                    Shares(id="IND-04", by="area"),
                    Shares(id="IND-43", by="area"),
                    Curve(id="IND-122", by="area", marks=(21, 90), until=730),
                    Curve(id="IND-161", by="area", marks=(365, 730)),
                    Shares(id="IND-30", by="source", title=("Rolgrensincidenten per organisatie", "Role incidents by organisation")),
                ),
                (
                    "Brussel naast Vlaanderen, om te lezen en niet om te rangschikken: één gewest kan enkel beschreven worden.",
                    "Brussels beside Flanders, to read and not to rank: one region can only be described.",
                ),
            ),
        ),
        filters=("gender", "benefit"),
        splits=("gender", "age", "benefit", "education", "oral"),
    )
