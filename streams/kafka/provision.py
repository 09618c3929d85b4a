"""Comparing a cluster with what the data says, and mending what can be mended without losing anything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from streams.kafka.admin import Admin
from streams.kafka.topics import OURS, PLACE, VERDICTS, Pattern, Resource, Rule, Topic, Topics

_LOOKS, _PAUSE = 100, 0.1


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as the data says."""

    what: str
    """``topic``, ``partitions``, ``replication``, ``config``, ``rule``, ``unknown topic`` or ``unknown rule``."""
    name: str
    wanted: str | None
    found: str | None
    mended: bool = False

    def __str__(self) -> str:
        said = f"{self.what} {self.name}: wanted {self.wanted or 'nothing'}, found {self.found or 'nothing'}"
        return f"{said} – mended" if self.mended else said


class _Comparison(msgspec.Struct, kw_only=True):
    differences: list[Difference]
    missing: list[Topic]
    to_grow: list[Topic]
    to_configure: list[Topic]
    to_allow: list[Rule]
    to_forbid: list[Rule]


async def add_missing(admin: Admin, topics: Topics, publishers: Sequence[str]) -> list[Difference]:
    """Make the topics and rules that are missing for these publishers, and leave all else as it is, other publishers' too."""
    wanted = topics.wanted(publishers, await admin.brokers())
    found = await admin.topics({key for topic in wanted for key in topic.config})
    compared = _compare(wanted, found, topics.rules(publishers), await admin.rules())
    if compared.missing:
        await admin.create(compared.missing)
    for rule in compared.to_allow:
        await admin.allow(rule)
    return [d for d in compared.differences if d.what in {"topic", "rule"}]


async def provision(admin: Admin, topics: Topics, publishers: Sequence[str], *, check: bool) -> list[Difference]:
    """What differs, and unless ``check``, mended where that loses nothing.

    Topics, partitions, configuration and rules that are missing are made; rules on the ledger's topics that nobody declared are
    taken away. Not mended: a topic that nobody declared, too many partitions, another number of copies.
    """
    compared = await _compared(admin, topics, publishers)
    if not check:
        if compared.missing:
            await admin.create(compared.missing)
        for topic in compared.to_grow:
            await admin.grow(topic.name, topic.partitions)
        for topic in compared.to_configure:
            await admin.configure(topic)
        for rule in compared.to_allow:
            await admin.allow(rule)
        for rule in compared.to_forbid:
            await admin.forbid(rule)
        await _shows(admin, topics, publishers)
    return [msgspec.structs.replace(d, mended=d.mended and not check) for d in compared.differences]


async def _compared(admin: Admin, topics: Topics, publishers: Sequence[str]) -> _Comparison:
    wanted = topics.wanted(publishers, await admin.brokers())
    found = await admin.topics({key for topic in wanted for key in topic.config})
    rules = [rule for rule in await admin.rules() if _is_ours(rule, topics, publishers)]
    return _compare(wanted, found, topics.rules(publishers), rules)


async def _shows(admin: Admin, topics: Topics, publishers: Sequence[str]) -> None:
    """Wait, not for ever, until the brokers show what was mended: the controller takes it, and they hear of it a little later."""
    for _ in range(_LOOKS):
        if not any(difference.mended for difference in (await _compared(admin, topics, publishers)).differences):
            return
        await asyncio.sleep(_PAUSE)


def _compare(wanted: Sequence[Topic], found: Sequence[Topic], rules: Sequence[Rule], held: Sequence[Rule]) -> _Comparison:
    compared = _Comparison(differences=[], missing=[], to_grow=[], to_configure=[], to_allow=[], to_forbid=[])
    tell = compared.differences.append
    there = {topic.name: topic for topic in found}
    for topic in wanted:
        known = there.pop(topic.name, None)
        if known is None:
            compared.missing.append(topic)
            tell(Difference(what="topic", name=topic.name, wanted=f"{topic.partitions} partitions", found=None, mended=True))
            continue
        if known.partitions != topic.partitions:
            # More partitions may be added only where nothing depends on which partition a key is in.
            growing = known.partitions < topic.partitions and topic.name.startswith(VERDICTS)
            if growing:
                compared.to_grow.append(topic)
            tell(_numbers("partitions", topic.name, topic.partitions, known.partitions, mended=growing))
        if known.replication != topic.replication:
            tell(_numbers("replication", topic.name, topic.replication, known.replication, mended=False))
        wrong = {key: value for key, value in topic.config.items() if known.config.get(key) != value}
        if wrong:
            compared.to_configure.append(topic)
        for key, value in sorted(wrong.items()):
            tell(Difference(what="config", name=f"{topic.name} {key}", wanted=value, found=known.config.get(key), mended=True))
    for stranger in sorted(there):
        tell(Difference(what="unknown topic", name=stranger, wanted=None, found=f"{there[stranger].partitions} partitions"))
    compared.to_allow = sorted(set(rules) - set(held))
    compared.to_forbid = sorted(set(held) - set(rules))
    for rule in compared.to_allow:
        tell(Difference(what="rule", name=rule.name, wanted=str(rule), found=None, mended=True))
    for rule in compared.to_forbid:
        tell(Difference(what="unknown rule", name=rule.name, wanted=None, found=str(rule), mended=True))
    return compared


def _numbers(what: str, name: str, wanted: int, found: int, *, mended: bool) -> Difference:
    return Difference(what=what, name=name, wanted=str(wanted), found=str(found), mended=mended)


def _is_ours(rule: Rule, topics: Topics, publishers: Sequence[str]) -> bool:
    """Whether a rule is the data's business: it is on the ledger's topics, or on groups that the data names."""
    if rule.resource is Resource.TOPIC:
        return rule.name.startswith(OURS) or (rule.pattern is Pattern.PREFIXED and OURS.startswith(rule.name))
    groups = {template.replace(PLACE, publisher) for template in topics.groups for publisher in [*publishers, ""]}
    return rule.name in groups
