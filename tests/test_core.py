"""What works where numpy and PyTorch are installed and nothing else."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

IMPORTED = re.compile(r"^\s*(?:import|from) (\w+)", re.MULTILINE)
SCRIPT = """
import sys
import tempfile
for name in sys.argv[1:]:
    sys.modules[name] = None  # as if it were not installed

import torch
import lstm_viz
from lstm_viz.data.shipped import load
from lstm_viz.ui.command import main

model, x = torch.nn.LSTM(3, 4, batch_first=True), torch.randn(2, 5, 3)
traces = lstm_viz.trace(model, x, loss_fn=lambda output, _: output[0].sum())
assert traces["l0"].grad_norm("cell").shape == (2, 5)
with lstm_viz.watch(model) as watcher:
    model(x)[0].sum().backward()
    assert watcher.traces["l0"].grad_cell.shape == (2, 5, 4)
data = lstm_viz.adding_problem(count=20, length=5)
result = lstm_viz.fit(lstm_viz.Settings.of(epochs=1, hidden_size=4), data)
for frame in result:
    assert frame.validation_loss > 0
assert len(lstm_viz.film(result)._saved.html()) > 100_000
with tempfile.TemporaryDirectory() as folder:
    result.save(folder + "/run.npz")
    assert repr(lstm_viz.open(folder + "/run.npz")) == repr(result)
for name in lstm_viz.__all__:
    getattr(lstm_viz, name)

told = (traces["l0"].to_frame, traces.plot, lambda: result.history, lambda: load("nile"))
for call in (*told, lambda: main([])):
    try:
        call()
    except (lstm_viz.MissingExtraError, SystemExit) as error:
        print(error)
"""
ROOT = Path(__file__).parents[1]
SENTENCES = """\
'to_frame' needs pandas. Install lstm_viz[data].
'plot' needs altair. Install lstm_viz[notebook].
'history' needs pandas. Install lstm_viz[data].
Reading 'nile.csv' needs pandas. Install lstm_viz[data].
The app needs streamlit. Install lstm_viz[app].
"""


def test_the_core_needs_numpy_and_torch_alone_and_names_the_extra_for_the_rest() -> None:
    others = modules_beside("numpy", "torch")
    assert "pandas" in others and "torch" not in others
    command = [sys.executable, "-c", SCRIPT, *others]
    assert (
        subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout == SENTENCES
    )


def test_what_is_imported_is_asked_for_and_what_is_asked_for_has_its_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    asked = {name_of(need) for needs in lists for need in needs} - {"lstm-viz"}
    sources = [ROOT / "app.py", *ROOT.glob("lstm_viz/**/*.py"), *ROOT.glob("pages/**/*.py")]
    found = {name for path in sources for name in IMPORTED.findall(path.read_text())}
    owners = packages_distributions()
    imported = {canonical(owner) for name in found for owner in owners.get(name, [])}
    assert imported - {"lstm-viz"} | {"xarray"} == asked
    assert "xarray" in found  # where it is installed
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    installed = {name_of(line) for line in lines if not line.startswith("#")}
    of_notebooks, of_streamlit = {"anywidget", "traitlets", "xarray"}, {"pyarrow"}
    assert asked - installed == of_notebooks | of_streamlit


def modules_beside(*distributions: str) -> list[str]:
    """What can be imported here and belongs neither to these nor to what they need."""
    needed = with_what_they_require(*distributions)
    return [
        name
        for name, owners in packages_distributions().items()
        if not needed & {canonical(owner) for owner in owners}
    ]


def with_what_they_require(*distributions: str) -> set[str]:
    """These and all they need, extras left out."""
    found: set[str] = set()
    left = list(distributions)
    while left:
        name = canonical(left.pop())
        if name not in found and (needs := _requires(name)) is not None:
            found.add(name)
            left += [name_of(need) for need in needs if "extra ==" not in need]
    return found


def _requires(name: str) -> list[str] | None:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        return None


def name_of(requirement: str) -> str:
    return canonical(re.split(r"[^\w.-]", requirement)[0])


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
