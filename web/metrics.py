"""What ``/metrics`` tells, in the Prometheus text format."""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ledger.verdict import Verdict
from web.transport_metrics import TransportMetrics

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The measures of one running web server."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "ledger_http_requests", "HTTP requests by route and status.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram("ledger_http_seconds", "Time to answer, by route.", ("route",), buckets=_SECONDS, registry=self._registry)
        self._verdicts = Counter("ledger_verdicts", "Verdicts by outcome and reason.", ("outcome", "code"), registry=self._registry)
        self._position = Gauge("ledger_position", "Position of the last entry.", registry=self._registry)
        self._waiting = Gauge("ledger_sequencer_waiting", "Events that wait for the sequencer.", registry=self._registry)
        self._lag = Gauge("ledger_projection_lag", "Entries that a view is behind.", ("projection",), registry=self._registry)
        self._stalled = Gauge(
            "ledger_stalled_streams", "Streams that a projection cannot digest.", ("projection",), registry=self._registry
        )
        self._signed = Gauge("ledger_checkpoint_position", "Entries that the newest checkpoint covers.", registry=self._registry)
        self._unsigned = Gauge("ledger_checkpoint_fault", "1 when the log signs nothing any more.", registry=self._registry)
        self._silent = Gauge("ledger_witnesses_silent", "Witnesses that did not cosign when last asked.", registry=self._registry)
        self.transport = TransportMetrics(self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def judged(self, verdicts: Iterable[Verdict]) -> None:
        """Count verdicts."""
        counts: dict[tuple[str, str], int] = {}
        for verdict in verdicts:
            key = (verdict.outcome.value, verdict.code.value if verdict.code else "")
            counts[key] = counts.get(key, 0) + 1
        for (outcome, code), n in counts.items():
            self._verdicts.labels(outcome, code).inc(n)

    def stand(self, position: int, waiting: int) -> None:
        """Note where the ledger stands."""
        self._position.set(position)
        self._waiting.set(waiting)

    def view(self, name: str, lag: int, stalled: int) -> None:
        """Note how far a view is."""
        self._lag.labels(name).set(lag)
        self._stalled.labels(name).set(stalled)

    def signed(self, size: int, *, fault: bool, silent: int) -> None:
        """Note what is signed, and whether it still is."""
        self._signed.set(size)
        self._unsigned.set(fault)
        self._silent.set(silent)

    def text(self) -> bytes:
        """The exposition."""
        return generate_latest(self._registry)
