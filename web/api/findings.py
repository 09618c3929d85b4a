"""GET /api/findings: live findings that stand on no person. Restricted ones are not among them."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from ledger.finding import finding_types, pattern_rules
from ledger.verdict import Message
from streams.standing import StandingFinding
from streams.wiring import Parts
from web.api.answers import FindingItem, FindingsAnswer
from web.api.responses import READERS, problems
from web.problem import ProblemError, ProblemKind
from web.visitor import Visitor


def finding_item(found: StandingFinding) -> FindingItem:
    """A finding with what it means and what can be done."""
    declared = finding_types().get(found.code)
    rule = pattern_rules().get(found.rule or "")
    nothing = Message("", "")
    return FindingItem(
        stream=found.stream,
        code=found.code,
        severity=found.severity,
        clock=found.clock,
        rule=found.rule,
        position=found.position,
        since=found.since,
        case=found.case,
        label=rule.label if rule else declared.label if declared else nothing,
        mend=declared.mend if declared else nothing,
    )


@get("/api/findings", summary="Findings on no person", tags=["Quality"], responses=problems(*READERS))
async def findings(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    code: Annotated[str | None, QueryParameter(pattern="^F[0-9]{2}$", description="Only this code, F01 to F41.")] = None,
) -> FindingsAnswer:
    """Live findings on editions, employers, publishers and policy, as the views last worked them out."""
    visitor.must_read()
    if code is not None and code not in finding_types():
        known = ", ".join(finding_types())
        raise ProblemError(ProblemKind.BAD_PARAMETER, f"code moet één van {known} zijn", f"code must be one of {known}", pointer="code")
    views = {view.name: view for view in await parts.reader.views()}
    view = views.get("findings")
    return FindingsAnswer(
        position=view.position if view else 0,
        as_of=view.as_of if view else None,
        findings=[finding_item(found) for found in await parts.reader.findings(code)],
    )


HANDLERS = [findings]
