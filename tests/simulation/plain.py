"""The indicators worked out a second time: plain Python over what the simulator says is true, nothing of the ledger in between.

Each function gives (numerator, denominator, immature, left scope, neutral) of one figure on a day, read from domain.md 5 and 6
alone. A fact is a dict with ``type``, ``date``, ``role`` and ``data``; a life is the facts of one person in order of date.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Callable, Iterable
from copy import copy
from datetime import date, timedelta
from typing import Any

Fact = dict[str, Any]
Life = list[Fact]
Counts = tuple[int, int, int, int, int]
LEFT = {"deceased", "moved_abroad", "moved_wallonia"}
STILL = {"attest", "declaration_effort", "moved_other_agency", "deceased", "duplicate"}
UNPAID = {"art60", "twe", "student", "flexi"}
CEFR = ["pre_a1", "a1", "a2", "b1", "b2", "c1", "c2"]


class World:
    """What is true, up to a day, of everybody or of some."""

    def __init__(self, document: dict[str, Any], roles: dict[tuple[str, str], str], on: date) -> None:
        self.on = on
        self.lives = [self._life(one, roles) for one in document["persons"] if not one["erased"]]
        things = [self._life(one, roles) for one in document["things"]]
        self.things = {one["stream"]: life for one, life in zip(document["things"], things, strict=True)}
        self.editions: dict[str, dict[str, Any]] = {}
        for life in things:
            for fact in life:
                if fact["type"].startswith("edition."):
                    self.editions.setdefault(fact["data"]["edition_id"], {})[fact["type"]] = fact
                    self.editions[fact["data"]["edition_id"]].setdefault("all", []).append(fact)

    def _life(self, told: dict[str, Any], roles: dict[tuple[str, str], str]) -> Life:
        facts = [
            {
                "type": one["type"],
                "date": date.fromisoformat(one["date"]),
                "data": one["data"],
                "role": roles.get((one["source"], one["id"])),
            }
            for one in told["effective"]
        ]
        return sorted((fact for fact in facts if fact["date"] <= self.on), key=lambda fact: fact["date"])

    def of(self, chosen: Callable[[Life], bool]) -> World:
        """The same with some lives only."""
        some = copy(self)
        some.lives = [life for life in self.lives if chosen(life)]
        return some


def roles_in(feed: bytes) -> dict[tuple[str, str], str]:
    """The role in which each event was published."""
    roles: dict[tuple[str, str], str] = {}
    for line in feed.splitlines():
        told = json.loads(line)
        if isinstance(told.get("id"), str):
            roles[told.get("source"), told["id"]] = told.get("publisherrole")
    return roles


def of(life: Life, *types: str, **data: Any) -> Life:
    """The facts of some types with some data."""
    return [fact for fact in life if fact["type"] in types and all(fact["data"].get(name) == value for name, value in data.items())]


def day(facts: Life) -> date | None:
    """The day of the first."""
    return facts[0]["date"] if facts else None


def months_on(start: date, months: int) -> date:
    """So many months later, clipped to the end of the month."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def first_contract(life: Life) -> Fact | None:
    """The first contract of kind ``first``."""
    found = of(life, "contract.signed", contract_kind="first")
    return found[0] if found else None


def gone(life: Life) -> date | None:
    """The day of death or departure, when no new contract follows."""
    end = ended(life)
    return end["date"] if end is not None and end["data"]["reason"] in LEFT else None


def ended(life: Life) -> Fact | None:
    """The last end that no new contract follows."""
    for end in reversed(of(life, "trajectory.ended")):
        later = [one for one in of(life, "contract.signed") if one["data"]["contract_kind"] != "amended" and one["date"] >= end["date"]]
        if not later:
            return end
    return None


def residence(life: Life, on: date) -> str | None:
    """The municipality on a day; of one day the identity service goes first."""
    said = [(one["date"], False, one["data"]["residence_nis"]) for one in of(life, "person.registered")]
    said += [
        (date.fromisoformat(one["data"]["valid_from"]), one["role"] == "identity_service", one["data"]["residence_nis"])
        for one in of(life, "profile.updated")
        if one["data"].get("residence_nis")
    ]
    standing = sorted(one for one in said if one[0] <= on)
    return standing[-1][2] if standing else None


def pauses(life: Life, contract_id: str) -> list[tuple[date, date | None]]:
    """The suspensions of a contract."""
    found: list[tuple[date, date | None]] = []
    since: date | None = None
    for one in of(life, "contract.suspended", "contract.resumed"):
        if one["data"]["contract_id"] != contract_id:
            continue
        if one["type"] == "contract.suspended":
            since = since or one["date"]
        elif since is not None:
            found.append((since, one["date"]))
            since = None
    return [*found, (since, None)] if since is not None else found


def verdict(
    on: date, start: date, due: date, stop: date | None, neutral: date | None, stops: Iterable[tuple[date, date | None]] = ()
) -> str:
    """Walk a clock day by day: met, missed, neutral, or still open on a day. A day of a pause moves the deadline by one."""
    held = {since + timedelta(days=n) for since, until in stops for n in range(max(0, ((until or on + timedelta(days=1)) - since).days))}
    at, deadline = start, due
    while at <= on:
        if stop is not None and at == stop and (neutral is None or stop <= neutral):
            return ("met" if at <= deadline else "missed") if deadline <= on else "early" if at <= deadline else "missed"
        if neutral is not None and at == neutral:
            return "neutral" if at <= deadline else "missed"
        if at in held and at <= deadline:
            deadline += timedelta(days=1)
        at += timedelta(days=1)
    return "open" if deadline > on or (on in held and on <= deadline) else "missed"


def tally(verdicts: Iterable[str]) -> Counts:
    """Counts of verdicts of clocks."""
    said = list(verdicts)
    met, missed = said.count("met"), said.count("missed")
    return met, met + missed, said.count("open") + said.count("early"), 0, said.count("neutral")


def horizon(world: World, people: Iterable[tuple[Life, date, bool]], days: int) -> Counts:
    """Counts of a share with a horizon: life, start and whether it had what is counted."""
    top = bottom = young = left = 0
    for life, start, had in people:
        over = start + timedelta(days=days)
        out = gone(life)
        if over > world.on:
            young += 1
        elif out is not None and out < over:
            left += 1
        else:
            bottom += 1
            top += had
    return top, bottom, young, left, 0


def cohort(world: World) -> list[tuple[Life, Fact]]:
    """Everybody with a first contract."""
    return [(life, signed) for life in world.lives if (signed := first_contract(life)) is not None]


def near(found: date | None, start: date, days: int) -> bool:
    """Whether a day lies in [start, start + days]."""
    return found is not None and start <= found <= start + timedelta(days=days)


def departed(life: Life, start: date) -> date | None:
    """Death or departure abroad on or after a day: it ends every clock."""
    return day(
        [one for one in of(life, "trajectory.ended") if one["data"]["reason"] in {"deceased", "moved_abroad"} and one["date"] >= start]
    )


def earliest(*days: date | None) -> date | None:
    """The first of some days."""
    return min((one for one in days if one is not None), default=None)


def third_pillar(world: World, brussels: bool) -> Counts:
    """IND-01 and IND-02."""
    said = []
    for life, signed in cohort(world):
        what, start = signed["data"], signed["date"]
        if "pillar3" not in what["parts"] or not what["work_allowed"] or what["work_status"] in {"employed", "self_employed", "studying"}:
            continue
        nis = residence(life, start)
        if nis is None or (21001 <= int(nis) <= 21019) is not brussels:
            continue
        contract = what["contract_id"]
        before = [one for one in of(life, "jobseeker.registered") if one["date"] < start]
        standing = any(
            not any(
                out["role"] == one["role"] and one["date"] <= out["date"] <= start and out["data"]["state"] in {"started", "done"}
                for out in of(life, "activation-step.reported", step="deregistered")
            )
            for one in before
        )
        free = [one for one in of(life, "exemption.granted", contract_id=contract, part="pillar3") if one["date"] >= start]
        over = [one for one in of(life, "trajectory.ended", contract_id=contract) if one["date"] >= start]
        stop = start if standing else day([one for one in of(life, "jobseeker.registered") if one["date"] >= start])
        neutral = None if standing else earliest(day(free), day(over), departed(life, start))
        held = [] if standing else pauses(life, contract)
        said.append(verdict(world.on, start, start + timedelta(days=60), stop, neutral, held))
    return tally(said)


def ind_03(world: World) -> Counts:
    found = []
    for life, _ in cohort(world):
        made = [one for one in of(life, "referral.made") if one["data"]["target"] in {"vdab", "actiris"}]
        if made:
            screened = day(of(life, "competence-screening.completed"))
            found.append(screened is not None and screened <= made[0]["date"])
    return sum(found), len(found), 0, 0, 0


def after_contract(kind: str, days: int, only: Callable[[Life], bool] = lambda life: True) -> Callable[[World], Counts]:
    """A first fact within so many days after the contract."""

    def counted(world: World) -> Counts:
        people = ((life, signed["date"], near(day(of(life, kind)), signed["date"], days)) for life, signed in cohort(world) if only(life))
        return horizon(world, people, days)

    return counted


def has_pillar3(life: Life) -> bool:
    """Whether the last contract holds the third pillar, and no exemption took it away."""
    signed = [one for one in of(life, "contract.signed") if one["data"]["contract_kind"] != "renewed"]
    return "pillar3" in signed[-1]["data"]["parts"] and not of(life, "exemption.granted", part="pillar3")


def ind_08(world: World) -> Counts:
    people = [
        (
            life,
            made["date"],
            near(day(of(life, "referral.answered", referral_id=made["data"]["referral_id"], answer="taken_up")), made["date"], 30),
        )
        for life in world.lives
        for made in of(life, "referral.made")
    ]
    return horizon(world, people, 30)


def ind_09(world: World) -> Counts:
    last = {}
    for life in world.lives:
        known = {made["data"]["referral_id"] for made in of(life, "referral.made")}
        for one in of(life, "referral.answered"):
            if one["data"]["referral_id"] in known:
                last[one["data"]["referral_id"]] = one["data"].get("refusal")
    return list(last.values()).count("language_too_low"), len(last), 0, 0, 0


def ind_10(world: World) -> Counts:
    said = []
    for life in world.lives:
        for one in of(life, "work-perspective.shared"):
            start = one["date"]
            stop = day([a for a in of(life, "work-perspective.acknowledged", share_id=one["data"]["share_id"]) if a["date"] >= start])
            said.append(verdict(world.on, start, start + timedelta(days=7), stop, departed(life, start)))
    return tally(said)


def ind_12(world: World) -> Counts:
    said = []
    for life in world.lives:
        for one in of(life, "jobseeker.registered"):
            start = one["date"]
            steps = [
                s
                for s in of(life, "activation-step.reported")
                if s["role"] == one["role"] and s["date"] >= start and s["data"]["state"] in {"started", "done"}
            ]
            stop = day([s for s in steps if s["data"]["step"] != "deregistered"])
            out = day([s for s in steps if s["data"]["step"] == "deregistered"])
            work = day([j for j in of(life, "employment.started") if j["date"] >= start])
            said.append(verdict(world.on, start, start + timedelta(days=21), stop, earliest(out, work, departed(life, start))))
    return tally(said)


def ind_14(world: World) -> Counts:
    cases = [
        of(life, "diploma-dossier.submitted", case_id=case)[0]
        for life, _ in cohort(world)
        for case in {one["data"]["case_id"] for one in of(life, "diploma-dossier.submitted")}
    ]
    return sum(one["data"]["guided_by_agency"] for one in cases), len(cases), 0, 0, 0


def ind_15(world: World) -> Counts:
    people = []
    for life, _ in cohort(world):
        told = day(of(life, "recognition-procedure.explained"))
        if told is not None:
            people.append((life, told, any(near(one["date"], told, 180) for one in of(life, "diploma-dossier.submitted"))))
    return horizon(world, people, 180)


def ind_23(world: World) -> Counts:
    people = []
    for life in world.lives:
        for end in sector_ends(world, life):
            if end["data"]["outcome"] == "completed":
                said = of(life, "perspective.recorded", enrolment_id=end["data"]["enrolment_id"])
                good = (
                    bool(said)
                    and near(said[0]["date"], end["date"], 30)
                    and said[0]["data"]["perspective"] in {"job", "internship", "training"}
                )
                people.append((life, end["date"], good))
    return horizon(world, people, 30)


def sector_ends(world: World, life: Life) -> Life:
    """The ends of participations in sector trajectories."""
    known = {one["data"]["enrolment_id"] for one in of(life, "edition-participant.enrolled")}
    return [
        one
        for one in of(life, "edition-participation.ended")
        if one["data"]["enrolment_id"] in known
        and world.editions.get(one["data"]["edition_id"], {}).get("edition.planned", {}).get("data", {}).get("edition_kind")
        == "sector_trajectory"
    ]


def jobs(life: Life) -> dict[str, tuple[date, date | None, Fact]]:
    """Jobs by id: first day, last day, and the statement with the best evidence."""
    rank = {"dimona": 1, "employer": 2, "self_report": 3}
    found = {}
    for job_id in dict.fromkeys(one["data"]["job_id"] for one in of(life, "employment.started")):
        told = of(life, "employment.started", job_id=job_id)
        best = min(
            told,
            key=lambda one: (
                0 if one["role"] == "ocmw" and one["data"]["contract_kind"] == "art60" else rank[one["data"]["evidence"]],
                one["role"] not in {"vdab", "actiris"},
            ),
        )
        ends = sorted(of(life, "employment.ended", job_id=job_id), key=lambda one: one["role"] not in {"vdab", "actiris"})
        found[job_id] = (best["date"], day(ends), best)
    return found


def ind_28(world: World) -> Counts:
    people = []
    for life, signed in cohort(world):
        if signed["data"]["work_status"] != "jobless":
            continue
        start, last = signed["date"], signed["date"] + timedelta(days=365)
        worked = set()
        for first, end, what in jobs(life).values():
            if what["data"]["contract_kind"] not in UNPAID:
                n = first
                while n <= min(end or world.on, last):
                    worked.add(n)
                    n += timedelta(days=1)
        people.append((life, start, last in worked and sum(start < n <= last for n in worked) >= 180))
    return horizon(world, people, 365)


def ind_26(world: World) -> Counts:
    people = []
    for life, signed in cohort(world):
        start = signed["date"]
        begun = [
            (first, 0, what["data"]["sector"])
            for first, _, what in jobs(life).values()
            if what["data"]["contract_kind"] not in UNPAID and first > start
        ]
        begun += [(one["date"], 1, one["data"]["sector"]) for one in of(life, "training.started") if one["date"] > start]
        if not begun or not near(min(begun)[0], start, 365):
            continue
        first, _, sector = min(begun, key=lambda one: one[:2])
        screened = [one for one in of(life, "competence-screening.completed") if one["date"] <= first]
        if screened and screened[-1]["data"]["preferred_sectors"]:
            people.append((life, start, sector in screened[-1]["data"]["preferred_sectors"]))
    return horizon(world, people, 365)


def ind_32(world: World) -> Counts:
    last = [
        ends[0]["data"]["outcome"]
        for life in world.lives
        for one in of(life, "advanced-trajectory.started")
        if (ends := of(life, "advanced-trajectory.ended", adv_id=one["data"]["adv_id"]))
    ]
    return sum(one in {"job_at_level", "study", "recognition_started", "training"} for one in last), len(last), 0, 0, 0


def ind_39(world: World) -> Counts:
    people = []
    for life, signed in cohort(world):
        end = ended(life)
        out = end is not None and end["data"]["reason"] not in STILL and end["date"] <= signed["date"] + timedelta(days=365)
        people.append((life, signed["date"], out))
    return horizon(world, people, 365)


def ind_42(world: World) -> Counts:
    people = []
    for life in world.lives:
        guided = day(of(life, "evc-guidance.started"))
        if guided is not None:
            assessed = [one for one in of(life, "evc-phase.completed", phase="assessment") if one["date"] >= guided]
            people.append((life, guided, near(day(assessed), guided, 365)))
    return horizon(world, people, 365)


def ind_43(world: World) -> Counts:
    said = []
    for life, signed in cohort(world):
        if "mo" not in signed["data"]["parts"]:
            continue
        start, contract = signed["date"], signed["data"]["contract_id"]
        stop = day([one for one in of(life, "mo-course.started") if one["date"] >= start])
        free = day([one for one in of(life, "exemption.granted", contract_id=contract, part="mo") if one["date"] >= start])
        over = day([one for one in of(life, "trajectory.ended", contract_id=contract) if one["date"] >= start])
        said.append(
            verdict(world.on, start, months_on(start, 3), stop, earliest(free, over, departed(life, start)), pauses(life, contract))
        )
    return tally(said)


def ind_07(world: World) -> Counts:
    people = []
    for life in world.lives:
        told = of(life, "initiative.informed")
        if told:
            went = [one for one in of(life, "initiative.attended") if one["data"]["state"] in {"attended", "started", "completed"}]
            had = any(
                near(one["date"], t["date"], 180) and one["data"]["initiative"] == t["data"]["initiative"] for t in told for one in went
            )
            people.append((life, told[0]["date"], had))
    return horizon(world, people, 180)


def ind_11(world: World) -> Counts:
    said = []
    for life in world.lives:
        for one in of(life, "work-perspective.shared"):
            if answers := of(life, "work-perspective.acknowledged", share_id=one["data"]["share_id"]):
                said.append(answers[-1]["data"]["usable"])
    return sum(said), len(said), 0, 0, 0


def ind_13(world: World) -> Counts:
    """Day by day: registered, without work, and how old the last word is."""
    top = bottom = 0
    for life, signed in cohort(world):
        spells = []
        for one in of(life, "jobseeker.registered"):
            outs = [
                s["date"]
                for s in of(life, "activation-step.reported", step="deregistered")
                if s["role"] == one["role"] and s["date"] >= one["date"] and s["data"]["state"] in {"started", "done"}
            ]
            spells.append((one["role"], one["date"], outs[0] if outs else None))
        main = next((one for one in spells if one[2] is None or one[2] >= signed["date"]), None)
        if main is None:
            continue
        work = {n for first, end, _ in jobs(life).values() for n in days_of(first, min(end or world.on, world.on))}
        ends = {end for _, end, _ in jobs(life).values() if end is not None}
        registered: dict[date, date] = {}
        for role, since, until in spells:
            if role == main[0]:
                for n in days_of(since, world.on if until is None else until - timedelta(days=1)):
                    registered.setdefault(n, since)
        steps = {s["date"] for s in of(life, "activation-step.reported") if s["role"] == main[0]}
        for n, since in registered.items():
            if n not in work:
                word = max([since, *(s for s in steps | ends if since <= s <= n)])
                bottom += 1
                top += (n - word).days <= 90
    return top, bottom, 0, 0, 0


def days_of(first: date, last: date) -> list[date]:
    """Every day from one to another."""
    return [first + timedelta(days=n) for n in range(max(0, (last - first).days + 1))]


def ind_16(world: World) -> Counts:
    """From the first complete file to NARIC's first decision, less the days that NARIC waits."""
    said = []
    waits = {"incomplete", "awaiting_payment", "awaiting_applicant", "awaiting_original", "authenticity_check"}
    for life in world.lives:
        for case in dict.fromkeys(one["data"]["case_id"] for one in of(life, "recognition-file.changed")):
            told = of(life, "diploma-dossier.submitted", case_id=case) + of(life, "recognition.decided", case_id=case)
            if not told or told[0]["data"]["authority"] != "naric":
                continue
            status = of(life, "recognition-file.changed", case_id=case)
            complete = day([one for one in status if one["data"]["status"] == "complete"])
            decided = day(of(life, "recognition.decided", case_id=case, decision_kind="initial"))
            if complete is None or (decided is not None and complete > decided):
                continue
            held: list[tuple[date, date | None]] = []
            since = None
            for one in status:
                if one["data"]["status"] in waits:
                    since = since or one["date"]
                elif since is not None and one["data"]["status"] in {"complete", "resumed"}:
                    held.append((since, one["date"]))
                    since = None
            if since is not None:
                held.append((since, None))
            closed = day(
                [one for one in status if one["data"]["status"] in {"withdrawn", "closed_no_documents"} and one["date"] >= complete]
            )
            term = 60 if told[0]["data"]["procedure"] == "level_he" else 120
            neutral = earliest(closed, departed(life, complete))
            said.append(
                verdict(
                    world.on,
                    complete,
                    complete + timedelta(days=term),
                    decided,
                    neutral,
                    [(max(a, complete), b) for a, b in held if b is None or b > complete],
                )
            )
    return tally(said)


def ind_18(world: World) -> Counts:
    best = {"review": 2, "lower_level": 1, "initial": 0}
    said = []
    for life in world.lives:
        for case in dict.fromkeys(one["data"]["case_id"] for one in of(life, "recognition.decided")):
            held = of(life, "recognition.decided", case_id=case)
            said.append(max(enumerate(held), key=lambda one: (best[one[1]["data"]["decision_kind"]], one[0]))[1]["data"]["outcome"])
    return sum(one.startswith("granted_") for one in said), len(said), 0, 0, 0


def ind_22(world: World) -> Counts:
    said = []
    for life in world.lives:
        courses = []
        for one in of(life, "mo-course.started"):
            courses.append((one["date"], day(of(life, "mo-course.ended", mo_id=one["data"]["mo_id"])) or world.on))
        for one in of(life, "edition-participant.enrolled"):
            edition = world.editions.get(one["data"]["edition_id"], {})
            if edition.get("edition.planned", {}).get("data", {}).get("edition_kind") != "sector_trajectory":
                continue
            ends = of(life, "edition-participation.ended", enrolment_id=one["data"]["enrolment_id"])
            if ends and ends[0]["data"]["outcome"] == "never_started":
                continue
            started = edition["edition.started"]["date"] if "edition.started" in edition else None
            if started is None and not ends:
                continue
            first, last = max(one["date"], started or one["date"]), ends[0]["date"] if ends else world.on
            said.append(any(max(a, first) <= min(b, last) for a, b in courses))
    return sum(said), len(said), 0, 0, 0


def ind_24(world: World) -> Counts:
    said = []
    for life in world.lives:
        for end in sector_ends(world, life):
            if end["data"]["outcome"] != "completed":
                continue
            start, edition = end["date"], end["data"]["edition_id"]
            warm = {
                one["data"]["referral_id"]
                for one in of(life, "referral.made", kind="warm_handover")
                if one["data"].get("edition_id") == edition or (one["data"].get("edition_id") is None and one["date"] >= start)
            }
            acts = [
                date.fromisoformat(one["data"]["first_action_on"])
                for one in of(life, "referral.answered", answer="taken_up")
                if one["data"]["referral_id"] in warm
            ]
            steps = [
                s["date"]
                for s in of(life, "activation-step.reported")
                if s["data"]["state"] in {"started", "done"} and s["data"]["step"] != "deregistered"
            ]
            begun = [first for first, _, _ in jobs(life).values()] + [one["date"] for one in of(life, "training.started")]
            stop = earliest(*(n for n in acts + steps + begun if n >= start and n <= world.on))
            said.append(verdict(world.on, start, start + timedelta(days=14), stop, departed(life, start)))
    return tally(said)


def ind_25(world: World) -> Counts:
    said = []
    for edition in world.editions.values():
        if "edition.started" in edition and edition.get("edition.planned", {}).get("data", {}).get("edition_kind") == "sector_trajectory":
            start = edition["edition.started"]["date"]
            said.append(
                any(
                    one["type"] == "edition.aligned" and one["data"]["outcome"] == "complementary" and one["date"] <= start
                    for one in edition["all"]
                )
            )
    return sum(said), len(said), 0, 0, 0


def ind_41(world: World) -> Counts:
    said = []
    for life in world.lives:
        for end in sector_ends(world, life):
            if end["data"]["outcome"] == "completed":
                planned = world.editions[end["data"]["edition_id"]]["edition.planned"]["data"]["dutch_terms_min"]
                said.append(end["data"]["dutch_terms_min"] >= planned * 0.8)
    return sum(said), len(said), 0, 0, 0


def ind_20(world: World) -> Counts:
    said = []
    for life in world.things.values():
        for one in of(life, "offer.published")[:1]:
            gone_on = day(of(life, "offer.withdrawn", offer_id=one["data"]["offer_id"]))
            until = one["data"].get("valid_to")
            if one["data"]["valid_from"] <= world.on.isoformat() and (until is None or until >= world.on.isoformat()) and gone_on is None:
                said.append(one["data"]["min_dutch_oral"] in CEFR[:3])
    return sum(said), len(said), 0, 0, 0


def ind_21(world: World) -> Counts:
    offers = {one["data"]["offer_id"]: (one, life) for life in world.things.values() for one in of(life, "offer.published")}
    said = []
    for life in world.lives:
        for one in of(life, "offer.recommended"):
            if one["data"]["offer_id"] not in offers:
                said.append(None)
                continue
            offer, history = offers[one["data"]["offer_id"]]
            on, what = one["date"], offer["data"]
            gone_on = day(of(history, "offer.withdrawn"))
            live = (
                offer["date"] <= on
                and what["valid_from"] <= on.isoformat() <= (what.get("valid_to") or "9999")
                and (gone_on is None or gone_on > on)
            )
            best = 0
            for level in of(life, "language-level.attained", language="nl"):
                heard = [
                    CEFR.index(level["data"]["levels"][skill]) for skill in ("listening", "speaking") if level["data"]["levels"].get(skill)
                ]
                if level["date"] <= on and level["data"]["evidence"] != "screening" and heard:
                    best = max(best, min(heard))
            said.append(live and CEFR.index(what["min_dutch_oral"]) <= best)
    return sum(one is True for one in said), len(said), 0, 0, 0


def ind_35(world: World) -> Counts:
    said = []
    for life in world.things.values():
        for need_id in dict.fromkeys(one["data"]["need_id"] for one in of(life, "employer-need.stated")):
            start = of(life, "employer-need.stated", need_id=need_id)[0]["date"]
            stop = day([one for one in of(life, "employer-support.agreed", need_id=need_id) if one["date"] >= start])
            said.append(verdict(world.on, start, start + timedelta(days=30), stop, None))
    return tally(said)


def ind_36(world: World) -> Counts:
    said = [one["data"]["route"] for life in world.things.values() for one in of(life, "employer-support.agreed")]
    return said.count("other_partner"), len(said) - said.count("none"), 0, 0, 0


def ind_37(world: World) -> Counts:
    top = bottom = 0
    for life in world.things.values():
        for need in of(life, "employer-need.stated"):
            supports = {one["data"]["support_id"] for one in of(life, "employer-support.agreed", need_id=need["data"]["need_id"])}
            given = [
                one["data"]["delivered_min"] for one in of(life, "employer-support.delivered") if one["data"]["support_id"] in supports
            ]
            if given:
                top, bottom = top + sum(given), bottom + need["data"]["investment_min"]
    return top, bottom, 0, 0, 0


def stated(life: Life, field: str, on: date) -> str | None:
    """What holds of a benefit or of work on a day: the latest statement, of one day that of whoever pays or registers it."""
    found = []
    for place, fact in enumerate(life):
        value = fact["data"].get(field)
        if value is None or fact["type"] not in {"profile.updated", "contract.signed"}:
            continue
        since = fact["data"].get("valid_from") or fact["date"].isoformat()
        weight = 1 if fact["role"] in {"vdab", "actiris"} | ({"ocmw"} if field == "benefit_status" else set()) else 0
        if value == "leefloon":
            weight = 2 if fact["role"] == "ocmw" else 0
        if since <= on.isoformat():
            found.append((since, weight, place, value))
    return max(found)[3] if found else None


def spans(life: Life, opens: Iterable[Fact], closes: Callable[[Fact], Life]) -> list[tuple[date, date | None]]:
    """What is open from one fact to the next that closes it, that day not included."""
    return [(one["date"], day([end for end in closes(one) if end["date"] >= one["date"]])) for one in opens]


def ind_27(world: World) -> Counts:
    """Day by day until somebody is without benefit, work and plan, registered and under contract; then until something happens."""
    said = []
    for life in world.lives:
        if not of(life, "jobseeker.registered") or not of(life, "profile.updated", benefit_status="none"):
            continue
        work = list(jobs(life).values())
        left = [one for one in of(life, "activation-step.reported", step="deregistered") if one["data"]["state"] in {"started", "done"}]
        registered = spans(
            life, of(life, "jobseeker.registered"), lambda one, left=left: [out for out in left if out["role"] == one["role"]]
        )
        opened = {one["data"]["plan_id"]: one for one in reversed(of(life, "follow-up-plan.recorded")) if one["data"]["state"] != "closed"}
        plans = spans(
            life,
            opened.values(),
            lambda one, life=life: of(life, "follow-up-plan.recorded", plan_id=one["data"]["plan_id"], state="closed"),
        )
        signed = [one for one in of(life, "contract.signed") if one["data"]["contract_kind"] != "amended"]
        under = spans(life, signed, lambda one, life=life: of(life, "trajectory.ended", contract_id=one["data"]["contract_id"]))

        def within(held: list[tuple[date, date | None]], on: date) -> bool:
            return any(since <= on and (until is None or on < until) for since, until in held)

        def is_nug(on: date, life: Life = life) -> bool:
            return stated(life, "benefit_status", on) == "none" and stated(life, "work_status", on) == "jobless"

        start = next(
            (
                on
                for on in days_of(life[0]["date"], world.on)
                if within(registered, on)
                and within(under, on)
                and not within(plans, on)
                and not any(first <= on and (last is None or last >= on) for first, last, _ in work)
                and is_nug(on)
            ),
            None,
        )
        if start is None:
            continue
        groups = [
            one
            for one in of(life, "edition-participant.enrolled")
            if world.editions.get(one["data"]["edition_id"], {}).get("edition.planned", {}).get("data", {}).get("edition_kind")
            == "group_offer"
        ]
        reached = sorted(one["date"] for one in [*groups, *of(life, "follow-up-plan.recorded", state="opened")] if one["date"] >= start)
        other = [one["date"] for one in of(life, "training.started", "trajectory.ended") if one["date"] >= start]
        other += [first for first, _, _ in work if first >= start]
        other += [on for on in days_of(start, world.on) if not is_nug(on)][:1]
        said.append(verdict(world.on, start, start + timedelta(days=90), earliest(*reached), earliest(*other)))
    return tally(said)


def ind_19(world: World) -> Counts:
    best = {"review": 2, "lower_level": 1, "initial": 0}
    people = []
    for life in world.lives:
        begun = [(first, what["data"]["sector"]) for first, _, what in jobs(life).values()]
        begun += [(one["date"], one["data"]["sector"]) for one in of(life, "training.started")]
        for case in dict.fromkeys(one["data"]["case_id"] for one in of(life, "recognition.decided")):
            held = of(life, "recognition.decided", case_id=case)
            last = max(enumerate(held), key=lambda one: (best[one[1]["data"]["decision_kind"]], one[0]))[1]["data"]
            initial = day(of(life, "recognition.decided", case_id=case, decision_kind="initial"))
            if initial is None or last["outcome"] == "no_decision_possible":
                continue
            filed = of(life, "diploma-dossier.submitted", case_id=case)
            said = filed[0]["data"] if filed else last
            lacking = {one["deficit_id"] for one in last["deficits"]}
            follows = [one["date"] for one in of(life, "training.started") if one["data"].get("remedies_deficit") in lacking]
            onward = of(life, "diploma-dossier.submitted", previous_case=case)
            follows += [one["date"] for one in onward if one["data"]["authority"] != said["authority"]]
            follows += [on for on, sector in begun if sector == said.get("diploma_field")]
            people.append((life, initial, any(near(on, initial, 365) for on in follows)))
    return horizon(world, people, 365)


def ind_29(world: World) -> Counts:
    """How many had a first paid job before they left, of everybody without work at the contract."""
    said = []
    for life, signed in cohort(world):
        if signed["data"]["work_status"] == "jobless":
            start = signed["date"]
            first = earliest(*(on for on, _, what in jobs(life).values() if what["data"]["contract_kind"] not in UNPAID and on > start))
            out = gone(life)
            said.append(first is not None and (out is None or out < start or first <= out))
    return sum(said), len(said), 0, 0, 0


def ind_31(world: World) -> Counts:
    said, young = [], 0
    for life in world.things.values():
        proposed = day(of(life, "insight.recorded", state="proposed"))
        if proposed is not None and proposed + timedelta(days=180) > world.on:
            young += 1
        elif proposed is not None:
            said.append(bool(of(life, "insight.recorded", state="integrated")))
    return sum(said), len(said), young, 0, 0


def ind_38(world: World) -> Counts:
    said, young = [], 0
    for life in world.things.values():
        for one in of(life, "discrimination.signalled"):
            if one["date"] + timedelta(days=60) > world.on:
                young += 1
            else:
                said.append(near(day(of(life, "discrimination-signal.handled")), one["date"], 60))
    return sum(said), len(said), young, 0, 0


PLAIN: dict[str, Callable[[World], Counts]] = {
    "IND-01": lambda world: third_pillar(world, brussels=False),
    "IND-02": lambda world: third_pillar(world, brussels=True),
    "IND-03": ind_03,
    "IND-04": after_contract("career-orientation.held", 90),
    "IND-05": after_contract("support-profile.assessed", 60),
    "IND-06": after_contract("initiative.informed", 180, has_pillar3),
    "IND-07": ind_07,
    "IND-08": ind_08,
    "IND-09": ind_09,
    "IND-10": ind_10,
    "IND-11": ind_11,
    "IND-12": ind_12,
    "IND-13": ind_13,
    "IND-14": ind_14,
    "IND-15": ind_15,
    "IND-16": ind_16,
    "IND-18": ind_18,
    "IND-19": ind_19,
    "IND-20": ind_20,
    "IND-21": ind_21,
    "IND-22": ind_22,
    "IND-23": ind_23,
    "IND-24": ind_24,
    "IND-25": ind_25,
    "IND-26": ind_26,
    "IND-27": ind_27,
    "IND-28": ind_28,
    "IND-29": ind_29,
    "IND-31": ind_31,
    "IND-32": ind_32,
    "IND-35": ind_35,
    "IND-36": ind_36,
    "IND-37": ind_37,
    "IND-38": ind_38,
    "IND-39": ind_39,
    "IND-41": ind_41,
    "IND-42": ind_42,
    "IND-43": ind_43,
}
