"""All measurements, each in a process of its own: ``make bench``. Name some to run only those: python -m benchmarks fold."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def main(chosen: list[str]) -> int:
    """Run the measurements; 1 when one of them failed or broke its bound."""
    known = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
    if unknown := [name for name in chosen if name not in known]:
        print(f"benchmarks: no measurement {unknown[0]!r}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores", flush=True)
    failed = []
    for name in chosen or known:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=FOLDER.parent, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nFailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
