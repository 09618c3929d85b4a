"""Publish events to a trajectory ledger and hear the verdict on each.

Over HTTP with :class:`HttpPublisher`, over Kafka with :class:`KafkaPublisher`. Both have the same two methods and promise the
same: an event whose verdict came is in the ledger once, or was refused and the verdict says why. What failed on the way is tried
again, with the same event, until ``patience`` is used up; that is always safe, since the ledger knows an event by its ``source``
and ``id``.

The package stands alone: it shares no code with the ledger, only what goes over the wire.
"""

from __future__ import annotations

from publisher.errors import NotAllowed, PublishingError, Refused, Unanswered, Unreachable
from publisher.event import Event, Json
from publisher.http import HttpPublisher
from publisher.kafka import KafkaPublisher
from publisher.verdict import Message, Outcome, Verdict

__all__ = [
    "Event",
    "HttpPublisher",
    "Json",
    "KafkaPublisher",
    "Message",
    "NotAllowed",
    "Outcome",
    "PublishingError",
    "Refused",
    "Unanswered",
    "Unreachable",
    "Verdict",
]
