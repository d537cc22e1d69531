#!/usr/bin/env bash
# Every test, in two processes: those in Chromium, which often wait for a page, beside all others.
set -um # with job control, an interrupt reaches what runs in the background too
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=.venv/bin/python
in_browser=$(mktemp)

"$python" -m pytest tests/browser >"$in_browser" 2>&1 &
browser=$!
trap 'kill -INT "$browser" 2>/dev/null; wait "$browser"; rm -f "$in_browser"' EXIT
"$python" -m pytest --ignore=tests/browser
failed=$?
if [ "$failed" = 2 ]; then exit 2; fi # interrupted
echo "The tests in Chromium:"
wait "$browser" || failed=$?
cat "$in_browser"
exit "$failed"
