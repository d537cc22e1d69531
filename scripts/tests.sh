#!/usr/bin/env bash
# Every test, in three processes side by side: those in Chromium and those of servers and trainers,
# which often wait for another process, beside all others, which let them go first.
set -um # with job control, an interrupt reaches what runs in the background too
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=.venv/bin/python
printed=$(mktemp -d)
apart=(browser server runs)

"$python" -m pytest --reruns 2 -rR tests/browser >"$printed/browser" 2>&1 &
browser=$!
"$python" -m pytest --reruns 2 -rR tests/server tests/runs >"$printed/processes" 2>&1 &
processes=$!
trap 'kill -INT "$browser" "$processes" 2>/dev/null; wait; rm -rf "$printed"' EXIT
nice -n 5 "$python" -m pytest "${apart[@]/#/--ignore=tests/}"
failed=$?
if [ "$failed" = 2 ]; then exit 2; fi # interrupted
echo "The tests of servers and trainers:"
wait "$processes" || failed=$?
cat "$printed/processes"
echo "The tests in Chromium:"
wait "$browser" || failed=$?
cat "$printed/browser"
exit "$failed"
