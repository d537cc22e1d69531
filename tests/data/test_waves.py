import numpy as np
import pytest
from scipy.interpolate import interp1d

from lstm_viz.data.generators.catalogue import generate


def test_sine_is_the_textbook_one() -> None:
    expected = np.sin(np.linspace(0, 20 * np.pi, 1000))
    np.testing.assert_allclose(generate("sine").values[:, 0], expected, atol=1e-12)


def test_noisy_cosine_is_120_points_of_two_cycles_with_noise_of_0_3() -> None:
    angles = np.linspace(0, 4 * np.pi, 120)
    noises = [generate("noisy_cosine", seed=i).values[:, 0] - np.cos(angles) for i in range(50)]
    assert np.std(noises) == pytest.approx(0.3, rel=0.05)
    assert abs(np.mean(noises)) < 0.02


def test_sum_of_sines_has_its_amplitudes_at_its_frequencies_and_nothing_else() -> None:
    chosen = {"cycles": 10.0, "cycles_2": 27.0, "amplitude_2": 0.5}
    chosen |= {"cycles_3": 64.0, "amplitude_3": 2.0, "points": 1001}
    wave = generate("multi_sine", chosen).values[:-1, 0]  # the last point is the first one again
    heights = 2 * np.abs(np.fft.rfft(wave)) / 1000
    expected = np.zeros(501)
    expected[[10, 27, 64]] = 1, 0.5, 2
    np.testing.assert_allclose(heights, expected, atol=1e-10)


def test_a_sine_that_is_left_out_needs_no_points() -> None:
    chosen = {"points": 100, "cycles": 2.0, "cycles_2": 500.0, "amplitude_2": 0.0}
    wave = generate("multi_sine", chosen).values
    np.testing.assert_allclose(wave, generate("sine", {"points": 100, "cycles": 2.0}).values)


def test_damped_sine_shrinks_to_one_over_e_in_its_decay() -> None:
    wave = generate("damped_sine", {"points": 1001, "cycles": 10.0, "decay": 5.0}).values[:, 0]
    assert wave[25] * np.exp(-1) == pytest.approx(wave[525])  # five cycles on


def test_chirp_rises_evenly_to_its_sweep() -> None:
    settings = {"points": 20_000, "cycles": 50.0, "sweep": 4.0}
    wave = generate("chirp", settings).values[:, 0]
    ups = np.flatnonzero((wave[:-1] < 0) & (wave[1:] >= 0))[:49] / 19_999
    # frequency 20 + 60 u, four times as high at u = 1; its integral counts the cycles
    np.testing.assert_allclose(20 * ups + 30 * ups**2, np.arange(1, 50), atol=0.01)


def test_square_is_high_for_its_duty() -> None:
    wave = generate("square", {"points": 10_001, "cycles": 10.0, "duty": 0.25}).values
    assert set(np.unique(wave)) == {-1.0, 1.0}
    assert (wave == 1).mean() == pytest.approx(0.25, abs=1e-3)


def test_sawtooth_climbs_from_minus_one_to_one_and_falls() -> None:
    wave = generate("sawtooth", {"points": 101, "cycles": 2.0}).values[:, 0]
    assert wave[0] == wave[50] == -1  # exactly: no rounding moves the fall
    np.testing.assert_allclose(np.diff(wave[:50]), 0.04)


def test_triangle_runs_straight_between_its_peaks() -> None:
    wave = generate("triangle", {"points": 121, "cycles": 3.0}).values[:, 0]
    corners = interp1d(np.arange(-0.25, 3.5, 0.5), [-1, 1] * 4)
    np.testing.assert_allclose(wave, corners(np.arange(121) / 40), atol=1e-12)


def test_sinc_is_sin_x_over_x_and_1_in_the_middle() -> None:
    wave = generate("sinc", {"points": 401, "cycles": 8.0}).values[:, 0]
    x = np.linspace(-8 * np.pi, 8 * np.pi, 401)
    np.testing.assert_allclose(wave * x, np.sin(x), atol=1e-12)
    assert wave[200] == 1
