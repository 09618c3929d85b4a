"""One settings object, from the environment over ``ledger.toml`` in the data folder over the defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ledger.errors import UsageError
from ledger.transparency.note import COSIGNATURE, VerifierKey, check_name, read_verifier_key

PREFIX = "LEDGER_"
FILE = "ledger.toml"
POOL_LEAST = 4
"""A worker's turn, its rebuild and its stewardship each hold one connection while they ask by another."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that an operator may set. An environment variable is the name in capitals after ``LEDGER_``; empty is unset."""

    data: Path = Path("ledger-data")
    """The data folder (``LEDGER_DATA``)."""
    database_url: str | None = None
    """A PostgreSQL of one's own (``LEDGER_DATABASE_URL``); None starts the embedded one in the data folder."""
    publish_url: str | None = None
    """Where events are published: ``ledger web``, which takes none in, tells it to whoever tries (``LEDGER_PUBLISH_URL``)."""
    host: str = "127.0.0.1"
    port: int = 8400
    pool_size: int = 10
    """Connections for reading, 4 at the least; the sequencer has two of its own."""
    batch_events: int = 5_000
    """Events that the sequencer writes in one transaction at the most."""
    queue_events: int = 20_000
    """Events that may wait for the sequencer before publishers are told to wait (429)."""
    stream_cache: int = 200_000
    """Streams whose head and key the sequencer remembers (about 300 bytes each)."""
    key_cache: int = 100_000
    """Stream keys that a reader remembers (about 200 bytes each); 0 remembers none."""
    stream_entries: int = 100_000
    """Entries that one stream may hold (design.md section 6)."""
    credential_grace_seconds: int = 7 * 24 * 3600
    """How long the old token of a publisher stays valid after a rotation."""
    credential_cache_seconds: int = 10
    """How long a looked-up token is believed without asking again."""

    log_origin: str | None = None
    """The log's name in its checkpoints, an address without scheme such as ``example.org/trajectories``; None makes one from its key."""
    checkpoint_seconds: float = 5.0
    """A log that grew signs a new checkpoint after so many seconds, if it did not sign one for its size."""
    checkpoint_entries: int = 100_000
    """A log that grew by so many entries signs a new checkpoint at once."""
    witnesses: str | None = None
    """Witnesses that are asked to cosign checkpoints: a public key and an address with a blank between, more than one with commas."""
    witness_seconds: float = 5.0
    """How long a checkpoint waits for its witnesses before it is published without them."""

    kafka_servers: str | None = None
    """A Kafka cluster, ``host:port`` with commas (``LEDGER_KAFKA_SERVERS``); None is a ledger without Kafka."""
    kafka_user: str | None = None
    """The ledger's own user of the cluster (SCRAM-SHA-512); None connects without one."""
    kafka_password: str | None = None
    """Its password; better in the environment than in the file."""
    kafka_ca: Path | None = None
    """The certificate authority of the brokers, as PEM; None connects without TLS."""
    kafka_session_seconds: float = 10.0
    """After how long without a word the cluster gives a worker's partitions to other workers; 6 at the least, as brokers are set."""

    def __post_init__(self) -> None:
        for name in ("batch_events", "queue_events", "stream_cache", "stream_entries", "checkpoint_entries"):
            if getattr(self, name) < 1:
                raise UsageError(f"setting {name} must be at least 1, not {getattr(self, name)}")
        if self.pool_size < POOL_LEAST:
            raise UsageError(
                f"setting pool_size must be at least {POOL_LEAST}, not {self.pool_size}: "
                "what writes views holds one connection and reads by another"
            )
        if self.database_url is not None and not self.database_url.startswith(("postgresql://", "postgres://")):
            raise UsageError("setting database_url is postgresql://user:password@host:port/database, which this is not")
        if self.publish_url is not None and not self.publish_url.startswith(("http://", "https://")):
            raise UsageError(f"setting publish_url is an address such as http://host:8400, not {self.publish_url!r}")
        if self.key_cache < 0:
            raise UsageError(f"setting key_cache must be at least 0, not {self.key_cache}")
        if self.kafka_servers is not None and not all(
            host and port.isdigit() for host, _, port in (server.strip().rpartition(":") for server in self.kafka_servers.split(","))
        ):
            raise UsageError(f"setting kafka_servers is host:port, more than one with commas, not {self.kafka_servers!r}")
        for name in ("checkpoint_seconds", "witness_seconds"):
            if not 0 < getattr(self, name) <= 86_400:
                raise UsageError(f"setting {name} must be more than 0 and at most 86400 seconds, not {getattr(self, name)}")
        if self.log_origin is not None:
            check_name(self.log_origin)
        read_witnesses(self.witnesses)
        if not 0 <= self.port <= 65535:
            raise UsageError(f"setting port must be 0…65535, not {self.port}")


class WitnessAddress(msgspec.Struct, frozen=True):
    """A witness that is asked to cosign."""

    key: VerifierKey
    url: str
    """The address below which it answers ``add-checkpoint``."""


def read_witnesses(text: str | None) -> tuple[WitnessAddress, ...]:
    """The witnesses of the setting. ``UsageError`` when one of them is none."""
    found = []
    for one in (text or "").split(","):
        if not one.strip():
            continue
        key, _, url = one.strip().partition(" ")
        if not url.strip().startswith(("http://", "https://")):
            raise UsageError(
                f"setting witnesses is a public key, a blank and an http address, more than one with commas; {one.strip()!r} is not"
            )
        read = read_verifier_key(key)
        if read.algorithm != COSIGNATURE:
            raise UsageError(f"setting witnesses: {read.name} is the key of a log, not of a witness (its algorithm is not {COSIGNATURE})")
        found.append(WitnessAddress(read, url.strip().rstrip("/")))
    return tuple(found)


def load(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
    """The settings in force. ``given`` (from the command line) wins over the environment, that over the file.

    :raises UsageError: a value or name in the environment or the file is wrong; the message says which and where.
    """
    environment = os.environ if environment is None else environment
    known = {field.name for field in msgspec.structs.fields(Settings)}
    chosen: dict[str, object] = {name: environment[PREFIX + name.upper()] for name in known if environment.get(PREFIX + name.upper())}
    origin = {name: f"the environment variable {PREFIX}{name.upper()}" for name in chosen}
    chosen |= {name: value for name, value in given.items() if value is not None}
    file = Path(str(chosen.get("data", Settings().data))) / FILE
    for name, value in _file(file).items():
        if name not in known:
            raise UsageError(f"{file}: unknown setting {name!r}; known are {', '.join(sorted(known))}")
        if name not in chosen:
            chosen[name], origin[name] = value, str(file)
    settings = Settings()
    for name, value in chosen.items():
        try:
            field = msgspec.convert({name: value}, Settings, strict=False, dec_hook=_path)
        except msgspec.ValidationError as error:
            raise UsageError(f"{origin.get(name, 'the command line')}: setting {name} = {value!r} is not usable: {error}") from error
        settings = msgspec.structs.replace(settings, **{name: getattr(field, name)})
    return settings


def _path(kind: type, value: object) -> object:
    if kind is Path:
        return Path(str(value)).expanduser()
    raise NotImplementedError(kind)


def _file(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} is no TOML: {error}") from error
