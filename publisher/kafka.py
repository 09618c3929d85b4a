"""Publishing over Kafka: a submission goes to the publisher's own topic, its verdict comes back on another.

Kafka acknowledges a submission when two brokers have it; from then on it is not lost. The verdict comes when the ledger has read
it, so a ledger that is down delays verdicts and loses none.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError

from publisher.errors import NotAllowed, PublishingError, Refused, Unanswered, Unreachable
from publisher.event import Event
from publisher.patience import Patience
from publisher.told import Place, Told
from publisher.verdict import Verdict

WINDOW = 1_000
"""Events that are on their way at the same time."""
BATCH_BYTES = 512 * 1024
"""What goes to the broker at once; it takes 1 MiB."""
REQUEST_MS = 10_000
_STOP_SECONDS = 5.0


class KafkaPublisher:
    """Publishes over Kafka. An async context manager; several tasks may use it at once."""

    def __init__(
        self,
        servers: str,
        *,
        name: str,
        password: str | None = None,
        user: str | None = None,
        ca: Path | None = None,
        patience: float = 300.0,
    ) -> None:
        """``servers`` is ``host:port``, more than one with commas. ``name`` is the publisher's name in the ledger, which is in the
        names of its topics; ``user`` of the cluster is the same unless said otherwise, without a password it connects without one.

        ``ca`` is the certificate authority of the brokers, as PEM; without one there is no TLS. ``patience`` is how many seconds one
        event is tried again, and how long its verdict is waited for.
        """
        self._servers = servers
        self._user = user or name
        self._submissions, self._verdicts = f"trajectory.submissions.{name}", f"trajectory.verdicts.{name}"
        self._patience = patience
        protocol = ("SASL_SSL" if ca else "SASL_PLAINTEXT") if password else ("SSL" if ca else "PLAINTEXT")
        self._arguments: dict[str, object] = {
            "bootstrap_servers": servers.split(","),
            "client_id": f"publisher-{name}",
            "security_protocol": protocol,
            "request_timeout_ms": REQUEST_MS,
        }
        if password:
            self._arguments |= {"sasl_mechanism": "SCRAM-SHA-512", "sasl_plain_username": self._user, "sasl_plain_password": password}
        if ca:
            self._arguments["ssl_context"] = ssl.create_default_context(cafile=str(ca))
        self._producer: AIOKafkaProducer | None = None
        self._one_at_a_time = asyncio.Lock()
        """Windows go out one after the other: events that were published first stand first."""

    async def __aenter__(self) -> Self:
        """Connect. ``NotAllowed``: user, password, certificate or topic; ``Unreachable``: nobody answers."""
        async with contextlib.AsyncExitStack() as stack:
            consumer = AIOKafkaConsumer(**self._arguments, group_id=None, enable_auto_commit=False, isolation_level="read_committed")
            stack.push_async_callback(_stop, consumer)
            await self._start(consumer)
            stack.push_async_callback(self._stop_producer)
            producer = await self._connected()
            self._told = Told(consumer, self._verdicts)
            await self._told.begin(producer)
            listening = asyncio.create_task(self._told.listen())
            stack.push_async_callback(_ended, listening)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def publish(self, event: Event) -> Verdict:
        """Publish one event and await its verdict.

        :raises Refused: the event breaks a rule. :raises NotAllowed: this user may not write to the topic.
        :raises Unreachable: Kafka did not take it within ``patience``. :raises Unanswered: the ledger did not answer.
        """
        (verdict,) = await self.publish_all([event])
        if not verdict.stands:
            raise Refused(verdict)
        return verdict

    async def publish_all(self, events: Iterable[Event]) -> list[Verdict]:
        """Publish many events, in their order, and await a verdict for each, in the same order. A refused one stops none of the others.

        :raises NotAllowed, Unreachable: as in :meth:`publish`. Publish all of them again: those that arrived are duplicates then.
        """
        found: list[Verdict] = []
        waiting = iter(events)
        while window := [event.to_json() for event in islice(waiting, WINDOW)]:
            with self._told.sending():
                async with self._one_at_a_time:
                    places = await self._send_all(window)
                futures = [self._told.expect(place) for place in places]
            try:
                async with asyncio.timeout(self._patience):
                    found += [await future for future in futures]
            except TimeoutError:
                raise Unanswered(
                    f"Kafka has the events (the last is record {places[-1][1]} of {self._submissions}), but in {self._patience:g} s the "
                    "ledger did not tell a verdict on all: it is down, or behind. They will be taken in; publishing them again does no harm"
                ) from None
            finally:
                for place in places:
                    self._told.forget(place)
        return found

    async def _send_all(self, values: Sequence[bytes]) -> list[Place]:
        """Write a window. What fails is written again, and all behind it, so that the order holds."""
        patience = Patience(self._patience)
        places: list[Place] = []
        while True:
            try:
                producer = await self._connected()
                results = [await producer.send(self._submissions, value) for value in values[len(places) :]]
                for result in await asyncio.gather(*results, return_exceptions=True):
                    if isinstance(result, BaseException):
                        raise result
                    places.append((result.partition, result.offset))
                return places
            except (TopicAuthorizationFailedError, UnknownTopicOrPartitionError) as error:
                raise NotAllowed(
                    f"user {self._user!r} may not write to {self._submissions}, or there is no such topic: "
                    "compare the name with the one that the ledger's operator gave you"
                ) from error
            except (KafkaError, OSError, Unreachable) as error:
                # The producer may be past use (its session is broken off after a failed write): the next attempt makes a new one.
                await self._stop_producer()
                if not await patience.pause():
                    raise Unreachable(
                        f"Kafka at {self._servers} did not take the events in {self._patience:g} s ({type(error).__name__}). "
                        "Publish the same again later: what arrived is answered as a duplicate"
                    ) from error

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            made = AIOKafkaProducer(**self._arguments, acks="all", enable_idempotence=True, max_batch_size=BATCH_BYTES)
            try:
                await self._start(made)
            except BaseException:
                await _stop(made)
                raise
            self._producer = made
        return self._producer

    async def _stop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            await _stop(producer)

    async def _start(self, client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
        with _listening_to_the_client() as said:
            try:
                await asyncio.wait_for(client.start(), 3 * REQUEST_MS / 1000)
            except (KafkaError, OSError, TimeoutError) as error:
                raise self._why(" ".join([*said, repr(error)])) from error

    def _why(self, said: str) -> PublishingError:
        where = f"Kafka at {self._servers}"
        if "AuthenticationFailed" in said or "Authentication failed" in said:
            return NotAllowed(f"{where} does not accept user {self._user!r} with this password")
        if "CERTIFICATE_VERIFY_FAILED" in said:
            return NotAllowed(f"the certificate of {where} is not of the authority that was given as ca, or is for another host")
        if "SSL" in said and "ssl_context" in self._arguments:
            return NotAllowed(f"{where} does not speak TLS on that port: name its TLS listener, or leave ca out")
        return Unreachable(f"{where} does not answer: look at the address, and whether a firewall is in between")


async def _ended(task: asyncio.Task[None]) -> None:
    """End a task. The client may swallow a cancellation, so it is told more than once, and not for ever."""
    for _ in range(10):
        task.cancel()
        if (await asyncio.wait({task}, timeout=_STOP_SECONDS / 10))[0]:
            return


async def _stop(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Let a client go. With its brokers away it would wait for ever; what it holds by then is published again by whoever asked."""
    stopping = asyncio.ensure_future(client.stop())
    done, _ = await asyncio.wait({stopping}, timeout=_STOP_SECONDS)
    if done and not stopping.cancelled():
        stopping.exception()
    stopping.cancel()


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.exc_info[1] if record.exc_info else None
        self.said.append(f"{record.getMessage()} {cause!r}")


@contextlib.contextmanager
def _listening_to_the_client() -> Iterator[list[str]]:
    """What the client logs while it connects, kept from the program's own log: there alone stands why it failed."""
    logger, heard = logging.getLogger("aiokafka"), _Heard()
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(heard)
    try:
        yield heard.said
    finally:
        logger.propagate = propagated
        logger.removeHandler(heard)
