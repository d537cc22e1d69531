"""What changed over the training, of all contenders and their seeds in one plot."""

from collections.abc import Iterator, Mapping

import numpy as np

from lstm_viz.figures.courses import Course, History
from lstm_viz.figures.packing import Numbers, logarithm
from lstm_viz.figures.palette import CATEGORIES, DASHES, THEMES
from lstm_viz.figures.rows import Rule
from lstm_viz.measures.seeds import median_course
from lstm_viz.runs.run import Run
from lstm_viz.ui.race.scores import Curve
from lstm_viz.ui.race.seeds import OVER, Seeds
from lstm_viz.words import _

FAR = 3.0
"""Decades above its beginning up to which the loss of a diverged contender sets the scale."""
MOST_POINTS = 300
"""Of a course; longer ones are drawn thinner."""
HEIGHT = 128


def colour_of(place: int) -> dict[str, str]:
    """Theme -> the colour of the contender at this place."""
    return {theme: CATEGORIES[theme][place % len(CATEGORIES[theme])] for theme in THEMES}


def courses(seeds: Seeds, curve: Curve) -> list[History]:
    """What all are compared by, and their accuracy where classes are asked for."""
    runs = [run for each in seeds.values() for run in each]
    watched = [each[0] for each in seeds.values()]
    last = float(max(run.total_steps for run in watched) or 1)
    first = np.nanmax([float(logarithm(run.film.history[curve.what][:1])[0]) for run in watched])
    diverged = any(run.state == "diverged" for run in runs)
    known = curve.chance is not None and curve.chance > 0
    found = [
        History(
            list(_courses(seeds, curve.what, logarithmic=True)),
            y=curve.title,
            last=last,
            scale="log",
            rules=[Rule(float(np.log10(curve.chance)), "")] if known else [],  # type: ignore[arg-type]
            title=_("validation loss") if curve.what == "validation_loss" else curve.title,
            height=HEIGHT,
            high=first + FAR if diverged else None,
        )
    ]
    if watched[0].dataset.problem != "regression":
        found.append(
            History(
                list(_courses(seeds, "validation_accuracy", logarithmic=False)),
                y=_("accuracy"),
                last=last,
                rules=[Rule(watched[0].chance.accuracy, "")],
                title=_("accuracy"),
                height=HEIGHT,
            )
        )
    return found


def _courses(seeds: Seeds, what: str, *, logarithmic: bool) -> Iterator[Course]:
    """Medians at the back, then the further seeds, then the watched ones."""
    lines = [[_line(run, what, logarithmic) for run in runs] for runs in seeds.values()]
    places = range(len(lines))

    def drawn(
        place: int, line: tuple[Numbers, Numbers], *, faint: bool = False, broad: bool = False
    ) -> Course:
        dash = () if faint or broad else DASHES[place % len(DASHES)]
        return Course(
            "validation_loss", *line, faint=faint, broad=broad, dash=dash, colour=colour_of(place)
        )

    for place, runs in zip(places, seeds.values(), strict=True):
        over = [line for line, run in zip(lines[place], runs, strict=True) if run.state in OVER]
        if len(over) > 1:
            steps, values = zip(*over, strict=True)
            yield drawn(place, median_course(steps, values), broad=True)
    for place in places:
        yield from (drawn(place, line, faint=True) for line in lines[place][1:])
    for place in places:
        yield drawn(place, lines[place][0])


def _line(run: Run, what: str, logarithmic: bool) -> tuple[Numbers, Numbers]:
    history: Mapping[str, Numbers] = run.film.history
    count = len(history["step"])
    kept = np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).astype(int))
    values = history[what][kept]
    return history["step"][kept], logarithm(values) if logarithmic else values
