"""What the scores mean, in words."""

import math

from lstm_viz.measures.scores import Scores
from lstm_viz.words import N_, Sentence

DIVERGED = N_(
    "The network's forecast is not a number: its training diverged. "
    "Train again with a smaller learning rate."
)
WORSE = N_(
    "With a mean absolute error of {model:.4g} against {naive:.4g} the network does worse than "
    "repeating the last value: it has not learned the series."
)
NO_BETTER = N_(
    "With a mean absolute error of {model:.4g} the network does no better than repeating the "
    "last value: it has not learned the series."
)
NO_BETTER_THAN_SEASON = N_(
    "The network does better than repeating the last value, but no better than repeating the last "
    "season: a mean absolute error of {model:.4g} against {seasonal:.4g}. "
    "It has not learned more than the season."
)
BEATS = N_(
    "The network's mean absolute error of {model:.4g} is {share:.0%} of that of repeating the "
    "last value: it has learned something about the series."
)
BEATS_BOTH = N_(
    "The network's mean absolute error of {model:.4g} is {share:.0%} of that of repeating the "
    "last value and {seasonal_share:.0%} of that of repeating the last season: it has learned more "
    "than these rules know."
)
UNKNOWN = N_("There is no forecast to judge.")


def verdict(model: Scores, naive: Scores, seasonal: Scores | None = None) -> Sentence:
    """One sentence: whether the network's MAE is below that of the naive forecasts.

    >>> print(verdict(Scores(2.0, 2.5, 1.3), Scores(1.5, 2.0, 1.0)))
    With a mean absolute error of 2 against 1.5 the network does worse than repeating the last...
    """
    if math.isnan(model.mae):
        return Sentence(UNKNOWN)
    if math.isinf(model.mae):
        return Sentence(DIVERGED)
    values = {"model": model.mae, "naive": naive.mae}
    if model.mae >= naive.mae:
        return Sentence(WORSE if model.mae > naive.mae else NO_BETTER, values)
    values["share"] = model.mae / naive.mae
    if seasonal is None:
        return Sentence(BEATS, values)
    values["seasonal"] = seasonal.mae
    if model.mae >= seasonal.mae:
        return Sentence(NO_BETTER_THAN_SEASON, values)
    return Sentence(BEATS_BOTH, {**values, "seasonal_share": model.mae / seasonal.mae})
