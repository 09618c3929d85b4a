"""The data folder: made once, held by one ledger, refused when it is another's."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ledger.errors import AlreadyRunning, DataFolderError
from ledger.identity import SANDBOX_PSEUDONYM_KEY
from streams.folder import DataFolder, Mode


def test_it_is_made_and_opened_again_with_the_same_keys(tmp_path: Path) -> None:
    home = tmp_path / "new" / "data"
    with DataFolder.open(home) as made:
        assert made.mode is Mode.ORDINARY
        assert made.keys.pseudonym != SANDBOX_PSEUDONYM_KEY
        assert repr(made.keys) == "Keys(…)"
    with DataFolder.open(home, Mode.ORDINARY) as again:
        assert (again.keys.check, again.keys.digest, again.keys.pseudonym) == (made.keys.check, made.keys.digest, made.keys.pseudonym)
    assert stat.S_IMODE((home / "keys" / "master.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((home / "keys").stat().st_mode) == 0o700


def test_a_sandbox_has_the_pseudonym_key_that_everybody_knows(tmp_path: Path) -> None:
    with DataFolder.open(tmp_path, Mode.SANDBOX) as folder:
        assert folder.keys.pseudonym == SANDBOX_PSEUDONYM_KEY
    with DataFolder.open(tmp_path) as again:
        assert again.mode is Mode.SANDBOX
    with pytest.raises(DataFolderError, match="holds a sandbox"):
        DataFolder.open(tmp_path, Mode.ORDINARY)


def test_one_ledger_holds_it(tmp_path: Path) -> None:
    with DataFolder.open(tmp_path):
        with pytest.raises(AlreadyRunning, match=rf"already runs on .* \(process {os.getpid()}\)"):
            DataFolder.open(tmp_path)
        with DataFolder.open(tmp_path, lock=False) as reader:
            assert reader.mode is Mode.ORDINARY
    with DataFolder.open(tmp_path):
        pass


def test_a_killed_ledger_lets_go(tmp_path: Path) -> None:
    code = f"""
        from pathlib import Path
        from streams.folder import DataFolder
        folder = DataFolder.open(Path({str(tmp_path)!r}))
        print("held", flush=True)
        input()
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning):
            DataFolder.open(tmp_path)
        holder.kill()
    with DataFolder.open(tmp_path):
        pass


def test_a_folder_of_another_format(tmp_path: Path) -> None:
    with DataFolder.open(tmp_path):
        pass
    (tmp_path / "FORMAT").write_text("2\n")
    with pytest.raises(DataFolderError, match="data format 2, this version of the ledger reads 1"):
        DataFolder.open(tmp_path)


def test_a_folder_with_something_else_in_it(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(DataFolderError, match=r"not empty \(it holds holiday.jpg\)"):
        DataFolder.open(tmp_path)


def test_a_reader_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(DataFolderError, match="there is no ledger"):
        DataFolder.open(tmp_path / "typo", lock=False)
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize("content", [None, b"short"])
def test_keys_that_are_gone_or_damaged(tmp_path: Path, content: bytes | None) -> None:
    with DataFolder.open(tmp_path):
        pass
    key = tmp_path / "keys" / "master.key"
    key.unlink()
    if content is not None:
        key.write_bytes(content)
    with pytest.raises(DataFolderError, match="backup"):
        DataFolder.open(tmp_path)


def test_a_folder_that_was_half_made_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master.key").write_bytes(b"half")
    with DataFolder.open(tmp_path) as folder:
        assert folder.mode is Mode.ORDINARY


def test_a_folder_whose_making_is_cut_off_at_any_file_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a kill does it: the file that was being written was opened, and nothing stands in it yet."""
    fdopen, left = os.fdopen, 0

    def perhaps(*arguments: object, **named: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            os.close(arguments[0])  # type: ignore[arg-type]
            raise _Killed
        return fdopen(*arguments, **named)  # type: ignore[call-overload]

    cuts = 0
    for place in range(20):
        home = tmp_path / str(place)
        left = place
        with monkeypatch.context() as patch:
            patch.setattr(os, "fdopen", perhaps)
            try:
                DataFolder.open(home, Mode.SANDBOX).close()
            except _Killed:
                cuts += 1
            else:
                break
        with DataFolder.open(home, Mode.SANDBOX) as made:
            assert made.mode is Mode.SANDBOX
    assert cuts == 5, "two keys, MODE, FORMAT, and the key of the log"


class _Killed(Exception):
    """Stands for the end of the process."""


def test_a_path_that_cannot_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderError, match="cannot be used"):
        DataFolder.open(tmp_path / "file" / "data")
