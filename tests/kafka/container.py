"""A broker in a container: the same face as the brokers from jars, as far as tests that share one need it."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from ledger.errors import LedgerError
from streams.kafka.admin import Admin
from streams.kafka.broker import free_ports
from streams.kafka.certificates import Certificates
from streams.kafka.connection import Cluster

IMAGE = os.environ.get("LEDGER_TEST_BROKER_IMAGE")
"""The broker's image, when there is an engine to run it: ``infra/docker/with-engine.sh`` says so."""
INFRA = Path(__file__).parents[2] / "infra"
READY_SECONDS = 180.0
OUTSIDE = 9094


class ContainerBroker:
    """One node in a container, from the entry script and properties that docker-compose.yml uses too. A context manager."""

    def __init__(self, users: dict[str, str], certificates: Certificates | None = None) -> None:
        self.users = users
        self.certificates = certificates
        testcontainers_config.ryuk_disabled = True  # its image is not to be had everywhere; the context manager ends what it began
        [port] = free_ports(1)
        self.servers = f"127.0.0.1:{port}"
        self._container = DockerContainer(IMAGE or "", entrypoint=["/bin/sh", "/ledger/broker.sh"], user="0")
        self._container.ports[OUTSIDE] = ("127.0.0.1", port)  # type: ignore[assignment]
        for file in (INFRA / "docker" / "broker.sh", INFRA / "docker" / "user.sh", INFRA / "kafka" / "broker.properties"):
            self._container.with_volume_mapping(str(file), f"/ledger/{file.name}", "ro")
        for name, value in {
            "NODE": "1",
            "HOST": "localhost",
            "NODES": "1@localhost",
            "CLUSTER": "dGVzdHMgb24gY29udGFpbg",
            "SECRET": "between-brokers",
            "USERS": ",".join(f"{user}={password}" for user, password in users.items()),
            "OUTSIDE": self.servers,
            "JVM": "-Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        }.items():
            self._container.with_env(f"KAFKA_{name}", value)
        if certificates is not None:
            self._container.with_volume_mapping(str(certificates.broker), "/certificates/broker.pem", "ro")
            self._container.with_env("KAFKA_CERTIFICATE", "/certificates/broker.pem")

    def __enter__(self) -> Self:
        self._container.start()
        try:
            asyncio.run(self._ready())
        except BaseException:
            self._container.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._container.stop()

    def cluster(self, user: str = "ledger") -> Cluster:
        """How a user connects."""
        ca = None if self.certificates is None else self.certificates.authority
        return Cluster(servers=self.servers, user=user, password=self.users[user], ca=ca)

    def run(self, line: str) -> str:
        """Run a line of shell in the container and answer what it says; it must end well."""
        code, said = self._container.exec(["sh", "-c", line])
        assert code == 0, said.decode()
        return str(said.decode())

    def restart(self) -> None:
        """Stop it and start it again, on the same data."""
        self._container.get_wrapped_container().restart(timeout=20)
        asyncio.run(self._ready())

    async def _ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                async with Admin(self.cluster()) as admin:
                    await admin.topics([])
                return
            except LedgerError as error:
                if time.monotonic() > deadline:
                    out, err = self._container.get_logs()
                    raise AssertionError(f"the broker in the container is not ready: {error}: {(out + err)[-2000:].decode()}") from error
                await asyncio.sleep(0.2)
