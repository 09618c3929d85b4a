"""The topics of the ledger as the data of infra/kafka/topics.toml says: names, partitions, configuration, and who may do what."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from pathlib import Path

import msgspec

from ledger.catalogue import catalogue
from ledger.errors import UsageError

FILE = Path(__file__).with_name("topics.toml")
PLACE = "{publisher}"
SUBMISSIONS = "trajectory.submissions."
VERDICTS = "trajectory.verdicts."
ENTRIES = "trajectory.entries"
RESTRICTED = "trajectory.entries.restricted"
OURS = "trajectory."
"""How every topic of the ledger begins."""


class Operation(IntEnum):
    """What a rule allows, in the numbers of the protocol."""

    READ = 3
    WRITE = 4
    DESCRIBE = 8


class Resource(IntEnum):
    """What a rule is about."""

    TOPIC = 2
    GROUP = 3


class Pattern(IntEnum):
    """How the name of a rule's resource is meant."""

    LITERAL = 3
    PREFIXED = 4


class Rule(msgspec.Struct, frozen=True, order=True):
    """A user may do something, from wherever it connects."""

    resource: Resource
    name: str
    pattern: Pattern
    user: str
    operation: Operation

    def __str__(self) -> str:
        beginning = "…" if self.pattern is Pattern.PREFIXED else ""
        return f"{self.user} may {self.operation.name.lower()} {self.resource.name.lower()} {self.name}{beginning}"


class Topic(msgspec.Struct, frozen=True, order=True):
    """A topic as it should be, or as it is."""

    name: str
    partitions: int
    replication: int
    config: dict[str, str]


class Declared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A topic in the data; its name may hold ``{publisher}``."""

    partitions: int
    config: dict[str, str]
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()


class Topics(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The data as a whole."""

    replication: int
    in_sync: int
    topics: dict[str, Declared]
    groups: dict[str, tuple[str, ...]]

    def wanted(self, publishers: Sequence[str], brokers: int) -> list[Topic]:
        """The topics for these publishers on a cluster of so many brokers."""
        copies = min(self.replication, brokers)
        config = {"min.insync.replicas": str(self.in_sync if copies > self.in_sync else 1)}
        return sorted(
            Topic(name, declared.partitions, copies, declared.config | config)
            for template, declared in self.topics.items()
            for name in _filled(template, publishers)
        )

    def rules(self, publishers: Sequence[str]) -> list[Rule]:
        """Who may do what. Reading and writing imply describing."""
        found = set()
        for template, declared in self.topics.items():
            for operation, users in ((Operation.READ, declared.read), (Operation.WRITE, declared.write)):
                for name, user in _pairs(template, users, publishers):
                    found |= {Rule(Resource.TOPIC, name, Pattern.LITERAL, user, o) for o in (operation, Operation.DESCRIBE)}
        for template, users in self.groups.items():
            for name, user in _pairs(template, users, publishers):
                found |= {Rule(Resource.GROUP, name, Pattern.PREFIXED, user, o) for o in (Operation.READ, Operation.DESCRIBE)}
        return sorted(found)


def load_topics(file: Path = FILE) -> Topics:
    """The data. ``UsageError`` when the file is not what it should be."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text()), Topics)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"{file} does not declare the topics: {error}") from error


@cache
def restricted_types() -> frozenset[str]:
    """Full types whose entries go to the restricted topic."""
    return frozenset(name for name, declared in catalogue().types.items() if declared.restricted)


def entries_topic(full_type: str) -> str:
    """Where entries of a type go."""
    return RESTRICTED if full_type in restricted_types() else ENTRIES


def _filled(template: str, publishers: Sequence[str]) -> list[str]:
    return [template.replace(PLACE, publisher) for publisher in publishers] if PLACE in template else [template]


def _pairs(template: str, users: Sequence[str], publishers: Sequence[str]) -> list[tuple[str, str]]:
    if PLACE not in template:
        return [(template, user) for user in users]
    return [(template.replace(PLACE, p), user.replace(PLACE, p)) for p in publishers for user in users]
