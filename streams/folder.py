"""The data folder: its format, its lock and its keys.

FORMAT            the version of this layout
MODE              ordinary or sandbox, chosen when the folder is made
lock              held by the one ledger that uses the folder
keys/             master.key, pseudonym.key and log.key, readable by their owner alone
postgres/ …       the embedded database (streams.postgres.server)
"""

from __future__ import annotations

import fcntl
import os
import secrets
from enum import StrEnum
from pathlib import Path

from ledger.errors import AlreadyRunning, DataFolderError
from ledger.identity import SANDBOX_PSEUDONYM_KEY
from ledger.transparency.note import SEED_BYTES
from streams.durable import draft_of, write_durably
from streams.keys import Keys

FORMAT = 1
LOG_KEY = "log.key"
LASTING_KEY = "lasting.key"
"""What the first master key gave to entries that never change; it is there once the master key was rotated."""
LASTING_BYTES = 64
NEXT_KEY = "master.next"
"""The new master key, as long as it takes over from the old one."""
_BEFORE_FORMAT = frozenset({"lock", "keys", "MODE", "ledger.toml", *(draft_of(Path(name)).name for name in ("MODE", "FORMAT"))})
"""What may stand in a folder that is not made yet, or was being made when the power went."""


class Mode(StrEnum):
    """What kind of ledger this is. It never changes."""

    ORDINARY = "ordinary"
    """Real feeds: publishers' own tokens, the system's clock."""
    SANDBOX = "sandbox"
    """Simulated feeds: events carry their own ``admittedat``, anybody publishes for everybody."""


class DataFolder:
    """An opened data folder. With ``lock`` it is held until :meth:`close`, or until the process ends in whatever way."""

    def __init__(self, path: Path, mode: Mode, keys: Keys, lock: int | None) -> None:
        self.path = path
        self.mode = mode
        self.keys = keys
        self._lock = lock

    @classmethod
    def open(cls, path: Path, mode: Mode | None = None, *, lock: bool = True, rotating: bool = False) -> DataFolder:
        """Open the folder; with ``lock``, making it (as ``mode``, by default ordinary) when it is new or empty.

        ``rotating``: to finish a rotation of the master key that was cut off; else such a folder is not opened.

        :raises AlreadyRunning: another ledger holds it.
        :raises DataFolderError: no ledger there (without ``lock``), another format, another mode than asked for, keys missing,
            or not writable.
        """
        path = path.absolute()
        if not lock and not (path / "FORMAT").exists():
            raise DataFolderError(f"there is no ledger in {path}: name its data folder with --data, or start one with ledger up")
        try:
            if path.exists():
                _check_format(path)  # before anything is written: a folder that is not ours is left as it was
            path.mkdir(parents=True, exist_ok=True)
            held = _hold(path) if lock else None
        except OSError as error:
            raise DataFolderError(f"the data folder {path} cannot be used: {error.strerror}; name another with --data") from error
        try:
            _check_format(path)
            if not (path / "FORMAT").exists():
                _make(path, mode or Mode.ORDINARY)
            if lock:
                _give_log_key(path)
            found = Mode((path / "MODE").read_text().strip())
            if mode is not None and mode is not found:
                raise DataFolderError(
                    f"{path} holds {'a sandbox' if found is Mode.SANDBOX else 'an ordinary ledger'}, which is not what was asked for: "
                    f"leave the flag out, or name another folder with --data"
                )
            if not rotating and (path / "keys" / NEXT_KEY).exists():
                raise DataFolderError(
                    f"the master key of {path} is being rotated, or that was cut off: finish it with ledger keys rotate --data {path}"
                )
            return cls(path, found, _keys(path), held)
        except BaseException:
            if held is not None:
                os.close(held)
            raise

    def close(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> DataFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _hold(path: Path) -> int:
    handle = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
        os.close(handle)
        raise AlreadyRunning(
            f"a ledger already runs on {path} (process {holder}): use that one, stop it first, or name another folder with --data"
        ) from None
    os.truncate(handle, 0)
    os.write(handle, f"{os.getpid()}\n".encode())
    return handle


def _check_format(path: Path) -> None:
    marker = path / "FORMAT"
    if marker.exists():
        found = marker.read_text().strip()
        if found != str(FORMAT):
            raise DataFolderError(
                f"{path} has data format {found or 'nothing'}, this version of the ledger reads {FORMAT}: "
                f"start it with the version that made it, or name another folder with --data"
            )
        return
    strangers = sorted(item.name for item in path.iterdir() if item.name not in _BEFORE_FORMAT)
    if strangers:
        raise DataFolderError(
            f"{path} is no data folder of the ledger and is not empty (it holds {', '.join(strangers[:3])}): "
            f"name an empty or new folder with --data"
        )


def _make(path: Path, mode: Mode) -> None:
    """FORMAT is written last: a folder that was being made when the power went is made again."""
    keys = path / "keys"
    keys.mkdir(mode=0o700, exist_ok=True)
    for name, content in (
        ("master.key", secrets.token_bytes(32)),
        ("pseudonym.key", SANDBOX_PSEUDONYM_KEY if mode is Mode.SANDBOX else secrets.token_bytes(32)),
    ):
        # Keys that somebody put there from a backup are the ledger's; only a file that was being written is written again.
        if not (keys / name).exists() or (keys / name).stat().st_size < 32:
            write_durably(keys / name, content)
    write_durably(path / "MODE", f"{mode}\n".encode())
    write_durably(path / "FORMAT", f"{FORMAT}\n".encode())


def _give_log_key(path: Path) -> None:
    """Make the key that signs checkpoints, in a new folder and in one of before there were any. The ledger itself notices a lost one."""
    file = path / "keys" / LOG_KEY
    if file.parent.is_dir() and (not file.exists() or file.stat().st_size < SEED_BYTES):
        write_durably(file, secrets.token_bytes(SEED_BYTES))


def _keys(path: Path) -> Keys:
    try:
        master, pseudonym = ((path / "keys" / name).read_bytes() for name in ("master.key", "pseudonym.key"))
    except OSError as error:
        raise DataFolderError(
            f"the keys of this ledger are missing ({error.filename}): without them nothing sealed can be read; "
            f"restore {path / 'keys'} from its backup"
        ) from error
    if len(master) != 32 or len(pseudonym) < 32:
        raise DataFolderError(f"the keys in {path / 'keys'} are damaged: restore them from their backup")
    try:
        log = (path / "keys" / LOG_KEY).read_bytes()
    except FileNotFoundError:
        log = None  # a folder of before there were checkpoints, that is read and not run
    if log is not None and len(log) != SEED_BYTES:
        raise DataFolderError(f"{path / 'keys' / LOG_KEY} is damaged: restore it from its backup")
    lasting = _bytes_of(path / "keys" / LASTING_KEY, LASTING_BYTES)
    return Keys(master, pseudonym, log, lasting)


def _bytes_of(file: Path, length: int) -> bytes | None:
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    if len(content) != length:
        raise DataFolderError(f"{file} is damaged: restore it from its backup")
    return content
