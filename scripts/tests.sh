#!/usr/bin/env bash
# Every test, in four processes side by side: those in Chromium and those of servers and trainers,
# which often wait for another process, beside those of the app's pages and all others, which let
# them go first. The types are checked beside them.
set -um # with job control, an interrupt reaches what runs in the background too
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=.venv/bin/python
printed=$(mktemp -d)
apart=(browser server runs app)

"$python" -m pytest --reruns 2 -rR tests/browser >"$printed/browser" 2>&1 &
browser=$!
"$python" -m pytest --reruns 2 -rR tests/server tests/runs >"$printed/processes" 2>&1 &
processes=$!
nice -n 5 "$python" -m pytest tests/app >"$printed/pages" 2>&1 &
pages=$!
"$python" -m mypy >"$printed/types" 2>&1 &
types=$!
trap 'kill -INT "$browser" "$processes" "$pages" "$types" 2>/dev/null; wait; rm -rf "$printed"' EXIT
nice -n 5 "$python" -m pytest "${apart[@]/#/--ignore=tests/}"
failed=$?
if [ "$failed" = 2 ]; then exit 2; fi # interrupted
echo "The types:"
wait "$types" || failed=$?
cat "$printed/types"
echo "The tests of the app's pages:"
wait "$pages" || failed=$?
cat "$printed/pages"
echo "The tests of servers and trainers:"
wait "$processes" || failed=$?
cat "$printed/processes"
echo "The tests in Chromium:"
wait "$browser" || failed=$?
cat "$printed/browser"
exit "$failed"
