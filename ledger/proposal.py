"""The conclusion that a decision sheet proposes: the first condition that holds (evaluation.md 6.4.6).

The system proposes, a person concludes; who concludes otherwise is allowed to, and the sheet says so.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from ledger.codes.policy import Conclusion
from ledger.comparison import Comparison
from ledger.criterion import WHOLE, Criterion, RuleNeeded, State
from ledger.evidence import Evidence, works_on_persons
from ledger.parameters import Parameters
from ledger.plan import Design, Plan
from ledger.verdict import Message


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What the conditions propose, by which of them, and what is missing."""

    conclusion: Conclusion
    order: int
    """The first condition that holds, 1 to 6."""
    why: Message
    missing: tuple[str, ...]
    otherwise: Proposal | None = None
    """What it would be if only the data were in order; None when they are, or are not what bars it."""


def propose(
    plan: Plan, known: Evidence, compared: Comparison, told: tuple[Criterion, ...], rule: RuleNeeded, parameters: Parameters, as_of: date
) -> Proposal:
    """The first condition that holds, in their order."""
    made = _first(plan, known, compared, told, rule, parameters, as_of)
    if made.order != 1 or made.missing != ("E7",):
        return made
    mended = tuple(msgspec.structs.replace(one, state=State.PASSED) if one.id == "E7" else one for one in told)
    return msgspec.structs.replace(made, otherwise=_first(plan, known, compared, mended, rule, parameters, as_of))


def _first(
    plan: Plan, known: Evidence, compared: Comparison, told: tuple[Criterion, ...], rule: RuleNeeded, parameters: Parameters, as_of: date
) -> Proposal:
    state = {one.id: one.state for one in told}
    lacking = tuple(one.id for one in told if one.state in (State.FAILED, State.OPEN))
    found = compared.chosen.estimate.found if compared.chosen is not None else None
    if works_on_persons(plan.theme) and known.accepted < parameters.few:
        return _proposed(1, Conclusion.INSUFFICIENT_EVIDENCE, "te weinig deelnemers", "too few participants", ("E1",))
    if state["E7"] is State.FAILED:
        return _proposed(1, Conclusion.INSUFFICIENT_EVIDENCE, "de gegevens zijn niet in orde", "the data are not in order", ("E7",))
    if {Design.M1, Design.M2, Design.M3, Design.M4} & set(plan.designs) and not _reached(compared):
        return _proposed(
            1,
            Conclusion.INSUFFICIENT_EVIDENCE,
            "geen enkele methode van het plan is haalbaar",
            "no method of the plan can be reached",
            ("E3",),
        )
    if compared.shift is not None and compared.shift.interval.high < 0:
        return _proposed(2, Conclusion.STOP, "na de start werd het minder", "it became less after the start", ("E3",))
    if found is not None and found.interval is not None:
        if found.interval.high < 0:
            return _proposed(2, Conclusion.STOP, "deelnemers zijn slechter af", "participants are worse off", ("E3",))
        futile = found.interval.high < parameters.effect_least_bp / WHOLE and found.n_first >= parameters.comparative
        if futile and state["E2"] is State.PASSED:
            return _proposed(2, Conclusion.STOP, "een verschil dat telt, is uitgesloten", "a difference that matters is ruled out", ("E3",))
    old = as_of >= known.pilot.valid_from + timedelta(days=parameters.reach_stop_days)
    if known.pilot.target and old and known.accepted * WHOLE < known.pilot.target * parameters.reach_stop_bp:
        return _proposed(2, Conclusion.STOP, "na een jaar ver onder het streefcijfer", "far under the target after a year", ("E1",))
    if state["E9"] is State.FAILED and state["E2"] is not State.FAILED:
        return _proposed(
            3, Conclusion.ADJUST_FRAMEWORK, "de termijnen van de partners worden niet gehaald", "the partners' clocks are not met", ("E9",)
        )
    needed = ("E2", "E5", "E7", "E8") if plan.descriptive else ("E2", "E3", "E4", "E5", "E7", "E8")
    if works_on_persons(plan.theme) and not plan.descriptive:
        needed = ("E1", *needed)
    if all(state[id] in (State.PASSED, State.NONE) for id in needed):
        if rule is RuleNeeded.YES and not plan.descriptive:
            return _proposed(4, Conclusion.ANCHOR_IN_REGULATION, "alle criteria zijn gehaald", "all criteria are passed", ())
        if rule is RuleNeeded.NO:
            return _proposed(5, Conclusion.ANCHOR_WITHOUT_REGULATION, "alle criteria zijn gehaald", "all criteria are passed", ())
    return _proposed(6, Conclusion.CONTINUE_PILOT, "nog niet alles is gehaald", "not everything is passed yet", lacking)


def _proposed(order: int, conclusion: Conclusion, nl: str, en: str, missing: tuple[str, ...]) -> Proposal:
    return Proposal(conclusion=conclusion, order=order, why=Message(nl, en), missing=missing)


def _reached(compared: Comparison) -> bool:
    """Whether one of the planned methods gave an estimate that may be looked at."""
    steps = compared.staggered is not None and compared.staggered.effect is not None
    return compared.chosen is not None or steps or compared.shift is not None
