"""The table of series made on the spot, one signature `(parameters, rng) -> values`.

A new generator is one function and one row of a table; the pages need no change.
"""

from collections.abc import Mapping

from lstm_viz.data.generators.chaos import CHAOS
from lstm_viz.data.generators.generator import Generator, Parameters
from lstm_viz.data.generators.processes import PROCESSES
from lstm_viz.data.generators.waves import WAVES
from lstm_viz.data.parameters import complete, find, random_source
from lstm_viz.data.series import Series
from lstm_viz.words import N_

GENERATORS: Mapping[str, Generator] = {**WAVES, **PROCESSES, **CHAOS}


def generate(name: str, parameters: Parameters | None = None, seed: int = 0) -> Series:
    """The series of a generator; parameters left out take their defaults.

    Equal arguments give equal numbers. Raises ConfigError when the generator or a parameter is
    not known, or a value is out of its range.

    >>> generate("sine").values.shape
    (1000, 1)
    """
    known = N_("There is no series called '{name}'. Choose one of: {known}.")
    generator = find(GENERATORS, name, known)
    values = generator.make(complete(generator.parameters, parameters), random_source(seed))
    return Series(generator.label, values.reshape(len(values), -1), generator.columns)
