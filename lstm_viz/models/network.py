"""The network a run trains: symbols or numbers -> recurrent stack -> read-out -> answer."""

from typing import Protocol, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

State = Tensor | tuple[Tensor, ...]


class RecurrentLayer(Protocol):
    """What `nn.RNN`, `nn.LSTM`, `nn.GRU` and this package's own layers share."""

    input_size: int
    hidden_size: int
    bidirectional: bool

    def __call__(self, x: Tensor, hx: State | None = None) -> tuple[Tensor, State]: ...


class Network(nn.Module):
    """y = W·pool(h_1 ... h_T) + b, or y_t = W h_t + b where an answer is asked for at every step.

    Input (B, T, D) numbers, or (B, T, 1) codes of `symbols`, which become one-hot. Output
    (B, P), or (B, T, P). Dropout lies before the read-out, as in the textbooks' stacks; that
    between the layers belongs to the recurrent stack.
    """

    own = False
    """Whether it is a module of somebody's own."""

    def __init__(
        self,
        recurrent: nn.Module,
        outputs: int,
        *,
        symbols: int = 0,
        front: "CausalConvolution | None" = None,
        readout: str = "last",
        every_step: bool = False,
        dropout: float = 0.0,
        truncate: int = 0,
    ) -> None:
        super().__init__()
        self.recurrent = recurrent
        width = self._layer.hidden_size * (2 if self._layer.bidirectional else 1)
        self.symbols = symbols
        self.front = front
        self.pool = None if every_step else POOLS[readout](width)
        self.drop = nn.Dropout(dropout)
        self.readout = nn.Linear(width, outputs)
        self.truncate = truncate

    @property
    def _layer(self) -> RecurrentLayer:
        return cast("RecurrentLayer", self.recurrent)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self._through_time(self.seen(x))
        if self.pool is not None:
            hidden = self.pool(hidden, self._layer.bidirectional)
        y: Tensor = self.readout(self.drop(hidden))
        return y

    def seen(self, x: Tensor) -> Tensor:
        """What the recurrent stack receives: one-hot symbols, then the convolution."""
        weight = self.readout.weight
        if self.symbols:
            x = functional.one_hot(x[..., 0].long(), self.symbols).to(weight.dtype)
        return x if self.front is None else cast("Tensor", self.front(x))

    def _through_time(self, x: Tensor) -> Tensor:
        """All h_t. In training, truncated BPTT (Williams & Peng 1990) cuts the gradient between
        stretches of `truncate` steps, counted from the end; the state goes on.
        """
        steps = x.shape[1]
        if not (self.training and 0 < self.truncate < steps):
            return self._layer(x)[0]
        first = steps % self.truncate or self.truncate
        lengths = [first] + [self.truncate] * ((steps - first) // self.truncate)
        outputs, state = [], None
        for stretch in torch.split(x, lengths, dim=1):
            output, state = self._layer(stretch, state)
            outputs.append(output)
            state = _detached(state)
        return torch.cat(outputs, dim=1)

    def attention(self, hidden: Tensor) -> Tensor | None:
        """(B, T) what an attention read-out gives each step of (B, T, H); None without one."""
        return self.pool.weights(hidden) if isinstance(self.pool, AttentionPool) else None


class CausalConvolution(nn.Module):
    """relu(1-D convolution) over time that sees the present and earlier steps only.

    (B, T, D) -> (B, T, channels); zeros stand before the first step.
    """

    def __init__(self, inputs: int, channels: int, kernel: int) -> None:
        super().__init__()
        self.before = kernel - 1
        self.convolution = nn.Conv1d(inputs, channels, kernel)

    def forward(self, x: Tensor) -> Tensor:
        padded = functional.pad(x.transpose(1, 2), (self.before, 0))
        return torch.relu(self.convolution(padded)).transpose(1, 2)


class LastPool(nn.Module):
    """Where each direction ends: forward at the last step, backward at the first."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.one_way = width // 2

    def forward(self, hidden: Tensor, bidirectional: bool) -> Tensor:
        if not bidirectional:
            return hidden[:, -1]
        return torch.cat((hidden[:, -1, : self.one_way], hidden[:, 0, self.one_way :]), dim=-1)


class MeanPool(nn.Module):
    """The mean of h_t over the steps."""

    def __init__(self, width: int) -> None:
        super().__init__()

    def forward(self, hidden: Tensor, bidirectional: bool) -> Tensor:
        return hidden.mean(dim=1)


class AttentionPool(nn.Module):
    """Σ α_t h_t with α = softmax(vᵀ tanh(W h_t)): Bahdanau et al. 2015 without a query,
    as Raffel & Ellis 2016 and Yang et al. 2016 pool a sequence.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.project = nn.Linear(width, width)
        self.score = nn.Linear(width, 1, bias=False)

    def weights(self, hidden: Tensor) -> Tensor:
        """(B, T) weights that sum to 1 over the steps of (B, T, H)."""
        scores: Tensor = self.score(torch.tanh(self.project(hidden)))
        return torch.softmax(scores[..., 0], dim=1)

    def forward(self, hidden: Tensor, bidirectional: bool) -> Tensor:
        return torch.einsum("bt,bth->bh", self.weights(hidden), hidden)


POOLS: dict[str, type[LastPool | MeanPool | AttentionPool]] = {
    "last": LastPool,
    "mean": MeanPool,
    "attention": AttentionPool,
}
"""Read-out -> what makes one vector of all h_t."""


def _detached(state: State) -> State:
    if isinstance(state, Tensor):
        return state.detach()
    return tuple(part.detach() for part in state)
