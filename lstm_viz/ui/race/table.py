"""The table of a comparison: what each contender costs, and what it comes to."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lstm_viz.measures.gradient_flow import said_reach
from lstm_viz.measures.ranking import Kind
from lstm_viz.measures.seeds import said_spread
from lstm_viz.measures.spelling import percent
from lstm_viz.numerals import numeral
from lstm_viz.runs.run import Run
from lstm_viz.ui.race.scores import Curve
from lstm_viz.ui.race.seeds import Seeds, can_be_solved, ended, has_solved, score_at_end
from lstm_viz.ui.race.standings import Standing
from lstm_viz.ui.say import plain
from lstm_viz.words import _


def table(standings: Sequence[Standing], seeds: Seeds, curve: Curve) -> None:
    """A row for each contender; its scores over the seeds that have ended, once there are two."""
    over = ended(seeds)
    classes = any(runs[0].dataset.problem != "regression" for runs in seeds.values())
    tasks = all(can_be_solved(runs[0]) for runs in seeds.values())
    score = _("validation loss") if curve.what == "validation_loss" else curve.title
    rows = []
    for each in standings:
        done = over[each.name]
        row = {
            _("contender"): plain(each.name),
            _("parameters"): f"{each.parameters:,}",
            _("time per epoch"): _known(each.seconds_per_epoch, f"{each.seconds_per_epoch:.2f} s"),
            _("memory of a step"): size(each.memory),
            score: _score(each.score, done, curve.what, "loss"),
        }
        if classes:
            accuracy = _score(each.accuracy, done, "validation_accuracy", "accuracy")
            row[_("accuracy")] = accuracy
        if tasks and done:
            row[_("solved")] = _("{solved} of {count}").format(
                solved=sum(map(has_solved, done)), count=len(done)
            )
        row[_("gradient reach, untrained")] = said_reach(each.untrained)
        row[_("gradient reach, now")] = said_reach(each.now)
        rows.append(row)
    st.table(pd.DataFrame(rows).set_index(_("contender")))


def _score(watched: float, done: Sequence[Run], what: str, kind: Kind) -> str:
    if len(done) > 1:
        scores = [score_at_end(run, what) for run in done]
        return said_spread(scores, kind) if all(each == each for each in scores) else "–"
    return _known(watched, percent(watched, 1) if kind == "accuracy" else numeral(watched, 6))


def _known(value: float, written: str) -> str:
    if math.isinf(value):
        return _("not finite")
    return "–" if math.isnan(value) else written


def size(count: int) -> str:
    """Bytes as people say them.

    >>> size(0), size(12_345), size(1_234_567)
    ('–', '12.3 kB', '1.23 MB')
    """
    if not count:
        return "–"
    return f"{count / 1e6:.2f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"
