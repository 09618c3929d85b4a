"""Language levels that fall (F11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ledger.codes.course import Cefr
from ledger.codes.language import LanguageCode
from ledger.events.course import LanguageLevelAttained
from ledger.finding import Hit, Severity, finding
from ledger.subject import Subject


@finding(
    "F11",
    Severity.INFO,
    nl="Lager taalniveau dan voorheen",
    en="Level regression",
    mend_nl="Niveaus dalen zelden: laat een van beide metingen nakijken. De hoogste blijft tellen.",
    mend_en="Levels seldom fall: have one of the two measurements checked. The highest still counts.",
    needs=(LanguageLevelAttained,),
)
def level_regression(subject: Subject) -> Iterable[Hit]:
    levels = subject.history.of(LanguageLevelAttained)
    if len(levels) < 2:
        return
    best: dict[tuple[LanguageCode, str], tuple[date, Cefr]] = {}
    for fact in levels:
        attained = fact.payload
        fell = False
        for skill in attained.levels.__struct_fields__:
            level: Cefr | None = getattr(attained.levels, skill)
            if level is None:
                continue
            key = (attained.language, skill)
            earlier = best.get(key)
            if earlier is None or level.rank > earlier[1].rank:
                best[key] = (fact.date, level)
            elif level.rank < earlier[1].rank and earlier[0] < fact.date:
                fell = True
        if fell:
            yield Hit(since=fact.date, position=fact.entry.position)
