"""GET /api/pilots, /api/pilots/{id} and /api/scenarios: decision sheets and what the money allows; conclusions are published here too."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter

from ledger.codes.policy import Conclusion, EvaluationSubject
from ledger.criterion import RuleNeeded
from ledger.verdict import Outcome
from streams.concluding import concluded
from streams.evaluation import Made, pilot_named
from streams.wiring import Parts
from web.api.budget_answers import BudgetItem, budget_item
from web.api.events import examine, refused
from web.api.pilot_answers import PilotItem, SheetAnswer, pilot_item, sheet_answer
from web.api.responses import READERS, problem, problems
from web.api.verdicts import PublishAnswer, RefusedProblem, publish_answer
from web.metrics import Metrics
from web.parameters import read_day, read_known_at
from web.problem import Problem, ProblemError, ProblemKind
from web.visitor import Visitor

_AMOUNT = re.compile(r"(?P<pilot>[0-9a-z_-]{4,40}):(?P<euro>[0-9]{1,10})")
MOST_EURO = 10**10


class PilotsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Every pilot in a line, and what a budget allows."""

    as_of: str
    position: int
    pilots: list[PilotItem]
    budget: BudgetItem | None


class ConclusionBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is concluded. Without ``indicators`` those of the sheet are named, without ``position`` the live one."""

    conclusion: Conclusion
    indicators: list[str] = []
    position: int | None = None
    """That of the sheet that was read."""


AsOfQuery = Annotated[str | None, QueryParameter(description="Business date YYYY-MM-DD; for auditors. Default: that of the views.")]
KnownAtQuery = Annotated[
    str | None, QueryParameter(description="A position, a moment (RFC 3339) or a date; for auditors. Default: that of the views.")
]


async def made_at(parts: Parts, visitor: Visitor, as_of: str | None, known_at: str | None) -> Made:
    """What was made of the facts at a cut; another one than the live one is for readers."""
    if as_of is not None or known_at is not None:
        visitor.must_read()
    day = read_day(as_of, "as_of") if as_of is not None else None
    position = await read_known_at(known_at, parts.store) if known_at is not None else None
    return await parts.evaluations.at(day, position)


def read_amounts(texts: str | None, made: Made) -> dict[str, int]:
    """``sector_trajectory:700000,group_offer:0`` in euro, as cents per pilot."""
    found: dict[str, int] = {}
    for text in (part.strip() for part in (texts or "").split(",")):
        if not text:
            continue
        said = _AMOUNT.fullmatch(text)
        if said is None:
            raise ProblemError(
                ProblemKind.BAD_PARAMETER,
                f"{text[:60]!r} is geen bedrag: schrijf proeftuin:euro, zoals sector_trajectory:700000",
                f"{text[:60]!r} is no amount: write pilot:euro, as in sector_trajectory:700000",
                pointer="amounts",
            )
        found[pilot_named(made, said["pilot"]).pilot_id] = int(said["euro"]) * 100
    return found


@get("/api/pilots", summary="Pilots", tags=["Figures"], responses=problems(*READERS, 404))
async def listed(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    budget: Annotated[
        int | None, QueryParameter(ge=0, le=MOST_EURO, description="Money of a year in whole euro; default: what is planned.")
    ] = None,
    amounts: Annotated[str | None, QueryParameter(max_length=1000, description="Own amounts: pilot:euro, split by commas.")] = None,
    as_of: AsOfQuery = None,
    known_at: KnownAtQuery = None,
) -> PilotsAnswer:
    """Every pilot with its reach, cost, proposal and conclusion, and what a budget allows by four ways to divide it. None is chosen."""
    made = await made_at(parts, visitor, as_of, known_at)
    told = made.budget(None if budget is None else budget * 100, read_amounts(amounts, made))
    return PilotsAnswer(
        as_of=made.facts.as_of.isoformat(),
        position=made.facts.position,
        pilots=[pilot_item(sheet) for sheet in made.sheets()],
        budget=budget_item(told) if told is not None else None,
    )


@get("/api/pilots/{id:str}", summary="The decision sheet of a pilot", tags=["Figures"], responses=problems(*READERS, 404))
async def one(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    id: Annotated[str, PathParameter(description="Its id, the beginning of it, or its theme.")],
    rule_needed: Annotated[
        Literal["yes", "no", "unknown"], QueryParameter(description="Whether anchoring takes a rule: a person answers that (E10).")
    ] = "unknown",
    as_of: AsOfQuery = None,
    known_at: KnownAtQuery = None,
) -> SheetAnswer:
    """Reach, process, the matched comparison with its balance and sensitivity, cost, the ten criteria and the proposal.

    The system proposes, a person concludes. Small numbers are hidden.
    """
    made = await made_at(parts, visitor, as_of, known_at)
    return sheet_answer(made.sheet(pilot_named(made, id), RuleNeeded[rule_needed.upper()]))


async def conclude(
    parts: Parts,
    visitor: Visitor,
    metrics: Metrics,
    made: Made,
    kind: EvaluationSubject,
    id: str,
    body: ConclusionBody,
    default: tuple[str, ...],
) -> Response[PublishAnswer]:
    """Publish a conclusion through the ordinary admission, and answer its verdict."""
    credential = visitor.must_publish()
    raw = concluded(
        made.facts,
        subject_kind=kind,
        subject_id=id,
        conclusion=body.conclusion,
        indicators=tuple(body.indicators) or default,
        credential=credential,
        now=parts.clock.now(),
        position=body.position,
    )
    verdicts = await parts.sequencer.submit(await examine(parts, [raw], credential))
    metrics.judged(verdicts)
    if verdicts[0].outcome is Outcome.REFUSED:
        return refused(verdicts[0])  # type: ignore[return-value]
    return Response(publish_answer(verdicts))


@post(
    "/api/pilots/{id:str}/conclusion",
    status_code=200,
    summary="Conclude on a pilot",
    tags=["Publishing"],
    responses={**problems(*READERS, 404, 413, 415, 429), 422: problem(422, RefusedProblem | Problem)},
)
async def conclude_pilot(
    data: JSONBody[ConclusionBody],
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    metrics: NamedDependency[Metrics],
    id: Annotated[str, PathParameter(description="Its id, the beginning of it, or its theme.")],
) -> Response[PublishAnswer]:
    """Publish `evaluation.concluded` on the sheet as it stands: with its indicators and its position, by the owner of the token.

    The event goes through the same admission as all others; the answer is its verdict.
    """
    made = await parts.evaluations.live()
    pilot = pilot_named(made, id)
    return await conclude(parts, visitor, metrics, made, EvaluationSubject.PILOT, pilot.pilot_id, data, made.sheet(pilot).indicators)


HANDLERS = [listed, one, conclude_pilot]
