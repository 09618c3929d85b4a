"""VDAB-terugkoppeling: what the employment services tell back, with the three states always in view."""

from __future__ import annotations

from web.blocks.curve import Curve
from web.blocks.mix import Mix
from web.blocks.shares import Shares
from web.blocks.trend import Trend
from web.figure_page import Section, figure_page
from web.page import Answer, Group, Visit, page


@page("/terugkoppeling", nl="VDAB-terugkoppeling", en="Feedback of VDAB", template="figures.html", group=Group.EVALUATION, order=40)
async def feedback(visit: Visit) -> Answer:
    """Who was heard of, how soon, and how the work perspective travels."""
    return await figure_page(
        visit,
        lead=(
            "Wat melden VDAB en Actiris over wie ingeschreven is? Elk cijfer over hun feiten staat naast drie standen: terugkoppeling "
            "ontvangen, gevraagd zonder antwoord, niet gevraagd. Onder 80 % staat er een waarschuwing, onder 50 % geen cijfer.",
            "What do VDAB and Actiris report on those registered? Every figure on their facts stands beside three states: "
            "feedback received, "
            "asked without answer, not asked. Under 80% there is a warning, under 50% no figure.",
        ),
        sections=(
            Section(
                ("Drie standen", "Three states"),
                (
                    Mix(
                        id="IND-120",
                        by="service",
                        grey=("not_asked",),
                        note=(
                            "Niet gevraagd is geen tekort van de dienst: niemand verwees door of deelde een arbeidsperspectief.",
                            "Not asked is no shortcoming of the service: nobody referred or shared a work perspective.",
                        ),
                    ),
                    Mix(
                        id="IND-120",
                        by="quarter",
                        grey=("not_asked",),
                        title=("Per kwartaal van inschrijving", "By quarter of registration"),
                    ),
                ),
            ),
            Section(
                ("Hoe snel", "How soon"),
                (Curve(id="IND-122", by="service", marks=(21, 90), until=730), Trend(id="IND-12"), Shares(id="IND-12", by="against")),
            ),
            Section(("Hoe volledig", "How complete"), (Trend(id="IND-13"), Shares(id="IND-13", by="service"))),
            Section(
                ("Stiltes", "Silences"),
                (
                    Shares(id="IND-124", by="service"),
                    Curve(
                        id="IND-224",
                        by="service",
                        marks=(90,),
                        until=730,
                        note=(
                            "Wie ingeschreven is en niet werkt, volgens de langste tijd zonder woord van de dienst. Hoe "
                            "verder naar rechts de "
                            "lijn stijgt, hoe langer de stiltes.",
                            "Those registered and not at work, by the longest time without a word of the service. The "
                            "further right the line "
                            "rises, the longer the silences.",
                        ),
                    ),
                ),
            ),
            Section(
                ("Het arbeidsperspectief", "The work perspective"),
                (
                    Trend(id="IND-10"),
                    Shares(id="IND-10", by="against"),
                    Shares(id="IND-11", by="recipient"),
                    Mix(id="IND-227"),
                    Trend(id="IND-125"),
                    Shares(id="IND-128", by="area"),
                ),
                (
                    "Wat het agentschap over werk weet, gaat mee naar de dienst; de dienst bevestigt de ontvangst en zegt of "
                    "het bruikbaar is.",
                    "What the agency knows about work travels to the service; the service acknowledges it and says whether it is usable.",
                ),
            ),
            Section(
                ("Inschrijving en doorverwijzing", "Registration and referral"),
                (
                    Shares(id="IND-01", by="benefit"),
                    Mix(id="IND-109"),
                    Shares(id="IND-114", by="target"),
                    Shares(id="IND-08", by="target"),
                    Shares(id="IND-167", by="sector"),
                ),
            ),
        ),
        filters=("region", "benefit"),
        splits=("service", "gender", "benefit", "oral", "self_reliance", "region"),
        notes=(
            (
                "Wat afgesproken is over terugkoppeling, en wat een andere norm zou betekenen, staat op de pagina Afspraken.",
                "What was agreed on feedback, and what another norm would mean, stands on the page Agreements.",
            ),
        ),
    )
