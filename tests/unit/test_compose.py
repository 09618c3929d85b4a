"""docker-compose.yml and the Dockerfile, checked as far as that goes without a container engine: shape, names and paths."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import yaml

from streams.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "infra" / "docker" / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SETTINGS = {PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)}


def test_compose_has_the_two_services_and_their_volumes() -> None:
    assert set(COMPOSE["services"]) == {"postgres", "ledger"}
    mounted = {volume.partition(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]}
    assert mounted == set(COMPOSE["volumes"])


def test_the_ledger_waits_for_a_healthy_database_and_is_given_only_settings_that_exist() -> None:
    ledger = COMPOSE["services"]["ledger"]
    assert ledger["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert "healthcheck" in COMPOSE["services"]["postgres"]
    assert set(ledger["environment"]) <= SETTINGS
    assert (ROOT / ledger["build"]["dockerfile"]).is_file()


def test_the_ledger_is_published_on_this_machine_only_and_no_password_is_written_down() -> None:
    assert COMPOSE["services"]["ledger"]["ports"] == ["127.0.0.1:8400:8400"]
    assert COMPOSE["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${LEDGER_DATABASE_PASSWORD:?")


def test_the_image_copies_what_exists_and_does_not_run_as_root() -> None:
    sources = [word for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert re.search(r"^USER ledger$", DOCKERFILE, re.MULTILINE)
    assert set(re.findall(r"\bLEDGER_[A-Z_]+(?==)", DOCKERFILE)) <= SETTINGS
