"""Career orientation and screening."""

from ledger.codes.pilot import PilotTheme
from ledger.codes.policy import ClauseTopic
from ledger.plan import Design, Event, Outcome, plan

plan(
    PilotTheme.CAREER_ORIENTATION,
    designs=(Design.M1, Design.M2, Design.M3),
    primary=Outcome(Event.JOB, 365, "IND-29"),
    secondary=(Outcome(Event.ORIENTED, 90, "IND-04"), Outcome(Event.SCREENED, 90, "IND-03"), Outcome(Event.INFORMED, 180, "IND-06")),
    process=("IND-03", "IND-04", "IND-05"),
    norm=("screening vóór toeleiding", "screening before referral"),
    clause=ClauseTopic.REFERRAL,
)
