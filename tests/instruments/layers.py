"""One layer of every kind that `trace` takes, and how an oracle runs it from any state."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from lstm_viz.models.cells import CELLS
from lstm_viz.models.layers import LSTMVariant, layer_of

B, T, D, H = 2, 6, 3, 4

OPTIONS = {
    "peepholes": {"peepholes": True},
    "normalised": {"layer_norm": True},
    "zoneout": {"zoneout": 0.3, "peepholes": True},
    "linear": {"output_activation": False, "forget_gate": False, "input_activation": False},
}
LAYERS: dict[str, Callable[..., nn.Module]] = {
    **{
        kind: lambda kind=kind, **more: layer_of(kind, {}, input_size=D, hidden_size=H, **more)
        for kind in CELLS
    },
    **{
        name: lambda options=options, **more: LSTMVariant(D, H, **options, **more)
        for name, options in OPTIONS.items()
    },
}


def made(kind: str, **more: object) -> tuple[nn.Module, Tensor]:
    """A batch-first layer in float64 and eval mode, and a batch for it."""
    torch.manual_seed(0)
    layer = LAYERS[kind](batch_first=True, **more).double().eval()
    return layer, torch.randn(B, T, D, dtype=torch.float64)


def step(layer: nn.Module, x: Tensor, state: Tensor) -> Tensor:
    """(N, D) and (N, S) to (N, S): the layer's own forward over one step."""
    parts = [part[None].contiguous() for part in state.split(layer.hidden_size, 1)]
    _, after = layer(x[:, None], tuple(parts) if len(parts) > 1 else parts[0])
    return torch.cat([after] if isinstance(after, Tensor) else list(after), -1)[0]


def states(layer: nn.Module, x: Tensor) -> Tensor:
    """(T + 1, B, S): s_0 = 0, s_1, ..., s_T, stepped one by one."""
    _, after = layer(x[:, :1])
    count = 1 if isinstance(after, Tensor) else len(after)
    found = [x.new_zeros(len(x), count * layer.hidden_size)]
    for x_t in x.unbind(1):
        found.append(step(layer, x_t, found[-1]))
    return torch.stack(found)
