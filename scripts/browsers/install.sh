#!/usr/bin/env bash
# Installs Firefox ESR, WebKitGTK's browser with its driver, a display that nobody sees and Korean glyphs from Debian's
# packages, unless they are there. Exits 1, and says why, where they cannot be installed.
set -euo pipefail
is_there() {
  command -v firefox-esr && command -v WebKitWebDriver && command -v Xvfb && command -v xdotool && fc-list :lang=ko | grep -q .
} >/dev/null
if is_there; then exit 0; fi
if ! command -v apt-get >/dev/null; then echo 'Browsers: no apt-get here' >&2; exit 1; fi
if [ "$(id -u)" != 0 ]; then echo 'Browsers: apt-get install needs root' >&2; exit 1; fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q >/dev/null || echo 'Browsers: the list of packages may be old' >&2
apt-get install -q -y --no-install-recommends firefox-esr webkit2gtk-driver xvfb xdotool fontconfig fonts-noto-cjk >/dev/null
is_there
