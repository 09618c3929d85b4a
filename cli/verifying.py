"""``ledger verify``: everything checked against everything, or a bundle that somebody handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from cli.databases import beside
from cli.output import answer, answer_json, progress, sentence, table
from ledger.bundle import Kind, Report, check_bundle, check_one_log
from ledger.cohort import read_cohort
from ledger.errors import BadInput, ProofBroken, UsageError
from ledger.figure import Figure, figure
from ledger.transparency.note import VerifierKey, read_verifier_key
from streams.clock import SystemClock
from streams.factbooks import past_factbook
from streams.figures import declared
from streams.folder import DataFolder
from streams.kafka.connection import Cluster, cluster_of, quiet
from streams.settings import Settings, load
from streams.subjects import Surroundings
from streams.tree import Tree
from streams.verifying import Audit, Outcome, Verified
from streams.verifying import verify as check_everything
from streams.wiring import reading


class Copy(StrEnum):
    """Which copy of the entries the rest is checked against."""

    POSTGRES = "postgres"
    KAFKA = "kafka"
    """PostgreSQL and, entry by entry, the topics."""


def verify(*, against: Copy, data: Path, as_json: bool) -> int:
    """Verify a ledger and print what was found; the exit code is 1 when something is wrong.

    :raises UsageError: there is no ledger in the data folder, or Kafka was named and is not configured.
    """
    settings = load(data=data)
    cluster = cluster_of(settings) if against is Copy.KAFKA else None
    with beside(settings) as (dsn, folder), quiet():
        found = asyncio.run(_verify(settings, dsn, folder, cluster))
    if as_json:
        answer_json(msgspec.json.encode(found))
    else:
        _show(found)
    return 0 if found.good else 1


async def _verify(settings: Settings, dsn: str, folder: DataFolder, cluster: Cluster | None) -> Verified:
    async with reading(settings, dsn, folder) as parts:
        with progress("Verifying", None) as meter:
            audit = Audit(
                store=parts.store,
                ledger=parts.ledger,
                head=await parts.store.head(),
                now=SystemClock().now(),
                surroundings=Surroundings(parts.store),
                cluster=cluster,
                told=lambda name, done, total: meter.at(done, total, name),
            )
            return await check_everything(audit)


def _show(found: Verified) -> None:
    words = {Outcome.GOOD: "good", Outcome.WRONG: "WRONG", Outcome.SKIPPED: "skipped"}
    rows = []
    for one in found.checks:
        said = one.why if one.fault is None else f"{one.fault.where}: {one.fault.what}"
        rows.append((one.check, sentence(one.title), words[one.outcome], said))
    table(["check", "what it says", "", "found"], rows)
    answer(f"{found.entries} entries up to position {found.position}: {'all good' if found.good else 'NOT GOOD'}")
    if found.first is not None:
        answer(f"The first thing that is wrong: {found.first.where}: {found.first.what}")


class CheckedBundle(msgspec.Struct, frozen=True, kw_only=True):
    """What a bundle proves, or what is wrong with it."""

    file: str
    good: bool
    report: Report | None = None
    fault: str = ""
    compared: str = ""
    """What the comparison with a ledger said."""


def verify_bundles(files: Sequence[Path], *, key: str | None, witnesses: Sequence[str], live: bool, data: Path, as_json: bool) -> int:
    """Check bundles and print what they prove; the exit code is 1 when one of them does not hold, or they are not of one log.

    :raises UsageError: a key cannot be read.
    """
    log = read_verifier_key(key) if key is not None else None
    known = [read_verifier_key(one) for one in witnesses]
    checked = [_checked(file, log, known) for file in files]
    good = [one.report for one in checked if one.report is not None]
    forked = ""
    try:
        check_one_log(good)
    except ProofBroken as error:
        forked = str(error)
    if live and good:
        settings = load(data=data)
        with beside(settings) as (dsn, folder):
            checked = [asyncio.run(_against(settings, dsn, folder, one)) for one in checked]
    if as_json:
        answer_json(msgspec.json.encode({"bundles": checked, "forked": forked}))
    else:
        for one in checked:
            _show_bundle(one)
        if forked:
            answer(f"WRONG: {forked}")
    return 0 if not forked and all(one.good for one in checked) else 1


def _checked(file: Path, log: VerifierKey | None, witnesses: Sequence[VerifierKey]) -> CheckedBundle:
    try:
        with file.open("rb") as lines:
            return CheckedBundle(file=str(file), good=True, report=check_bundle(lines, log=log, witnesses=witnesses))
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    except (ProofBroken, BadInput) as error:
        return CheckedBundle(file=str(file), good=False, fault=str(error))


async def _against(settings: Settings, dsn: str, folder: DataFolder, one: CheckedBundle) -> CheckedBundle:
    """The same bundle beside the ledger: its roots, and its figure made anew."""
    report = one.report
    if report is None:
        return one
    async with reading(settings, dsn, folder) as parts:
        head = (await parts.store.head()).position
        for size, root in report.signed:
            if size > head or (await Tree(parts.store.pool).root(size)).hex() != root:
                fault = (
                    f"the ledger in {settings.data} is not what was signed: its tree of {size} entries has another root, or is not there"
                )
                return msgspec.structs.replace(one, good=False, fault=fault)
        said = f"the ledger in {settings.data} holds the same {report.size} entries"
        if report.kind is Kind.FIGURE:
            told = msgspec.json.decode(report.figure, type=Figure)
            cohort = read_cohort(told.cohort) if told.cohort is not None else None
            facts = await past_factbook(parts.store, as_of=told.as_of, known_at=told.position, names=declared(told.id).needs)
            again = figure(declared(told.id), facts, by=told.by, cohort=cohort)
            if msgspec.to_builtins(again) != msgspec.to_builtins(told):
                return msgspec.structs.replace(one, good=False, fault="the figure is another when it is recomputed from these entries")
            said += ", and the figure is the same when it is recomputed"
        return msgspec.structs.replace(one, compared=said)


def _show_bundle(one: CheckedBundle) -> None:
    if one.report is None or not one.good:
        answer(f"{one.file}: WRONG: {one.fault}")
        return
    report = one.report
    answer(f"{one.file}: good. {report.kind} {report.of} of the ledger {report.ledger}")
    answer(f"  signed by {report.origin}: {report.size} entries, root {report.root}")
    if report.own_key:
        answer(f"  the key came from the bundle itself: compare it with the one that the ledger publishes: {report.log}")
    for witness in report.witnesses:
        answer(f"  cosigned by {witness}")
    if len(report.signed) > 1:
        answer(
            f"  it grew from {len(report.signed) - 1} older checkpoints, of {', '.join(str(size) for size, _ in report.signed[1:])} entries"
        )
    if report.kind is Kind.FIGURE:
        told = msgspec.json.decode(report.figure, type=Figure)
        answer(f"  {told.id} as of {told.as_of}, made from entries 1 to {told.position}: {told.total.numerator}/{told.total.denominator}")
    else:
        answer(f"  {report.entries} entries, the content of {report.opened} is what the log committed to")
    if one.compared:
        answer(f"  {one.compared}")
