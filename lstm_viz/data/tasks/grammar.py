"""Tasks that ask for the next symbol of a language."""

from collections.abc import Mapping

import numpy as np

from lstm_viz.data.parameters import Parameter
from lstm_viz.data.tasks.automata import Automaton, anxbn, embedded_reber
from lstm_viz.data.tasks.repeats import repeated_first
from lstm_viz.data.tasks.task import Parameters, Sequences, Task, count_of
from lstm_viz.words import N_


def _next_symbols(
    grammar: Automaton, parameters: Parameters, rng: np.random.Generator
) -> Sequences:
    """Each sequence begins with a string of its own, so that all it is judged by is in it.

    Sequences that the grammar says more than once lie in the training part, as far as they fit.
    """
    count, length = int(parameters["count"]), int(parameters["length"])
    said, states = grammar.walk(count, length + 1, rng)
    order = repeated_first(said[:, :-1])
    values, answers = said[order, :-1, None].astype(np.uint8), said[order, 1:].astype(np.int16)
    return Sequences(values, answers, grammar.judged[states[order, :-1]])


def _anxbn(parameters: Parameters) -> Automaton:
    return anxbn(int(parameters["largest"]))


def _length(parameters: Parameters) -> int:
    return int(parameters["length"])


def _length_of(default: int, low: int) -> Parameter:
    help_length = N_("Steps of a sequence.")
    return Parameter(N_("Length"), default, low, 1000, 1, help_length)


_REBER = embedded_reber()

GRAMMAR_TASKS: Mapping[str, Task] = {
    "anxbn": Task(
        N_("Counting: aⁿXbⁿ"),
        N_("n times a, one X, n times b. Only counting tells which b is the last."),
        {
            "largest": Parameter(N_("Largest n"), 8, 2, 100, 1, N_("n is drawn from 1 to this.")),
            "length": _length_of(40, 4),
            "count": count_of(),
        },
        _length,
        lambda parameters, rng: _next_symbols(_anxbn(parameters), parameters, rng),
        target_names=(N_("next symbol"),),
        problem="classes",
        every_step=True,
        symbols=("a", "X", "b"),
        classes=("a", "X", "b"),
    ),
    "reber": Task(
        N_("Continual embedded Reber grammar"),
        N_(
            "A stream of strings; near its end each repeats its second symbol, T or P. "
            "The accuracy counts these answers alone."
        ),
        {"length": _length_of(60, 20), "count": count_of()},
        _length,
        lambda parameters, rng: _next_symbols(_REBER, parameters, rng),
        target_names=(N_("next symbol"),),
        problem="classes",
        every_step=True,
        symbols=_REBER.symbols,
        classes=_REBER.symbols,
    ),
}
