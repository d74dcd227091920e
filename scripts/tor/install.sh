#!/usr/bin/env bash
# Installs Tor from Debian's package, unless it is there. Where systemd runs, the package starts a Tor of its own, which
# the tests do not use. Exits 1, and says why, where it cannot be installed.
set -euo pipefail
is_there() { command -v tor >/dev/null && command -v tor-gencert >/dev/null && command -v torsocks >/dev/null; }
if is_there; then exit 0; fi
if ! command -v apt-get >/dev/null; then echo 'Tor: no apt-get here' >&2; exit 1; fi
if [ "$(id -u)" != 0 ]; then echo 'Tor: apt-get install tor torsocks needs root' >&2; exit 1; fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null || echo 'Tor: the list of packages may be old' >&2
apt-get install -q -y --no-install-recommends tor torsocks >/dev/null
is_there
