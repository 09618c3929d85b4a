#!/usr/bin/env bash
# Makes the images that docker-compose.yml and the tests start from, on a machine that reaches Debian's packages and no registry
# of images. With a registry none of this is needed: the official images are taken.
#
#   infra/docker/images.sh kafka | postgres | python …     makes them, and loads them into the engine of DOCKER_HOST
#   infra/docker/images.sh --env                           prints the variables for docker-compose.yml
#
# It asks for root, mmdebstrap (Debian: apt-get install mmdebstrap) and, for kafka, the broker's jars (infra/setup.sh kafka).
# What it makes is kept in the user's cache folder; LEDGER_IMAGE_CACHE names another.
set -euo pipefail
cd "$(dirname "$0")/../.."
suite=bookworm
cache="${LEDGER_IMAGE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/trajectory-ledger/images}"
jars="${XDG_CACHE_HOME:-$HOME/.cache}/trajectory-ledger/kafka/jars"
kafka=trajectory-ledger/kafka:4.3.1 postgres=trajectory-ledger/postgres:15 python=trajectory-ledger/python:3.11

fail() { printf 'images: %s\n' "$*" >&2; exit 1; }

# The root of an image as a tar: packages, then what is done inside it.
root() {
  local name="$1" packages="$2" key made
  shift 2
  key="$(printf '%s\n' "$suite" "$packages" "$@" | cat - infra/kafka/pom.xml infra/docker/postgres.sh | cksum | tr ' ' '-')"
  made="$cache/$name-$key.tar"
  if [ ! -s "$made" ]; then
    command -v mmdebstrap >/dev/null 2>&1 || fail "it needs mmdebstrap (Debian, Ubuntu: apt-get install mmdebstrap)"
    [ "$(id -u)" = 0 ] || fail "only root can make an image from packages"
    mkdir -p "$cache"
    rm -f "$cache/$name"-*
    mmdebstrap --quiet --mode=root --format=tar --variant=essential --include="$packages" --aptopt='Acquire::Languages "none"' \
      --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' "$@" "$suite" "$made.part" >"$cache/$name.log" 2>&1 ||
      fail "the packages for $name could not be put together; $cache/$name.log says why"
    mv "$made.part" "$made"
  fi
  printf '%s' "$made"
}

make_image() {
  local from
  case "$1" in
    kafka)
      ls "$jars"/kafka_2.13-*.jar >/dev/null 2>&1 || fail "the broker's jars are not there: run infra/setup.sh kafka"
      from="$(root kafka openjdk-17-jre-headless --customize-hook='mkdir -p "$1/opt/kafka/libs" "$1/var/lib/kafka/data"' \
        --customize-hook="cp $jars/*.jar \"\$1/opt/kafka/libs/\"" \
        --customize-hook='echo kafka:x:1000:1000::/tmp:/bin/sh >> "$1/etc/passwd"; echo kafka:x:1000: >> "$1/etc/group"' \
        --customize-hook='chown 1000:1000 "$1/var/lib/kafka/data"')"
      docker import --change 'USER 1000' --change 'VOLUME /var/lib/kafka/data' "$from" "$kafka" >/dev/null ;;
    postgres)
      from="$(root postgres postgresql-15 --customize-hook='copy-in infra/docker/postgres.sh /usr/local/bin')"
      docker import --change 'ENTRYPOINT ["/bin/sh", "/usr/local/bin/postgres.sh"]' --change 'CMD ["postgres"]' \
        --change 'ENV PATH=/usr/lib/postgresql/15/bin:/usr/bin:/bin:/usr/sbin:/sbin' --change 'VOLUME /var/lib/postgresql' "$from" "$postgres" >/dev/null ;;
    python)
      # With the certificates that this machine trusts: the packages come through the same network.
      from="$(root python python3,python3-venv,ca-certificates,passwd,tzdata,libstdc++6 --customize-hook='ln -s /usr/bin/python3 "$1/usr/local/bin/python"' \
        --customize-hook='cp /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/ca-certificates.crt"')"
      docker import --change 'ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt' --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' \
        "$from" "$python" >/dev/null ;;
    *) fail "unknown image '$1': kafka, postgres or python" ;;
  esac
}

if [ "${1:-}" = --env ]; then
  printf 'KAFKA_IMAGE=%s\nPOSTGRES_IMAGE=%s\nPYTHON_IMAGE=%s\n' "$kafka" "$postgres" "$python"
  exit
fi
[ $# -gt 0 ] || fail "say which: kafka, postgres, python"
for one in "$@"; do make_image "$one"; done
