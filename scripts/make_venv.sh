#!/usr/bin/env bash
# Make the virtual environment $1 with a Python this project runs on, unless a working one is there.
set -euo pipefail
venv=$1

fits='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))'
works() { "$1" -c "$fits" >/dev/null 2>&1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

if [ -x "$venv/bin/python" ]; then
    if works "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        exit 0
    fi
    echo "The environment in $venv does not work any more; making it anew."
fi

for python in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3.14 python3 python; do
    if works "$python"; then break; fi
    python=
done
if [ -z "${python:-}" ]; then
    echo "lstm_viz needs Python 3.11 to 3.14, and none is on the PATH. Install one from" \
        "https://www.python.org/downloads/, or name yours: make run PYTHON=/path/to/python3.12" >&2
    exit 1
fi

# Debian and Ubuntu keep half of venv in a package of its own.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    if ! { command -v apt-get && as_root apt-get update && as_root apt-get install -y "$version-venv"; } \
        </dev/null >/dev/null 2>&1; then
        echo "$version cannot make virtual environments here. Install its venv module" \
            "(sudo apt-get install $version-venv) and try again." >&2
        exit 1
    fi
fi

echo "Making $venv with $("$python" --version) ..."
"$python" -m venv --clear "$venv"
