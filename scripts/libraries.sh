#!/usr/bin/env bash
# Run tests/libraries beside the libraries themselves, in an environment of their own that sees all
# that .venv holds and changes none of it. What does not install is skipped by its test.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
place=build/libraries
python=$place/bin/python
whole=(skorch accelerate pytorch-crf captum lightning pytorch-lightning sb3-contrib darts neuralhydrology)
# These ask for an older pandas than ours, and run with this one.
alone=(gluonts toolz pydantic pydantic-core annotated-types typing-inspection pytorch-forecasting scikit-base)

site() { "$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'; }
pip() { "$python" -m pip --quiet --disable-pip-version-check "$@"; }

if [ ! -x "$python" ]; then
    .venv/bin/python -m venv "$place"
    site .venv/bin/python >"$(site "$python")/seen.pth"
fi
.venv/bin/python - <<'END' >"$place/kept.txt"
from importlib.metadata import distributions
for each in distributions():
    if each.name not in ("pip", "setuptools"):
        print(f"{each.name}=={each.version}")
END
for each in "${whole[@]}"; do
    pip install -c "$place/kept.txt" "$each" || echo "$each does not install here."
done
pip install --no-deps "${alone[@]}" || echo "Some of these do not install here: ${alone[*]}"
"$python" -m pytest tests/libraries
