"""The group offer for jobseekers without benefit: it is for who is registered, so time counts from there."""

from ledger.codes.pilot import PilotTheme
from ledger.codes.policy import ClauseTopic
from ledger.plan import Design, Event, Origin, Outcome, Who, plan

plan(
    PilotTheme.GROUP_OFFER,
    designs=(Design.M1, Design.M2),
    who=Who.NUG,
    origin=Origin.REGISTRATION,
    primary=Outcome(Event.JOB, 365, "IND-29"),
    secondary=(Outcome(Event.REACHED, 90, "IND-27"),),
    process=("IND-27",),
    norm=("aanbod voor NUG", "an offer for jobseekers without benefit"),
    clause=ClauseTopic.GROUP_OFFER,
)
