"""The race as films side by side: one for each contender, on one clock, scale and cursor."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from lstm_viz.figures.drawn_frames import FLOW_SHARE
from lstm_viz.figures.film_view import MOST_FILMS
from lstm_viz.figures.layer_film import LayerFilm
from lstm_viz.figures.layer_rows import answer_rows, input_rows
from lstm_viz.figures.rows import Heat, Line, Lines, Row, Rule
from lstm_viz.figures.timeline import Timeline
from lstm_viz.runs.run import Run
from lstm_viz.ui import components, player
from lstm_viz.ui.entities import said_first
from lstm_viz.ui.race.courses import BOTH, colour_of, courses, said_lines, topic
from lstm_viz.ui.race.equal import same_data
from lstm_viz.ui.race.scores import Curve
from lstm_viz.ui.race.seeds import Seeds
from lstm_viz.ui.say import look_for
from lstm_viz.ui.selection import selected
from lstm_viz.words import N_, _

STEP = "race.step"


def comparable(runs: Sequence[Run]) -> bool:
    """Whether runs can stand beside each other on one time axis."""
    return 2 <= len(runs) <= MOST_FILMS and all(
        same_data(runs[0].dataset, run.dataset) for run in runs
    )


def show(seeds: Seeds, curve: Curve) -> None:
    """The contenders beside each other below their courses, and what to look for."""
    runs = {name: each[0] for name, each in seeds.items()}
    films = [top_film(run) for run in runs.values()]
    colours = [colour_of(place) for place in range(len(films))]
    shown = [
        player.FilmRows(film, _rows(place, films, colours), name, colours[place])
        for place, (name, film) in enumerate(zip(runs, films, strict=True))
    ]

    def moved(step: int | None) -> None:
        st.session_state[STEP] = (_race(runs), step)

    player.play(
        shown,
        key="film.race",
        step=_step(runs),
        moved=moved,
        pinned=selected().units or (),
        label=N_("epoch {epoch:.1f}"),
        courses=courses(seeds, curve),
        curves=topic(seeds, BOTH).text,
    )
    dotted = _("Dotted: the best constant answer, and a thousandth of the gradient.")
    look_for(
        f"{said_lines(seeds)} {dotted}".strip(),
        _(
            "$\\|\\partial L_s/\\partial c_t\\|_2$ (with zoneout, and without c: "
            "$\\|\\partial L_s/\\partial h_t\\|_2$) of the top forward layer on this example, "
            "relative to step s, on one scale."
        ),
    )


def show_forecasts(runs: Mapping[str, Run]) -> None:
    """A series' forecasts beside each other, at the frame at which the film stands."""
    from lstm_viz.figures import forecasts  # Altair: the first page waits for none

    first = next(iter(runs.values()))
    if not first.dataset.is_series:
        return
    data, step = first.dataset.alone(), _step(runs)
    frames = [run.film.at(step) or run.film.frames[-1] for run in runs.values()]
    rows = data.origins("validation")[: len(first.examples.forecast_targets)]
    truth = data.known_targets[rows, 0]
    answers = np.stack(
        [data.in_raw_units(frame.forecast[: len(rows)], rows)[:, 0, 0] for frame in frames]
    )
    st.subheader(_("Forecast against truth"), anchor=False)
    name, timeline = _(data.target_names[0]), Timeline.of(data)
    panels = forecasts.small_multiples(list(runs), rows, truth, answers, name, timeline)
    components.charts(panels, columns=len(panels), key="race.forecast")
    whose = said_first(first.dataset)
    look_for(f"{whose} {_('One-step-ahead forecasts on the validation set.')}".strip())


def _step(runs: Mapping[str, Run]) -> int | None:
    """Where the film of these runs was left; None follows the newest."""
    race, step = st.session_state.get(STEP, ((), None))
    return step if race == _race(runs) else None


def _race(runs: Mapping[str, Run]) -> tuple[str, ...]:
    return tuple(run.id for run in runs.values())


def top_film(run: Run) -> LayerFilm:
    """The top layer, on the example that the reader looks at."""
    sample = min(selected().sample, len(run.examples.inputs) - 1)
    return LayerFilm(run, run.film.frames[-1].top, sample)


def _rows(
    place: int, films: Sequence[LayerFilm], colours: Sequence[Mapping[str, str]]
) -> list[Row]:
    film = films[place]
    run, layer = film.run, film.of(film.run.film.frames[-1])
    target = run.examples.targets[film.sample]
    return [
        shares(place, films, colours),
        Heat("hidden" if layer.cell is None else "cell", height=120, picks=False),
        *input_rows(run.dataset, run.examples.inputs[film.sample], target, height=84),
        *answer_rows(run.dataset, target, run.examples.scored(film.sample)),
    ]


def shares(place: int, films: Sequence[LayerFilm], colours: Sequence[Mapping[str, str]]) -> Lines:
    """What arrives of the gradient in the film at a place, and faintly in the others."""
    lines = []
    for k in [*(k for k in range(len(films)) if k != place), place]:
        layer = films[k].of(films[k].run.film.frames[-1])
        signal = "hidden" if layer.cell is None else "cell"
        own = k == place
        lines.append(
            Line(
                "grad_hidden" if signal == "hidden" else "grad_cell",
                source=FLOW_SHARE,
                name=None if own else "",
                faint=not own,
                film=k,
                colour=colours[k],
            )
        )
    return Lines(
        lines,
        y=_("share that arrives"),
        scale="log",
        rules=[Rule(-3.0, "")],
        title=_("gradient that enters at one step alone"),
        height=140,
    )
