"""Guidance to the recognition of diplomas, and to the validation of skills (EVC)."""

from ledger.codes.pilot import PilotTheme
from ledger.codes.policy import ClauseTopic
from ledger.plan import Design, Event, Outcome, Who, plan

plan(
    PilotTheme.DIPLOMA_GUIDANCE,
    designs=(Design.M1, Design.M2),
    who=Who.EVERYBODY,
    primary=Outcome(Event.FILED, 180, "IND-15"),
    secondary=(Outcome(Event.JOB, 365, "IND-29"),),
    process=("IND-14", "IND-18"),
    norm=("oriëntering na de beslissing", "orientation after the decision"),
    clause=ClauseTopic.DATA_SHARING,
)

plan(
    PilotTheme.EVC_GUIDANCE,
    who=Who.EVERYBODY,
    process=("IND-42",),
    norm=("mandaat voor EVC-begeleiding", "a mandate for EVC guidance"),
)
