#!/usr/bin/env bash
# Runs a command with a container engine at hand, if there can be one:  infra/docker/with-engine.sh COMMAND …
#
# An engine that answers is taken; else, as root with Debian's packages within reach, one is started for this command alone, in a
# folder of its own, that touches neither the firewall nor anybody else's containers. The command gets DOCKER_HOST and
# LEDGER_TEST_BROKER_IMAGE, which tests/kafka/conftest.py looks at. If there can be none, one line says why and the command runs
# all the same: every step here has a limit in time, and none of them makes the command fail.
#
#   LEDGER_TEST_CONTAINERS=no    do not even try
set -uo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
folder=""
engine=""
bridge=""
package="docker.""io"  # Debian's name for it, which is the name of a registry too

say() { printf '%s\n' "$*" >&2; }
answers() { timeout 10 docker info >/dev/null 2>&1; }

# The packages of an engine, where they can be had.
install() {
  command -v dockerd >/dev/null 2>&1 && command -v mmdebstrap >/dev/null 2>&1 && return
  command -v apt-get >/dev/null 2>&1 || return 1
  say "Installing a container engine with apt-get …"
  # Nothing is started by the packages themselves.
  DEBIAN_FRONTEND=noninteractive timeout 120 apt-get update -qq >/dev/null 2>&1
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -qq -y --no-install-recommends "$package" mmdebstrap >/dev/null 2>&1
}

start() {
  folder="$(mktemp -d)"
  # A bridge of its own: two engines on one bridge would give their containers the same addresses.
  bridge="ledger$$"
  timeout 10 ip link add name "$bridge" type bridge >"$folder/log" 2>&1 &&
    timeout 10 ip address add "172.29.$((RANDOM % 256)).1/24" dev "$bridge" >"$folder/log" 2>&1 || return 1
  export DOCKER_HOST="unix://$folder/docker.sock"
  # The kernel ends it with this script, whatever ends the script. Ports are published by its own process, not by the firewall.
  setpriv --pdeathsig KILL dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/pid" \
    --host "$DOCKER_HOST" --iptables=false --ip6tables=false --ip-forward=false --bridge "$bridge" --ip 127.0.0.1 >"$folder/log" 2>&1 &
  engine=$!
  for _ in $(seq 60); do
    kill -0 "$engine" 2>/dev/null || return 1
    [ -S "$folder/docker.sock" ] && answers && return
    sleep 0.5
  done
  return 1
}

stop() {
  [ -n "$folder" ] || return 0
  if [ -n "$engine" ]; then
    # What is left of an interrupted run, at once: an engine that is told to stop asks its containers first.
    timeout 20 docker ps --all --quiet 2>/dev/null | timeout 30 xargs --no-run-if-empty docker rm --force >/dev/null 2>&1
    kill "$engine" 2>/dev/null
    for _ in $(seq 80); do kill -0 "$engine" 2>/dev/null || break; sleep 0.25; done
    kill -KILL "$engine" 2>/dev/null
    wait "$engine" 2>/dev/null
  fi
  timeout 10 ip link delete "$bridge" 2>/dev/null
  # Never into something that is still mounted there.
  grep -q " $folder/" /proc/self/mounts || rm -rf --one-file-system "$folder"
}

prepare() {
  [ "${LEDGER_TEST_CONTAINERS:-}" != no ] || { why="LEDGER_TEST_CONTAINERS=no"; return 1; }
  if command -v docker >/dev/null 2>&1 && answers; then
    image="${KAFKA_IMAGE:-apache/kafka:4.3.1}"
    timeout 10 docker image inspect "$image" >/dev/null 2>&1 || timeout 300 docker pull --quiet "$image" >/dev/null 2>&1 ||
      { why="the engine cannot fetch $image"; return 1; }
  else
    [ "$(id -u)" = 0 ] || { why="no container engine answers, and only root can start one"; return 1; }
    install || { why="no container engine answers, and none could be installed"; return 1; }
    start || { why="a container engine does not start here: $(tail -n 1 "$folder/log" 2>/dev/null)"; return 1; }
    image=trajectory-ledger/kafka:4.3.1
    timeout 400 "$here/images.sh" kafka >"$folder/images.log" 2>&1 || { why="$(tail -n 1 "$folder/images.log")"; return 1; }
  fi
  timeout 60 docker run --rm --publish 127.0.0.1::9094 --entrypoint java "$image" -version >/dev/null 2>&1 || { why="containers do not run here"; return 1; }
  export LEDGER_TEST_BROKER_IMAGE="$image"
}

trap stop EXIT
unset LEDGER_TEST_BROKER_IMAGE
if prepare; then
  say "The tests on Kafka run on brokers from jars, and a part of them on a broker in a container ($LEDGER_TEST_BROKER_IMAGE) too."
else
  say "The tests on Kafka run on brokers from jars only: $why."
  [ -z "$folder" ] || unset DOCKER_HOST
fi
"$@"
