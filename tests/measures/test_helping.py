"""What is said to help a gradient, and of which it must not be said."""

import numpy as np

from lstm_viz.measures.helping import said_helping


def test_what_brings_ten_times_as_much_is_said_to_help_and_nothing_else() -> None:
    said = said_helping(10**-8.1, {"forget bias 3": 10**-1.1, "a": 6e-8, "b": 1e-4}, 99, 0)
    assert "7.9·10⁻⁹ of the gradient from step 99 arrived at step 0." in said
    assert said.endswith("It would be 0.079 with forget bias 3 and 10⁻⁴ with b.")
    nothing = said_helping(0.5, {"forget bias 3": 0.9, "b": np.nan}, 9, 0)
    assert nothing.endswith("None of these changes raises it tenfold.")


def test_where_no_share_arrives_nothing_is_compared() -> None:
    said = said_helping(np.nan, {"b": 0.1}, 9, 0)
    assert "nothing arrives to compare" in said and "would be" not in said
