"""Aanbod en taal: what is open to who knows little Dutch, where language stops people, and how soon it is learnt."""

from __future__ import annotations

from web.blocks.curve import Curve
from web.blocks.mix import Mix
from web.blocks.shares import Shares
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page


@page("/aanbod-en-taal", nl="Aanbod en taal", en="Offers and language", template="figures.html", group=Group.EVALUATION, order=56)
async def language(visit: Visit) -> Answer:
    """Offers, recommendations, refusals, learning."""
    return await figure_page(
        visit,
        lead=(
            "Welk aanbod staat open voor wie nog weinig Nederlands kent, past wat aanbevolen wordt, waar stopt taal iemand, "
            "en hoe snel leert "
            "men het?",
            "Which offers are open to who knows little Dutch yet, does what is recommended fit, where does language stop somebody, and how "
            "soon is it learnt?",
        ),
        sections=(
            Section(
                ("Aanbod", "Offers"),
                (
                    Shares(id="IND-20", by="offer_kind"),
                    Shares(id="IND-20", by="sector"),
                    Shares(id="IND-266", by="offer_kind"),
                    Shares(
                        id="IND-167",
                        by="sector",
                        note=(
                            "Naar eerste voorkeurssector; aanbod in een andere voorkeurssector van de persoon telt ook.",
                            "By first preferred sector; an offer in another preferred sector of the person counts as well.",
                        ),
                    ),
                    Shares(id="IND-21", by="offer_kind"),
                    Shares(id="IND-169", by="offer_kind"),
                ),
            ),
            Section(
                ("Waar taal iemand stopt", "Where language stops somebody"),
                (Shares(id="IND-09", by="target"), Mix(id="IND-117"), Shares(id="IND-160", by="sector")),
            ),
            Section(
                ("Nederlands leren", "Learning Dutch"),
                (Curve(id="IND-161", by="learning", marks=(365, 730)), Shares(id="IND-162"), Shares(id="IND-41"), Shares(id="IND-246")),
            ),
        ),
        splits=("oral", "learning", "region", "gender", "education", "sector"),
    )
