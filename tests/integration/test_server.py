"""The embedded server: every way to begin, to die and to come back."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from ledger.errors import DataFolderError, StoreFull, StoreUnavailable
from streams.postgres import cluster
from streams.postgres.server import EmbeddedPostgres

QUICK = {"fsync": "off"}


@pytest.fixture
def server(data_folder: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(data_folder, options=QUICK) as started:
        yield started


def ask(server: EmbeddedPostgres, statement: str = "SELECT 1") -> object:
    async def go() -> object:
        connection = await asyncpg.connect(server.dsn)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(go())


def kill(server: EmbeddedPostgres) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    while server.running:
        time.sleep(0.001)


def test_it_listens_on_a_socket_alone(server: EmbeddedPostgres) -> None:
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SHOW synchronous_commit") == "on"
    assert server.pid is not None
    assert psutil.Process(server.pid).uids().real != 0


def test_what_was_written_is_there_after_a_stop(server: EmbeddedPostgres) -> None:
    ask(server, "CREATE TABLE kept AS SELECT 42 AS n")
    server.stop()
    assert not server.running
    server.stop()
    server.start()
    assert ask(server, "SELECT n FROM kept") == 42


def test_it_recovers_from_a_kill_at_any_time(server: EmbeddedPostgres) -> None:
    ask(server, "CREATE TABLE kept (n integer)")
    for n in range(3):
        ask(server, f"INSERT INTO kept VALUES ({n})")
        kill(server)
        server.start()
    assert ask(server, "SELECT count(*) FROM kept") == 3


def test_a_stale_pid_file_is_not_believed(server: EmbeddedPostgres, data_folder: Path) -> None:
    kill(server)
    pidfile = data_folder / "postgres" / "postmaster.pid"
    lines = pidfile.read_text().splitlines()
    with subprocess.Popen(["sleep", "60"]) as stranger:
        pidfile.write_text("\n".join([str(stranger.pid), *lines[1:]]))
        (data_folder / "socket" / ".s.PGSQL.5432.lock").write_text(pidfile.read_text())
        server.start()
        stranger.kill()
    assert ask(server) == 1


def test_a_server_that_was_left_behind_is_replaced(server: EmbeddedPostgres, data_folder: Path) -> None:
    ask(server, "CREATE TABLE kept AS SELECT 42 AS n")
    with EmbeddedPostgres(data_folder, options=QUICK) as second:
        assert not server.running
        assert ask(second, "SELECT n FROM kept") == 42


@pytest.mark.skipif(sys.platform != "linux", reason="other systems leave the server running; the next start replaces it")
def test_it_dies_with_the_ledger(data_folder: Path) -> None:
    code = f"""
        from pathlib import Path
        from streams.postgres.server import EmbeddedPostgres
        server = EmbeddedPostgres(Path({str(data_folder)!r}), options={QUICK!r})
        server.start()
        print(server.pid, flush=True)
        input()
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as ledger:
        assert ledger.stdout is not None
        pid = int(ledger.stdout.readline())
        assert psutil.pid_exists(pid)
        ledger.kill()
    deadline = time.monotonic() + 60
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_start_that_was_cut_off_begins_anew(data_folder: Path) -> None:
    (data_folder / "postgres.new").mkdir(parents=True)
    (data_folder / "postgres.new" / "PG_VERSION").write_text("18\n")
    (data_folder / "postgres").mkdir()
    with EmbeddedPostgres(data_folder, options=QUICK) as server:
        assert ask(server) == 1


def test_a_path_too_long_for_a_socket_or_odd(data_folder: Path) -> None:
    home = data_folder / ("long" * 25) / "with space & more é"
    with EmbeddedPostgres(home, options=QUICK) as server:
        assert ask(server) == 1
        sockets = Path(server.dsn.split("host=")[1].split("&")[0])
        assert home not in sockets.parents
    assert not sockets.exists()


def test_a_database_of_another_version(data_folder: Path) -> None:
    (data_folder / "postgres").mkdir(parents=True)
    (data_folder / "postgres" / "PG_VERSION").write_text("17\n")
    with pytest.raises(DataFolderError, match=r"made by PostgreSQL 17.*brings 18"):
        EmbeddedPostgres(data_folder).start()


def test_a_folder_with_something_else_in_it(data_folder: Path) -> None:
    (data_folder / "postgres").mkdir(parents=True)
    (data_folder / "postgres" / "holiday.jpg").touch()
    with pytest.raises(DataFolderError, match="PG_VERSION is missing"):
        EmbeddedPostgres(data_folder).start()


def test_a_server_that_does_not_start_says_why(data_folder: Path) -> None:
    with pytest.raises(StoreUnavailable, match="no_such_setting"):
        EmbeddedPostgres(data_folder, options={**QUICK, "no_such_setting": "1"}).start()


def test_a_full_disk_is_said_plainly(data_folder: Path) -> None:
    error = cluster.failure(data_folder, "initdb: error: could not write file: No space left on device")
    assert isinstance(error, StoreFull)
    assert "make room" in str(error)
