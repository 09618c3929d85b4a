"""Questions: whether an indicator can be asked the way somebody asks it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from ledger.cohort import Cohort, Unanswerable
from ledger.dimension import DIMENSIONS, MOST, QUARTER, YEAR, around
from ledger.indicator import Base, Indicator
from ledger.verdict import Message

MOST_CELLS = 450
"""Of three crossed dimensions, by their lists: with more cells nearly every one is hidden, and it takes many seconds to find that out."""
_UNLISTED, _YEARS, _QUARTERS = 20, 5, 20
"""How many values a dimension without a list, or time, is taken to have."""


def cells_of(split: Collection[str], timed: bool, cohort: Cohort | None) -> int:
    """How many cells a crossing can have by the lists of its dimensions; ``timed`` when it is cut by time, too."""
    sizes = [len(DIMENSIONS[name].values or DIMENSIONS[name].named) or _UNLISTED for name in split if name not in (YEAR, QUARTER)]
    if timed:
        sizes.append(_YEARS if QUARTER not in split and (cohort is None or cohort.whole_years) else _QUARTERS)
    return math.prod(sizes)


def checked(declared: Indicator, by: Sequence[str], cohort: Cohort | None, protected: bool) -> tuple[str, ...]:
    """The dimensions of a question, each once.

    :raises Unanswerable: it cannot be answered as it is asked; the message says what can.
    """
    split = tuple(dict.fromkeys(by))
    for name in split:
        if name not in declared.splits:
            listed = ", ".join(declared.splits) or "–"
            raise Unanswerable(
                "by",
                Message(
                    f"{declared.id} kan niet naar {name} gesplitst worden; wel naar {listed}",
                    f"{declared.id} cannot be split by {name}; it can by {listed}",
                ),
            )
        for outer in set(around(name)[:-1]).intersection(split):
            raise Unanswerable(
                "by", Message(f"{name} ligt binnen {outer}: kies één van beide", f"{name} lies inside {outer}: choose one of them")
            )
    timed = cohort is not None and not {YEAR, QUARTER}.intersection(split)
    if len(split) + (timed and protected) > MOST:
        raise Unanswerable(
            "by",
            Message(
                f"hoogstens {MOST} kenmerken tegelijk, een cohort telt mee", f"at most {MOST} dimensions at once, a cohort counts as one"
            ),
        )
    names = [name for name in split if name not in (YEAR, QUARTER)]
    in_time = len(names) < len(split) or timed
    if protected and len(names) + in_time >= MOST and cells_of(split, in_time, cohort) > MOST_CELLS:
        raise Unanswerable(
            "by",
            Message(
                f"{', '.join(split)}{' en een cohort' if timed else ''} geeft samen meer dan {MOST_CELLS} groepen, bijna alle te klein om "
                "te tonen: kies er één minder",
                f"{', '.join(split)}{' and a cohort' if timed else ''} make more than {MOST_CELLS} groups, nearly all too small to show: "
                "choose one fewer",
            ),
        )
    if cohort is not None and declared.base is Base.STOCK:
        raise Unanswerable(
            "cohort",
            Message(
                f"{declared.id} is een stand op de peildatum en heeft geen cohort",
                f"{declared.id} is a stock on the as-of date and has no cohort",
            ),
        )
    if cohort is not None and not cohort.whole_years and (declared.base is Base.YEAR or (YEAR in split and protected)):
        raise Unanswerable("cohort", Message("hier bestaat een cohort uit hele jaren", "here a cohort is made of whole years"))
    if cohort is not None and protected and not cohort.whole:
        raise Unanswerable(
            "cohort",
            Message(
                "een cohort begint op de eerste dag van een kwartaal en eindigt op de laatste: uit vrije dagen zijn personen af te leiden",
                "a cohort begins on the first day of a quarter and ends on the last: persons could be worked out from free days",
            ),
        )
    return split
