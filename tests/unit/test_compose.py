"""docker-compose.yml, the Dockerfile and the entry scripts, checked as far as that goes without a container engine."""

from __future__ import annotations

import itertools
import re
import subprocess
from pathlib import Path

import msgspec
import pytest
import yaml

from streams.kafka.topics import load_topics
from streams.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "infra" / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text()
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
BROKERS = ["kafka1", "kafka2", "kafka3"]
WORKERS = ["worker1", "worker2"]
SETTINGS = {PREFIX + field.name.upper() for field in msgspec.structs.fields(Settings)}
EXAMPLE = (DOCKER / "env.example").read_text()


def test_there_are_three_brokers_a_database_a_ledger_two_workers_and_a_web() -> None:
    assert set(SERVICES) == {"certificates", "postgres", *BROKERS, "topics", "ledger", *WORKERS, "web"}
    mounted = {v.partition(":")[0] for service in SERVICES.values() for v in service.get("volumes", []) if not v.startswith(".")}
    assert mounted == set(COMPOSE["volumes"])
    files = {v.split(":")[0] for service in SERVICES.values() for v in service.get("volumes", []) if v.startswith(".")}
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_each_waits_for_what_it_needs_and_is_given_only_settings_that_exist() -> None:
    waits = {name: {on: rule["condition"] for on, rule in service.get("depends_on", {}).items()} for name, service in SERVICES.items()}
    assert waits["topics"] == dict.fromkeys(BROKERS, "service_healthy")
    assert waits["ledger"] == {"postgres": "service_healthy", "topics": "service_completed_successfully"}
    assert waits["worker1"] == waits["worker2"] == waits["web"] == {"ledger": "service_healthy"}
    assert all(waits[name] == {"certificates": "service_completed_successfully"} for name in BROKERS)
    assert all("test" in SERVICES[name]["healthcheck"] for name in ("postgres", "ledger", "web", *BROKERS))
    for name in ("topics", "ledger", "web", *WORKERS):
        assert set(SERVICES[name]["environment"]) <= SETTINGS, name
    assert (ROOT / SERVICES["certificates"]["build"]["dockerfile"]).is_file()


def test_clients_of_the_brokers_come_in_by_tls_and_only_brokers_hold_their_key() -> None:
    for name in BROKERS:
        assert SERVICES[name]["environment"]["KAFKA_CERTIFICATE"] == "${KAFKA_CERTIFICATE-/certificates/broker.pem}"
        assert "certificates:/certificates:ro" in SERVICES[name]["volumes"]
    for name in ("topics", "ledger", *WORKERS):
        assert SERVICES[name]["environment"]["LEDGER_KAFKA_CA"] == "${KAFKA_CA-/authority/authority.pem}"
        assert "authority:/authority:ro" in SERVICES[name]["volumes"]
    holders = {name for name, service in SERVICES.items() if any(v.startswith("certificates:") for v in service.get("volumes", []))}
    assert holders == {"certificates", *BROKERS}
    command = SERVICES["certificates"]["command"]
    assert {host for option, host in itertools.pairwise(command) if option == "--host"} >= set(BROKERS)


def test_the_brokers_are_one_cluster_that_outlives_the_loss_of_one() -> None:
    given = [SERVICES[name]["environment"] for name in BROKERS]
    assert {one["KAFKA_NODES"] for one in given} == {",".join(f"{n}@kafka{n}" for n in (1, 2, 3))}
    assert [(one["KAFKA_NODE"], one["KAFKA_HOST"]) for one in given] == [("1", "kafka1"), ("2", "kafka2"), ("3", "kafka3")]
    topics = load_topics()
    assert (topics.replication, topics.in_sync) == (3, 2)
    users = set(re.findall(r"(\w+)=\$", given[0]["KAFKA_USERS"]))
    readers = {user for declared in topics.topics.values() for user in declared.read if "{" not in user}
    assert users == {"ledger", *readers} - {"auditor"}


def test_workers_and_the_web_only_read_the_keys() -> None:
    assert all("ledger:/data:ro" in SERVICES[name]["volumes"] for name in (*WORKERS, "web"))


def test_everything_is_published_on_this_machine_only_and_no_password_is_written_down() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert len(ports) == 5
    assert all(re.match(r"\$\{\w+:-127\.0\.0\.1\}:", port) for port in ports)
    secret = set(re.findall(r"\$\{(\w*PASSWORD)\b", TEXT))
    assert secret == {"LEDGER_DATABASE_PASSWORD", "LEDGER_KAFKA_PASSWORD", "WORKER_KAFKA_PASSWORD", "KAFKA_BROKER_PASSWORD"}
    assert all(f"${{{name}:?" in TEXT for name in secret)
    assert all(f"\n{name}=\n" in EXAMPLE for name in secret)


def test_the_example_names_only_what_the_file_reads_and_images_can_be_replaced() -> None:
    named = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)) - {"COMPOSE_PROJECT_NAME"}
    assert named <= set(re.findall(r"\$\{(\w+)", TEXT))
    images = {"KAFKA_IMAGE", "POSTGRES_IMAGE", "PYTHON_IMAGE"}
    said = subprocess.run([DOCKER / "images.sh", "--env"], capture_output=True, text=True, check=True, timeout=20).stdout
    assert {line.partition("=")[0] for line in said.splitlines()} == images
    assert all(f"${{{name}:-" in TEXT for name in images)


def test_the_image_copies_what_exists_and_does_not_run_as_root() -> None:
    sources = [word for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    rooms = re.findall(r'"(\w+)"', (re.search(r"^packages = (\[.+\])$", (ROOT / "pyproject.toml").read_text(), re.MULTILINE) or [""])[0])
    assert set(rooms) <= set(sources)
    assert re.search(r"^USER ledger$", DOCKERFILE, re.MULTILINE)
    assert set(re.findall(r"\bLEDGER_[A-Z_]+(?==)", DOCKERFILE)) <= SETTINGS


def test_what_a_link_in_the_rooms_leads_to_is_copied_too() -> None:
    links = [path for room in ("ledger", "streams", "web", "cli", "simulation") for path in (ROOT / room).rglob("*") if path.is_symlink()]
    outside = [str(path.resolve().relative_to(ROOT).parent) for path in links]
    assert [folder for folder in outside if f"COPY {folder} {folder}" not in DOCKERFILE] == []


@pytest.mark.parametrize("script", ["broker.sh", "images.sh", "postgres.sh", "user.sh", "with-engine.sh"])
def test_the_scripts_are_whole(script: str) -> None:
    shell = "bash" if "bash" in (DOCKER / script).read_text().partition("\n")[0] else "sh"
    subprocess.run([shell, "-n", DOCKER / script], check=True, timeout=20)


def test_a_broker_says_what_is_missing(tmp_path: Path) -> None:
    def said(**given: str) -> str:
        done = subprocess.run(
            ["sh", DOCKER / "broker.sh"], env={"PATH": "/usr/bin:/bin"} | given, capture_output=True, text=True, timeout=20
        )
        assert done.returncode == 1
        return done.stderr

    whole = {f"KAFKA_{name}": "x" for name in ("NODE", "HOST", "NODES", "CLUSTER", "SECRET")}
    (tmp_path / "broker.sh").write_text((DOCKER / "broker.sh").read_text().replace("data=/var/lib/kafka/data", f"data={tmp_path}"))
    done = subprocess.run(
        ["sh", tmp_path / "broker.sh"],
        env={"PATH": "/usr/bin:/bin", "KAFKA_CERTIFICATE": "/nowhere.pem", "KAFKA_USERS": "a=b"} | whole,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert (done.returncode, "KAFKA_CERTIFICATE is /nowhere.pem, which cannot be read" in done.stderr) == (1, True), done.stderr
    assert said(**whole) == "broker: KAFKA_USERS is not set\n"
    assert said(**whole, KAFKA_USERS="a=b c") == "broker: passwords and names are of letters, digits, '.', '_' and '-'\n"
