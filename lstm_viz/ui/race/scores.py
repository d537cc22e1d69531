"""By what the contenders of a race can be compared, and how they stand by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lstm_viz.experiments.fitting import loss_in_use
from lstm_viz.measures.comparison import Sample
from lstm_viz.measures.ranking import Kind, numbers, said_chance, said_ranking
from lstm_viz.runs.frames import Frame
from lstm_viz.runs.run import Run
from lstm_viz.ui.curves import loss_title
from lstm_viz.ui.race.equal import same_data
from lstm_viz.words import _, listed, ngettext

RANKED = ("waiting", "training", "paused", "finished", "stopped")
"""States of a run whose newest frame says what it has learned."""


@dataclass(frozen=True)
class Curve:
    """What of several runs can be drawn on one axis."""

    what: str
    """Its name in a run's history."""
    title: str
    chance: float | None
    """The same of the best constant answer; None where each run has its own."""


def curve_of(runs: Sequence[Run]) -> Curve:
    """The validation loss; where the losses differ, the mean absolute error of all."""
    first = runs[0]
    alike = all(same_data(first.dataset, run.dataset) for run in runs)
    if _one_loss(runs):
        return Curve("validation_loss", loss_title(first), first.chance.loss if alike else None)
    if {run.dataset.problem for run in runs} == {"regression"}:
        chance = first.chance.errors.mean if alike else None
        return Curve("validation_mae", _("mean absolute error (scaled)"), chance)
    return Curve("validation_loss", _("validation loss, each run's own"), None)


def said_scores(runs: Mapping[str, Run], until: int | None = None) -> str:
    """How the runs stand at the step `until`, by a score that they share; or that there is none."""
    every = list(runs.values())
    if any(not same_data(every[0].dataset, run.dataset) for run in every):
        return _("These runs learned from different data: no comparison.")
    shown = {name: run for name, run in runs.items() if run.state in RANKED}
    sentences = []
    if len(shown) > 1:
        kind = kind_of(list(shown.values()))
        samples = {name: _sample(run, _frame(run, until), kind) for name, run in shown.items()}
        ranked = numbers(samples)
        if len(ranked) > 1:
            if kind == "mae":
                sentences.append(_("The losses differ, so mean absolute errors are compared."))
            sentences += _said(ranked, every[0], kind)
        if broken := [name for name in shown if name not in ranked]:
            words = _("Left out, score not finite: {names}.")
            sentences.append(words.format(names=listed(broken)))
    left_out = [name for name in runs if name not in shown]
    if left_out:
        sentences.append(_("Left out, training broke off: {names}.").format(names=listed(left_out)))
    return " ".join(sentences)


def _said(samples: Mapping[str, Sample], run: Run, kind: Kind) -> list[str]:
    constant = run.chance.losses if kind == "loss" else run.chance.errors
    count = len(constant.values)
    examples = ngettext(
        "Compared on {count} validation example.",
        "Compared on the same {count} validation examples.",
        count,
    )
    return [
        said_ranking(samples, kind),
        said_chance(samples, constant, kind),
        examples.format(count=count),
    ]


def kind_of(runs: Sequence[Run]) -> Kind:
    """By what runs on the same data are compared."""
    if runs[0].dataset.problem != "regression":
        return "accuracy"
    return "loss" if _one_loss(runs) else "mae"


def _one_loss(runs: Sequence[Run]) -> bool:
    return len({loss_in_use(run.settings, run.dataset) for run in runs}) == 1


def _frame(run: Run, until: int | None) -> Frame:
    return run.film.at(until) or run.film.frames[-1]


def _sample(run: Run, frame: Frame, kind: Kind) -> Sample:
    """The frame's errors or losses, beside those of a constant answer to the same examples."""
    constant = run.chance.losses if kind == "loss" else run.chance.errors
    values = frame.validation_losses if kind == "loss" else frame.validation_errors
    assert values is not None
    return constant.like(values)
