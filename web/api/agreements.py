"""GET /api/agreements: the clauses in force, how their norms are kept, and what other norms would have meant."""

from __future__ import annotations

import asyncio
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter

from ledger.codes.policy import EvaluationSubject
from ledger.cohort import Unanswerable
from ledger.norms import read_norms
from streams.evaluation import clause_named
from streams.wiring import Parts
from web.api.agreement_answers import AgreementsAnswer, clause_item
from web.api.indicators import unanswerable
from web.api.pilots import AsOfQuery, ConclusionBody, KnownAtQuery, conclude, made_at
from web.api.responses import READERS, problem, problems
from web.api.verdicts import PublishAnswer, RefusedProblem
from web.metrics import Metrics
from web.problem import Problem
from web.visitor import Visitor

NormQuery = Annotated[str | None, QueryParameter(max_length=200, description="Other norms: C01=45 (days) or C01=P3M, split by commas.")]


def norms_of(text: str | None) -> dict[str, str]:
    """The norms of a query."""
    try:
        return read_norms([text] if text else [])
    except Unanswerable as error:
        raise unanswerable(error) from error


@get("/api/agreements", summary="Agreements", tags=["Figures"], responses=problems(*READERS))
async def listed(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    norm: NormQuery = None,
    as_of: AsOfQuery = None,
    known_at: KnownAtQuery = None,
) -> AgreementsAnswer:
    """Per clause of the framework agreements: its norm, the clocks that measure it, how many were met, and with whom the others lie.

    With `norm` also what another norm would have meant for the same cases: computed with the nearest norm that may be told.
    """
    asked = norms_of(norm)
    made = await made_at(parts, visitor, as_of, known_at)
    return AgreementsAnswer(
        as_of=made.facts.as_of,
        position=made.facts.position,
        norms=asked,
        clauses=[clause_item(view) for view in await asyncio.to_thread(made.clauses, asked)],
    )


@get("/api/agreements/{clause:str}", summary="One clause", tags=["Figures"], responses=problems(*READERS, 404))
async def one(
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    clause: Annotated[str, PathParameter(description="Its code (vdab.feedback) or id.")],
    norm: NormQuery = None,
    as_of: AsOfQuery = None,
    known_at: KnownAtQuery = None,
) -> AgreementsAnswer:
    """The same for one clause."""
    asked = norms_of(norm)
    made = await made_at(parts, visitor, as_of, known_at)
    found = clause_named(await asyncio.to_thread(made.clauses, asked), clause)
    return AgreementsAnswer(as_of=made.facts.as_of, position=made.facts.position, norms=asked, clauses=[clause_item(found)])


@post(
    "/api/agreements/{clause:str}/conclusion",
    status_code=200,
    summary="Conclude on a clause",
    tags=["Publishing"],
    responses={**problems(*READERS, 404, 413, 415, 429), 422: problem(422, RefusedProblem | Problem)},
)
async def conclude_clause(
    data: JSONBody[ConclusionBody],
    parts: NamedDependency[Parts],
    visitor: NamedDependency[Visitor],
    metrics: NamedDependency[Metrics],
    clause: Annotated[str, PathParameter(description="Its code (vdab.feedback) or id.")],
) -> Response[PublishAnswer]:
    """Publish `evaluation.concluded` on a clause, as on a pilot."""
    made = await parts.evaluations.live()
    found = clause_named(await asyncio.to_thread(made.clauses, {}), clause).clause
    kind = EvaluationSubject.FRAMEWORK_CLAUSE
    return await conclude(parts, visitor, metrics, made, kind, found.clause_id, data, found.indicators)


HANDLERS = [listed, one, conclude_clause]
