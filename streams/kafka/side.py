"""The ledger's Kafka side: intake, verdicts and relay beside the sequencer, each started again after the cluster was away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec

from ledger.errors import Fenced, LedgerError
from streams.kafka.connection import Cluster, quiet
from streams.kafka.deliverer import Deliverer
from streams.kafka.intake import Intake
from streams.kafka.relay import Relay
from streams.kafka.speakers import Speakers
from streams.wiring import Parts

log = logging.getLogger(__name__)

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 5.0
_HEALTHY_SECONDS = 10.0
"""Who ran so long before it failed is started again at once."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How the Kafka side stands."""

    taken: int
    """Submissions taken in since the start."""
    delivered: int
    """Verdicts told since the start."""
    relayed: int
    """Every entry up to this position is on Kafka."""
    trouble: dict[str, str]
    """Why ``intake``, ``verdicts`` or ``relay`` does not run now; empty when all do."""


class KafkaSide:
    """All that moves between a running ledger and a cluster. ``say`` hears a sentence when something goes wrong, and when it is mended."""

    def __init__(self, cluster: Cluster, parts: Parts, say: Callable[[str], None]) -> None:
        self._say = say
        self._trouble: dict[str, str] = {}
        self._deliverer = Deliverer(cluster, parts.store)
        self._relay = Relay(cluster, parts.store)
        speakers = Speakers(parts.publishers, parts.ledger.mode, parts.settings.credential_cache_seconds)
        self._intake = Intake(cluster, parts.store, parts.sequencer, parts.examiner, speakers, self._deliverer.wake)

    def standing(self) -> Standing:
        """How it stands now."""
        return Standing(
            taken=self._intake.taken,
            delivered=self._deliverer.delivered,
            relayed=self._relay.position,
            trouble=dict(self._trouble),
        )

    async def run(self) -> None:
        """Run until cancelled, or until another ledger took over the writing."""
        with quiet():
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep("intake", self._intake.run))
                group.create_task(self._keep("verdicts", self._deliverer.run))
                group.create_task(self._keep("relay", self._relay.run))

    async def _keep(self, name: str, run: Callable[[], Awaitable[object]]) -> None:
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE
        while True:
            began = loop.time()
            mending = loop.call_later(_HEALTHY_SECONDS, self._mended, name)
            try:
                await run()
            except Fenced as error:
                self._tell(name, str(error))
                return
            except LedgerError as error:
                self._tell(name, str(error))
            except Exception as error:
                log.exception("the Kafka %s stopped", name, exc_info=error)
                self._tell(name, f"something unforeseen ({type(error).__name__}); the log says where")
            finally:
                mending.cancel()
            pause = _FIRST_PAUSE if loop.time() - began > _HEALTHY_SECONDS else min(2 * pause, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    def _tell(self, name: str, why: str) -> None:
        if self._trouble.get(name) != why:
            self._trouble[name] = why
            self._say(f"Kafka, {name}: {why}.")
            log.warning("Kafka, %s: %s", name, why)

    def _mended(self, name: str) -> None:
        if self._trouble.pop(name, None) is not None:
            self._say(f"Kafka, {name}: runs again.")
