"""What ``/metrics`` tells of the Kafka side. Without a cluster nothing of it is there."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Gauge

from streams.transport import PartStanding, TransportStanding


class TransportMetrics:
    """The measures of the transport."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, said: str, *labels: str) -> Gauge:
            return Gauge(f"ledger_kafka_{name}", said, labels, registry=registry)

        self._running = gauge("part_running", "1 while this part runs and nothing is wrong with it.", "part")
        self._restarts = gauge("part_restarts", "How often this part was started again since the ledger started.", "part")
        self._stuck = gauge("part_stuck", "How often of these because it moved no more.", "part")
        self._lag = gauge("submissions_lag", "Records that wait in the topic of a publisher.", "publisher", "partition")
        self._stopped = gauge("partition_stopped", "1 while a partition of a publisher is not read.", "publisher", "partition")
        self._undelivered = gauge("undelivered_verdicts", "Verdicts that were given and not yet told.", "publisher", "partition")
        self._relay_lag = gauge("relay_lag", "Entries that are not yet on Kafka.", "topic")
        self._lost = gauge("lost_records", "Records that were gone before they were read, since the ledger started.", "topic")

    def run(self, parts: Iterable[PartStanding]) -> None:
        """Note which parts run."""
        for part in parts:
            self._running.labels(part.name).set(part.running and part.trouble is None)
            self._restarts.labels(part.name).set(part.restarts)
            self._stuck.labels(part.name).set(part.stuck)

    def stand(self, standing: TransportStanding) -> None:
        """Note what waits and what is owed."""
        for measure in (self._lag, self._stopped, self._undelivered):
            measure.clear()
        for one in standing.publishers:
            labels = (one.publisher, str(one.partition))
            self._lag.labels(*labels).set(one.lag)
            self._stopped.labels(*labels).set(one.trouble is not None)
            self._undelivered.labels(*labels).set(one.undelivered)
        self._relay_lag.labels("trajectory.entries").set(standing.relay_lag)
        self._lost.labels("trajectory.submissions").set(standing.lost)
