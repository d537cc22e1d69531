"""What a run will take, from its settings alone: before anything large is built."""

import math
from bisect import bisect_left
from collections.abc import Callable

from lstm_viz.data.dataset import VALIDATION_EXAMPLES, Dataset
from lstm_viz.errors import ConfigError
from lstm_viz.experiments.settings import Settings
from lstm_viz.experiments.size import parameter_count
from lstm_viz.instruments.lasting import seconds_of_map
from lstm_viz.models.cells import cell_of
from lstm_viz.models.spec import FusedSpec
from lstm_viz.words import N_, Sentence

FLOPS = 15e9
"""Of one core, in small matrix products."""
STEP_SECONDS, UNROLLED_SECONDS = 6e-5, 5e-4
"""What a layer's time step takes whatever its size, forward and back: of a fused layer, and of one
that runs its cell's steps on tensors."""
GPU_UNROLLED_SECONDS = 8e-4
"""The same of a GPU that runs a cell's steps on tensors, as measured on an H200: each operation has
to be launched, however small it is."""
FEWEST_EVALUATED, EVALUATED, MOST_EVALUATED = 16, 256, 1024
"""Examples that pass through the network at once when it is measured: the more, the cheaper."""
EVALUATED_BYTES, MOST_EVALUATED_BYTES = 2**24, 2**26
"""That more than those in the middle may take, and these."""
UNROLLED_BYTES = 4096
"""What each signal at a time step of a layer takes beside its numbers, where the cell's steps are
run on tensors: their own records, and what autograd remembers of them."""
TRACED = 4
"""Examples that a frame traces."""
SHOWN = 200
"""Examples that a frame answers besides those measured."""
LONG_SECONDS = 0.1
"""Of an update or a frame: neither can be interrupted, and who waits behind a longer one sees it.
"""
LONG_LOOK_SECONDS = 1.0
"""Of a first look: others would notice that they wait for it."""
TOO_LARGE = N_(
    "This run needs about {needed:,} MB of memory; one may take {limit:,} MB here. {remedy}"
)
FEWER_UNITS = N_("It fits with {units} hidden units, or with a batch of {batch}.")
ONLY_FEWER_UNITS = N_("It fits with {units} hidden units.")
TOO_SLOW = N_(
    "Not shown before training: an update takes about {step:.0f} s, an epoch {epoch:.0f} min. "
    "Choose fewer units or shorter sequences."
)
TOO_LONG = N_(
    "This would take about {seconds:,.0f} s. It fits with sequences of {most:,} steps, or with "
    "fewer hidden units."
)
SHORTER = N_("Choose shorter sequences or fewer layers.")


def bytes_of_model(settings: Settings, dataset: Dataset) -> int:
    """What stays between two steps: parameters, gradients and two moments of each, and the float64
    copy that frames trace.
    """
    return 24 * parameter_count(settings, dataset)


def bytes_needed(settings: Settings, dataset: Dataset) -> int:
    """At most about so many bytes are held at once: by the model, and by the larger of a step and
    a frame.

    For each signal of each unit, at each time step of each example, a step keeps two float32
    numbers, as `step_memory.step_bytes` counts, and works on a third; a frame traces fewer
    examples, in float64.
    """
    network = settings.network
    directions = 2 if network.bidirectional else 1
    signals = len(cell_of(settings.cell.kind).signals(settings.cell.options))
    width = dataset.window * network.hidden_size * directions
    inputs = 4 * dataset.window * dataset.input_size
    batch = min(settings.budget.batch_size, max(1, dataset.count("training")))
    step = batch * (12 * signals * width * network.layers + inputs)
    fused = _is_fused(settings)
    each = 4 * width * evaluated_signals(None if fused else signals) + inputs
    evaluated = evaluated_at_once(each) * each
    frame = 24 * TRACED * signals * width * network.layers + evaluated
    records = 0 if fused else signals * dataset.window * network.layers * directions
    return bytes_of_model(settings, dataset) + max(step, frame) + UNROLLED_BYTES * records


def evaluated_signals(unrolled: int | None) -> int:
    """Numbers a unit and time step that a layer holds while it is measured: the inputs of its four
    gates at most; of a cell whose steps are run on tensors its states and what they make too, of
    so many signals.
    """
    return 4 if unrolled is None else unrolled + 3


def evaluated_at_once(bytes_each: int) -> int:
    """Examples of so many bytes that pass through the network at once when it is measured."""
    middle = min(EVALUATED, MOST_EVALUATED_BYTES // bytes_each)
    return max(FEWEST_EVALUATED, middle, min(MOST_EVALUATED, EVALUATED_BYTES // bytes_each))


def seconds_of_step(settings: Settings, dataset: Dataset) -> float:
    """About so long takes an optimizer update on one core: within a factor of some three."""
    batch = min(settings.budget.batch_size, max(1, dataset.count("training")))
    return _seconds(settings, dataset, batch, passes=3)


def seconds_of_frame(settings: Settings, dataset: Dataset) -> float:
    """The same of a frame."""
    examples = min(dataset.count("validation"), VALIDATION_EXAMPLES + SHOWN)
    return _seconds(settings, dataset, examples + 4 * TRACED, passes=1)


def forecasts_within(settings: Settings, dataset: Dataset, steps: int, seconds: float) -> int:
    """So many forecasts of some steps, run free beyond the horizon, take about so long."""
    times = -(-steps // dataset.horizon)
    begin, more = (_seconds(settings, dataset, each, passes=1) for each in (0, 1000))
    return max(0, int((seconds / times - begin) / (more - begin) * 1000))


def is_faster_on_cpu(settings: Settings, dataset: Dataset) -> bool:
    """Whether an update takes a core less time than a GPU: steps on small tensors do."""
    on_gpu = dataset.window * _runs(settings) * GPU_UNROLLED_SECONDS
    return not _is_fused(settings) and seconds_of_step(settings, dataset) < on_gpu


def has_long_steps(settings: Settings, dataset: Dataset) -> bool:
    """Whether others should not wait behind an update or a frame of this run."""
    longest = max(seconds_of_step(settings, dataset), seconds_of_frame(settings, dataset))
    return longest > LONG_SECONDS


def has_long_look(settings: Settings, dataset: Dataset) -> bool:
    """Whether others would notice that they wait for a first look at a network."""
    return _seconds_of_look(settings, dataset) > LONG_LOOK_SECONDS


def _seconds_of_look(settings: Settings, dataset: Dataset) -> float:
    """Two frames and three updates."""
    return 3 * seconds_of_step(settings, dataset) + 2 * seconds_of_frame(settings, dataset)


def _seconds(settings: Settings, dataset: Dataset, examples: int, passes: int) -> float:
    products = 2 * passes * parameter_count(settings, dataset) * dataset.window * examples
    each = STEP_SECONDS if _is_fused(settings) else UNROLLED_SECONDS
    return products / FLOPS + dataset.window * _runs(settings) * each


def _is_fused(settings: Settings) -> bool:
    return isinstance(cell_of(settings.cell.kind), FusedSpec)


def check_memory(settings: Settings, dataset: Dataset, limit: int) -> None:
    """Raise ConfigError for a run that needs more bytes; it names the size that fits."""
    needed = bytes_needed(settings, dataset)
    if needed <= limit:
        return

    def fits(**changes: int) -> bool:
        return bytes_needed(settings.changed(**changes), dataset) <= limit

    units = _largest(settings.network.hidden_size, lambda n: fits(hidden_size=n))
    batch = _largest(settings.budget.batch_size, lambda n: fits(batch_size=n))
    remedy = (FEWER_UNITS if batch else ONLY_FEWER_UNITS) if units else SHORTER
    raise ConfigError(
        TOO_LARGE,
        needed=max(1, round(needed / 2**20)),
        limit=round(limit / 2**20),
        remedy=Sentence(remedy, {"units": units, "batch": batch}),
    )


def check_time(settings: Settings, dataset: Dataset, seconds: float) -> None:
    """Raise ConfigError for a network of which a first look takes longer than these seconds; it
    says how long the training takes.
    """
    if _seconds_of_look(settings, dataset) > seconds:
        step = seconds_of_step(settings, dataset)
        examples = dataset.count("training")
        raise ConfigError(
            TOO_SLOW,
            step=step,
            epoch=step * math.ceil(examples / settings.budget.batch_size) / 60,
        )


def _largest(most: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to `most` that fits; 0 where none does."""
    return bisect_left(range(1, most + 1), True, key=lambda n: not fits(n))


INTERVENED_BYTES = 2**26
"""That the steps of the examples which pass at once through a network that is intervened in take.
"""
INTERVENED_SECONDS = 3.0
"""What the validation part may take then, and the example shown."""


def intervened_at_once(settings: Settings, dataset: Dataset) -> int:
    """Examples that pass at once through a network that is intervened in: all of its steps are
    kept, a dozen numbers for each unit.
    """
    each = 48 * dataset.window * settings.network.hidden_size * _runs(settings)
    return max(1, INTERVENED_BYTES // each)


def examples_intervened(settings: Settings, dataset: Dataset) -> int:
    """Validation examples on which it is measured what an intervention costs: as many as there
    is time for.
    """
    each = 2 * parameter_count(settings, dataset) * dataset.window / FLOPS
    alone = dataset.window * _runs(settings) * UNROLLED_SECONDS
    at_once = intervened_at_once(settings, dataset)
    return max(1, int(INTERVENED_SECONDS / (each + alone / at_once)))


def check_intervened(settings: Settings, dataset: Dataset) -> None:
    """Raise ConfigError for a network in which one example alone takes too long."""
    runs = 4 * dataset.window * _runs(settings) * UNROLLED_SECONDS  # forward, back, in float64
    seconds = runs + 12 * parameter_count(settings, dataset) * dataset.window / FLOPS
    if seconds > INTERVENED_SECONDS:
        raise ConfigError(
            TOO_LONG,
            seconds=seconds, most=max(1, int(dataset.window * INTERVENED_SECONDS / seconds)),
        )  # fmt: skip


def _runs(settings: Settings) -> int:
    """Layers in one direction."""
    return settings.network.layers * (2 if settings.network.bidirectional else 1)


MOST_SILENCED = 64
TAKEN_APART = 40
"""Steps from which the product of the Jacobians is taken apart."""
LABORATORY_SECONDS = 8.0
"""What one measurement of the laboratory may take."""


def seconds_of_laboratory(what: str, steps: int, states: int) -> float:
    """About so long takes a measurement of a layer of so many states, over so many steps: on one
    core up to twice what it took there.
    """
    if what == "jacobians":  # a QR decomposition and a product a step, some of them taken apart
        each = 6e-5 + states**2 * (3e-8 + states * 4e-10)
        return steps * each + min(steps, TAKEN_APART) * states**3 * 4.5e-10
    if what == "map":
        return seconds_of_map(steps, states)
    if what == "silencing":  # a pass a unit, each step of which costs its products and a call
        units = min(MOST_SILENCED, states)
        return units * steps * (1.5e-4 + states**2 * 7e-9)
    return 0.0


def check_laboratory(what: str, steps: int, states: int) -> None:
    """Raise ConfigError for a measurement that takes too long; it names the length that fits."""

    def fits(length: int) -> bool:
        return seconds_of_laboratory(what, length, states) <= LABORATORY_SECONDS

    if not fits(steps):
        raise ConfigError(
            TOO_LONG,
            seconds=seconds_of_laboratory(what, steps, states), most=_largest(steps, fits),
        )  # fmt: skip


def seconds_of_attribution(settings: Settings, dataset: Dataset) -> float:
    """About so long takes it to attribute an answer to one example's inputs, by every method: some
    35 passes of which most go in one batch, forward and back, in float64.
    """
    each = 1.1e-3 if _is_fused(settings) else 2.7e-3
    return dataset.window * (_runs(settings) * each + parameter_count(settings, dataset) * 8e-9)


def check_attribution(settings: Settings, dataset: Dataset) -> None:
    """Raise ConfigError where that takes too long; it names the length that fits."""
    seconds = seconds_of_attribution(settings, dataset)
    if seconds > LABORATORY_SECONDS:
        raise ConfigError(
            TOO_LONG,
            seconds=seconds,
            most=max(1, int(dataset.window * LABORATORY_SECONDS / seconds)),
        )  # fmt: skip


def check_reading(settings: Settings, dataset: Dataset, length: int) -> None:
    """Raise ConfigError for a text whose trace takes too long; it names the length that fits."""
    each, product = (2e-4, 2.6e-9) if _is_fused(settings) else (5e-4, 5e-9)
    step = _runs(settings) * each + parameter_count(settings, dataset) * product
    if length * step > LABORATORY_SECONDS:
        raise ConfigError(
            N_("Reading this would take about {seconds:,.0f} s. It fits with {most:,} "
               "characters, or with fewer layers or hidden units."),
            seconds=length * step, most=int(LABORATORY_SECONDS / step),
        )  # fmt: skip
