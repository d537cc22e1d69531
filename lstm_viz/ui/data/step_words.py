"""What the values of a preparation's steps are called."""

from collections.abc import Mapping

from lstm_viz.words import N_

FIELD_WORDS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("range", "first"): (N_("From"), N_("Empty: from the first row.")),
    ("range", "last"): (N_("To"), N_("Empty: to the last row.")),
    ("resample", "grid"): (N_("A row for each"), ""),
    ("resample", "how"): (
        N_("Its value"),
        N_("Mean for a state (temperature), sum for an amount (rain)."),
    ),
    ("clip", "width"): (
        N_("Limit"),
        N_("In interquartile ranges. 3 is far out."),
    ),
    ("diff", "kind"): (
        N_("Of"),
        N_("Logarithms: by which share values grow."),
    ),
    ("diff", "lag"): (N_("Rows apart"), N_("1: row to row. A season: takes that out.")),
    ("calendar", "unit"): (N_("Of the"), ""),
    ("lag", "rows"): (N_("Rows before"), ""),
    ("", "among"): (N_("Columns"), ""),
}
"""(step, field) -> its name and help; the columns are called the same for all steps."""
VALUE_NAMES: Mapping[str, str] = {
    "targets": N_("those to forecast"),
    "all": N_("all chosen ones"),
    "10min": N_("10 minutes"),
    "15min": N_("15 minutes"),
    "30min": N_("30 minutes"),
    "hour": N_("hour"),
    "day": N_("day"),
    "week": N_("week"),
    "month": N_("month"),
    "quarter": N_("quarter"),
    "year": N_("year"),
    "mean": N_("mean"),
    "sum": N_("sum"),
    "last": N_("last value"),
    "plain": N_("values"),
    "log": N_("logarithms"),
    "weekday": N_("weekday"),
}
