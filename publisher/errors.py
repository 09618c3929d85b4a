"""What can go wrong while publishing. Every sentence says what, where, and what to do."""

from __future__ import annotations

from publisher.verdict import Verdict


class PublishingError(Exception):
    """Any failure. An event whose verdict did not come may be published again, unchanged, whatever happened."""


class Refused(PublishingError):
    """The ledger refused the event: it breaks a rule by itself. Sending it again does not help; mending it does."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict
        """Code, rule, JSON pointer, and the sentence in Dutch and English."""


class NotAllowed(PublishingError):
    """The token, the user, the password, the certificate or the topic is not the right one. Nothing was written."""


class Unreachable(PublishingError):
    """Nobody answered for as long as ``patience`` lasts. What was on its way may be in the ledger or not: publish it again."""


class Unanswered(Unreachable):
    """Kafka has the event, but the ledger did not tell its verdict in time: it is down, or behind. It will still be taken in."""
