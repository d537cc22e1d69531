"""What is said of a training's losses: of made-up courses, and of trainings that happened."""

import numpy as np
import pytest

from lstm_viz.data.dataset import Dataset
from lstm_viz.data.tasks.catalogue import make_task
from lstm_viz.experiments.settings import Settings
from lstm_viz.measures.chance import chance
from lstm_viz.measures.comparison import Sample
from lstm_viz.measures.losses import course, losses_of, said_against_chance, said_losses
from lstm_viz.training.fit import frames_with

STEPS = np.arange(40.0)
NOISE = np.random.default_rng(0).normal(size=(2, 40))
FALLS = np.exp(-STEPS / 10)
RESTS = np.full(40, 0.1)
WANDERS = RESTS * np.exp(0.2 * NOISE[0])


def history(training: np.ndarray, validation: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "epoch": STEPS[: len(training)],
        "train_loss": np.concatenate([[np.nan], training[1:]]),
        "validation_loss": validation,
    }


def said(training: np.ndarray, validation: np.ndarray) -> str:
    return said_losses(losses_of(history(training, validation)))


@pytest.mark.parametrize(
    ("losses", "is_"),
    [
        (FALLS, "falling"),
        (FALLS[::-1], "rising"),
        (RESTS, "flat"),
        (WANDERS, "flat"),
        (RESTS * (1 - STEPS / 1000), None),  # by 4 %, for certain
        (RESTS * (1 - STEPS / 1000) * np.exp(0.02 * NOISE[0]), "flat"),  # perhaps
        (RESTS * (1 - STEPS / 10_000), "flat"),  # by 0.4 %
        (RESTS * (1 - STEPS / 500), "falling"),  # by 8 %
        (FALLS[:5], None),
        (RESTS * np.exp(0.1 * np.sin(STEPS / 3)), None),  # in waves
        (RESTS * np.exp(0.02 * np.sin(STEPS / 3)), "flat"),  # too small to be seen
        (np.array([0.35, 1.02, 1.02, 0.62, 0.16, 0.17]), None),  # up, and down further
        (np.full(40, np.nan), None),
    ],
)
def test_a_course_is_told_where_it_is_more_than_noise(losses: np.ndarray, is_: str | None) -> None:
    assert course(losses) == is_


def test_both_fall() -> None:
    words = said(FALLS, FALLS * np.exp(0.05 * NOISE[1]))
    assert words.startswith("Both losses still fall: training 0.0202, validation ")


def test_both_rest() -> None:
    assert said(WANDERS, WANDERS).startswith("Both losses are level now: ")
    learned = np.concatenate([FALLS[:10], np.full(30, FALLS[10])])
    assert said(learned, learned).startswith("Both losses are level now: ")


def test_a_loss_that_falls_slowly_and_steadily_is_not_called_level() -> None:
    falls = 0.862 * (0.7437 / 0.862) ** np.linspace(0, 1, 16)
    assert "level now" not in said(falls, falls)
    assert said(falls, falls).startswith("Training loss 0.744, validation loss 0.744; lowest")


def test_after_an_early_stop_the_restored_weights_are_told_from_those_that_were_discarded() -> None:
    losses = losses_of(history(FALLS, WANDERS))
    words = said_losses(losses, (2.0, 0.176))
    assert words == (
        f"Discarded: training loss 0.0202, validation loss {WANDERS[-1]:.3g}. "
        "Restored: epoch 2, validation loss 0.176."
    )
    assert "estored" not in said_losses(losses)


@pytest.mark.parametrize("losses", [FALLS, RESTS])
def test_a_loss_that_has_just_doubled_neither_falls_nor_rests(losses: np.ndarray) -> None:
    turned = np.append(losses[:-1], 2 * losses[-10])
    assert said(losses, losses).startswith("Both losses")
    for pair in ((turned, losses), (losses, turned), (turned, turned)):
        assert "Both losses" not in said(*pair)
        assert "still fall" not in said(*pair)
        assert "level now" not in said(*pair)


def test_a_loss_that_has_risen_again_at_the_end_no_longer_falls() -> None:
    turned = FALLS * np.exp(0.2 * np.maximum(STEPS - 36, 0))
    assert turned[-1] < np.median(turned[-14:]), "and yet below most of those before"
    assert "still fall" not in said(turned, turned)


def test_overfitting_needs_a_rise_and_a_fall() -> None:
    u = 0.2 + (STEPS / 10 - 1) ** 2
    assert said(FALLS, u) == (
        "Overfitting: validation loss lowest (0.2) at epoch 10, now 8.61; the training "
        "loss fell to 0.0202."
    )
    assert "Overfitting" not in said(RESTS, u), "a training loss that rests"
    assert "Overfitting" not in said(FALLS, WANDERS), "noise around a level"
    assert "Overfitting" not in said(FALLS, FALLS)


def test_a_loss_that_only_wanders_is_hardly_ever_told_to_go_anywhere() -> None:
    told = [course(np.exp(0.2 * np.random.default_rng(k).normal(size=30))) for k in range(300)]
    assert told.count("flat") >= 297


def test_a_validation_loss_that_no_longer_falls_is_told() -> None:
    assert said(FALLS, WANDERS).startswith("Training loss (0.0202) still falling, ")


def test_a_smaller_learning_rate_is_advised_only_where_training_made_it_worse() -> None:
    exploded = np.full(40, 18.0)
    exploded[0] = 0.8
    assert "smaller learning rate" in said(exploded, exploded)
    assert "18, untrained 0.8" in said(exploded, exploded)
    memorised = np.linspace(0.7, 5, 40)  # random labels: the training loss is fine
    assert "learning rate" not in said(FALLS, memorised)
    for fine in (FALLS, RESTS, WANDERS):
        assert "learning rate" not in said(fine, fine)
    small = np.linspace(0.04, 0.05, 40)  # a part of the series that varies little
    assert "learning rate" not in said(10 * FALLS, small)


def test_an_epoch_is_written_as_a_number_of_epochs() -> None:
    epochs = np.arange(40.0) * 50 + 1034
    history = {"epoch": epochs, "train_loss": FALLS, "validation_loss": WANDERS}
    epoch = int(epochs[WANDERS.argmin()])
    assert f"at epoch {epoch}." in said_losses(losses_of(history))


def test_before_and_just_after_the_start_there_are_numbers_alone() -> None:
    assert said(RESTS[:1], RESTS[:1]) == "Untrained: validation loss 0.1."
    assert said(RESTS[:3], RESTS[:3]).startswith("Training loss 0.1, validation loss 0.1; lowest")


def trained(data: Dataset, **settings) -> tuple[str, str]:
    """What is said of a training's losses and of its validation loss against chance."""
    frames = list(frames_with(Settings.of(device="cpu", batch_size=32, **settings), data))
    names = ("epoch", "train_loss", "validation_loss")
    told = {name: np.array([getattr(frame, name) for frame in frames]) for name in names}
    constant = chance(data, "bce" if data.problem == "binary" else "mse").losses
    return said_losses(losses_of(told)), said_against_chance(
        Sample(frames[-1].validation_losses), constant
    )


def test_a_training_that_explodes_is_not_advised_a_larger_rate() -> None:
    data = make_task("adding", {"count": 200, "length": 8})
    words, against = trained(data, hidden_size=8, learning_rate=5.0, epochs=15)
    assert words.startswith("Training made it worse: validation loss ")
    assert words.endswith("Try a smaller learning rate.")
    assert against.startswith("The best constant answer's loss, 0.1")
    assert against.endswith(", is lower.")


def test_random_labels_are_overfitted_and_nothing_else_is_said() -> None:
    data = make_task("random_labels", {"count": 100, "length": 8})
    words, against = trained(data, hidden_size=16, learning_rate=0.02, epochs=60)
    assert words.startswith("Overfitting: ")
    assert against == "The best constant answer's loss, 0.693, is lower."


def test_a_task_that_is_learned_is_below_a_constant_answer() -> None:
    data = make_task("last_marked", {"count": 400, "length": 4})
    words, against = trained(data, hidden_size=8, learning_rate=0.02, epochs=30)
    assert against == ""
    assert "Overfitting" not in words
    assert "worse" not in words


def test_a_loss_far_above_a_constant_answers_is_not_called_alike_and_one_beside_it_is() -> None:
    constant = Sample(np.linspace(0.1, 0.2, 16), in_order=True)
    untrained = constant.like(np.linspace(0.5, 11, 16))  # in order: chance is not ruled out
    assert not constant.better_than(untrained)
    lower = "The best constant answer's loss, 0.15, is lower."
    assert said_against_chance(untrained, constant) == lower
    beside = constant.like(constant.values[::-1] * 1.02)
    assert said_against_chance(beside, constant) == (
        "Not measurably below the best constant answer's, 0.15."
    )


def test_a_loss_that_is_no_number_is_said_to_be_none_and_compared_with_nothing() -> None:
    broken = np.append(RESTS[:5], np.nan)
    assert "validation loss not finite; lowest 0.1" in said(RESTS[:6], broken)
    assert said_against_chance(Sample(np.full(9, np.nan)), Sample(np.ones(9))) == ""
