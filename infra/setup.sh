#!/usr/bin/env bash
# Makes the environment of this project. Runs as often as you like; does nothing when all is up to date.
#
#   infra/setup.sh run     what the ledger itself needs: .venv with the locked packages
#   infra/setup.sh kafka   the same, and the broker of tests and demonstrations (Java, Maven, its jars)
#   infra/setup.sh all     the same, and what the tests need beyond Python: Chromium, curl, kcat, Node.js for one check,
#                          Java and Maven for the broker; with Go, tools that check the log from outside
set -euo pipefail
cd "$(dirname "$0")/.."
scope="${1:-all}"

say() { printf '%s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }
is_python() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
installs_packages() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3 python3.11 python3.12 python3.13 python3.14 python; do
    if command -v "$candidate" >/dev/null 2>&1 && is_python "$candidate"; then command -v "$candidate"; return; fi
  done
  fail "no Python 3.11 or newer found. Install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make setup PYTHON=/path/to/python3.11"
}

make_venv() {
  local python
  if [ -x .venv/bin/python ] && is_python .venv/bin/python; then return; fi
  python="$(find_python)"
  "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
    fail "$python cannot make a virtual environment. Install its venv module (Debian, Ubuntu: apt-get install python3-venv) and run make setup again"
  say "Making .venv with $("$python" --version) …"
  rm -rf .venv
  "$python" -m venv .venv
}

install_packages() {
  local wanted stamp=.venv/installed
  wanted="$(cat requirements.lock pyproject.toml .venv/pyvenv.cfg | cksum)"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && [ -x .venv/bin/ledger ]; then return; fi
  say "Installing the locked packages into .venv (a minute or so the first time) …"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock ||
    fail "the packages could not be installed. Check the network or your package index and run make setup again; what was installed stays"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable . ||
    fail "the project itself could not be installed into .venv; the message above says why"
  printf '%s\n' "$wanted" > "$stamp"
}

apt_install() {
  say "Installing $* with apt-get …"
  DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null &&
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null ||
    fail "apt-get could not install $*. Install it by hand and run make setup again"
}

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

browser() {
  if find_chromium >/dev/null; then return; fi
  if installs_packages; then apt_install chromium fonts-dejavu-core; return; fi
  fail "the tests of the pages need Chromium. Install it (Debian, Ubuntu: sudo apt-get install chromium) and run make setup again"
}

guide_command() {
  if command -v "$1" >/dev/null 2>&1; then return; fi
  if installs_packages; then apt_install "$1"; return; fi
  fail "the tests of the how-to guides need $1. Install it (Debian, Ubuntu: sudo apt-get install $1) and run make setup again"
}

checkers() {
  checker tests/asyncapi "the AsyncAPI parser"
  checker tests/accessibility "axe, which checks the pages for accessibility"
}

checker() {
  local folder="$1" name="$2" wanted
  [ -f "$folder/package-lock.json" ] || return 0
  if ! command -v npm >/dev/null 2>&1; then
    if installs_packages; then apt_install nodejs npm
    else fail "the tests need Node.js with npm for $name. Install them (Debian, Ubuntu: sudo apt-get install nodejs npm) and run make setup again"; fi
  fi
  wanted="$(cat "$folder/package.json" "$folder/package-lock.json" | cksum)"
  if [ -f "$folder/node_modules/installed" ] && [ "$(cat "$folder/node_modules/installed")" = "$wanted" ]; then return; fi
  say "Installing $name …"
  (cd "$folder" && npm ci --silent --no-audit --no-fund --ignore-scripts) || fail "npm could not install $name in $folder; check the network and run make setup again"
  printf '%s\n' "$wanted" > "$folder/node_modules/installed"
}

broker_jars() {
  local folder="${XDG_CACHE_HOME:-$HOME/.cache}/trajectory-ledger/kafka" wanted
  if ! command -v java >/dev/null 2>&1 || ! command -v mvn >/dev/null 2>&1; then
    if installs_packages; then apt_install openjdk-17-jre-headless maven
    else fail "the tests on Kafka need Java 17 and Maven. Install them (Debian, Ubuntu: sudo apt-get install openjdk-17-jre-headless maven) and run make setup again"; fi
  fi
  wanted="$(cksum < infra/kafka/pom.xml)"
  if [ -f "$folder/installed" ] && [ "$(cat "$folder/installed")" = "$wanted" ]; then return; fi
  say "Fetching the Kafka broker's jars with Maven (54 MB) …"
  rm -rf "$folder"
  mkdir -p "$folder"
  mvn -q -B -f infra/kafka/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$folder/jars" >"$folder/maven.log" 2>&1 ||
    fail "Maven could not fetch the broker's jars; $folder/maven.log says why. Check the network and run make setup again"
  printf '%s\n' "$wanted" > "$folder/installed"
}

outside_tools() {
  # Tools that are not ours check the log in tests. Without Go there are no such tests.
  command -v go >/dev/null 2>&1 || return 0
  say "Building the tools that check the log from outside …"
  (cd tests/outside && GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0 go build -mod=readonly -buildvcs=false -o /dev/null ./logcheck &&
    GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0 go build -mod=readonly -buildvcs=false -o /dev/null github.com/transparency-dev/tessera/cmd/fsck) ||
    fail "the tools of tests/outside could not be built with Go. Check the network or your module proxy and run make setup again"
}

case "$scope" in
  run) make_venv; install_packages ;;
  kafka) make_venv; install_packages; broker_jars ;;
  all) make_venv; install_packages; browser; guide_command curl; guide_command kcat; checkers; broker_jars; outside_tools ;;
  *) fail "unknown scope '$scope': say 'run', 'kafka' or 'all'" ;;
esac
