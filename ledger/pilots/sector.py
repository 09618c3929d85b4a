"""Sector trajectories."""

from ledger.codes.pilot import PilotTheme
from ledger.codes.policy import ClauseTopic
from ledger.plan import Design, Event, Outcome, plan

plan(
    PilotTheme.SECTOR_TRAJECTORY,
    designs=(Design.M1, Design.M2, Design.M3),
    primary=Outcome(Event.JOB, 365, "IND-29"),
    secondary=(Outcome(Event.NEXT_STEP, 180, "IND-23"), Outcome(Event.JOB, 545, "IND-29")),
    process=("IND-22", "IND-23", "IND-24", "IND-25", "IND-41"),
    norm=("looptijd samen met MO, termijn voor het perspectief", "concurrent with civic orientation, a term for the perspective"),
    clause=ClauseTopic.SECTOR_ALIGNMENT,
)
