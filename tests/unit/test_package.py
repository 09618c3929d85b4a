"""The wheel holds everything that the ledger reads at run time, and nothing of the tests."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
READ_AT_RUN_TIME = {".sql", ".toml", ".html", ".css", ".js", ".svg", ".woff2", ".json", ".csv", ".txt"}


def test_the_wheel_is_complete(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    rooms = ("ledger", "streams", "web", "cli", "simulation")
    wanted = {
        str(path.relative_to(ROOT))
        for room in rooms
        for path in (ROOT / room).rglob("*")
        if path.is_file() and (path.suffix == ".py" or path.suffix in READ_AT_RUN_TIME)
    }
    assert wanted - names == set()
    assert {name.split("/")[0] for name in names if not name.startswith("trajectory_ledger-")} == set(rooms)
    assert any(name.endswith("licenses/LICENSE") for name in names)
