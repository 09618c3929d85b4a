"""What the ledger asks of a cluster as its administrator: which topics and rules there are, and to make those that are missing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import NodeNotReadyError, for_code
from aiokafka.protocol.admin import CreateAclsRequest, DeleteAclsRequest, DescribeAclsRequest

from ledger.errors import BrokerRefused, NotFound
from streams.kafka.connection import Cluster, plainly, start
from streams.kafka.ending import end
from streams.kafka.scram import MISSING, AlterUser
from streams.kafka.topics import OURS, Operation, Pattern, Resource, Rule, Topic

_ANY = 1
_ALLOW = 3
_USER = "User:"
_EXISTS = 36


class Admin:
    """An administrator's connection. A context manager."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._client = AIOKafkaAdminClient(**cluster.arguments("admin"))

    async def __aenter__(self) -> Admin:
        try:
            await start(self._client, self._cluster)
        except BaseException:
            await end(self._client)
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await end(self._client)

    # -- looking ------------------------------------------------------------------------------------------------------

    async def cluster_id(self) -> str:
        """The id that the cluster was formatted with."""
        return str((await self._described("asking for the cluster"))["cluster_id"])

    async def brokers(self) -> int:
        """How many brokers are up."""
        return len((await self._described("asking for the brokers"))["brokers"])

    async def _described(self, doing: str) -> dict[str, Any]:
        # The client asks a node by chance. One that is down does not mean that the cluster is.
        for pause in (0.1, 0.2, 0.4):
            with plainly(doing):
                try:
                    return dict(await self._client.describe_cluster())
                except NodeNotReadyError:
                    await asyncio.sleep(pause)
        with plainly(doing):
            return dict(await self._client.describe_cluster())

    async def topics(self, config: Iterable[str]) -> list[Topic]:
        """The ledger's topics with the named configuration."""
        with plainly("asking for the topics"):
            found = [t for t in await self._client.describe_topics() if t["topic"].startswith(OURS) and not t["error_code"]]
            names = [t["topic"] for t in found]
            told = await self._configs(names, sorted(config)) if names else {}
        return [Topic(t["topic"], len(t["partitions"]), len(t["partitions"][0]["replicas"]), told.get(t["topic"], {})) for t in found]

    async def _configs(self, names: Sequence[str], keys: list[str]) -> dict[str, dict[str, str]]:
        wanted = [ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(keys)) for name in names]
        told: dict[str, dict[str, str]] = {}
        for answer in await self._client.describe_configs(wanted):
            for code, message, _, name, entries in answer.resources:
                _check(code, message, f"asking for the configuration of {name}")
                told[name] = {entry[0]: entry[1] for entry in entries}
        return told

    async def rules(self) -> list[Rule]:
        """Every rule on topics and groups."""
        found = []
        for kind in Resource:
            with plainly("asking for the rules"):
                answer = await self._client._send_request(DescribeAclsRequest(kind, None, _ANY, None, None, _ANY, _ANY))
            _check(answer.error_code, answer.error_message, "asking for the rules")
            for resource, name, pattern, acls in answer.resources:
                for principal, _, operation, permission in acls:
                    if permission == _ALLOW and operation in set(Operation) and pattern in set(Pattern):
                        user = principal.removeprefix(_USER)
                        found.append(Rule(Resource(resource), name, Pattern(pattern), user, Operation(operation)))
        return sorted(set(found))

    # -- making -------------------------------------------------------------------------------------------------------

    async def create(self, topics: Sequence[Topic]) -> None:
        """Make topics; one that exists already stays as it is."""
        new = [NewTopic(t.name, t.partitions, t.replication, topic_configs=t.config) for t in topics]
        with plainly("making topics"):
            answer = await self._client.create_topics(new)
        for name, code, *message in answer.topic_errors:
            if code != _EXISTS:
                _check(code, message[0] if message else None, f"making topic {name}")

    async def delete(self, topics: Sequence[Topic]) -> None:
        """Delete topics with everything in them: for tests and demonstrations alone, no command does."""
        with plainly("deleting topics"):
            await self._client.delete_topics([topic.name for topic in topics])

    async def grow(self, topic: str, partitions: int) -> None:
        """Give a topic more partitions."""
        with plainly(f"giving topic {topic} more partitions"):
            await self._client.create_partitions({topic: NewPartitions(partitions)})

    async def configure(self, topic: Topic) -> None:
        """Set a topic's whole configuration."""
        with plainly(f"configuring topic {topic.name}"):
            for answer in await self._client.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic.name, topic.config)]):
                for code, message, *_ in answer.resources:
                    _check(code, message, f"configuring topic {topic.name}")

    async def allow(self, rule: Rule) -> None:
        """Add a rule."""
        request = CreateAclsRequest(rule.resource, rule.name, rule.pattern, _USER + rule.user, "*", rule.operation, _ALLOW)
        with plainly(f"adding the rule that {rule}"):
            answer = await self._client._send_to_controller(request)
        for code, message in answer.creation_responses:
            _check(code, message, f"adding the rule that {rule}")

    async def forbid(self, rule: Rule) -> None:
        """Take a rule away."""
        request = DeleteAclsRequest(rule.resource, rule.name, rule.pattern, _USER + rule.user, "*", rule.operation, _ALLOW)
        with plainly(f"taking away the rule that {rule}"):
            answer = await self._client._send_to_controller(request)
        for code, message, _ in answer.filter_responses:
            _check(code, message, f"taking away the rule that {rule}")

    # -- users --------------------------------------------------------------------------------------------------------

    async def set_user(self, name: str, password: str, salt: bytes) -> None:
        """Make a user that comes in with SCRAM-SHA-512, or give it another password."""
        await self._alter(AlterUser(name, password, salt), f"making user {name}")

    async def remove_user(self, name: str) -> None:
        """Take a user away. ``NotFound`` when there is none of this name."""
        await self._alter(AlterUser(name, None, b""), f"taking away user {name}")

    async def _alter(self, request: AlterUser, doing: str) -> None:
        with plainly(doing):
            answer = await self._client._send_to_controller(request)
        for user, code, message, _ in answer.results:
            if code == MISSING:
                raise NotFound(f"the Kafka cluster has no user {user} that comes in with SCRAM-SHA-512")
            _check(code, message, doing)


def _check(code: int, message: str | None, doing: str) -> None:
    if code:
        raise BrokerRefused(f"{doing}: the Kafka cluster says no: {message or for_code(code).__name__}")
