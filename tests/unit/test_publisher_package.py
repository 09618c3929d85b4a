"""The publisher's client is a package of its own: it asks for what it imports, no more, and imports nothing of the ledger."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOM = Path(__file__).parents[2] / "publisher"
PROJECT = tomllib.loads((ROOM / "pyproject.toml").read_text())["project"]


def imported() -> set[str]:
    """The names of the packages that its modules import."""
    found: set[str] = set()
    for path in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"publisher"}


def test_it_asks_for_what_it_imports() -> None:
    assert {wanted.partition(">")[0] for wanted in PROJECT["dependencies"]} == imported()


def test_its_wheel_holds_all_of_it_and_works_alone(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOM, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("publisher/")}
        archive.extractall(tmp_path / "installed")
    assert held == {f"publisher/{path.name}" for path in [*ROOM.glob("*.py"), ROOM / "py.typed"]}
    program = "import sys, publisher; print(publisher.__file__, *{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-P", "-W", "error", "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    place, *modules = done.stdout.split()
    assert place.startswith(str(tmp_path))
    assert not {"ledger", "streams", "web", "cli", "simulation"} & set(modules)
