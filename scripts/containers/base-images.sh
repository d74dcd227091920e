#!/usr/bin/env bash
# Makes what stands in for the base images that Dockerfile, docker/tor and docker-compose.yml name, for tests where no
# registry of images can be reached: base-images.sh NODE-BINARY NPM-FOLDER, with DOCKER_HOST. They are Debian as
# debootstrap makes it, with what our files use of the real ones. Takes two minutes, the first time.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
node=$1
npm=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

has() { docker image inspect "$1" >/dev/null 2>&1; }
# RELEASE IMAGE PACKAGE…
debian() {
  local packages
  packages=$(IFS=,; echo "ca-certificates${*:3}")
  debootstrap --variant=minbase --include="$packages" "$1" "$work/$1" >"$work/log" || { tail "$work/log" >&2; exit 1; }
  # Whoever reaches npm and Debian through certificates of their own does so in a build, too.
  cp /etc/ssl/certs/ca-certificates.crt "$work/$1/etc/ssl/certs/ca-certificates.crt"
  tar -C "$work/$1" -c . | docker import - "$2" >/dev/null
  rm -rf "${work:?}/$1"
}
# IMAGE FOLDER, a Dockerfile on standard input.
build() { docker build -q --network none -t "$1" -f - "$2" >/dev/null; }

if ! has debian:bookworm-slim; then debian bookworm debian:bookworm-slim; fi
if ! has node:24-bookworm-slim; then
  mkdir -p "$work/node/local/bin" "$work/node/local/lib/node_modules"
  cp -L "$node" "$work/node/local/bin/node"
  cp -rL "$npm" "$work/node/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/node/local/bin/npm"
  build node:24-bookworm-slim "$work/node" <<'END'
FROM debian:bookworm-slim
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
COPY local /usr/local
CMD ["node"]
END
fi
if ! has postgres:17; then
  # The release with PostgreSQL 17.
  debian trixie bongsu-postgres-base ,postgresql-17
  build postgres:17 "$here" <<'END'
FROM bongsu-postgres-base
# User and folders as in the real image.
RUN usermod -u 999 postgres && groupmod -g 999 postgres && rm -rf /var/lib/postgresql && \
  install -d -o postgres -g postgres /var/lib/postgresql /var/run/postgresql && \
  install -d -o postgres -g postgres -m 700 /var/lib/postgresql/data
COPY postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/17/bin PGDATA=/var/lib/postgresql/data
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
END
fi
