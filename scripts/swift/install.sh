#!/usr/bin/env bash
# Installs OpenStack Swift's Python code from Debian's packages, unless it is there: python3-swift alone, which brings
# no daemon and nothing under /etc. Takes less than a minute. Exits 1, and says why, where it cannot be installed.
set -euo pipefail
is_there() { /usr/bin/python3 -c 'import swift.common.middleware.s3api' 2>/dev/null; }
if is_there; then exit 0; fi
if ! command -v apt-get >/dev/null; then echo 'Swift: no apt-get here' >&2; exit 1; fi
if [ "$(id -u)" != 0 ]; then echo 'Swift: apt-get install python3-swift needs root' >&2; exit 1; fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null || echo 'Swift: the list of packages may be old' >&2
apt-get install -q -y --no-install-recommends python3-swift >/dev/null
is_there
