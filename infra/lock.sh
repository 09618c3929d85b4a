#!/usr/bin/env bash
# Makes requirements.lock from pyproject.toml: every package pinned, with hashes, for Python 3.11 and newer, for any platform.
# The resolver lives in a throw-away environment; the lock names no package index.
set -euo pipefail
cd "$(dirname "$0")/.."
tool="$(mktemp -d)"
trap 'rm -rf "$tool"' EXIT
.venv/bin/python -m venv "$tool/venv"
"$tool/venv/bin/python" -m pip install --quiet --disable-pip-version-check uv
"$tool/venv/bin/uv" pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 \
  --no-header --no-emit-index-url --no-emit-find-links --quiet "$@" -o requirements.lock
if grep -nE '^--|://' requirements.lock; then echo "requirements.lock names an index or an address (above); it must not" >&2; exit 1; fi
