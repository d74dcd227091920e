#!/usr/bin/env bash
# Stands in for the entry point of the image postgres:17, as far as docker-compose.yml uses it: as root it hands the data
# folder to PostgreSQL's own user; a first start makes the cluster, with the account, its password and its database.
set -euo pipefail
if [ "$(id -u)" = 0 ]; then
  chown -R postgres:postgres "$PGDATA" /var/run/postgresql
  chmod 700 "$PGDATA"
  # The secret is root's: it is read here, as the real one does it.
  POSTGRES_PASSWORD=$(cat "$POSTGRES_PASSWORD_FILE") exec setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --auth-host=scram-sha-256 >/dev/null
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" "$PGDATA/postgresql.conf"
  postgres --single -j template1 >/dev/null <<<"CREATE DATABASE \"$POSTGRES_DB\""
fi
unset POSTGRES_PASSWORD
exec "$@"
