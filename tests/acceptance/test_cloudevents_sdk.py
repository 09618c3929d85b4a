"""A stock CloudEvents client that knows nothing of this ledger publishes to it, in both content modes."""

from __future__ import annotations

from datetime import datetime
from typing import cast

import httpx
import pytest
from cloudevents.core.bindings.http import HTTPMessage, to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from streams.keys import Keys
from tests.integration.feed import Feed

ATTRIBUTES = ("id", "source", "type", "subject", "specversion", "publisherrole", "recordedat", "sequence", "grondslag", "admittedat")


@pytest.fixture
def event(keys: Keys) -> CloudEvent:
    """An event as a publisher would make it with the SDK."""
    told = Feed(keys).event()
    attributes: dict[str, object] = {name: told[name] for name in ATTRIBUTES}
    attributes["time"] = datetime.fromisoformat(cast("str", told["time"]))
    attributes["datacontenttype"] = "application/json"
    return CloudEvent(attributes, cast("dict[str, object]", told["data"]))


@pytest.mark.parametrize("write", [to_structured, to_binary], ids=["structured", "binary"])
def test_the_sdk_publishes(client: httpx.Client, event: CloudEvent, write: object) -> None:
    message: HTTPMessage = write(event, JSONFormat())  # type: ignore[operator]
    answer = client.post("/api/events", content=message.body, headers=message.headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["verdicts"][0] == {"outcome": "admitted", "id": event.get_id(), "source": event.get_source(), "position": 1}


def test_both_modes_say_the_same(client: httpx.Client, event: CloudEvent) -> None:
    outcomes = []
    for write in (to_structured, to_binary):
        message = write(event, JSONFormat())
        outcomes.append(client.post("/api/events", content=message.body, headers=message.headers).json()["verdicts"][0]["outcome"])
    assert outcomes == ["admitted", "duplicate"]
