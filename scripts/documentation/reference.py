"""The API reference: every public name, by the folder in which it lives."""

import lstm_viz

TITLES = {
    "instruments": ("See inside", "Trace a model, watch a loop, and ask what its gradients do."),
    "notebook": ("Train and share", "Train without the app, and take the film away as a file."),
    "data": ("Data", "Tasks with known answers, series, and the reader of files."),
    "measures": ("Alarms", "What is wrong with a network, where something is."),
    "models": ("Layers", "Layers of this package that PyTorch has not."),
    "experiments": ("Experiments", "What a run is, as data."),
    "runs": ("Frames", "One moment of a training, as it was measured."),
    "errors": ("Errors and warnings", "Each names what is wrong and the way out."),
}
GIVEN = {
    "watch": "lstm_viz.instruments.watch.Watcher",
    "film": "lstm_viz.notebook.film.Film",
}
"""Public name -> the class of what it gives, where that has no public name."""


def names() -> dict[str, list[str]]:
    """Folder -> its public names, functions first."""
    found: dict[str, list[str]] = {folder: [] for folder in TITLES}
    for name in sorted(lstm_viz.__all__, key=lambda name: (not name.islower(), name)):
        folder = lstm_viz._HOME[name].split(".")[1]
        found.setdefault(folder, []).append(name)
    return found


def titles() -> dict[str, str]:
    """Page -> title."""
    return {f"reference/{folder}.md": _said(folder)[0] for folder in names()}


def pages() -> dict[str, str]:
    """Page -> its Markdown."""
    made = {f"reference/{folder}.md": page(folder, of) for folder, of in names().items()}
    lines = [
        f"**[{_said(folder)[0]}]({folder}.md).** {_said(folder)[1]}\n\n"
        + ", ".join(f"[`{name}`][lstm_viz.{name}]" for name in of)
        for folder, of in names().items()
    ]
    head = (
        "# API\n\nAll of it is in `lstm_viz`: `import lstm_viz` is light, and a name loads what it"
        " needs on first use.\n\n"
    )
    return {"reference/index.md": head + "\n\n".join(lines) + "\n", **made}


def page(folder: str, of: list[str]) -> str:
    """One folder's names, and below those the classes of what they give."""
    title, said = _said(folder)
    shown = [f"lstm_viz.{name}" for name in of]
    shown += [GIVEN[name] for name in of if name in GIVEN]
    return f"# {title}\n\n{said}\n\n" + "\n\n".join(f"::: {name}" for name in shown) + "\n"


def _said(folder: str) -> tuple[str, str]:
    return TITLES.get(folder, (folder.capitalize(), ""))
