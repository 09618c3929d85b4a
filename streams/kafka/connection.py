"""How the ledger reaches a cluster, and the cluster's failures in the ledger's own words."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from ledger.errors import BrokerRefused, BrokerUnavailable, LedgerError, UsageError
from streams.settings import Settings

MECHANISM = "SCRAM-SHA-512"
REQUEST_MS = 10_000
_NOT_ALLOWED = (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster and who connects to it."""

    servers: str
    """``host:port``, more than one with commas."""
    user: str | None = None
    password: str | None = None
    ca: Path | None = None
    """The certificate authority that signed the brokers' certificates; None is no TLS."""

    def __repr__(self) -> str:
        return f"Cluster(servers={self.servers!r}, user={self.user!r}, ca={self.ca!r})"

    def arguments(self, name: str) -> dict[str, object]:
        """What a client of aiokafka is made with. ``UsageError`` when the certificate file cannot be used."""
        protocol = ("SASL_SSL" if self.ca else "SASL_PLAINTEXT") if self.user else ("SSL" if self.ca else "PLAINTEXT")
        made: dict[str, object] = {
            "bootstrap_servers": self.servers.split(","),
            "client_id": f"trajectory-ledger-{name}",
            "security_protocol": protocol,
            "request_timeout_ms": REQUEST_MS,
            "metadata_max_age_ms": 30_000,
        }
        if self.user:
            made |= {"sasl_mechanism": MECHANISM, "sasl_plain_username": self.user, "sasl_plain_password": self.password or ""}
        if self.ca:
            try:
                made["ssl_context"] = ssl.create_default_context(cafile=str(self.ca))
            except (OSError, ssl.SSLError) as error:
                raise UsageError(
                    f"the certificate authority of Kafka, {self.ca}, cannot be read as PEM: {error}; set LEDGER_KAFKA_CA"
                ) from error
        return made


def cluster_of(settings: Settings) -> Cluster:
    """The cluster that the settings name. ``UsageError`` when they name none."""
    if settings.kafka_servers is None:
        raise UsageError(
            "no Kafka cluster is configured: set LEDGER_KAFKA_SERVERS and, where it asks for them, LEDGER_KAFKA_USER, "
            "LEDGER_KAFKA_PASSWORD and LEDGER_KAFKA_CA (docs/how-to/kafka.md)"
        )
    return Cluster(servers=settings.kafka_servers, user=settings.kafka_user, password=settings.kafka_password, ca=settings.kafka_ca)


class Client(Protocol):
    """A client of aiokafka that is started."""

    async def start(self) -> None:
        """Connect."""
        ...


class _Heard(logging.Handler):
    """Hears what the client's log says while it starts: there alone stands why a connection failed."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())
        if record.exc_info is not None and record.exc_info[1] is not None:
            self.said.append(repr(record.exc_info[1]))


async def start(client: Client, cluster: Cluster) -> None:
    """Start a client.

    :raises BrokerRefused: user, password or certificate are wrong; the sentence says which.
    :raises BrokerUnavailable: nobody answers there.
    """
    heard = _Heard()
    logger = logging.getLogger("aiokafka")
    logger.addHandler(heard)
    try:
        async with asyncio.timeout(3 * REQUEST_MS / 1000):
            await client.start()
    except (KafkaError, OSError, ssl.SSLError, TimeoutError) as error:
        raise _why(cluster, " ".join([*heard.said, repr(error)])) from error
    finally:
        logger.removeHandler(heard)


def _why(cluster: Cluster, said: str) -> LedgerError:
    where = f"the Kafka cluster at {cluster.servers}"
    if "AuthenticationFailed" in said or "Authentication failed" in said:
        return BrokerRefused(
            f"{where} does not accept user {cluster.user!r} with this password: set LEDGER_KAFKA_USER and LEDGER_KAFKA_PASSWORD"
        )
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return BrokerRefused(
            f"{where} shows a certificate that {cluster.ca} did not sign, or that is for another host: set LEDGER_KAFKA_CA"
        )
    if "WRONG_VERSION_NUMBER" in said or "SSLError" in said or "record layer" in said:
        return BrokerRefused(f"{where} does not speak TLS as it was asked to: leave LEDGER_KAFKA_CA out, or name its TLS listener")
    tls = "; LEDGER_KAFKA_CA asks for TLS, perhaps it speaks none there" if cluster.ca else ""
    if not cluster.ca and "closed" in said:
        tls = "; it hangs up, perhaps it wants TLS: set LEDGER_KAFKA_CA"
    return BrokerUnavailable(f"{where} does not answer{tls}: start it, or set LEDGER_KAFKA_SERVERS; nothing acknowledged is lost")


@contextlib.contextmanager
def plainly(doing: str) -> Iterator[None]:
    """Turn the client's errors into the ledger's own; ``doing`` says what was tried, and on which topic."""
    try:
        yield
    except _NOT_ALLOWED as error:
        raise BrokerRefused(
            f"{doing}: the topic does not exist, or this user may not use it; "
            "compare LEDGER_KAFKA_USER with the rules ('ledger kafka topics --check')"
        ) from error
    except (KafkaError, TimeoutError, OSError) as error:
        if isinstance(error, LedgerError):
            raise
        raise BrokerUnavailable(
            f"{doing}: the Kafka cluster is away ({type(error).__name__}); it is tried again, nothing is lost"
        ) from error


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the client's own log to itself: every broken connection is told by the ledger, in a sentence."""
    logger = logging.getLogger("aiokafka")
    nobody = logging.NullHandler()
    before, logger.propagate = logger.propagate, False
    logger.addHandler(nobody)
    try:
        yield
    finally:
        logger.propagate = before
        logger.removeHandler(nobody)
