"""How large a network is, from its settings alone."""

from bisect import bisect_left
from math import prod

from lstm_viz.data.dataset import Dataset
from lstm_viz.experiments.settings import LIMITS, Settings
from lstm_viz.limits import Whole
from lstm_viz.models.cells import cell_of


def parameter_count(settings: Settings, dataset: Dataset) -> int:
    """How many numbers the network learns.

    Those of the convolution in front, of every layer in every direction, of an attention read-out
    (W, b and v of Σ α_t h_t) and of the linear one.

    >>> from lstm_viz.data.tasks.catalogue import adding_problem
    >>> data = adding_problem(count=10, length=4)
    >>> 4 * 5 * (2 + 5 + 2) + 5 + 1, parameter_count(Settings.of(hidden_size=5), data)
    (186, 186)
    """
    network, spec = settings.network, cell_of(settings.cell.kind)
    inputs, count = dataset.input_size, 0
    if network.conv_channels:
        count += network.conv_channels * (inputs * network.conv_kernel + 1)
        inputs = network.conv_channels
    directions = 2 if network.bidirectional else 1
    width = directions * network.hidden_size
    for _ in range(network.layers):
        shapes = spec.shapes(inputs, network.hidden_size, settings.cell.options, bias=True)
        count += directions * sum(prod(shape) for shape in shapes.values())
        inputs = width
    if network.readout == "attention" and not dataset.every_step:
        count += width * (width + 2)
    return count + dataset.output_size * (width + 1)


def with_parameters(settings: Settings, dataset: Dataset, wanted: int) -> Settings:
    """With as many hidden units as bring the number of parameters closest to the wanted one.

    >>> from lstm_viz.data.tasks.catalogue import adding_problem
    >>> data = adding_problem(count=10, length=4)
    >>> with_parameters(Settings.of(cell="gru"), data, 186).network.hidden_size
    6
    """

    def count(units: int) -> int:
        return parameter_count(settings.changed(hidden_size=units), dataset)

    limit = LIMITS["hidden_size"]
    assert isinstance(limit, Whole)
    sizes = range(int(limit.low), int(limit.high) + 1)
    found = min(bisect_left(sizes, wanted, key=count), len(sizes) - 1)
    near = sizes[max(0, found - 1) : found + 1]
    return settings.changed(hidden_size=min(near, key=lambda units: abs(count(units) - wanted)))
