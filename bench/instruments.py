"""What the instruments cost: `python -m bench.instruments`. Ratios and medians, no promise.

Contenders run in turn, so that a busy moment of the machine falls on all of them.
"""

import statistics
import sys
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from lstm_viz.instruments.trace import trace
from lstm_viz.instruments.watch import Watcher, watch

B, T, D, H = 8, 200, 1, 64
GATES = ("input", "forget", "candidate", "output")


def last_step(output: tuple[Tensor, object], targets: Tensor) -> Tensor:
    return (output[0][:, -1] - targets).square().mean()


def unrolled(lstm: nn.LSTM, x: Tensor, targets: Tensor) -> dict[str, Tensor]:
    """What `trace` gives, from a Python loop over autograd."""
    W, U, b_W, b_U = (p.detach().requires_grad_() for p in lstm.parameters())
    h = c = x.new_zeros(len(x), lstm.hidden_size)
    steps = []
    for t in range(x.shape[1]):
        a = (x[:, t] @ W.T + b_W + h @ U.T + b_U).chunk(4, dim=-1)
        i, f, g, o = a[0].sigmoid(), a[1].sigmoid(), a[2].tanh(), a[3].sigmoid()
        c = f * c + i * g
        h = o * c.tanh()
        for watched in (*a, c, h):
            watched.retain_grad()
        steps.append((a, (i, f, g, o), c, h))
    output = torch.stack([h for *_, h in steps], dim=1)
    last_step((output, None), targets).backward()
    found = {"hidden": output, "cell": torch.stack([c for *_, c, _ in steps], dim=1)}
    for k, name in enumerate(GATES):
        found[name] = torch.stack([gates[k] for _, gates, _, _ in steps], dim=1)
        found[f"grad_{name}"] = torch.stack([a[k].grad for a, *_ in steps], dim=1)
    found["grad_hidden"] = torch.stack([h.grad for *_, h in steps], dim=1)
    found["grad_cell"] = torch.stack([c.grad for *_, c, _ in steps], dim=1)
    return found


def medians(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median milliseconds of each, after one round that does not count."""
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds + 1):
        for name, contender in contenders.items():
            start = time.perf_counter()
            contender()
            times[name].append(1e3 * (time.perf_counter() - start))
    return {name: statistics.median(each[1:]) for name, each in times.items()}


def bench_trace(rounds: int) -> None:
    torch.manual_seed(0)
    lstm = nn.LSTM(D, H, batch_first=True)
    x, targets = torch.randn(B, T, D), torch.zeros(B, H)
    found = medians(
        {
            "trace": lambda: trace(lstm, x, loss_fn=last_step, targets=targets),
            "unrolled": lambda: unrolled(lstm, x, targets),
        },
        rounds,
    )
    ratio = found["trace"] / found["unrolled"]
    print(
        f"trace with gradients, LSTM B={B} T={T} H={H}: {found['trace']:.1f} ms against"
        f" {found['unrolled']:.1f} ms unrolled, {ratio:.2f}x (target 0.30x)"
    )


def bench_growth(rounds: int) -> None:
    lstm = nn.LSTM(D, H, batch_first=True)
    targets = torch.zeros(B, H)
    lengths = (T // 2, T, 2 * T)
    sequences = {steps: torch.randn(B, steps, D) for steps in lengths}
    found = medians(
        {
            str(steps): lambda x=x: trace(lstm, x, loss_fn=last_step, targets=targets)
            for steps, x in sequences.items()
        },
        rounds,
    )
    shown = ", ".join(f"T={steps} {each:.1f} ms" for steps, each in found.items())
    short, usual, long = found.values()
    print(f"growth with T: {shown}; doubling T costs {usual / short:.2f}x and {long / usual:.2f}x")


def read_anew(watcher: Watcher) -> None:
    """Read the traces as if for the first time: a second reading costs nothing."""
    watcher._read = None
    _ = watcher.traces


def bench_watch(rounds: int, steps: int = 5) -> None:
    x, targets = torch.randn(B, T, D), torch.zeros(B, H)
    lstm = nn.LSTM(D, H, batch_first=True)
    optimizer = torch.optim.Adam(lstm.parameters())

    def train(watcher: Watcher | None = None) -> None:
        for _ in range(steps):
            last_step(lstm(x), targets).backward()
            optimizer.step()
            optimizer.zero_grad()
            if watcher is not None:
                _ = watcher.traces

    def train_watched() -> None:
        with watch(lstm):
            train()

    def train_and_read() -> None:
        with watch(lstm) as watcher:
            train(watcher)

    found = medians({"plain": train, "watched": train_watched, "read": train_and_read}, rounds)
    plain, watched, read = (each / steps for each in found.values())
    print(
        f"training step, watched: {watched:.2f} ms against {plain:.2f} ms,"
        f" {watched / plain:.3f}x; reading its traces takes {read - watched:.1f} ms"
    )


def bench_reading(rounds: int, steps: int = 50) -> None:
    """A loop that reads the traces every 50 steps; to be run on one thread."""
    batch, time_steps = 32, 100
    x, targets = torch.randn(batch, time_steps, D), torch.zeros(batch, H)
    plain, watched = (nn.LSTM(D, H, batch_first=True) for _ in range(2))

    def train(lstm: nn.LSTM) -> None:
        optimizer = torch.optim.Adam(lstm.parameters())
        for _ in range(steps):
            last_step(lstm(x), targets).backward()
            optimizer.step()
            optimizer.zero_grad()

    def train_and_read() -> None:
        train(watched)
        _ = watcher.traces

    with watch(watched) as watcher:
        found = medians({"plain": lambda: train(plain), "read": train_and_read}, rounds)
    ratio = found["read"] / found["plain"]
    print(
        f"traces read every {steps} steps, LSTM B={batch} T={time_steps} H={H}:"
        f" {found['read']:.0f} ms against {found['plain']:.0f} ms, {ratio:.2f}x (target 1.10x)"
    )


def main(rounds: int = 15) -> None:
    default = torch.get_num_threads()
    for threads in dict.fromkeys((1, default)):
        torch.set_num_threads(threads)
        print(f"{threads} torch thread{'s' if threads > 1 else ''}")
        bench_trace(rounds)
        bench_growth(rounds)
        bench_watch(rounds)
        if threads == 1:
            bench_reading(rounds)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
