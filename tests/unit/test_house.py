"""House rules that no other tool checks. What is forbidden is spelled in pieces here, so that this file passes itself."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("ledger", "streams", "web", "cli", "simulation", "publisher")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
MOST_LINES = 300
TABLES = {"simulation/marginals.py", "ledger/statements.py"}
"""Modules that are a table of figures: like code lists they may be longer."""
VIEW_TABLES = {"ledger/projection.py", "streams/postgres/views.py"}
"""Where the SQL of view tables is made: their names and columns come from the projections' rows."""

_STATEMENT = re.compile(
    r"^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\S+\s+as\s|create\s+(table|index|schema)\s|alter\s+table\s"
    r"|drop\s+(table|schema)\s|truncate\s)",
    re.IGNORECASE | re.DOTALL,
)
_HOSTS = [
    ".".join(parts)
    for parts in (
        ("py" + "pi", "org"),
        ("python" + "hosted", "org"),
        ("npm" + "js", "org"),
        ("npm" + "js", "com"),
        ("crates", "io/" + "api"),
        ("static", "crates", "io"),
        ("index", "crates", "io"),
        ("proxy", "golang", "org"),
        ("maven", "org"),
        ("maven", "apache", "org"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("docker", "io"),
    )
]
_PATHS = re.compile(
    "|".join([r"/(?:wo" + r"rk|fa" + r"rm)/[a-z.]", "/ro" + "ot/", "/ho" + r"me/[a-z]", "/Us" + r"ers/[A-Za-z]", r"\.py" + r"env/"])
)
_LOCAL_TLS = re.compile(r"ex" + r"tra-index|--index" + r"-url|--find" + r"-links[ =]")


def tracked() -> list[Path]:
    """Every file of the project, committed or about to be."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True, timeout=60)
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            found.append((str(path.relative_to(ROOT)), content.decode("utf-8", errors="replace")))
    return found


def test_no_file_names_a_package_registry_or_a_path_of_a_machine() -> None:
    wrong = []
    for name, text in texts():
        for number, line in enumerate(text.splitlines(), 1):
            hit = next((host for host in _HOSTS if host in line), None) or (m[0] if (m := _PATHS.search(line)) else None)
            if hit is not None:
                wrong.append(f"{name}:{number}: {hit}")
    assert wrong == []


def test_the_locks_name_no_index_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert not _LOCAL_TLS.search(lock)
    assert [line for line in lock.splitlines() if line.startswith("--")] == []
    assert [str(path) for path in tracked() if path.name == "package-lock.json" and '"resolved"' in path.read_text()] == []
    assert not (ROOT / "uv.lock").exists()


@pytest.mark.parametrize("room", ROOMS)
def test_modules_are_small_enough_to_read_in_one_go(room: str) -> None:
    sizes = {
        str(path.relative_to(ROOT)): path.read_text().count("\n")
        for path in MODULES
        if path.is_relative_to(ROOT / room) and "codes" not in path.parts and str(path.relative_to(ROOT)) not in TABLES
    }
    assert {name: lines for name, lines in sizes.items() if lines > MOST_LINES} == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT)) for path in MODULES if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_sql_lives_in_sql_files() -> None:
    found = []
    for path in MODULES:
        name = str(path.relative_to(ROOT))
        if name in VIEW_TABLES:
            continue
        tree = ast.parse(path.read_text())
        docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in docstrings
                and _STATEMENT.match(node.value)
            ):
                found.append(f"{name}:{node.lineno}: {node.value[:40]!r}")
    assert found == []


def test_every_query_says_what_it_is_for() -> None:
    silent = [str(path.relative_to(ROOT)) for path in tracked() if path.suffix == ".sql" and not path.read_text().lstrip().startswith("--")]
    assert silent == []


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    names = re.compile(r"util|helper|manager|common|misc", re.IGNORECASE)
    assert [str(path.relative_to(ROOT)) for path in MODULES if names.search(path.stem)] == []


def test_the_check_of_record_is_make_test() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100
