"""Frames are shown in a line, and can be compared and hashed."""

from tests.training.frames_for_tests import frame, layer_frame


def test_a_frame_is_shown_in_a_line_and_can_be_compared_and_hashed():
    for make in (layer_frame, lambda: frame(7)):
        each, other = make(), make()
        assert len(repr(each)) < 120
        assert "\n" not in repr(each)
        assert each == each
        assert each != other
        assert len({each, other}) == 2
    assert repr(frame(7)).startswith("Frame(epoch=0.7, step=7,")
