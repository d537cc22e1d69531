"""Who leads in a comparison on the same examples, as far as these can show it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lstm_viz.measures.comparison import Sample
from lstm_viz.measures.spelling import percent
from lstm_viz.numerals import numeral
from lstm_viz.words import N_, _, listed


@dataclass(frozen=True)
class Ranking:
    """Names in the order of their scores, the best first."""

    leaders: tuple[str, ...]
    """The best one, and all that it leads by no more than the margin."""
    others: tuple[str, ...]
    """Those that it leads by more."""


def ranking(samples: Mapping[str, Sample]) -> Ranking:
    """Who leads, where the smaller mean is the better one, by the margin of all their pairs.

    >>> import numpy as np
    >>> score = {"a": 0.9, "b": 0.1, "c": 0.5}
    >>> ranking({name: Sample(np.full(9, value)) for name, value in score.items()})
    Ranking(leaders=('b',), others=('c', 'a'))
    """
    order = sorted(samples, key=lambda name: samples[name].mean)
    best, pairs = samples[order[0]], math.comb(len(order), 2)
    leaders = [name for name in order if not best.better_than(samples[name], max(pairs, 1))]
    return Ranking(tuple(leaders), tuple(name for name in order if name not in leaders))


Kind = Literal["accuracy", "loss", "mae"]

SCORES: Mapping[Kind, str] = {
    "accuracy": N_("accuracy"),
    "loss": N_("validation loss"),
    "mae": N_("mean absolute error"),
}
LEADS = N_("Best {score}: {best}. Behind: {others}.")
SHARED = N_("Best {score}: {best}. Too close to call: {close}. Behind: {others}.")
EQUAL = N_("Too close to call in {score}: {all}.")


def said_ranking(samples: Mapping[str, Sample], kind: Kind) -> str:
    """Who leads, by what `kind` of score; the samples are the errors (of "accuracy") or losses.

    All scores must be numbers: see `numbers`.
    """
    found = ranking(samples)
    template = EQUAL if not found.others else LEADS if len(found.leaders) == 1 else SHARED

    def scored(names: Sequence[str]) -> str:
        words = _("{name} ({score})")
        return listed(
            [words.format(name=name, score=said_score(samples[name], kind)) for name in names]
        )

    best, *close = found.leaders
    return _(template).format(
        score=_(SCORES[kind]),
        best=scored([best]),
        close=scored(close),
        others=scored(found.others),
        all=scored(found.leaders),
    )


def numbers(samples: Mapping[str, Sample]) -> dict[str, Sample]:
    """Those whose score is a number: what is none has no place in a ranking."""
    return {name: sample for name, sample in samples.items() if math.isfinite(sample.mean)}


def said_chance(samples: Mapping[str, Sample], constant: Sample, kind: Kind) -> str:
    """Which of them do better than the best answer that is always the same, by the margin; and
    which do worse.
    """
    count = len(samples)
    behind = [name for name in samples if not samples[name].better_than(constant, count)]
    score = named_score(said_score(constant, kind), kind)
    if not behind:
        return _("All beat the best constant answer ({score}).").format(score=score)
    worse = [name for name in behind if _worse(samples[name], constant, kind, count)]
    alike = [name for name in behind if name not in worse]
    said = []
    if worse:
        said.append(
            _("Worse than the best constant answer ({score}): {names}.").format(
                score=score, names=listed(worse)
            )
        )
    if alike:
        said.append(
            _("Not measurably better than the best constant answer ({score}): {names}.").format(
                score=score, names=listed(alike)
            )
        )
    return " ".join(said)


def _worse(sample: Sample, constant: Sample, kind: Kind, among: int) -> bool:
    if kind == "accuracy":  # of few wrong answers one more is half as many again
        return constant.better_than(sample, among)
    return sample.worse_than(constant, among)


NAMED: Mapping[Kind, str] = {
    "accuracy": N_("accuracy {score}"),
    "loss": N_("loss {score}"),
    "mae": N_("MAE {score}"),
}


def named_score(score: str, kind: Kind) -> str:
    """A score with what it is.

    >>> named_score("0.143", "loss")
    'loss 0.143'
    """
    return _(NAMED[kind]).format(score=score)


def said_score(sample: Sample, kind: Kind) -> str:
    """A score as a sentence writes it.

    >>> import numpy as np
    >>> said_score(Sample(np.array([0.0, 0.0, 1.0])), "accuracy")
    '66.7%'
    """
    return written(1 - sample.mean if kind == "accuracy" else sample.mean, kind)


def written(score: float, kind: Kind) -> str:
    """An accuracy, a loss or an error as text: 100% only where all answers are right.

    >>> written(0.9999, "accuracy"), written(0.01234, "loss")
    ('> 99.9%', '0.0123')
    """
    if kind != "accuracy":
        return numeral(score)
    return percent(score, 1)
