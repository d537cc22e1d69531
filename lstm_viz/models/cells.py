"""The table of cells: kind -> what the cell says of itself. A new one is a file and a line here."""

from lstm_viz.errors import ConfigError
from lstm_viz.models.gru import GRUSpec
from lstm_viz.models.lstm import LSTMSpec
from lstm_viz.models.lstm_variant import LSTMVariantSpec
from lstm_viz.models.min_gru import MinGRUSpec
from lstm_viz.models.min_lstm import MinLSTMSpec
from lstm_viz.models.nested_lstm import NestedLSTMSpec
from lstm_viz.models.options import Gate
from lstm_viz.models.rnn import ReluRNNSpec, TanhRNNSpec
from lstm_viz.models.spec import CellSpec, FusedSpec
from lstm_viz.words import N_

CELLS: dict[str, CellSpec] = {
    spec.kind: spec
    for spec in (
        TanhRNNSpec(), ReluRNNSpec(), LSTMSpec(), GRUSpec(), LSTMVariantSpec(), NestedLSTMSpec(),
        MinGRUSpec(), MinLSTMSpec(),
    )
}  # fmt: skip


def cell_of(kind: str) -> CellSpec:
    """The cell of this kind. Raises ConfigError for one that there is not.

    >>> cell_of("mgu")
    Traceback (most recent call last):
    lstm_viz.errors.ConfigError: There is no cell called 'mgu'. Choose one of: rnn_tanh, ...
    """
    if kind not in CELLS:
        raise ConfigError(
            N_("There is no cell '{cell}'. Choose one of: {known}."),
            cell=kind,
            known=", ".join(CELLS),
        )
    return CELLS[kind]


def fused_cell(kind: str) -> FusedSpec:
    """The same of a cell that PyTorch runs as one operation."""
    spec = cell_of(kind)
    assert isinstance(spec, FusedSpec)
    return spec


def gate_named(name: str) -> Gate:
    """The gate of this name in the first cell that has one. Raises KeyError if none has."""
    for spec in CELLS.values():
        for gate in spec.gates:
            if gate.name == name:
                return gate
    raise KeyError(name)
