"""Pilots, money, insights and clauses (``fact_pilot``, ``fact_insight``, ``fact_clause``), and the restricted signals."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

from ledger.catalogue import StreamKind
from ledger.codes.pilot import InsightOrigin, InsightState, PilotTheme
from ledger.codes.policy import ClauseTopic, ResourceKind
from ledger.codes.region import Region
from ledger.codes.signal import DiscriminationGround, SignalContext
from ledger.events.pilot import InsightRecorded, PilotOpened
from ledger.events.policy import FrameworkVersionAdopted, ResourceRecorded
from ledger.events.signal import DiscriminationSignalHandled, DiscriminationSignalled
from ledger.projection import doc, projection
from ledger.subject import Subject


class PilotRow(msgspec.Struct, frozen=True, gc=False):
    """One pilot."""

    pilot_id: Annotated[str, doc("Pilot")]
    theme: Annotated[PilotTheme, doc("Theme")]
    executors: Annotated[tuple[str, ...], doc("KBO numbers of the organisations that carry it out")]
    regions: Annotated[tuple[Region, ...], doc("Regions; none means everywhere")]
    valid_from: Annotated[date, doc("First day")]
    valid_to: Annotated[date | None, doc("Last day")]
    target_reach: Annotated[int | None, doc("Persons it is meant to reach")]


@projection("pilots", version=2, kinds=(StreamKind.POLICY,), row=PilotRow, nl="Proeftuinen", en="Pilots")
def pilots(subject: Subject) -> Iterable[PilotRow]:
    opened = subject.history.first(PilotOpened)
    if opened is None:
        return []
    pilot = opened.payload
    return [PilotRow(pilot.pilot_id, pilot.theme, pilot.executors, pilot.regions, pilot.valid_from, pilot.valid_to, pilot.target_reach)]


class ResourceRow(msgspec.Struct, frozen=True, gc=False):
    """Money of a pilot in a year: several records add up."""

    pilot_id: Annotated[str, doc("Pilot")]
    year: Annotated[int, doc("Year")]
    kind: Annotated[ResourceKind, doc("Allocated, recurrent or once, or spent")]
    cents: Annotated[int, doc("Euro cents")]


@projection("resources", kinds=(StreamKind.POLICY,), row=ResourceRow, nl="Middelen", en="Resources")
def resources(subject: Subject) -> Iterable[ResourceRow]:
    sums: dict[tuple[str, int, ResourceKind], int] = {}
    for fact in subject.history.of(ResourceRecorded):
        said = fact.payload
        key = (said.pilot_id, said.year, said.kind)
        sums[key] = sums.get(key, 0) + said.amount
    return [ResourceRow(pilot_id, year, kind, cents) for (pilot_id, year, kind), cents in sorted(sums.items())]


class InsightRow(msgspec.Struct, frozen=True, gc=False):
    """One insight."""

    insight_id: Annotated[str, doc("Insight")]
    origin: Annotated[InsightOrigin, doc("Where it comes from")]
    theme: Annotated[PilotTheme, doc("Theme")]
    proposed_on: Annotated[date | None, doc("First day it was proposed")]
    integrated_on: Annotated[date | None, doc("First day it was taken into the trajectory")]


@projection("insights", kinds=(StreamKind.POLICY,), row=InsightRow, nl="Inzichten", en="Insights")
def insights(subject: Subject) -> Iterable[InsightRow]:
    told = subject.history.of(InsightRecorded)
    if not told:
        return []

    def first(state: InsightState) -> date | None:
        return next((fact.date for fact in told if fact.payload.state is state), None)

    said = told[0].payload
    return [InsightRow(said.insight_id, said.origin, said.theme, first(InsightState.PROPOSED), first(InsightState.INTEGRATED))]


class ClauseRow(msgspec.Struct, frozen=True, gc=False):
    """One clause of one version of a framework agreement."""

    framework_id: Annotated[str, doc("Framework")]
    framework_version: Annotated[int, doc("Version of the framework")]
    clause_id: Annotated[str, doc("Clause")]
    topic: Annotated[ClauseTopic, doc("What it is about")]
    norm: Annotated[str | None, doc("Period that it promises, ISO 8601")]
    parties: Annotated[tuple[str, ...], doc("KBO numbers of the parties")]
    valid_from: Annotated[date, doc("First day of this version")]


@projection("clauses", kinds=(StreamKind.POLICY,), row=ClauseRow, nl="Bepalingen van afsprakenkaders", en="Clauses of framework agreements")
def clauses(subject: Subject) -> Iterable[ClauseRow]:
    for fact in subject.history.of(FrameworkVersionAdopted):
        said = fact.payload
        for clause in said.clauses:
            yield ClauseRow(said.framework_id, said.version, clause.clause_id, clause.topic, clause.norm, said.parties, said.valid_from)


class SignalRow(msgspec.Struct, frozen=True, gc=False):
    """One signal of discrimination. Restricted: of nobody, and shown only in counts of ten or more."""

    signal_id: Annotated[str, doc("Signal")]
    signalled_on: Annotated[date, doc("Day of the signal")]
    grounds: Annotated[tuple[DiscriminationGround, ...], doc("Grounds")]
    context: Annotated[SignalContext, doc("Where it happened")]
    region: Annotated[Region, doc("Region")]
    handled_on: Annotated[date | None, doc("Day it was handled")]


@projection(
    "signals",
    kinds=(StreamKind.SIGNAL,),
    row=SignalRow,
    nl="Signalen van discriminatie (beperkt)",
    en="Discrimination signals (restricted)",
)
def signals(subject: Subject) -> Iterable[SignalRow]:
    signalled = subject.history.first(DiscriminationSignalled)
    if signalled is None:
        return []
    handled = subject.history.first(DiscriminationSignalHandled)
    said = signalled.payload
    return [SignalRow(said.signal_id, signalled.date, said.grounds, said.context, said.region, handled.date if handled else None)]
