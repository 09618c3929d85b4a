"""Follow-on and upgrade trajectories. The first begins after the certificate: its time counts from there (domain-rules.md X7)."""

from ledger.codes.pilot import PilotTheme
from ledger.codes.policy import ClauseTopic
from ledger.plan import Design, Event, Origin, Outcome, plan

plan(
    PilotTheme.VERVOLGTRAJECT,
    designs=(Design.M1, Design.M2),
    origin=Origin.CERTIFICATE,
    after_end=True,
    primary=Outcome(Event.JOB, 365, "IND-29"),
    secondary=(Outcome(Event.NEXT_STEP, 180, "IND-32"),),
    process=("IND-32",),
    norm=("begeleiding na het attest", "guidance after the certificate"),
    clause=ClauseTopic.REFERRAL,
)

plan(
    PilotTheme.UPGRADETRAJECT,
    designs=(Design.M2,),
    after_end=True,
    primary=Outcome(Event.JOB, 365, "IND-29"),
    process=("IND-32",),
    norm=("begeleiding na het attest", "guidance after the certificate"),
    clause=ClauseTopic.REFERRAL,
)
