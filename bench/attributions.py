"""Our integrated gradients beside captum's, on an unrolled model: `python -m bench.attributions`.

captum lives in the environment of `make libraries`: where this one has none, that one is asked.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from bench.instruments import processor
from lstm_viz import attribution

LIBRARIES = Path(__file__).parents[1] / "build" / "libraries" / "bin" / "python"
B, T, D, H, STEPS = 8, 100, 2, 32, 32
TOLERANCE = 1e-7
"""Of the largest attribution: what the two may differ by. captum rounds the weights of the
integral's rule to float32."""


class Unrolled(nn.Module):
    """An LSTM as a loop over its cell, and one answer."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.readout = nn.LSTMCell(D, H), nn.Linear(H, 1)

    def forward(self, x: Tensor) -> Tensor:
        state = None
        for x_t in x.unbind(1):
            state = self.cell(x_t, state)
        return self.readout(state[0])


class Fused(nn.Module):
    """The same network on PyTorch's own layer."""

    def __init__(self, of: Unrolled) -> None:
        super().__init__()
        self.lstm, self.readout = nn.LSTM(D, H, batch_first=True), of.readout
        weights = {f"{name}_l0": each for name, each in of.cell.state_dict().items()}
        self.lstm.load_state_dict(weights)

    def forward(self, x: Tensor) -> Tensor:
        return self.readout(self.lstm(x)[0][:, -1])


def main() -> None:
    if importlib.util.find_spec("captum") is None:
        if not LIBRARIES.exists():
            print("captum is not installed here: `make libraries` makes a place with it. Skipped.")
            return
        there = [LIBRARIES, "-c", "import captum"]
        if subprocess.run(there, capture_output=True, check=False).returncode:
            print("captum did not install beside the other libraries here. Skipped.")
            return
        subprocess.run([LIBRARIES, "-m", "bench.attributions", *sys.argv[1:]], check=True)
        return
    import captum
    from captum.attr import IntegratedGradients

    torch.manual_seed(0)
    torch.set_num_threads(1)
    unrolled = Unrolled().double().eval()
    fused, x = Fused(unrolled).double().eval(), torch.rand(B, T, D, dtype=torch.float64)
    how = {"target": 0, "n_steps": STEPS, "method": "gausslegendre"}
    theirs = IntegratedGradients(unrolled)
    calls = {
        "captum, unrolled": lambda: theirs.attribute(x, **how).numpy(),
        "ours, unrolled": lambda: attribution(
            unrolled, x, target=0, method="integrated", steps=STEPS
        ),
        "ours, nn.LSTM": lambda: attribution(fused, x, target=0, method="integrated", steps=STEPS),
    }
    values = {name: call() for name, call in calls.items()}
    first = values["captum, unrolled"]
    print(
        f"integrated gradients, {STEPS} points, LSTM B={B} T={T} H={H}, captum {captum.__version__}"
    )
    for name, call in calls.items():
        apart = float(np.abs(values[name] - first).max() / np.abs(first).max())
        print(
            f"  {name}: {processor(call, 5):.0f} ms of the processor, {apart:.1e} from captum's"
            f" (at most {TOLERANCE:g})"
        )
        assert apart <= TOLERANCE


if __name__ == "__main__":
    main()
