"""Recurrent layers by their cell: PyTorch's fused one, or the one that runs a cell's steps."""

from typing import Any

from torch import nn

from lstm_viz.models.cells import cell_of
from lstm_viz.models.lstm_variant import LSTMVariantSpec
from lstm_viz.models.nested_lstm import NestedLSTMSpec
from lstm_viz.models.options import Options
from lstm_viz.models.spec import CellSpec, FusedSpec, UnrolledSpec
from lstm_viz.models.unrolled import Unrolled


def layer_of(kind: str, options: Options, **shape: Any) -> nn.Module:
    """A layer of this cell, with what every recurrent layer takes: `input_size`, `num_layers`, ...

    Raises ConfigError for a cell that there is not.
    """
    spec = cell_of(kind)
    if isinstance(spec, FusedSpec):
        fused: nn.Module = getattr(nn, spec.layer)(**shape, **spec.arguments)
        return fused
    assert isinstance(spec, UnrolledSpec)
    own = {name: value for name, value in options.items() if not spec.options[name].starts}
    return Unrolled(spec, options=own, **shape)


def spec_of(layer: nn.Module) -> tuple[CellSpec, Options]:
    """What a layer's cell says of itself, and its options."""
    if isinstance(layer, Unrolled):
        return layer.spec, layer.options
    assert isinstance(layer, nn.RNNBase)
    return cell_of(layer.mode.lower()), {}


class LSTMVariant(Unrolled):
    """An LSTM whose parts can be switched; with the default ones it equals `nn.LSTM`.

    A gate that is off is the constant 1 and has no weights. All three off leave the constant
    error carousel, c_t = c_{t-1} + g_t (Hochreiter & Schmidhuber 1997); the forget gate off
    gives the cell of 1997, on the one of Gers, Schmidhuber & Cummins 2000.

    - `coupled`: i_t = 1 - f_t, and f is the one that is learned; the CIFG of Greff et al. 2017
      has it the other way round, f_t = 1 - i_t, which is the same family.
    - `peepholes`: i and f see c_{t-1}, o sees c_t, through a weight for each unit (Gers &
      Schmidhuber 2000).
    - `input_activation`, `output_activation`: off, g or the c that is shown is linear.
    - `layer_norm`: W x_t and U h_{t-1} are brought to mean 0 and deviation 1 over all gates
      together, each with its gain, and so is c_t before it is shown, with a gain and a bias
      (Ba, Kiros & Hinton 2016).
    - `zoneout`: the share of h and c that keeps its old value in a training step; in eval mode
      the expected mixture (Krueger et al. 2017).

    `layer` is what every recurrent layer takes: `bias`, `batch_first`, `dropout`,
    `bidirectional`. Raises ConfigError for parts that exclude each other.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        *,
        input_gate: bool = True,
        forget_gate: bool = True,
        output_gate: bool = True,
        peepholes: bool = False,
        coupled: bool = False,
        input_activation: bool = True,
        output_activation: bool = True,
        layer_norm: bool = False,
        zoneout: float = 0.0,
        **layer: Any,
    ) -> None:
        options = {
            "input_gate": input_gate,
            "forget_gate": forget_gate,
            "output_gate": output_gate,
            "peepholes": peepholes,
            "coupled": coupled,
            "input_activation": input_activation,
            "output_activation": output_activation,
            "layer_norm": layer_norm,
            "zoneout": zoneout,
        }
        spec = LSTMVariantSpec()
        super().__init__(spec, input_size, hidden_size, num_layers, options=options, **layer)


class NestedLSTM(Unrolled):
    """The nested LSTM of Moniz & Krueger 2017, section 3, of depth two.

    In the place of c_t = f c_{t-1} + i g, an inner LSTM reads i g, with f c_{t-1} for its
    hidden state; its new hidden state is c_t. Its own memory is the third state.

    `layer` is what every recurrent layer takes.
    """

    def __init__(
        self, input_size: int, hidden_size: int, num_layers: int = 1, **layer: Any
    ) -> None:
        super().__init__(NestedLSTMSpec(), input_size, hidden_size, num_layers, **layer)
