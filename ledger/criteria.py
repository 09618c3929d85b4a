"""The criteria E1–E10 of a decision sheet: passed, not passed or not assessable, and why (evaluation.md 6.4.6)."""

from __future__ import annotations

from ledger.comparison import Comparison, contains_zero
from ledger.cost import Cost
from ledger.criteria_conduct import data_criterion, partners_criterion, roles_criterion, rule_criterion
from ledger.criterion import WHOLE, Criterion, RuleNeeded, Said, State, decimal, percent, points
from ledger.evidence import Evidence, works_on_persons
from ledger.parameters import Parameters
from ledger.plan import Design, Plan
from ledger.verdict import Message

_LABELS = {
    "E1": ("bereik", "reach"),
    "E2": ("uitvoering zoals bedoeld", "done as meant"),
    "E3": ("uitkomst", "outcome"),
    "E4": ("standvastigheid", "robustness"),
    "E5": ("billijkheid", "equity"),
    "E6": ("kost", "cost"),
    "E7": ("gegevens", "data"),
    "E8": ("rollen", "roles"),
    "E9": ("partners", "partners"),
    "E10": ("regel nodig", "rule needed"),
}


def criteria(
    plan: Plan, known: Evidence, compared: Comparison, cost: Cost, rule: RuleNeeded, parameters: Parameters, *, ceiling: int | None = None
) -> tuple[Criterion, ...]:
    """Every criterion, in order."""
    told = (
        _reach(known, parameters),
        _fidelity(plan, known, parameters),
        _outcome(plan, compared, parameters),
        _robustness(plan, compared, parameters),
        _equity(plan, known, compared, parameters),
        _cost(plan, cost, ceiling),
        data_criterion(known, parameters),
        roles_criterion(known, parameters),
        partners_criterion(known, parameters),
        rule_criterion(rule, known.rule_facts),
    )
    return tuple(
        Criterion(id=id, label=Message(*_LABELS[id]), state=state, why=Message(*why))
        for id, (state, why) in zip(_LABELS, told, strict=True)
    )


def _reach(known: Evidence, parameters: Parameters) -> Said:
    few, target = parameters.few, known.pilot.target
    if not target:
        enough = known.accepted >= few
        return (State.OPEN if not known.accepted else State.PASSED if enough else State.FAILED), (
            "er is geen streefcijfer",
            "there is no target",
        )
    if known.accepted < few:
        return State.FAILED, (f"minder dan {few} deelnemers", f"fewer than {few} participants")
    share = known.accepted / target
    passed = share * WHOLE >= parameters.reach_bp
    nl, en = percent(share)
    least = parameters.reach_bp // 100
    return State.PASSED if passed else State.FAILED, (
        f"{nl} van het streefcijfer; nodig: {least} % en minstens {few} deelnemers",
        f"{en} of the target; needed: {least}% and at least {few} participants",
    )


def _fidelity(plan: Plan, known: Evidence, parameters: Parameters) -> Said:
    if plan.series:
        return _at_norm(known, parameters)
    told = [one for one in known.process if one.below is not None]
    low = [one.indicator for one in told if one.below]
    if low:
        names = ", ".join(low)
        return State.FAILED, (f"onder de trechter: {names}", f"under the funnel: {names}")
    if not told:
        return State.OPEN, (
            "geen procesindicator is met die van iedereen te vergelijken",
            "no process indicator can be compared with everybody's",
        )
    names = ", ".join(one.indicator for one in told)
    return State.PASSED, (f"binnen of boven de trechter: {names}", f"inside or above the funnel: {names}")


def _at_norm(known: Evidence, parameters: Parameters) -> Said:
    """E2 of a pilot that enrols nobody: its process indicators stand on the partners' clocks, and so does their norm (E9)."""
    told = [one for one in known.process if one.value is not None]
    if not told:
        return State.OPEN, ("geen procesindicator is gekend", "no process indicator is known")
    least = parameters.partner_bp
    low = ", ".join(one.indicator for one in told if one.value is not None and one.value * WHOLE < least)
    if low:
        return State.FAILED, (f"onder {least // 100} %: {low}", f"under {least // 100}%: {low}")
    names = ", ".join(one.indicator for one in told)
    return State.PASSED, (f"minstens {least // 100} %: {names}", f"at least {least // 100}%: {names}")


def _descriptive(plan: Plan) -> Said | None:
    if not plan.descriptive:
        return None
    return State.NONE, (
        "het plan van dit thema is beschrijvend: zonder effectbewijs",
        "the plan of this theme is descriptive: without evidence of effect",
    )


def _outcome(plan: Plan, compared: Comparison, parameters: Parameters) -> Said:
    if (none := _descriptive(plan)) is not None:
        return none
    if plan.series:
        return _shifted(compared, parameters)
    if compared.chosen is None or (interval := compared.chosen.estimate.found.interval) is None:
        return State.OPEN, (
            f"minder dan {parameters.few} vergeleken personen van wie de termijn om was in een gesloten kwartaal",
            f"fewer than {parameters.few} compared persons whose time was over in a closed quarter",
        )
    value, least = compared.chosen.estimate.found.value, parameters.effect_least_bp / WHOLE
    passed = interval.low > 0 and value >= least
    v, (low, high), d = points(value), (decimal(interval.low * 100), decimal(interval.high * 100)), points(least)
    return State.PASSED if passed else State.FAILED, (
        f"verschil {v[0]} [{low[0]}; {high[0]}]; nodig: ondergrens boven 0 en minstens {d[0]}",
        f"difference {v[1]} [{low[1]}; {high[1]}]; needed: lower limit above 0 and at least {d[1]}",
    )


def _robustness(plan: Plan, compared: Comparison, parameters: Parameters) -> Said:
    if (none := _descriptive(plan)) is not None:
        return none
    if plan.series:
        return _steady(compared)
    if compared.chosen is None:
        return State.OPEN, ("er is niets vergeleken", "nothing was compared")
    wrong_nl, wrong_en = [], []
    balance = compared.chosen.balance
    if not balance.passes:
        wrong_nl.append("de balans niet")
        wrong_en.append("the balance")
    if not compared.same_sign and {Design.M1, Design.M2} <= set(plan.designs):
        wrong_nl.append("M1 en M2 niet hetzelfde teken")
        wrong_en.append("M1 and M2 in the same direction")
    limit = compared.e_value.limit if compared.e_value is not None else None
    if limit is None or limit < parameters.e_value_least:
        wrong_nl.append("de E-waarde van de grens niet")
        wrong_en.append("the E-value of the limit")
    if any(one.found is not None and contains_zero(one.found.interval) is False for one in compared.placebos):
        wrong_nl.append("een placebo niet")
        wrong_en.append("a placebo")
    if wrong_nl:
        return State.FAILED, (f"klopt niet: {'; '.join(wrong_nl)}", f"does not hold: {'; '.join(wrong_en)}")
    return State.PASSED, (
        "balans, richting, E-waarde en placebo's kloppen",
        "balance, direction, E-value and placebos hold",
    )


def _shifted(compared: Comparison, parameters: Parameters) -> Said:
    """E3 of a series: how far it jumped."""
    if compared.shift is None:
        least = parameters.series_least
        return State.OPEN, (
            f"geen reeks met minstens {least} gesloten maanden voor en na een start overal tegelijk",
            f"no series with at least {least} closed months before and after a start everywhere at once",
        )
    interval, least_bp = compared.shift.interval, parameters.effect_least_bp / WHOLE
    passed = interval.low > 0 and compared.shift.value >= least_bp
    v, (low, high), d = points(compared.shift.value), (decimal(interval.low * 100), decimal(interval.high * 100)), points(least_bp)
    name = compared.series[0].indicator
    return State.PASSED if passed else State.FAILED, (
        f"sprong in {name} {v[0]} [{low[0]}; {high[0]}]; nodig: ondergrens boven 0 en minstens {d[0]}",
        f"jump in {name} {v[1]} [{low[1]}; {high[1]}]; needed: lower limit above 0 and at least {d[1]}",
    )


def _steady(compared: Comparison) -> Said:
    """E4 of a series: nothing else at that moment, and no jump at a false start."""
    first = compared.series[0] if compared.series else None
    if first is None or first.found is None:
        return State.OPEN, ("er is geen reeks beoordeeld", "no series was judged")
    if first.beside is not None:
        return State.FAILED, (
            f"op {first.beside:%d-%m-%Y} veranderden ook regels: niet te onderscheiden",
            f"rules changed too on {first.beside:%Y-%m-%d}: cannot be told apart",
        )
    if first.placebo is None:
        return State.OPEN, ("te weinig maanden vooraf voor een placebo", "too few months before for a placebo")
    if contains_zero(first.placebo.interval):
        return State.PASSED, ("geen sprong bij een valse start, geen andere regel", "no jump at a false start, no other rule")
    return State.FAILED, ("ook bij een valse start verspringt de reeks", "the series jumps at a false start too")


def _equity(plan: Plan, known: Evidence, compared: Comparison, parameters: Parameters) -> Said:
    if not works_on_persons(plan.theme):
        return State.NONE, ("dit thema werkt niet met personen", "this theme does not work on persons")
    if known.accepted < parameters.few:
        return State.OPEN, (f"minder dan {parameters.few} deelnemers", f"fewer than {parameters.few} participants")
    behind = []
    for name, (mine, participants, theirs, cohort) in known.equity.items():
        if participants and cohort and mine / participants < theirs / cohort - parameters.equity_bp / WHOLE:
            behind.append(name)
    harmed = [
        one.name for one in compared.equity if one.found is not None and one.found.interval is not None and one.found.interval.high < 0
    ]
    if behind or harmed:
        nl = {"self_reliance_low": "lage zelfredzaamheid", "nug": "zonder uitkering"}
        en = {"self_reliance_low": "low self-reliance", "nug": "without benefit"}
        groups = dict.fromkeys([*behind, *harmed])
        return State.FAILED, (
            f"achter of slechter af: {', '.join(nl[name] for name in groups)}",
            f"behind or worse off: {', '.join(en[name] for name in groups)}",
        )
    return State.PASSED, (
        "kwetsbare groepen nemen deel zoals hun aandeel in het cohort",
        "vulnerable groups take part as their share of the cohort",
    )


def _cost(plan: Plan, cost: Cost, ceiling: int | None) -> Said:
    if not plan.comparative:
        return State.NONE, ("zonder vergelijking is er geen bijkomend resultaat", "without comparison there is no additional result")
    if cost.per_result is None:
        return State.OPEN, (
            "kost per bijkomend resultaat niet vast te stellen: geen verschil boven 0 aangetoond",
            "cost per additional result cannot be established: no difference above 0 was shown",
        )
    if ceiling is not None and cost.per_result > ceiling:
        return State.FAILED, ("boven het gestelde plafond", "above the ceiling that was set")
    return State.PASSED, ("gekend; er is geen plafond overschreden", "known; no ceiling is exceeded")
