#!/usr/bin/env bash
# Installs Docker's engine and Compose from Debian's packages, unless they are there; debootstrap makes the stand-ins of
# the base images. Where systemd runs, the package starts an engine of its own, which the tests do not use. Exits 1, and
# says why, where they cannot be installed.
set -euo pipefail
PACKAGES=(docker.io docker-compose debootstrap)
if ! command -v apt-get >/dev/null; then echo 'Containers: no apt-get here' >&2; exit 1; fi
if [ "$(id -u)" != 0 ]; then echo 'Containers: an engine of their own needs root' >&2; exit 1; fi
is_there() { dpkg-query -W "${PACKAGES[@]}" >/dev/null 2>&1; }
if is_there; then exit 0; fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null || echo 'Containers: the list of packages may be old' >&2
apt-get install -q -y --no-install-recommends "${PACKAGES[@]}" >/dev/null
is_there
