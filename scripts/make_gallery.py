"""Draw the Experiments page's pictures from real trainings: `python -m scripts.make_gallery`.

Each experiment, or each that is named behind it, is trained once with its own settings, a race
with one seed. What came out is drawn small: the forecast beside the truth, what the units hold,
or the losses of a race.
"""

import sys
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from lstm_viz.data.resolved import dataset_of
from lstm_viz.experiments.preset import Preset
from lstm_viz.experiments.presets import PRESETS
from lstm_viz.figures.ordering import ordered
from lstm_viz.figures.palette import CATEGORIES, LOOKS, NEGATIVE, THEMES, Theme
from lstm_viz.files import GALLERY
from lstm_viz.runs.run import Run
from lstm_viz.training.inprocess import InProcessTrainer

WIDTH, HEIGHT, LARGER = 400, 132, 2
"""Pixels of a picture; lines are drawn larger and made smaller."""
GREY = "#8a97a6"
LINE = 3
Numbers = npt.NDArray[np.floating]


def main() -> None:
    """All of them, or those that are named."""
    GALLERY.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or PRESETS:
        runs = trained(PRESETS[name])
        for theme in THEMES:
            path = GALLERY / f"{name}-{theme}.webp"
            drawn(runs, theme).save(path, quality=80, method=6)
        last = runs[0].film.frames[-1]
        print(f"{name}: {path.stat().st_size:,} bytes, loss {last.validation_loss:.4g}", flush=True)


def trained(preset: Preset) -> list[Run]:
    """Its runs, at their end."""
    trainer, dataset = InProcessTrainer(), dataset_of(preset.data)
    ids = [
        trainer.submit(each.settings.changed(device="cpu"), dataset, data=preset.data)
        for each in preset.experiments
    ]
    trainer.advance()
    return [trainer.run(run) for run in ids]


def drawn(runs: Sequence[Run], theme: Theme) -> Image.Image:
    """What came out, in the size of a card."""
    first = runs[0]
    if len(runs) > 1:
        lines = [np.log(run.film.history["validation_loss"]) for run in runs]
        colours = CATEGORIES[theme]
        return plot(lines, [colours[k % len(colours)] for k in range(len(lines))])
    if first.dataset.is_series:
        truth, answer = (
            np.asarray(values)[:, 0].reshape(len(values), -1)[:, 0]
            for values in (first.examples.forecast_targets, first.film.frames[-1].forecast)
        )
        return plot([truth, answer], [GREY, LOOKS["hidden"][theme]])
    return held(first, theme)


def plot(lines: Sequence[Numbers], colours: Sequence[str]) -> Image.Image:
    """Lines over one another on one scale."""
    known = np.concatenate([line[np.isfinite(line)] for line in lines])
    low, high = float(known.min()), float(known.max())
    image = Image.new("RGBA", (WIDTH * LARGER, HEIGHT * LARGER))
    pen = ImageDraw.Draw(image)
    edge = 8 * LARGER
    for line, colour in zip(lines, colours, strict=True):
        x = np.linspace(edge, image.width - edge, len(line))
        share = (line - low) / ((high - low) or 1.0)
        y = image.height - edge - share * (image.height - 2 * edge)
        points = [(float(a), float(b)) for a, b in zip(x, y, strict=True) if np.isfinite(b)]
        pen.line(points, fill=colour, width=LINE * LARGER, joint="curve")
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def held(run: Run, theme: Theme) -> Image.Image:
    """What the units of the top layer hold of the first example, each on its own scale."""
    layer = run.film.frames[-1].top_layer
    state = layer.hidden if layer.cell is None else layer.cell
    units = layer.units.tolist()
    places = [units.index(unit) for unit in ordered(layer, "similar", 0) or units]
    values = state[0].T[places]
    values = values / np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-9)
    colour = np.array(rgb(LOOKS["cell" if layer.cell is not None else "hidden"][theme]))
    other = np.array(rgb(NEGATIVE[theme]))
    hue = np.where(values[..., None] >= 0, colour, other)
    alpha = np.abs(values)[..., None] * 255
    pixels = np.concatenate([hue, alpha], axis=-1).astype(np.uint8)
    return Image.fromarray(pixels, "RGBA").resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)


def rgb(colour: str) -> tuple[int, ...]:
    """`#0f8b8d` as three numbers."""
    return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))


if __name__ == "__main__":
    main()
