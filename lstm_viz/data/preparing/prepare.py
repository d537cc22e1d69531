"""Taking the steps of a preparation, one after the other, and keeping what undoes them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lstm_viz.data.preparing.catalogue import Steps
from lstm_viz.data.preparing.clipping import Clip
from lstm_viz.data.preparing.difference import Difference
from lstm_viz.data.preparing.step import Given, Step
from lstm_viz.data.reading.tables import Table, column_of
from lstm_viz.data.series import Levels, Rows, Series
from lstm_viz.data.windows import WindowSpec, fewest_rows, splits
from lstm_viz.errors import DataError, LstmVizError
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Done:
    """What a step did."""

    before: int
    after: int
    """Rows, complete ones where it leaves some incomplete."""
    said: Sentence | None


@dataclass(frozen=True, eq=False)
class Prepared:
    """What came of a preparation."""

    result: Series | LstmVizError
    """Or why there is none: what the first step that cannot be taken says."""
    inputs: tuple[str, ...] = ()
    """Columns that steps made."""
    done: tuple[Done, ...] = ()
    """Of each step that was taken, in their order."""
    missing: int = 0
    """Values that were to be filled in."""
    observed: Rows | None = None
    """(N, D) the rows of `result` in the chosen columns, before a step changed their values; None
    where none does."""


def prepare(
    source: Table | Series,
    chosen: Sequence[str],
    targets: int,
    steps: Steps,
    spec: WindowSpec,
    fill: Callable[[Table, Sequence[int]], Series],
) -> Prepared:
    """The `chosen` columns, the first of them the `targets`, with the steps taken in their order.

    Steps on rows are taken of the table as it was read; then `fill` makes a series without gaps,
    and the others are taken of that, each fitted on the rows before `spec`'s split, whose number
    `fill` is told. Rows at the beginning that a step leaves incomplete are left out. Never raises
    LstmVizError.
    """
    done: list[Done] = []
    early = [step for step in steps if step.on_rows]
    missing, observed = 0, None
    late = [step for step in steps if not step.on_rows]
    try:
        # what becomes too large is refused where the series is cut
        with np.errstate(over="ignore", invalid="ignore"):
            if early:
                source = _on_rows(source, chosen, early, done)
            if isinstance(source, Table):
                missing = sum(each.missing for each in source.columns if each.name in chosen)
                source = fill(source, splits(source.rows, spec))
            series = source
            if late:
                before = _frame(series, chosen).to_numpy()
                series = _on_values(series, chosen, targets, late, spec, done)
                observed = before[-len(series.values) :]
        _check_enough(len(series.values), [*early, *late], done, spec)
    except LstmVizError as error:
        return Prepared(error, (), tuple(done), missing)
    made = series.columns[len(chosen) :] if late else ()
    return Prepared(series, made, tuple(done), missing, observed)


def together(each: Sequence[Prepared]) -> Prepared:
    """Of several series prepared alike: the longest that came of any, what the steps did to the
    rows of all, and what the first one's did besides.
    """
    good = [one for one in each if isinstance(one.result, Series)] or each[:1]
    if len(each) == 1:
        return each[0]
    longest = max(good, key=lambda one: len(getattr(one.result, "values", ())))
    done = (
        Done(sum(one.before for one in of), sum(one.after for one in of), None)
        for of in zip(*(one.done for one in good), strict=False)
    )
    return replace(longest, done=tuple(done), missing=sum(one.missing for one in each))


def _on_rows(
    source: Table | Series, chosen: Sequence[str], steps: Sequence[Step], done: list[Done]
) -> Table | Series:
    frame = _frame(source, chosen)
    for step in steps:
        made, said = _taken(step, Given(frame, chosen, 0))
        done.append(Done(len(frame), len(made), said))
        frame = made
    index = _labels(frame)
    if isinstance(source, Series):
        return replace(source, values=frame.to_numpy(), columns=tuple(chosen), index=index)
    columns = tuple(column_of(name, frame[name].to_numpy()) for name in chosen)
    return replace(source, rows=len(frame), columns=columns, index=index)


def _on_values(
    series: Series,
    chosen: Sequence[str],
    targets: int,
    steps: Sequence[Step],
    spec: WindowSpec,
    done: list[Done],
) -> Series:
    frame = _frame(series, chosen)
    lost = _incomplete(frame, chosen, targets, steps)
    training = splits(len(frame) - lost, spec)[0] + lost
    levels, differences = [_targets(frame, targets)], []
    for step in steps:
        if isinstance(step, Difference):
            levels.append(_targets(frame, targets))
            differences.append(step)
        made, said = _taken(step, Given(frame, _concerned(step, chosen, targets), training))
        done.append(Done(_complete(frame), _complete(made), said))
        frame = made
    changed = differences or any(isinstance(step, Clip) for step in steps)
    whole = frame.iloc[lost:]
    return Series(
        series.name,
        whole.to_numpy(),
        tuple(map(str, whole)),
        series.index_name,
        _labels(whole),
        series.note,
        tuple(differences),
        np.stack(levels) if changed else None,
    )


def _check_enough(rows: int, steps: Sequence[Step], done: Sequence[Done], spec: WindowSpec) -> None:
    """Refuse the step without which the rows would be enough."""
    need = fewest_rows(spec)
    for step, each in zip(steps, done, strict=True):
        if rows < need and each.after < need <= each.before:
            raise DataError(
                N_(
                    "The step '{step}' leaves {after:,} of {before:,} rows, and at least {need:,} "
                    "are needed. Change it or leave it out."
                ),
                step=Sentence(step.label),
                after=each.after,
                before=each.before,
                need=need,
            )


def _taken(step: Step, given: Given) -> "tuple[pd.DataFrame, Sentence | None]":
    if step.dated and given.frame.index.dtype.kind != "M":
        raise DataError(
            N_("The rows have no dates, which the step '{step}' needs. Leave it out."),
            step=Sentence(step.label),
        )
    return step.apply(given)


def _concerned(step: Step, chosen: Sequence[str], targets: int) -> Sequence[str]:
    return chosen if getattr(step, "among", "targets") == "all" else chosen[:targets]


def _incomplete(
    frame: "pd.DataFrame", chosen: Sequence[str], targets: int, steps: Sequence[Step]
) -> int:
    """Rows at the beginning that the steps leave incomplete: tried on as many as it may be, none
    of which are looked at, so that no step refuses them.
    """
    looking_back = [step for step in steps if step.reach]
    most = sum(step.reach for step in looking_back)
    if most >= len(frame):
        raise DataError(
            N_(
                "The steps look back {reach:,} rows, and the series has {rows:,}. Shorten their "
                "lags or leave one out."
            ),
            reach=most,
            rows=len(frame),
        )
    head = frame.iloc[: most + 1] * 0
    for step in looking_back:
        blind = replace(step, kind="plain") if isinstance(step, Difference) else step
        head, _said = blind.apply(Given(head, _concerned(step, chosen, targets), 0))
    return len(head) - _complete(head)


def _complete(frame: "pd.DataFrame") -> int:
    return int(frame.notna().all(axis=1).sum())


def _targets(frame: "pd.DataFrame", targets: int) -> Levels:
    values: Rows = frame.iloc[:, :targets].to_numpy()
    return values


def _frame(source: Table | Series, chosen: Sequence[str]) -> "pd.DataFrame":
    """The chosen columns, their index the rows' labels, or their numbers from 0."""
    import pandas as pd

    if isinstance(source, Table):
        values = {column.name: column.values for column in source.columns}
    else:
        values = {name: source.column(name) for name in source.columns}
    frame = pd.DataFrame({name: values[name] for name in chosen})
    if source.index is not None:
        frame.index = pd.Index(source.index)
    return frame


def _labels(frame: "pd.DataFrame") -> Rows | None:
    """(rows,) the labels; None where rows are only counted, from 0."""
    import pandas as pd

    if isinstance(frame.index, pd.RangeIndex) and frame.index.start == 0:
        return None
    labels: Rows = frame.index.to_numpy()
    return labels.astype(np.float64) if labels.dtype.kind in "iu" else labels
