"""Findings: soft rules that a history breaks (F01…F41, domain.md 0.4), and how one is declared.

A finding exists if and only if its condition holds on the as-of date, as known at the position of the history; it
is never stored as a fact, so it clears by itself when the missing event arrives. A check is declared with
:func:`finding` (or :func:`pattern` for a rule P1… of F27) in a module of ``ledger.findings``, found by itself. It
yields a :class:`Hit` for each breach. A hit dated after the as-of date is *due*: it is no finding yet, and its date
is the day on which the history must be looked at again (:attr:`Findings.next_change`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from ledger.catalogue import Payload, StreamKind
from ledger.verdict import Message

if TYPE_CHECKING:
    from ledger.subject import Subject


class Severity(StrEnum):
    """How much a finding matters: to know, to look into, to act on."""

    INFO = "info"
    WARN = "warn"
    HIGH = "high"


class Finding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One rule broken by one history."""

    code: str
    """F01…F41."""
    severity: Severity
    clock: str | None = None
    """The breached clock, for findings that stand on one."""
    rule: str | None = None
    """The pattern rule P1…P10 behind an F27."""
    position: int | None = None
    """The entry it stands on, if it stands on one."""
    since: date
    """Local date from which the condition holds."""
    case: str | None = None
    """The business key that tells several of the same code apart: a contract, a case, an enrolment …"""


class Hit(NamedTuple):
    """A breach that a check saw: what a :class:`Finding` says besides its code and severity."""

    since: date
    position: int | None = None
    case: str | None = None
    clock: str | None = None
    known: bool = False
    """It holds because of what is known, whatever the as-of date: corrections, retractions and links count like that."""


class FindingType(msgspec.Struct, frozen=True, kw_only=True):
    """What a code means, for people."""

    code: str
    severity: Severity
    label: Message
    mend: Message
    """What can be done about it, and by whom."""


class PatternRule(msgspec.Struct, frozen=True, kw_only=True):
    """What a pattern rule of F27 means, for people."""

    rule: str
    label: Message


Run = Callable[["Subject"], Iterable[Hit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One function that looks for one code in the histories of some kinds of stream."""

    code: str
    severity: Severity
    rule: str | None
    kinds: frozenset[StreamKind]
    needs: frozenset[type[Payload]]
    """Without a live fact of one of these there is nothing to look at; empty: always look."""
    outlives: bool
    """Whether it still looks at an erased person, who has left every other rule."""
    run: Run


ROLE_SMELL = "F27"
EVERY_KIND = frozenset(StreamKind) - {StreamKind.ANY}

_types: dict[str, FindingType] = {}
_rules: dict[str, PatternRule] = {}
_checks: list[Check] = []


def declare(code: str, severity: Severity, *, nl: str, en: str, mend_nl: str, mend_en: str) -> FindingType:
    """Name a code. A code is named once; several checks may raise it."""
    if code in _types:
        raise ValueError(f"finding {code} is declared twice: {_types[code].label.en!r} and {en!r}")
    _types[code] = FindingType(code=code, severity=severity, label=Message(nl, en), mend=Message(mend_nl, mend_en))
    forget()
    return _types[code]


def declare_rule(rule: str, *, nl: str, en: str) -> PatternRule:
    """Name a pattern rule of F27."""
    if rule in _rules:
        raise ValueError(f"pattern rule {rule} is declared twice: {_rules[rule].label.en!r} and {en!r}")
    _rules[rule] = PatternRule(rule=rule, label=Message(nl, en))
    forget()
    return _rules[rule]


def check(
    declared: FindingType,
    *,
    kinds: Iterable[StreamKind],
    needs: Iterable[type[Payload]] = (),
    rule: str | None = None,
    outlives: bool = False,
) -> Callable[[Run], Run]:
    """Register a check for a code that is already named."""

    def register(run: Run) -> Run:
        _checks.append(
            Check(
                code=declared.code,
                severity=declared.severity,
                rule=rule,
                kinds=frozenset(kinds),
                needs=frozenset(needs),
                outlives=outlives,
                run=run,
            )
        )
        forget()
        return run

    return register


def finding(
    code: str,
    severity: Severity,
    *,
    nl: str,
    en: str,
    mend_nl: str,
    mend_en: str,
    kinds: Iterable[StreamKind] = (StreamKind.PERSON,),
    needs: Iterable[type[Payload]] = (),
    outlives: bool = False,
) -> Callable[[Run], Run]:
    """Name a code and register its check."""
    declared = declare(code, severity, nl=nl, en=en, mend_nl=mend_nl, mend_en=mend_en)
    return check(declared, kinds=kinds, needs=needs, outlives=outlives)


def pattern(
    rule: str, *, nl: str, en: str, kinds: Iterable[StreamKind] = (StreamKind.PERSON,), needs: Iterable[type[Payload]] = ()
) -> Callable[[Run], Run]:
    """Name a pattern rule and register its check under F27."""
    declare_rule(rule, nl=nl, en=en)
    return check(_types[ROLE_SMELL], kinds=kinds, needs=needs, rule=rule)


def withdraw(code: str) -> None:
    """Take a code and its checks out of the registry again: for tests that declare one on the fly."""
    del _types[code]
    _checks[:] = [held for held in _checks if held.code != code]
    forget()


def forget() -> None:
    """Drop what was cached of the registry."""
    finding_types.cache_clear()
    pattern_rules.cache_clear()
    checks_of.cache_clear()


def _discover() -> None:
    import ledger.findings

    for module in pkgutil.iter_modules(ledger.findings.__path__):
        importlib.import_module(f"ledger.findings.{module.name}")


def finding_type(code: str) -> FindingType:
    """A code that was named before; ``KeyError`` when it was not."""
    return _types[code]


@cache
def finding_types() -> Mapping[str, FindingType]:
    """Every code with its meaning, F01…F41."""
    _discover()
    return dict(sorted(_types.items()))


@cache
def pattern_rules() -> Mapping[str, PatternRule]:
    """Every pattern rule of F27, P1…P10."""
    _discover()
    return dict(sorted(_rules.items(), key=lambda item: int(item[0][1:])))


@cache
def checks_of(kind: StreamKind) -> tuple[Check, ...]:
    """The checks for one kind of stream, in the order of their codes."""
    _discover()
    return tuple(sorted((held for held in _checks if kind in held.kinds), key=lambda held: (held.code, held.rule or "")))


declare(
    ROLE_SMELL,
    Severity.WARN,
    nl="Rolpatroon dat vragen oproept",
    en="Role smell",
    mend_nl="Bespreek het patroon met de organisatie; het is een vraag, geen verwijt.",
    mend_en="Discuss the pattern with the organisation; it is a question, not a reproach.",
)


class Findings(NamedTuple):
    """What the checks answer for one subject."""

    live: tuple[Finding, ...]
    """By code, date, position, case."""
    next_change: date | None
    """First day after the as-of date on which another finding begins without any new event."""


def evaluate(subject: Subject) -> Findings:
    """Run every check that can say something about this subject."""
    live: list[Finding] = []
    due: date | None = None
    as_of = subject.as_of
    history = subject.history
    for held in checks_of(subject.kind):
        if (held.needs and not history.has_any(held.needs)) or (history.erased and not held.outlives):
            continue
        for hit in held.run(subject):
            if hit.since <= as_of or hit.known:
                live.append(_stamped(held, hit))
            elif due is None or hit.since < due:
                due = hit.since
    return Findings(tuple(sorted(live, key=_order)) if len(live) > 1 else tuple(live), due)


def _stamped(held: Check, hit: Hit) -> Finding:
    return Finding(
        code=held.code,
        severity=held.severity,
        clock=hit.clock,
        rule=held.rule,
        position=hit.position,
        since=hit.since,
        case=hit.case,
    )


def _order(item: Finding) -> tuple[str, date, int, str, str, str]:
    return (item.code, item.since, item.position or 0, item.case or "", item.rule or "", item.clock or "")
