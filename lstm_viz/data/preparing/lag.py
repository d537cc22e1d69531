"""Lagged inputs: what was some rows before, beside what is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lstm_viz.data.preparing.step import AMONG, Among, Given, Step
from lstm_viz.limits import Whole, limited
from lstm_viz.words import N_, Sentence

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Lag(Step):
    """One more input x_{t-rows} for each column."""

    name = "lag"
    label = N_("Lagged input")
    help = N_("What was so many rows before. It rules out running free.")

    rows: int = limited(Whole(1, 1, 1000))
    among: Among = limited(AMONG)

    @property
    def reach(self) -> int:
        return self.rows

    def apply(self, given: Given) -> "tuple[pd.DataFrame, Sentence | None]":
        made = given.frame.copy()
        names = [unused(f"{name} (t-{self.rows})", made) for name in given.columns]
        made[names] = given.frame[[*given.columns]].shift(self.rows).to_numpy()
        return made, Sentence(N_("Inputs made: {names}."), {"names": ", ".join(names)})


def unused(name: str, frame: "pd.DataFrame") -> str:
    """The name, or one like it where a column has it already."""
    while name in frame:
        name += "'"
    return name
