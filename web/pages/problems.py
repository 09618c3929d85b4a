"""/docs/problems: the kinds of problems that the API answers."""

from __future__ import annotations

from web.page import Shown, Visit, page
from web.problem import PLACE, ProblemKind


@page(PLACE, nl="Soorten fouten", en="Kinds of problems", template="problems.html")
async def problems(visit: Visit) -> Shown:
    """The list that the ``type`` of a problem points to."""
    return Shown(view=sorted(ProblemKind, key=lambda kind: kind.status))
