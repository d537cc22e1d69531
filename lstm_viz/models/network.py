"""The network a run trains: a recurrent stack and a linear read-out of its last hidden state."""

import torch
from torch import Tensor, nn

RecurrentLayer = nn.RNN | nn.LSTM | nn.GRU


class SequenceRegressor(nn.Module):
    """y = W h_T + b, with h_T the top layer's last hidden state.

    Input (B, T, D), output (B, P).
    """

    def __init__(self, recurrent: RecurrentLayer, outputs: int) -> None:
        super().__init__()
        self.recurrent = recurrent
        self.readout = nn.Linear(recurrent.hidden_size, outputs)

    def forward(self, x: Tensor) -> Tensor:
        hidden, _ = self.recurrent(x)
        y: Tensor = self.readout(hidden[:, -1])
        return y


def recurrent_layer(cell: str, inputs: int, hidden_size: int, layers: int) -> RecurrentLayer:
    """PyTorch's fused layer for a cell name, batch-first."""
    sizes = (inputs, hidden_size, layers)
    match cell:
        case "rnn_tanh" | "rnn_relu":
            return nn.RNN(*sizes, nonlinearity=cell.removeprefix("rnn_"), batch_first=True)
        case "lstm":
            return nn.LSTM(*sizes, batch_first=True)
        case "gru":
            return nn.GRU(*sizes, batch_first=True)
    raise ValueError(cell)


@torch.no_grad()
def set_forget_bias(lstm: nn.LSTM, bias: float) -> None:
    """Make the forget gates' bias one number.

    PyTorch adds two bias vectors a gate, b_ih + b_hh, packed i, f, g, o. The first is set to
    `bias`, the second to 0, so that their sum is what the caller asked for
    (Gers, Schmidhuber & Cummins 2000; Jozefowicz, Zaremba & Sutskever 2015).
    """
    forget = slice(lstm.hidden_size, 2 * lstm.hidden_size)
    for name, parameter in lstm.named_parameters():
        if name.startswith("bias_ih"):
            parameter[forget] = bias
        elif name.startswith("bias_hh"):
            parameter[forget] = 0.0
