"""What changes over a run's training, as curves that follow the feed: losses, scores, forecasts."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from lstm_viz.data.dataset import Scaler
from lstm_viz.experiments.fitting import loss_in_use
from lstm_viz.experiments.settings import Settings
from lstm_viz.figures.courses import Course, History
from lstm_viz.figures.film_view import DrawnFilm, film_view
from lstm_viz.figures.packing import Numbers, logarithm
from lstm_viz.figures.palette import CATEGORIES, LOOKS, THEMES, Signal
from lstm_viz.figures.rows import Rule
from lstm_viz.figures.timeline import Timeline
from lstm_viz.measures.spelling import percent
from lstm_viz.numerals import numeral
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.runs.topics import RefusedError, Topic
from lstm_viz.runs.updates import Rows, largest_of_each
from lstm_viz.ui import components
from lstm_viz.ui.connection import is_down, is_fed, note
from lstm_viz.ui.names import LOSS_NAMES
from lstm_viz.ui.selection import select
from lstm_viz.words import _, language

CURVE = "curve"
FORECAST = "forecast"
FAR = 3.0
"""Decades above its beginning up to which the loss of a run that diverged sets the scale."""
MOST_POINTS = 300
"""Of a curve; a longer one is drawn thinner."""
HEIGHT = 210


def show(
    run: Run, what: str, key: str, frame: Frame | None = None, beside: Sequence[Run] = ()
) -> None:
    """Draw a curve, which follows the run and those `beside`; that of a `frame` alone where the
    reader chose one.
    """
    followed = topic(run, what, beside).text if is_fed(run) and frame is None else None
    draw([curve(run, what, frame, beside)], followed, key, subject=run.id)


def draw(histories: Sequence[History], followed: str | None, key: str, subject: str = "") -> None:
    """Draw curves beside each other, which follow a topic of the feed."""
    components.curves(
        film_view(
            [DrawnFilm([])],
            courses=histories,
            time_steps=1,
            curves=followed,
            down=is_down(),
            subject=subject,
        ),
        key=key,
        step=lambda: select(step=components.picked_step(key)),
        down=lambda: note(components.picked(key).down),
    )


def topic(run: Run, what: str, beside: Sequence[Run] = ()) -> Topic:
    """The feed's name for a curve, in the reader's language."""
    return Topic(CURVE, (run.id, *(each.id for each in beside)), (what, language()))


def curve(run: Run, what: str, frame: Frame | None = None, beside: Sequence[Run] = ()) -> History:
    """A curve as it stands; of a forecast that of a frame, the newest if none is given. Of the
    gradients also those of the runs `beside`, which learn the same without clipping.

    Raises RefusedError for a curve that there is not.
    """
    if what == FORECAST and run.dataset.is_series and run.film.frames:
        return _forecast(run, frame or run.film.frames[-1])
    classes = run.dataset.problem != "regression"
    if what not in _CURVES or (what == "accuracy" and not classes):
        raise RefusedError("no such curve")
    return _gradients(run, beside) if what == "gradients" else _CURVES[what](run)


def loss_title(run: Run) -> str:
    """The name of the loss, with its unit where it has one."""
    words = _(LOSS_NAMES[loss_in_use(run.settings, run.dataset)])
    if run.dataset.problem != "regression":
        return _("{loss} (nats)").format(loss=words)
    if run.dataset.scaler != Scaler():
        return _("{loss} (scaled)").format(loss=words)
    return _("{loss} (of differences)").format(loss=words) if run.dataset.differences else words


def _loss(run: Run) -> History:
    chance, first = run.chance.loss, run.film.history["validation_loss"][:1]
    drawable = np.isfinite(chance) and chance > 0
    words = _("constant answer: {loss}").format(loss=numeral(chance))
    diverged = run.state == "diverged" and len(first)
    return _over_training(
        run,
        {signal: (signal, _(LOOKS[signal].name)) for signal in ("train_loss", "validation_loss")},
        loss_title(run),
        rules=[Rule(float(np.log10(chance)), words)] if drawable else [],
        high=float(logarithm(first)[0]) + FAR if diverged else None,
    )


def _accuracy(run: Run) -> History:
    share = run.chance.accuracy
    return _over_training(
        run,
        {"validation_accuracy": ("validation_loss", "")},
        _("accuracy"),
        rules=[Rule(share, _("constant answer: {share}").format(share=percent(share, 1)))],
        log=False,
    )


def _rate(run: Run) -> History:
    return _over_training(
        run, {"learning_rate": ("grad_parameters", "")}, _("learning rate"), stepped=True
    )


def _gradients(run: Run, beside: Sequence[Run] = ()) -> History:
    """Norms at each update; of many the largest of every few."""
    optimiser, rows = run.settings.optimiser, norms_of(run)
    lines = {_("before clipping"): 1, _("after clipping"): 2} if clips(run.settings) else {"": 1}
    courses = [
        Course(
            "grad_parameters",
            rows[:, 0],
            logarithm(rows[:, column]),
            dash=(6, 4) if column == 2 else (),
            name=name,
        )
        for name, column in lines.items()
    ]
    for each in beside:
        rows = norms_of(each)
        colour: dict[str, str] = {theme: CATEGORIES[theme][3] for theme in THEMES}
        courses.append(
            Course(
                "grad_parameters",
                rows[:, 0],
                logarithm(rows[:, 1]),
                dash=(2, 3),
                colour=colour,
                name=_("the same without clipping"),
            )
        )
    words = _("clipped above {clip}").format(clip=numeral(optimiser.clip_norm))
    rules = [Rule(float(np.log10(optimiser.clip_norm)), words)] if optimiser.clip_norm else []
    return _drawn(run, courses, _(LOOKS["grad_parameters"].name), rules=rules)


def clips(settings: Settings) -> bool:
    """Whether its training clips gradients."""
    return bool(settings.optimiser.clip_norm or settings.optimiser.clip_value)


def is_told(run: Run) -> bool:
    """Whether the norm of each update is known: older recordings have means over some alone."""
    steps = run.film.history["step"]
    return len(steps) > 0 and run.film.updates.counted == steps[-1] > 0


def norms_of(run: Run) -> Rows:
    """(N, 3): update, and the gradient's norm before and after clipping."""
    history = run.film.history
    means = [history[name] for name in ("step", "grad_norm", "clipped_grad_norm")]
    rows = run.film.updates.rows if is_told(run) else np.stack(means, axis=1)
    return largest_of_each(rows, max(1, -(-len(rows) // MOST_POINTS)))


_CURVES: Mapping[str, Callable[[Run], History]] = {
    "loss": _loss,
    "accuracy": _accuracy,
    "rate": _rate,
    "gradients": _gradients,
}


def _over_training(
    run: Run,
    series: Mapping[str, tuple[Signal, str]],
    y: str,
    *,
    rules: Sequence[Rule] = (),
    log: bool = True,
    stepped: bool = False,
    high: float | None = None,
) -> History:
    """Scalars of a run's history; by name the signal and its word."""
    history = run.film.history
    kept = _kept(len(history["step"]))
    courses = [
        Course(
            signal,
            history["step"][kept],
            logarithm(history[name][kept]) if log else history[name][kept],
            name=words,
            stepped=stepped,
        )
        for name, (signal, words) in series.items()
    ]
    return _drawn(run, courses, y, rules=rules, log=log, high=high)


def _drawn(
    run: Run,
    courses: Sequence[Course],
    y: str,
    *,
    rules: Sequence[Rule] = (),
    log: bool = True,
    high: float | None = None,
) -> History:
    return History(
        courses,
        y=y,
        last=_end(run, courses),
        per_epoch=float(run.steps_per_epoch),
        scale="log" if log else "linear",
        rules=rules,
        height=HEIGHT,
        high=high,
    )


def _end(run: Run, courses: Sequence[Course]) -> float:
    """Of the axis: the planned end; of a run that diverged what there is to draw."""
    if "diverged" not in (run.state, run.ended):
        return float(run.total_steps or 1)
    return float(max([1.0, *(each.steps[-1] for each in courses if len(each.steps))]))


def _kept(count: int) -> Numbers:
    """Places of a long history, evenly spaced, the newest among them."""
    return np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).astype(int))


def _forecast(run: Run, frame: Frame) -> History:
    """One-step-ahead forecasts of the validation set against the truth."""
    data = run.dataset.alone()
    origins = data.origins("validation")[: len(frame.forecast)]
    truth = data.known_targets[origins, 0]
    forecast = data.in_raw_units(frame.forecast[: len(origins)], origins)[:, 0, 0]
    timeline = Timeline.of(data)
    places, ticks = timeline.ticks(origins)
    drawn: dict[Signal, Numbers] = {"truth": truth, "prediction": forecast}
    return History(
        [Course(each, places, values, name=_(LOOKS[each].name)) for each, values in drawn.items()],
        y=_(data.target_names[0]),
        begin=float(places[0]),
        last=float(places[-1]),
        ticks=ticks,
        x=timeline.axis.title,
        height=HEIGHT,
    )
