"""Brokers from jars, as processes of this machine: for tests and demonstrations, where no cluster is at hand.

``infra/setup.sh`` puts the jars (infra/kafka/pom.xml) into a cache folder outside the tree; Java 17 runs them. A cluster has
SCRAM users, ACLs and, if asked, TLS, so that what passes here passes on a real one.
"""

from __future__ import annotations

import base64
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path

from ledger.errors import BrokerUnavailable, UsageError
from streams.kafka.certificates import Certificates
from streams.kafka.connection import Cluster

INFRA = Path(__file__).parents[2] / "infra" / "kafka"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trajectory-ledger" / "kafka"
SUPERUSER = "ledger"
"""The user that may do everything; its password is among the users given."""
READY = b"Kafka Server started"
READY_SECONDS = 180.0
STOP_SECONDS = 5.0
"""After this a node is killed: the last one of a cluster has no quorum left to stop by."""
CLEAN = (0, 128 + signal.SIGTERM, -signal.SIGTERM)
_PDEATHSIG = 1
_SHARES, _SHARE = 200, 60
"""Shares of ports, and how many are in one."""


def java_command(heap: str = "384m") -> list[str]:
    """Java with the broker's classes.

    :raises UsageError: Java or the jars are missing; the sentence says how to get them.
    """
    java = shutil.which("java")
    if java is None:
        raise UsageError(
            "a broker needs Java 17 or newer and there is none: run 'make setup', "
            "or install it (Debian, Ubuntu: apt-get install openjdk-17-jre-headless maven)"
        )
    jars = sorted(str(jar) for jar in (CACHE / "jars").glob("*.jar"))
    if not any("kafka_2.13" in jar for jar in jars):
        raise UsageError(f"the broker's jars are not in {CACHE / 'jars'}: run 'make setup' (it needs Maven)")
    return [java, f"-Xmx{heap}", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", ":".join(jars)]


class Broker:
    """One node: broker and controller in one process."""

    def __init__(self, folder: Path, number: int, port: int, internal: int, controller: int, detour: int) -> None:
        self.folder = folder
        self.number = number
        self.port = port
        self.internal = internal
        self.controller = controller
        self.detour = detour
        """Where whoever passes on the bytes of clients that take the detour finds it."""
        self.directory_id = _id()
        self.log = folder / "broker.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._archive: Path | None = None

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start it; :meth:`wait` tells when it is ready."""
        command = java_command()
        archive = CACHE / "classes.jsa"
        if archive.exists():
            command[1:1] = [f"-XX:SharedArchiveFile={archive}", "-Xshare:auto", "-Xlog:disable", "-Xlog:all=error:stderr"]
        else:
            self._archive = self.folder / "classes.jsa"
            command[1:1] = [f"-XX:ArchiveClassesAtExit={self._archive}", "-Xlog:disable"]
        self.log.unlink(missing_ok=True)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  java and our own files
                [*command, "kafka.Kafka", str(self.folder / "broker.properties")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def wait(self, deadline: float) -> None:
        """Wait until it is ready. ``BrokerUnavailable`` with the end of its log when it dies or takes too long."""
        assert self._process is not None
        while READY not in self.log.read_bytes():
            if self._process.poll() is not None:
                raise BrokerUnavailable(f"broker {self.number} ended while starting: {self._last_words()}")
            if time.monotonic() > deadline:
                raise BrokerUnavailable(f"broker {self.number} is not ready after {READY_SECONDS:.0f} s: {self._last_words()}")
            time.sleep(0.02)

    def ask_to_stop(self) -> None:
        """Begin a clean stop."""
        if self.pid is not None:
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)

    def stop(self) -> None:
        """A clean stop."""
        if self._process is None or self._process.poll() is not None:
            return
        self.ask_to_stop()
        try:
            code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return
        if code in CLEAN and self._archive is not None and self._archive.exists():
            self._archive.replace(CACHE / "classes.jsa")

    def kill(self) -> None:
        """SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, e.g. SIGSTOP to pause it."""
        assert self._process is not None
        self._process.send_signal(number)

    def _last_words(self) -> str:
        return self.log.read_bytes()[-2000:].decode(errors="replace")


class BrokerCluster:
    """Some nodes. A context manager: entering formats (once) and starts them, leaving stops them."""

    def __init__(
        self,
        folder: Path,
        *,
        users: Mapping[str, str],
        nodes: int = 1,
        certificates: Certificates | None = None,
        detours: Sequence[int] = (),
    ) -> None:
        """``users`` are names with passwords, :data:`SUPERUSER` among them; ``certificates`` puts the clients' listener on TLS.

        ``detours`` are ports, one for each node, that clients may be sent to instead: something listens there and passes their bytes
        on to :attr:`Broker.detour`, and can be told not to.
        """
        self.folder = folder
        self.users = dict(users)
        self.certificates = certificates
        self._detours = list(detours)
        ports = free_ports(4 * nodes)
        self.brokers = [Broker(folder / f"node{n + 1}", n + 1, *ports[4 * n : 4 * n + 4]) for n in range(nodes)]
        self._id = _id()

    def __enter__(self) -> BrokerCluster:
        try:
            self.format()
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def servers(self) -> str:
        """Where clients find it."""
        return ",".join(f"127.0.0.1:{broker.port}" for broker in self.brokers)

    def cluster(self, user: str = SUPERUSER, *, detour: bool = False) -> Cluster:
        """How a user connects, by the detours if so asked."""
        ca = self.certificates.authority if self.certificates else None
        servers = ",".join(f"127.0.0.1:{port}" for port in self._detours) if detour else self.servers
        return Cluster(servers=servers, user=user, password=self.users[user], ca=ca)

    def format(self) -> None:
        """Write each node's properties and format its folder, unless it is formatted already."""
        for broker in self.brokers:
            if (broker.folder / "data" / "meta.properties").exists():
                continue
            broker.folder.mkdir(parents=True, exist_ok=True)
            (broker.folder / "broker.properties").write_text(self._properties(broker))
            quorum = (
                ["--standalone"]
                if len(self.brokers) == 1
                else ["--initial-controllers", ",".join(f"{b.number}@127.0.0.1:{b.controller}:{b.directory_id}" for b in self.brokers)]
            )
            users = [part for n, p in self.users.items() for part in ("-S", f"SCRAM-SHA-512=[name={n},password={p}]")]
            properties = str(broker.folder / "broker.properties")
            _run([*java_command("128m"), "kafka.tools.StorageTool", "format", "-t", self._id, "-c", properties, *quorum, *users])

    def start(self) -> None:
        """Start all nodes that do not run and wait until they are ready."""
        for broker in self.brokers:
            if broker.pid is None:
                broker.start()
        deadline = time.monotonic() + READY_SECONDS
        for broker in self.brokers:
            broker.wait(deadline)

    def stop(self) -> None:
        """Stop all nodes, together: one that is left alone has no quorum to stop by."""
        for broker in self.brokers:
            broker.ask_to_stop()
        for broker in self.brokers:
            broker.stop()

    def _properties(self, broker: Broker) -> str:
        common = (INFRA / "broker.properties").read_text()
        protocol = "SASL_SSL" if self.certificates else "SASL_PLAINTEXT"
        copies = min(3, len(self.brokers))
        least = 2 if copies == 3 else 1
        listeners = {"CLIENT": broker.port, "INTERNAL": broker.internal, "CONTROLLER": broker.controller}
        told = dict(listeners)
        if self._detours:
            listeners["DETOUR"] = broker.detour
            told["DETOUR"] = self._detours[broker.number - 1]
        del told["CONTROLLER"]
        lines = [
            common.replace("{client_protocol}", protocol).replace("{superuser}", SUPERUSER),
            f"node.id={broker.number}",
            f"log.dirs={broker.folder / 'data'}",
            "listeners=" + ",".join(f"{name}://127.0.0.1:{port}" for name, port in listeners.items()),
            "advertised.listeners=" + ",".join(f"{name}://127.0.0.1:{port}" for name, port in told.items()),
            "controller.quorum.bootstrap.servers=" + ",".join(f"127.0.0.1:{b.controller}" for b in self.brokers),
            *(
                f"{topic}.replication.factor={copies}"
                for topic in ("offsets.topic", "transaction.state.log", "share.coordinator.state.topic", "default")
            ),
            f"min.insync.replicas={least}",
            *(f"{topic}.min.isr={least}" for topic in ("transaction.state.log", "share.coordinator.state.topic")),
        ]
        if self.certificates is not None:
            for store, file in (("keystore", self.certificates.broker), ("truststore", self.certificates.authority)):
                lines += [f"listener.name.client.ssl.{store}.type=PEM", f"listener.name.client.ssl.{store}.location={file}"]
        return "\n".join(lines) + "\n"


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, timeout=READY_SECONDS, check=False)  # noqa: S603  java and our own files
    if done.returncode:
        raise BrokerUnavailable(f"a broker's folder could not be formatted: {(done.stdout + done.stderr)[-1000:].decode(errors='replace')}")


def _id() -> str:
    """A Kafka id: 16 random bytes, base64url without padding, not starting with a dash."""
    while True:
        made = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not made.startswith("-"):
            return made


def free_ports(count: int) -> list[int]:
    """Ports that are free and stay so while a node is down.

    They lie below those that the system gives to outgoing connections: a client that tries to reach a node that is down could else
    be given the node's own port, connect to itself, and keep the node from starting again. Each process looks in a share of its own.
    """
    try:
        highest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError):
        highest = 32_768
    first = max(highest - _SHARES * _SHARE, 1_024) + os.getpid() % _SHARES * _SHARE
    held: list[socket.socket] = []
    try:
        for port in range(first, first + _SHARE):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                one.close()
                continue
            held.append(one)
            if len(held) == count:
                return [bound.getsockname()[1] for bound in held]
        raise BrokerUnavailable(f"there are no {count} free ports between {first} and {first + _SHARE}: end what listens there")
    finally:
        for one in held:
            one.close()


def _die_with_parent() -> None:
    """What the child runs before it becomes the broker: ask the kernel to end it when this process dies."""
    ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
