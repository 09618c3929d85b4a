"""Themes that work on employers, services or a whole region, not on persons one by one: described, or followed over time."""

from ledger.codes.pilot import PilotTheme
from ledger.codes.policy import ClauseTopic
from ledger.plan import Design, Who, plan

plan(
    PilotTheme.EMPLOYER_LANGUAGE,
    designs=(Design.M5,),
    who=Who.EVERYBODY,
    process=("IND-35", "IND-36", "IND-37"),
    clause=ClauseTopic.EMPLOYER,
)

plan(
    PilotTheme.EMPLOYER_DIVERSITY,
    designs=(Design.M5,),
    who=Who.EVERYBODY,
    process=("IND-35", "IND-36", "IND-37"),
    clause=ClauseTopic.EMPLOYER,
)

plan(
    PilotTheme.DATA_EXCHANGE,
    designs=(Design.M4,),
    who=Who.EVERYBODY,
    process=("IND-10", "IND-11", "IND-12", "IND-13"),
    series=("IND-13", "IND-12", "IND-10", "IND-11"),
    norm=("rechtsgrond voor het delen", "a legal basis for sharing"),
    clause=ClauseTopic.DATA_SHARING,
)

plan(
    PilotTheme.BRUSSELS,
    who=Who.EVERYBODY,
    process=("IND-02", "IND-06", "IND-12"),
    norm=("statuut van de 60 dagen", "status of the 60 days"),
    clause=ClauseTopic.BRUSSELS,
)
