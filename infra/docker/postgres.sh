#!/bin/sh
# PostgreSQL of Debian's packages, started as the official image is: the same variables, the same volume.
set -eu
data=/var/lib/postgresql/15/docker
as() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
user="${POSTGRES_USER:-postgres}"
: "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}"

if [ ! -s "$data/PG_VERSION" ]; then
  mkdir -p "$data"
  chown -R postgres:postgres /var/lib/postgresql
  chmod 700 "$data"
  printf '%s\n' "$POSTGRES_PASSWORD" > /run/first-password
  chown postgres /run/first-password
  # shellcheck disable=SC2086  options are words
  as initdb -D "$data" -U "$user" --pwfile=/run/first-password --auth-host=scram-sha-256 --auth-local=peer -E UTF8 --locale=C.UTF-8 ${POSTGRES_INITDB_ARGS:-}
  rm /run/first-password
  echo 'host all all all scram-sha-256' >> "$data/pg_hba.conf"
  echo "CREATE DATABASE \"${POSTGRES_DB:-$user}\" OWNER \"$user\";" | as postgres --single -D "$data" postgres
fi
install -d -o postgres -g postgres /run/postgresql
[ "${1:-}" = postgres ] && shift
exec setpriv --reuid=postgres --regid=postgres --clear-groups postgres -D "$data" -c listen_addresses='*' "$@"
