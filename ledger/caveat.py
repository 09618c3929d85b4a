"""The caveat that stands with every comparison, and what may be said of it (evaluation.md 6.4.3)."""

from __future__ import annotations

from ledger.indicator import indicators
from ledger.monthly import Interruption
from ledger.series import Interrupted
from ledger.sheet import Sheet
from ledger.verdict import Message


def number(value: float, digits: int = 1) -> tuple[str, str]:
    """A number in Dutch and in English."""
    text = f"{value:,.{digits}f}".replace("-", "−")
    return text.replace(",", "_").replace(".", ",").replace("_", "."), text


def caveat(sheet: Sheet) -> Message | None:
    """The caveat of a comparison; None when nothing is compared."""
    told = sheet.estimate
    if told is None:
        return None
    unmatched, _ = number(told.unmatched * 100), None
    worth = number(sheet.e_value) if sheet.e_value is not None and sheet.e_value != float("inf") else ("–", "–")
    known = number(sheet.coverage[0] * 100) if sheet.coverage is not None else ("–", "–")
    n, m, position = number(told.offered, 0), number(told.others, 0), number(sheet.position, 0)
    return Message(
        "Deze vergelijking is geen loting. Wie deelnam, verschilt mogelijk van wie niet deelnam in motivatie, netwerk of "
        "gezinssituatie; dat meten we niet. We vergelijken personen met gelijke kenmerken vóór de start "
        f"({told.design.label.nl}, {n[0]} aan wie een plaats is aangeboden, {m[0]} vergelijkingspersonen, {unmatched[0]} % zonder match). "
        f"Een niet-gemeten factor die zowel het aanbod als de uitkomst minstens {worth[0]} keer waarschijnlijker maakt, kan het verschil "
        f"verklaren. Terugkoppeling is gekend voor {known[0]} %. Cijfers zoals gekend op positie {position[0]}, peildatum "
        f"{sheet.as_of:%d-%m-%Y}. Niet bruikbaar voor beslissingen over een persoon.",
        "This comparison is not a random draw. Participants may differ from others in motivation, network or family situation, which is "
        f"not measured. We compare persons with equal characteristics before the start ({told.design.label.en}, {n[1]} offered a place, "
        f"{m[1]} comparison persons, {unmatched[1]}% without match). An unmeasured factor that makes both the offer and the outcome at "
        f"least {worth[1]} times more likely could explain the difference. Feedback is known for {known[1]}%. Figures as known at "
        f"position {position[1]}, as-of date {sheet.as_of:%Y-%m-%d}. Not to be used for decisions about a person.",
    )


def sentence(sheet: Sheet) -> Message:
    """The one sentence that the design reached allows."""
    told = sheet.estimate
    if sheet.series and sheet.series[0].found is not None:
        return _of_series(sheet, sheet.series[0], sheet.series[0].found)
    if sheet.claim == "descriptive" or told is None:
        return Message("Beschrijvend: er wordt niet vergeleken.", "Descriptive: nothing is compared.")
    if told.hidden or told.value is None:
        return Message("Te weinig om te tonen zonder iemand te herkennen.", "Too few to show without recognising somebody.")
    points = number(abs(told.value) * 100)
    way = ("vaker", "more often") if told.value >= 0 else ("minder vaak", "less often")
    limits = ""
    limits_en = ""
    if told.interval is not None:
        low, high = number(told.interval.low * 100), number(told.interval.high * 100)
        limits = f" (95 %-interval {low[0]} tot {high[0]})"
        limits_en = f" (95% interval {low[1]} to {high[1]})"
    outcome = told.outcome.label
    if sheet.claim == "no_difference":
        seen = number(sheet.visible * 100) if sheet.visible is not None else ("–", "–")
        apart = Message("", "")
        if sheet.balance is not None and not sheet.balance.passes:
            apart = Message(
                " De vergeleken groepen zijn bovendien niet in balans.", " Besides, the groups that are compared are not in balance."
            )
        return Message(
            f"Geen verschil aangetoond in {outcome.nl}{limits}; kleiner dan {seen[0]} procentpunt was niet zichtbaar.{apart.nl}",
            f"No difference shown in {outcome.en}{limits_en}; smaller than {seen[1]} percentage points could not be seen.{apart.en}",
        )
    if sheet.claim in ("plausible", "indicative"):
        end = Message("een effect is aannemelijk", "an effect is plausible")
        if sheet.claim == "indicative":
            end = Message("indicatief: te weinig personen voor meer", "indicative: too few persons for more")
        return Message(
            f"Wie een plaats kreeg aangeboden, bereikt {points[0]} procentpunt {way[0]} {outcome.nl} dan vergelijkbare personen{limits}; "
            f"{end.nl}.",
            f"Those offered a place reach {outcome.en} {points[1]} percentage points {way[1]} than comparable persons{limits_en}; "
            f"{end.en}.",
        )
    return Message(
        f"Met en zonder aanbod verschilt {outcome.nl} {points[0]} procentpunt{limits}; oorzaak niet vast te stellen.",
        f"With and without the offer, {outcome.en} differs by {points[1]} percentage points{limits_en}; the cause cannot be established.",
    )


def _of_series(sheet: Sheet, first: Interruption, found: Interrupted) -> Message:
    """The sentence of M4: what the series did, and never why."""
    title, level = indicators()[first.indicator].title, found.level
    low, high = number(level.interval.low * 100), number(level.interval.high * 100)
    limits, limits_en = f"(95 %-interval {low[0]} tot {high[0]})", f"(95% interval {low[1]} to {high[1]})"
    if sheet.claim == "no_difference":
        return Message(
            f"Geen sprong aangetoond in {title.nl} bij de start {limits}.", f"No jump shown in {title.en} at the start {limits_en}."
        )
    points, (way, way_en) = number(abs(level.value) * 100), ("steeg", "rose") if level.value >= 0 else ("daalde", "fell")
    beside, beside_en = "", ""
    if first.beside is not None:
        beside = f" Op {first.beside:%d-%m-%Y} veranderden ook regels: niet te onderscheiden."
        beside_en = f" Rules changed too on {first.beside:%Y-%m-%d}: the two cannot be told apart."
    return Message(
        f"Na de start {way} {title.nl} {points[0]} procentpunt {limits}; wat toen nog veranderde, zit daarin.{beside}",
        f"After the start {title.en} {way_en} by {points[1]} percentage points {limits_en}; what else changed then is in it.{beside_en}",
    )
