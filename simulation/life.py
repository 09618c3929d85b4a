"""One person's life as it unfolds: the milestones that later steps look at, and the facts so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.catalogue import Payload, type_of
from ledger.codes.contract import EndingReason, TrajectoryPart
from ledger.codes.course import Cefr
from ledger.codes.pilot import PilotTheme
from ledger.codes.region import Region
from ledger.codes.sector import Sector
from ledger.codes.work import JobContractKind
from simulation.draw import Draws, with_odds
from simulation.fact import Fact
from simulation.moment import working_day
from simulation.organisations import ACTIRIS, VDAB, Source, agency_of
from simulation.parameters import Delay, Parameters, Step
from simulation.person import Person
from simulation.places import Municipality

if TYPE_CHECKING:
    from simulation.editions import Edition

NEVER = 10**9
"""A day that never comes."""
FOREVER = NEVER - 1
"""The last day of what does not end: every day comes before it, and ``NEVER`` after."""


class Chance:
    """A pilot's lottery for one person: eligible on a day, offered or not, accepted or not."""

    __slots__ = ("accepted", "enrolled", "offered", "on", "pilot_id", "theme")

    def __init__(self, theme: PilotTheme, pilot_id: str, on: int, enrolled: int, *, offered: bool, accepted: bool) -> None:
        self.theme = theme
        self.pilot_id = pilot_id
        self.on = on
        """The day of the lottery."""
        self.enrolled = enrolled
        """The day on which who accepts is enrolled, whether or not this person does."""
        self.offered = offered
        self.accepted = accepted
        """Whether the person would accept if offered."""

    @property
    def takes_part(self) -> bool:
        """Offered and accepted."""
        return self.offered and self.accepted


class Job:
    """A job: first and last day."""

    __slots__ = ("first", "job_id", "kind", "last", "source")

    def __init__(self, job_id: str, source: Source, first: int, last: int, kind: JobContractKind) -> None:
        self.kind = kind
        self.job_id = job_id
        self.source = source
        self.first = first
        self.last = last


class Potential:
    """What would happen to the first job under other circumstances; the simulator's truth, never published."""

    __slots__ = ("actual", "advanced", "at", "nothing", "p", "sector", "u")

    def __init__(self, u: float, p: float, at: int) -> None:
        self.u = u
        self.p = p
        self.at = at
        """The day of the first job, if there is one."""
        self.nothing = at if u < p else NEVER
        """First job without any pilot."""
        self.sector = self.nothing
        """With enrolment in a sector trajectory on the day the lottery would give."""
        self.advanced = self.nothing
        """With enrolment in a vervolgtraject on that day."""
        self.actual = self.nothing
        """What does happen."""


class Life:
    """Days are ordinals; ``NEVER`` where a milestone is not reached."""

    def __init__(self, person: Person, parameters: Parameters) -> None:
        self.person = person
        self.parameters = parameters
        self.draws: Draws = person.draws
        self.facts: list[Fact] = []
        self.start = person.contract
        self.last_day = parameters.period.end
        self.gone = FOREVER
        """The day of a death or of a departure from Flanders and Brussels."""
        self._counts: dict[type[Payload], int] = {}
        self.contract_id = self.draws.uuid8("contract")
        self.mo_id = self.draws.uuid8("mo")
        self.moved = NEVER
        """The day of a move into another agency's territory."""
        self.place = person.place
        """Where the person lives after that move."""
        self.second_contract_id = ""
        self.end = FOREVER
        """The last day of the trajectory; after it only what may follow its end happens."""
        self.end_reason: EndingReason | None = None
        self.attest = NEVER
        self.mo_start = NEVER
        self.mo_end = NEVER
        self.mo_goals = False
        self.opened = NEVER
        """The day of registration with the agency."""
        self.parts: tuple[TrajectoryPart, ...] = ()
        self.screening = NEVER
        self.preferred: tuple[Sector, ...] = ()
        self.benefit_changed = NEVER
        self.registered = NEVER
        self.service: Source = VDAB
        """The employment service at which the person is registered."""
        self.referral = NEVER
        self.oral: list[tuple[int, Cefr]] = [(0, person.oral)]
        self.plans: list[tuple[int, int]] = []
        self.jobs: list[Job] = []
        self.chances: dict[PilotTheme, Chance] = {}
        self.potential: Potential | None = None
        self.enrolments: list[tuple[int, Edition]] = []
        """Days of enrolment and the editions."""

    def add(self, source: Source, payload: Payload, day: int) -> Fact | None:
        """Something happens on a day; nothing happens after the end of the simulated period."""
        if day > self.last_day:
            return None
        kind = type(payload)
        n = self._counts.get(kind, 0)
        self._counts[kind] = n + 1
        fact = Fact(payload, source, day, self.draws.key(_NAMES[kind], n), "insz/" + self.person.insz_on(day))
        self.facts.append(fact)
        return fact

    def reached(self, step: Step, purpose: str, since: int, *, p: float | None = None) -> int:
        """The working day on which a step is reached, or ``NEVER``."""
        draws = self.draws
        if draws.uniform(purpose) >= (step.p if p is None else p):
            return NEVER
        return working_day(since + draws.days(step.median, step.sigma, purpose, 1))

    def lifted(self, step: Step, purpose: str, enrolled: int, odds: float) -> int:
        """As :meth:`reached` from the contract; who is enrolled in a pilot by then has higher odds (common random numbers)."""
        u = self.draws.uniform(purpose)
        p = step.p
        if u >= with_odds(p, odds):
            return NEVER
        day = working_day(self.start + self.draws.days(step.median, step.sigma, purpose, 1))
        return day if u < p or day > enrolled else NEVER

    def after(self, delay: Delay, purpose: str, since: int) -> int:
        """The working day after a delay."""
        return working_day(since + self.draws.days(delay.median, delay.sigma, purpose))

    def place_on(self, day: int) -> Municipality:
        """Where the person lives on a day."""
        return self.place if day >= self.moved else self.person.place

    def agency_on(self, day: int) -> Source:
        """The agency that guides the person on a day."""
        return agency_of(self.place_on(day))

    def contract_on(self, day: int) -> str:
        """The contract in force on a day."""
        return self.second_contract_id if day >= self.moved else self.contract_id

    def service_on(self, day: int) -> Source:
        """The employment service of the person's residence on a day."""
        return ACTIRIS if self.place_on(day).region is Region.BRUSSEL else VDAB

    def open_on(self, day: int) -> bool:
        """Whether the trajectory is still open on a day."""
        return day <= self.end

    def employed_on(self, day: int) -> bool:
        """Whether a job lasts on a day."""
        return any(job.first <= day <= job.last for job in self.jobs)

    def oral_on(self, day: int) -> Cefr:
        """The best oral level in Dutch reached by a day."""
        return max((level for since, level in self.oral if since <= day), key=_RANK.__getitem__)

    def chance(self, theme: PilotTheme) -> Chance | None:
        """The lottery of a pilot, if the person was ever eligible."""
        return self.chances.get(theme)

    def takes_part(self, theme: PilotTheme) -> int:
        """The day of enrolment in a pilot, or ``NEVER``."""
        chance = self.chances.get(theme)
        return chance.enrolled if chance is not None and chance.takes_part else NEVER


_RANK = {level: rank for rank, level in enumerate(Cefr)}


class _Names(dict[type[Payload], str]):
    def __missing__(self, kind: type[Payload]) -> str:
        name = self[kind] = type_of(kind).name
        return name


_NAMES = _Names()
