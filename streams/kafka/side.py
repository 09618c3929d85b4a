"""The ledger's Kafka side: intake, verdicts and relay beside the sequencer, each started again after the cluster was away."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import msgspec

from streams.kafka.connection import Cluster, quiet
from streams.kafka.deliverer import Deliverer
from streams.kafka.intake import Intake
from streams.kafka.keeper import Keeper
from streams.kafka.relay import Relay
from streams.kafka.speakers import Speakers
from streams.wiring import Parts


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
        self._deliverer = Deliverer(cluster, parts.store)
        self._relay = Relay(cluster, parts.store)
        speakers = Speakers(parts.publishers, parts.ledger.mode, parts.settings.credential_cache_seconds)
        self._intake = Intake(cluster, parts.store, parts.sequencer, parts.examiner, speakers, self._deliverer.wake)
        parts_kept = (("intake", self._intake), ("verdicts", self._deliverer), ("relay", self._relay))
        self._keepers = [Keeper(name, part, say) for name, part in parts_kept]

    def standing(self) -> Standing:
        """How it stands now."""
        return Standing(
            taken=self._intake.taken,
            delivered=self._deliverer.delivered,
            relayed=self._relay.position,
            trouble={k.name: why for k in self._keepers if (why := k.standing().trouble) is not None},
        )

    async def run(self) -> None:
        """Run until cancelled, or until another ledger took over the writing."""
        with quiet():
            async with asyncio.TaskGroup() as group:
                for keeper in self._keepers:
                    group.create_task(keeper.keep())
