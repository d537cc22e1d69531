"""Interventions as data: in a link, and in a network that has only a part of what they name."""

import pytest

from lstm_viz.errors import ConfigError
from lstm_viz.experiments.intervention import Intervention, parameters_of

EVERYTHING = Intervention(
    (("forget", 0.5), ("input", 1.0)), (1, 7), (2, 5), (0, 9), 0.25, None, (3, 1, -0.5),
    ("weight_hh", 66),
)  # fmt: skip


def test_a_link_says_it_and_gives_it_back() -> None:
    for each in (EVERYTHING, Intervention(), Intervention(begin_like=2), Intervention(begin=0.0)):
        assert Intervention.from_text(each.to_text()) == each


@pytest.mark.parametrize(
    "text",
    ["clamp:forget", "clamp:forget,x", "clamp:forget,nan", "steps:1", "steps:-1,3", "open:1",
     "silence:0.5", "swap:readout,3", "change:1,2", "begin:1e400", "like:", "begin:1,2"],
)  # fmt: skip
def test_what_nobody_wrote_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="No intervention can be read from"):
        Intervention.from_text(text)


def test_what_a_network_has_no_place_for_is_left_out() -> None:
    found = EVERYTHING.fitting(["forget"], 8, 5, 1, 2)
    assert found == Intervention(
        (("forget", 0.5),), (1, 7), (2, 4), (0,), 0.25, swap=("weight_hh", 66)
    )
    assert Intervention(steps=(0, 9)).fitting([], 8, 10, 1, 1).steps is None
    assert Intervention(steps=(6, 9)).fitting([], 8, 5, 1, 1).steps is None
    assert Intervention(begin_like=2).fitting([], 8, 5, 1, 2) == Intervention()


def test_a_part_is_that_of_one_layer_in_one_direction() -> None:
    names = [
        f"recurrent.{part}_{place}"
        for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh", "inner_weight_hh")
        for place in ("l0", "l0_reverse", "l1", "l11")
    ]
    assert parameters_of(names, "recurrent.l1", "weight_hh") == [
        "recurrent.weight_hh_l1", "recurrent.inner_weight_hh_l1",
    ]  # fmt: skip
    assert parameters_of(names, "recurrent.l0_reverse", "bias") == [
        "recurrent.bias_ih_l0_reverse", "recurrent.bias_hh_l0_reverse",
    ]  # fmt: skip
    assert parameters_of(["readout.weight", "readout.bias"], "recurrent.l0", "bias") == []
