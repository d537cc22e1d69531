#!/usr/bin/env bash
# Bring .venv up to date: `install.sh app` with what the app needs, `install.sh dev` with what the
# tests need too, a Chromium included. Seconds when nothing has changed. With TORCH=cpu, PyTorch is
# the build without the libraries of NVIDIA cards.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
venv=.venv
python=$venv/bin/python
cpu_builds=https://download.pytorch.org/whl/cpu

give_up() { echo "$*" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }
apt_install() {
    command -v apt-get && as_root apt-get update &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y "$@"
} </dev/null >/dev/null 2>&1
fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; }
# Python compiles what is imported, once; of all that is installed that is a small part.
pip() { PIP_COMPILE=0 "$python" -m pip --quiet --disable-pip-version-check "$@"; }

find_python() {
    for found in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3.14 python3 python; do
        if fits "$found"; then return; fi
    done
    give_up "lstm_viz needs Python 3.11 to 3.14, and none is on the PATH. Install one from" \
        "https://www.python.org/downloads, or name yours: make run PYTHON=/path/to/python3.12"
}

make_environment() {
    if [ -e "$venv" ]; then
        if fits "$python" && pip --version >/dev/null 2>&1; then return; fi
        echo "The environment in $venv does not work any more and is made anew."
    fi
    find_python
    # Debian and Ubuntu keep half of venv in a package of its own.
    if ! "$found" -c 'import ensurepip' 2>/dev/null; then
        package=$("$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        apt_install "$package" || give_up "$("$found" --version) cannot make environments:" \
            "a part of it is missing. Install it (sudo apt-get install $package) and try again."
    fi
    echo "Making $venv with $("$found" --version) ..."
    "$found" -m venv --clear "$venv"
}

# Before all else: what is there, pip leaves as it is. And alone: all else comes from where it did.
# Other systems than Linux get a build for the CPU from PyPI anyway.
install_torch_for_cpu() {
    if [ "${TORCH:-}" != cpu ] || [ "$(uname -s)" != Linux ]; then return; fi
    build=$(grep '^torch==' requirements.txt)+cpu
    present=$("$python" -c 'from importlib.metadata import version; print(version("torch"))' 2>/dev/null) || true
    if [ "torch==$present" = "$build" ]; then return; fi
    echo "Installing PyTorch for the CPU into $venv: about 200 MB from $cpu_builds."
    pip install --no-deps --index-url "$cpu_builds" "$build"
}

# A stamp is a copy of the lists that were installed.
lists() { cat "$1" constraints.txt 2>/dev/null || true; }

install_for_app() {
    if lists requirements.txt | cmp -s - "$venv/app.stamp"; then return; fi
    echo "Installing what the app needs into $venv. The first time takes minutes: PyTorch is large."
    pip install -r requirements.txt
    lists requirements.txt >"$venv/app.stamp"
    rm -f "$venv/dev.stamp"
}

install_for_tests() {
    if lists pyproject.toml | cmp -s - "$venv/dev.stamp"; then return; fi
    echo "Installing what the tests need into $venv."
    pip install --upgrade 'pip>=25.1' # the first that reads dependency groups
    pip install --group dev --group docs -c constraints.txt
    lists pyproject.toml >"$venv/dev.stamp"
}

has_chromium_of_its_own() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null; then return; fi
    done
    return 1
}

has_chromium_of_playwright() {
    "$python" - <<'END' 2>/dev/null
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    raise SystemExit(not Path(playwright.chromium.executable_path).exists())
END
}

# Debian's package, while pip is at work. Ubuntu's of that name is a snap, which does not run everywhere.
fetch_chromium() {
    if has_chromium_of_its_own || has_chromium_of_playwright; then return; fi
    if ! grep -qsx 'ID=debian' /etc/os-release; then return; fi
    echo "Installing a Chromium for the browser tests."
    apt_install chromium || true
}

install_chromium() {
    if has_chromium_of_its_own || has_chromium_of_playwright; then return; fi
    echo "Installing Playwright's Chromium for the browser tests."
    "$python" -m playwright install chromium </dev/null || give_up "The browser tests need Chromium, and" \
        "it could not be installed. Install it (Debian: sudo apt-get install chromium) and try again."
}

case ${1:-} in app | dev) ;; *) give_up "usage: scripts/install.sh app|dev" ;; esac
case ${TORCH:-} in '' | cpu) ;; *) give_up "TORCH can be cpu or not given at all, got $TORCH." ;; esac
make_environment
if [ "$1" = dev ]; then fetch_chromium & fi
install_torch_for_cpu
install_for_app
if [ "$1" = dev ]; then
    install_for_tests
    wait
    install_chromium
fi
