"""The seeds of each contender: which of them have ended, what they came to, and the verdict."""

import math
from collections.abc import Mapping, Sequence

from lstm_viz.measures import seeds as measures
from lstm_viz.measures.ranking import Kind, named_score, said_score
from lstm_viz.measures.solved import is_solved, said_solved
from lstm_viz.runs.run import ACTIVE, Run
from lstm_viz.ui.race.equal import same_data
from lstm_viz.ui.race.scores import kind_of, said_scores
from lstm_viz.ui.service import trainer
from lstm_viz.words import _, listed, ngettext

Seeds = Mapping[str, Sequence[Run]]
"""Contender -> its runs, the watched one first."""

OVER = ("finished", "diverged", "recorded")
"""States in which a run has come to its own end."""
WHAT: Mapping[Kind, str] = {
    "accuracy": "validation_accuracy",
    "loss": "validation_loss",
    "mae": "validation_mae",
}


def seeds_of(runs: Mapping[str, Run]) -> dict[str, list[Run]]:
    """The runs of each contender, of the one that is watched and of its further seeds."""
    return {name: trainer().runs.seeds_of(run.id) for name, run in runs.items()}


def ended(seeds: Seeds) -> dict[str, list[Run]]:
    """Of each contender the runs of those seeds with which all contenders have come to an end."""
    rows = zip(*seeds.values(), strict=False)
    over = [row for row in rows if all(run.state in OVER for run in row)]
    return {name: [row[k] for row in over] for k, name in enumerate(seeds)}


def score_at_end(run: Run, what: str) -> float:
    """What was measured at the end of a run, of its first training where it was trained further.

    NaN where it diverged, or was not measured by then.
    """
    if run.state == "diverged":
        return math.nan
    history = run.film.history
    planned = run.settings.budget.epochs * run.steps_per_epoch
    best = [frame for frame in run.film.frames if frame.restored and frame.step <= planned]
    if best:
        return float(getattr(best[-1], what))
    measured = history[what][history["step"] <= planned]
    return float(measured[-1]) if len(measured) else math.nan


def has_solved(run: Run) -> bool:
    """Whether its task was solved at the end of a run."""
    accuracy, loss = (
        score_at_end(run, each) for each in ("validation_accuracy", "validation_loss")
    )
    return is_solved(run.dataset.problem, accuracy, loss, run.chance.loss)


def can_be_solved(run: Run) -> bool:
    """Whether it learned a task: of a series or a text nobody knows all that could be learned."""
    return run.dataset.answers is not None


def said_verdict(seeds: Seeds, until: int | None = None) -> str:
    """How the contenders stand, on how many seeds; `until` is the step that all have reached."""
    watched = {name: runs[0] for name, runs in seeds.items()}
    first = next(iter(watched.values()))
    if any(not same_data(first.dataset, run.dataset) for run in watched.values()):
        return said_scores(watched)
    over = ended(seeds)
    done, planned = len(next(iter(over.values()))), min(len(runs) for runs in seeds.values())
    going = any(run.state in ACTIVE for runs in seeds.values() for run in runs)
    if not done:
        return " ".join(
            [*_unfinished(first, planned, until, going=going), said_scores(watched, until)]
        )
    sentences = [measures.said_seeds(done, planned, going=going)]
    if can_be_solved(first):
        solved = {name: [has_solved(run) for run in runs] for name, runs in over.items()}
        levels = {run.chance.loss for run in watched.values()}
        level = levels.pop() if len(levels) == 1 else None
        sentences.append(said_solved(solved, first.dataset.problem, level))
    alone = {name: runs[0] for name, runs in over.items()}
    return " ".join([*sentences, said_scores(alone) if done == 1 else _said_over_seeds(over)])


def _unfinished(first: Run, planned: int, until: int | None, *, going: bool) -> list[str]:
    """Which moment of which seed it is that a verdict is about."""
    if not going:
        words = ngettext(
            "No network trained to its end.",
            "No seed of all contenders trained to its end: the first of {planned} is compared.",
            planned,
        )
        return [words.format(planned=planned)]
    if until is None:
        return []
    words = ngettext(
        "**At epoch {epoch:.1f}, which all have reached.**",
        "**At epoch {epoch:.1f}, which all have reached, with the first of {planned} seeds.**",
        planned,
    )
    return [words.format(epoch=until / first.steps_per_epoch, planned=planned)]


def _said_over_seeds(over: Seeds) -> str:
    first = next(iter(over.values()))[0]
    kind = kind_of([runs[0] for runs in over.values()])
    scores = {name: [score_at_end(run, WHAT[kind]) for run in runs] for name, runs in over.items()}
    whole = {name: each for name, each in scores.items() if not any(map(math.isnan, each))}
    sentences = []
    if len(whole) > 1:
        if kind == "mae":
            sentences.append(_("The losses differ, so mean absolute errors are compared."))
        constant = first.chance.losses if kind == "loss" else first.chance.errors
        words = _("Best constant answer: {score}.")
        sentences += [
            measures.said_ranking(whole, kind),
            words.format(score=named_score(said_score(constant, kind), kind)),
        ]
    broken = [name for name in scores if name not in whole]
    if broken:
        words = _("Left out, training broke off: {names}.")
        sentences.append(words.format(names=listed(broken)))
    return " ".join(sentences)
