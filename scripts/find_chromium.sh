#!/usr/bin/env bash
# See to it that the browser tests have a Chromium: the system's, or Playwright's own. $1: Python.
set -euo pipefail
python=$1

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then exit 0; fi
done

own='from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as p: raise SystemExit(not Path(p.chromium.executable_path).exists())'
if "$python" -c "$own"; then exit 0; fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
install_package() {
    as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive as_root apt-get install -qq -y chromium
}

echo "Installing Chromium for the browser tests ..."
# Ubuntu's package of that name is a snap, which cannot run everywhere.
if grep -qx 'ID=debian' /etc/os-release 2>/dev/null && install_package </dev/null >/dev/null; then exit 0; fi
if "$python" -m playwright install chromium; then exit 0; fi
echo "The browser tests need Chromium, and it could not be installed. Install it" \
    "(Debian: sudo apt-get install chromium) and try again." >&2
exit 1
