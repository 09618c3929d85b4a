"""The criteria E7 to E10: data, roles, partners, and whether it takes a rule (evaluation.md 6.4.6)."""

from __future__ import annotations

from ledger.criterion import WHOLE, RuleNeeded, Said, State, decimal, percent
from ledger.disclosure import protect_each, small_share
from ledger.evidence import Evidence
from ledger.parameters import Parameters
from ledger.rule_facts import RuleFacts


def data_criterion(known: Evidence, parameters: Parameters) -> Said:
    """E7: coverage, control totals and gaps, in closed quarters."""
    data = known.data
    if data.closed < known.pilot.valid_from:
        return State.FAILED, ("nog geen kwartaal van de proeftuin is gesloten", "no quarter of the pilot is closed yet")
    wrong_nl, wrong_en = [], []
    if known.coverage is not None and known.coverage * WHOLE < parameters.coverage_bp:
        wrong_nl.append(f"terugkoppeling gekend voor {percent(known.coverage)[0]}, nodig {parameters.coverage_bp // 100} %")
        wrong_en.append(f"feedback known for {percent(known.coverage)[1]}, needed {parameters.coverage_bp // 100}%")
    if data.months and (data.months - data.months_wrong) * WHOLE < data.months * parameters.reconciled_bp:
        share, least = percent(1 - data.months_wrong / data.months), parameters.reconciled_bp // 100
        wrong_nl.append(f"{share[0]} van de bronmaanden klopt met het controletotaal, nodig {least} %")
        wrong_en.append(f"{share[1]} of source months agree with their control total, needed {least}%")
    if data.gaps:
        wrong_nl.append(f"{data.gaps} {'gat' if data.gaps == 1 else 'gaten'} in de reeksen van bronnen")
        wrong_en.append(f"{data.gaps} {'gap' if data.gaps == 1 else 'gaps'} in the sequences of sources")
    nl, en = f"kwartalen gesloten tot en met {data.closed:%d-%m-%Y}", f"quarters closed up to {data.closed:%Y-%m-%d}"
    if wrong_nl:
        return State.FAILED, (f"{nl}: {'; '.join(wrong_nl)}", f"{en}: {'; '.join(wrong_en)}")
    if not data.months:
        return State.OPEN, (f"{nl}: er zijn geen controletotalen", f"{en}: there are no control totals")
    return State.PASSED, (
        f"{nl}: dekking, controletotalen en reeksen zijn in orde",
        f"{en}: coverage, control totals and sequences are in order",
    )


def roles_criterion(known: Evidence, parameters: Parameters) -> Said:
    """E8: role patterns and refusals of the executors."""
    if known.role_findings:
        rules = ", ".join(sorted({rule for rule, _ in known.role_findings}))
        return State.FAILED, (
            f"rolpatroon langer dan {parameters.finding_days} dagen onopgelost: {rules}",
            f"role pattern unresolved for more than {parameters.finding_days} days: {rules}",
        )
    if known.roles_apart:
        return State.FAILED, ("meer rolweigeringen dan te verwachten", "more role refusals than expected")
    return State.PASSED, ("geen open rolbevinding bij de uitvoerders", "no open role finding of the executors")


def partners_criterion(known: Evidence, parameters: Parameters) -> Said:
    """E9: whether the partners keep their clocks."""
    if known.partner_decided < parameters.few:
        return State.OPEN, (
            f"minder dan {parameters.few} termijnen van partners zijn beslist",
            f"fewer than {parameters.few} clocks of partners are decided",
        )
    share = known.partner_met / known.partner_decided
    nl, en = percent(share)
    if small_share(known.partner_met, known.partner_decided):
        nl, en = ("bijna alle", "nearly all") if share > 0.5 else ("bijna geen", "hardly any")
    least = parameters.partner_bp // 100
    return State.PASSED if share * WHOLE >= parameters.partner_bp else State.FAILED, (
        f"{nl} van de termijnen van partners gehaald; nodig: {least} %",
        f"{en} of the partners' clocks met; needed: {least}%",
    )


def rule_criterion(rule: RuleNeeded, facts: RuleFacts) -> Said:
    """E10: answered or not, and the facts that stand beside the question."""
    nl, en = [], []
    if facts.spread is not None:
        (phi_nl, phi_en), more = decimal(facts.spread), facts.spread > 1
        nl.append(f"agentschappen liggen op {facts.spread_of} {'verder' if more else 'niet verder'} uiteen dan toeval (φ = {phi_nl})")
        en.append(f"agencies lie {'further' if more else 'no further'} apart on {facts.spread_of} than chance (φ = {phi_en})")
    shared = protect_each((facts.without_basis,))[0]
    if facts.without_basis:
        nl.append(f"zonder grondslag gedeeld of doorverwezen: {shared.n or 'minder dan 5'} personen")
        en.append(f"shared or referred without a basis: {shared.n or 'fewer than 5'} persons")
    if facts.may_decided and not small_share(facts.may_unused, facts.may_decided):
        unused = percent(facts.may_unused / facts.may_decided)
        nl.append(f"de mogelijkheid van 60 dagen bleef onbenut bij {unused[0]}")
        en.append(f"the option of 60 days was left unused by {unused[1]}")
    beside = (f". Feiten erbij: {'; '.join(nl)}", f". Facts beside it: {'; '.join(en)}") if nl else ("", "")
    if rule is RuleNeeded.UNKNOWN:
        told = ("of er een regel nodig is, beantwoordt een persoon", "whether a rule is needed is for a person to answer")
    else:
        told = (f"beantwoord: {rule.label.nl}", f"answered: {rule.label.en}")
    state = State.OPEN if rule is RuleNeeded.UNKNOWN else State.PASSED
    return state, (told[0] + beside[0], told[1] + beside[1])
