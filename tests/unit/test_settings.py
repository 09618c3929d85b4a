"""Settings: the command line over the environment over the file over the defaults, and every mistake named."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.errors import UsageError
from streams.settings import Settings, load


def test_the_defaults(tmp_path: Path) -> None:
    settings = load({"LEDGER_DATA": str(tmp_path)})
    assert settings == Settings(data=tmp_path)
    assert (settings.port, settings.batch_events, settings.database_url) == (8400, 5000, None)


def test_what_wins(tmp_path: Path) -> None:
    (tmp_path / "ledger.toml").write_text("port = 1\nbatch_events = 2\nqueue_events = 3\n")
    settings = load({"LEDGER_PORT": "10", "LEDGER_BATCH_EVENTS": "20", "PORT": "99"}, data=tmp_path, port=100, host=None)
    assert (settings.port, settings.batch_events, settings.queue_events, settings.host) == (100, 20, 3, "127.0.0.1")


@pytest.mark.parametrize(
    ("environment", "file", "said"),
    [
        ({"LEDGER_PORT": "eighty"}, "", r"LEDGER_PORT: setting port = 'eighty'"),
        ({}, "prot = 1", r"ledger\.toml: unknown setting 'prot'; known are"),
        ({}, "port = 'x'", r"ledger\.toml: setting port = 'x'"),
        ({}, "port = ", r"ledger\.toml is no TOML"),
        ({"LEDGER_BATCH_EVENTS": "0"}, "", r"batch_events must be at least 1"),
        ({"LEDGER_POOL_SIZE": "3"}, "", r"pool_size must be at least 4"),
        ({"LEDGER_PORT": "70000"}, "", r"port must be 0…65535"),
        ({"LEDGER_DATABASE_URL": "db.example/ledger"}, "", r"database_url is postgresql://"),
        ({"LEDGER_KAFKA_SERVERS": "kafka"}, "", r"kafka_servers is host:port"),
    ],
)
def test_mistakes_are_named_with_their_place(tmp_path: Path, environment: dict[str, str], file: str, said: str) -> None:
    (tmp_path / "ledger.toml").write_text(file)
    with pytest.raises(UsageError, match=said):
        load(environment, data=tmp_path)
