#!/usr/bin/env bash
# Installs Tor, and curl, from Debian's packages, unless they are there. Where systemd runs, the package starts a Tor of
# its own, which the tests do not use. Exits 1, and says why, where it cannot be installed.
set -euo pipefail
is_there() { command -v tor >/dev/null && command -v tor-gencert >/dev/null && command -v curl >/dev/null; }
if is_there; then exit 0; fi
if ! command -v apt-get >/dev/null; then echo 'Tor: no apt-get here' >&2; exit 1; fi
if [ "$(id -u)" != 0 ]; then echo 'Tor: apt-get install tor needs root' >&2; exit 1; fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null || echo 'Tor: the list of packages may be old' >&2
apt-get install -q -y --no-install-recommends tor curl >/dev/null
is_there
