"""What changed over the training, of all contenders and their seeds in one plot."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from lstm_viz.figures.courses import Course, History
from lstm_viz.figures.packing import Numbers, logarithm
from lstm_viz.figures.palette import CATEGORIES, DASHES, THEMES
from lstm_viz.figures.rows import Rule
from lstm_viz.measures.seeds import median_course
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import RefusedError, Topic
from lstm_viz.ui.curves import FAR
from lstm_viz.ui.race.equal import same_data
from lstm_viz.ui.race.scores import Curve, curve_of
from lstm_viz.ui.race.seeds import OVER, Seeds
from lstm_viz.words import _, language

RACE = "race"
BOTH, LOSS, ACCURACY = WHICH = ("both", "loss", "accuracy")
MOST_POINTS = 300
"""Of a course; longer ones are drawn thinner."""
HEIGHT = 128


def colour_of(place: int) -> dict[str, str]:
    """Theme -> the colour of the contender at this place."""
    return {theme: CATEGORIES[theme][place % len(CATEGORIES[theme])] for theme in THEMES}


def topic(seeds: Seeds, which: str) -> Topic:
    """The feed's name for these courses, in the reader's language."""
    ids = tuple(run.id for runs in seeds.values() for run in runs)
    return Topic(RACE, ids, (which, language()))


def said_lines(seeds: Seeds) -> str:
    """Which lines are whose; nothing where each contender has one."""
    if max(map(len, seeds.values())) < 2:
        return ""
    return _("Watched seed thick, others thin, median of those that ended broad.")


def courses_of(runs: Sequence[Run], which: str) -> list[History]:
    """The courses of a topic's runs: of the contenders in their order, each with its seeds.

    Raises RefusedError for courses that there are not.
    """
    watched = [run for run in runs if not run.follows]
    classes = all(run.dataset.problem != "regression" for run in watched)
    known = which in WHICH and (classes or which != ACCURACY)
    if not known or not watched or not all(run.film.frames for run in watched):
        raise RefusedError("no such courses")
    seeds = {run.id: [run, *(each for each in runs if each.follows == run.id)] for run in watched}
    return courses(seeds, curve_of(watched), which)


def courses(seeds: Seeds, curve: Curve, which: str = BOTH, height: int = HEIGHT) -> list[History]:
    """What all are compared by, their accuracy where classes are asked for, or `which` of them."""
    classes = all(runs[0].dataset.problem != "regression" for runs in seeds.values())
    found = []
    if which != ACCURACY:
        found.append(_loss(seeds, curve, height))
    if which == ACCURACY or (which == BOTH and classes):
        found.append(_accuracy(seeds, height))
    return found


def _loss(seeds: Seeds, curve: Curve, height: int) -> History:
    watched = [each[0] for each in seeds.values()]
    first = np.nanmax([float(logarithm(run.film.history[curve.what][:1])[0]) for run in watched])
    diverged = any(run.state == "diverged" for each in seeds.values() for run in each)
    known = curve.chance is not None and curve.chance > 0
    return History(
        list(_courses(seeds, curve.what, logarithmic=True)),
        y=curve.title,
        scale="log",
        rules=[Rule(float(np.log10(curve.chance)), "")] if known else [],  # type: ignore[arg-type]
        title=_("validation loss") if curve.what == "validation_loss" else curve.title,
        height=height,
        high=first + FAR if diverged else None,
        last=float(_longest(seeds).total_steps or 1),
        per_epoch=float(_longest(seeds).steps_per_epoch),
    )


def _accuracy(seeds: Seeds, height: int) -> History:
    watched = [each[0] for each in seeds.values()]
    alike = all(same_data(watched[0].dataset, run.dataset) for run in watched)
    return History(
        list(_courses(seeds, "validation_accuracy", logarithmic=False)),
        y=_("accuracy"),
        rules=[Rule(watched[0].chance.accuracy, "")] if alike else [],
        title=_("accuracy"),
        height=height,
        last=float(_longest(seeds).total_steps or 1),
        per_epoch=float(_longest(seeds).steps_per_epoch),
    )


def _longest(seeds: Seeds) -> Run:
    """The contender at whose end the axis ends."""
    return max((each[0] for each in seeds.values()), key=lambda run: run.total_steps)


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
