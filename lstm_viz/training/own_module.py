"""A training of somebody's own module: the loop of the app's networks, another network in it."""

from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.graph import Node

from lstm_viz.data.dataset import Dataset, Values
from lstm_viz.errors import ConfigError, UnsupportedModelError, warn
from lstm_viz.experiments.fitting import check_fit, loss_in_use
from lstm_viz.experiments.settings import GROUP_OF, LIMITS, NetworkSettings, Settings
from lstm_viz.instruments import doubts
from lstm_viz.instruments.gradient_flow import Flow, last_flow
from lstm_viz.instruments.isolation import device_for
from lstm_viz.instruments.layer_pass import LayerPass
from lstm_viz.instruments.layer_trace import LayerTrace
from lstm_viz.instruments.readable import largest, layers_in
from lstm_viz.instruments.trace import recorded
from lstm_viz.limits import limits_of
from lstm_viz.measures.packed import is_reverse
from lstm_viz.models.network import Network, RecurrentLayer
from lstm_viz.runs.frames import LayerFrame
from lstm_viz.runs.reduced import reduced
from lstm_viz.training.loop import Training
from lstm_viz.words import N_

TAKEN = tuple(
    name for name, group in GROUP_OF.items() if group in ("optimiser", "budget")
    if name != "truncate"
)  # fmt: skip
"""The settings that a training of a module takes: all others are the module's own."""


class OwnNetwork(Network):
    """A module as a training sees it: (B, T, D) numbers or (B, T, 1) codes in, answers out."""

    own = True

    def __init__(self, module: nn.Module, dataset: Dataset) -> None:
        nn.Module.__init__(self)
        self.module = module
        self.symbols, self.pool, self.front = len(dataset.symbols), None, None
        self._asked = asked_of(dataset)
        self._numbers = dataset.problem != "classes"
        counted = all(name.lstrip("-").isdigit() for name in dataset.classes)
        self._counted = not (self._numbers or self.symbols or dataset.every_step) and counted
        self.train()

    @property
    def _layer(self) -> RecurrentLayer:
        """As wide as the widest layer, and reading from both ends where any does."""
        found = [*layers_in(self.module).values()]
        widest: Any = SimpleNamespace(
            input_size=largest(found, "input_size"),
            hidden_size=largest(found),
            bidirectional=any(getattr(each, "bidirectional", False) for each in found),
        )
        return cast("RecurrentLayer", widest)

    def forward(self, x: Tensor) -> Tensor:
        return self.shaped(self.module(self.seen(x)))

    def seen(self, x: Tensor) -> Tensor:
        """What the module receives: codes as (B, T) int64, numbers in its own precision."""
        if self.symbols:
            return x[..., 0].long()
        kinds = (each.dtype for each in self.parameters() if each.is_floating_point())
        return x.to(next(kinds, torch.float32))

    def shaped(self, output: Any) -> Tensor:
        """The answers (B, ...) among what a module gives. Raises ConfigError where none fit."""
        first = output[0] if isinstance(output, tuple | list) and len(output) else output
        if not isinstance(first, Tensor):
            raise self._unfit(type(first).__name__)
        own, asked = tuple(first.shape[1:]), self._asked
        if own == asked:
            return first
        bare = [tuple(size for size in sizes if size != 1) for sizes in (own, asked)]
        if first.ndim and self._numbers and (bare[0] == bare[1] or _flat(own) == asked):
            return first.reshape(len(first), *asked)
        raise self._unfit(f"(B, {', '.join(map(str, own))})")

    def _unfit(self, got: str) -> ConfigError:
        wanted = f"(B, {', '.join(map(str, self._asked))})"
        if self._counted:
            return ConfigError(
                N_("The module must answer in the shape {wanted}, a score for each class, got "
                   "{got}. If y is no classes, give numbers as floats: 'y.astype(float)'."),
                wanted=wanted, got=got,
            )  # fmt: skip
        return ConfigError(
            N_(
                "The module must answer in the shape {wanted}, got {got}. Give it a read-out, such "
                "as nn.Linear on the last hidden state."
            ),
            wanted=wanted,
            got=got,
        )

    # Frames and early stopping know the parameters by the module's own names.
    def state_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:  # type: ignore[override]
        return self.module.state_dict(*args, **kwargs)

    def load_state_dict(self, *args: Any, **kwargs: Any) -> Any:
        return self.module.load_state_dict(*args, **kwargs)


class OwnTraining(Training):
    """One run of a module, which is trained in place.

    Each frame is a trace of a copy of it: no assumption is made about what the module does, which
    costs more than a frame of the app's networks. Raises as `Training` does; UnsupportedModelError
    for a module without a layer that can be traced; ConfigError where it gives no answers of the
    shape that the data asks for.
    """

    def __init__(self, module: nn.Module, settings: Settings, dataset: Dataset) -> None:
        self._module, self._told = module, False
        super().__init__(settings, _as_answered(module, dataset))
        scores = loss_in_use(settings, self.dataset) in ("bce", "cross_entropy")
        with torch.random.fork_rng(devices=[]):
            _check_answers(cast("OwnNetwork", self.model), self.probe.inputs, scores=scores)

    def _build(self) -> Network:
        check_fit(self.settings, self.dataset)
        return OwnNetwork(self._module, self.dataset)

    def _traced(
        self, inputs: Values, targets: Values
    ) -> tuple[dict[str, LayerFrame], dict[str, LayerTrace]]:
        network = cast("OwnNetwork", self.model)
        found, left_out = recorded(
            self._module,
            network.seen(torch.from_numpy(inputs.copy()).to(self.device)),
            loss_fn=lambda output, wanted: self.probe_loss(network.shaped(output), wanted),
            targets=torch.from_numpy(targets.copy()).to(self.device),
        )
        if not self._told:
            self._told = True
            unreadable = (
                (p, e) for p, e in left_out.items() if isinstance(e, UnsupportedModelError)
            )
            doubts.say(doubts.unreadable(path, reason) for path, reason in unreadable)
        traces = {
            name: (each.trace, _flow(each))
            for _, passes in found
            for name, each in passes.items()
            if len(each.trace.hidden) == len(inputs)  # one pass a sample
        }
        layers = {
            name: reduced(layer, flow.norms, flow.entered, reverse=is_reverse(name))
            for name, (layer, flow) in traces.items()
        }
        return layers, {name: layer for name, (layer, _) in traces.items()}


def _flow(layer: LayerPass) -> Flow:
    """What is known of one step's gradient: nothing where a layer is called step by step."""
    if layer.entering is not None:
        return last_flow(layer)
    samples, steps = layer.trace.hidden.shape[:2]
    return Flow(np.full(samples, 0 if layer.reverse else steps - 1), {})


def described(module: nn.Module, wanted: dict[str, Any]) -> Settings:
    """Settings of a training of a module, as wide as its widest layer.

    Raises ConfigError for a setting that is the module's own.
    """
    for name in wanted:
        if name not in ("cell", *LIMITS):
            raise ConfigError(
                N_("There is no setting '{setting}'. Settings here: {known}."),
                setting=name, known=", ".join(TAKEN),
            )  # fmt: skip
        if name not in TAKEN:
            raise ConfigError(
                N_("A module of your own brings its '{setting}' along. Settings here: {known}."),
                setting=name,
                known=", ".join(TAKEN),
            )
    for name, weight in module.named_parameters():
        if weight.is_floating_point() and weight.element_size() < 4:
            raise ConfigError(
                N_("The module holds '{name}' in {dtype}. Training takes float32 or float64: "
                   "give 'module.float()'."),
                name=name, dtype=weight.dtype,
            )  # fmt: skip
    if not any(weight.requires_grad for weight in module.parameters()):
        raise ConfigError(
            N_("The module has nothing to train: none of its parameters asks for a gradient. Say "
               "'module.requires_grad_()'.")
        )  # fmt: skip
    layers: list[Any] = [*layers_in(module).values()]
    widest = largest(layers)
    most = limits_of(NetworkSettings)["hidden_size"]
    place = device_for(module, torch.float32).type
    return Settings.of(
        hidden_size=min(widest, most.high),  # type: ignore[attr-defined]
        layers=min(max(len(layers), 1), 4),
        **{"device": place, **wanted},
    )


def _check_answers(network: OwnNetwork, inputs: Values, *, scores: bool) -> None:
    """Refuses a module before it is trained, as it answers to these inputs.

    Warns where the samples of a batch are mixed up, as a layer does that takes time first.
    """
    if len(inputs) == inputs.shape[1] > 1:  # which of the two would not be seen
        inputs = inputs[1:]
    with torch.enable_grad():
        answers = network.shaped(tried(network, inputs))
    if len(answers) != len(inputs):
        raise ConfigError(
            N_("The module must answer to each of {count} samples, gave {got} answers. It is "
               "given (B, T, D): nn.LSTM and its like need batch_first=True."),
            count=len(inputs), got=len(answers),
        )  # fmt: skip
    if scores and (squashed := _squashed_by(answers.grad_fn)):
        raise ConfigError(
            N_("The module ends in a {function}, which the loss of classes applies itself. Leave "
               "it out: give scores."),
            function=squashed,
        )  # fmt: skip
    with suppress(ConfigError):  # some read batches of one size alone
        again, alone = tried(network, inputs), network.shaped(tried(network, inputs[-1:]))
        if _alike(network.shaped(again), answers) and not _alike(alone, answers[-1:]):
            warn(
                N_("The module's answer to a sample depends on the others of its batch. It is "
                   "given (B, T, D): nn.LSTM and its like need batch_first=True.")
            )  # fmt: skip


def _alike(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, rtol=1e-3, atol=1e-5, equal_nan=True)


def _squashed_by(node: Node | None) -> str | None:
    """The function that made scores of classes into probabilities, where it is the last one."""
    while node is not None:
        name = node.name().removesuffix("Backward0")
        if name in ("Sigmoid", "Softmax"):
            return name.lower()
        if name not in ("Squeeze", "Unsqueeze", "View", "UnsafeView", "Select", "Clone"):
            return None
        node = node.next_functions[0][0]
    return None


def tried(network: OwnNetwork, inputs: Values) -> Any:
    """What the module itself gives. Raises ConfigError where it cannot read these inputs."""
    place = device_for(network, torch.float32)
    network.eval()
    try:
        return network.module(network.seen(torch.from_numpy(inputs.copy()).to(place)))
    except (RuntimeError, TypeError, ValueError, IndexError) as error:
        raise ConfigError(
            N_("The module cannot read an input of the shape {shape} (B, T, D): {reason}"),
            shape=str(inputs.shape),
            reason=str(error).partition("\n")[0],
        ) from error
    finally:
        network.train()


def asked_of(dataset: Dataset) -> tuple[int, ...]:
    """The shape of a network's answer to one example."""
    outputs = 1 if dataset.problem == "binary" else dataset.output_size
    return (dataset.window, outputs) if dataset.every_step else (outputs,)


def _as_answered(module: nn.Module, dataset: Dataset) -> Dataset:
    """Two classes as one of two scores, where the module gives both."""
    if dataset.problem != "binary" or dataset.answers is None:
        return dataset
    with torch.no_grad():
        given = tried(OwnNetwork(module, dataset), dataset.values[:1])
    both = getattr(given, "shape", ()) == (1, 2)
    if not both:
        return dataset
    return replace(dataset, problem="classes", answers=dataset.answers.astype("int16"))


def _flat(sizes: tuple[int, ...]) -> tuple[int, ...]:
    """A forecast of several steps and columns, (horizon, K), as the row that it is."""
    return (sizes[0] * sizes[1],) if len(sizes) == 2 else sizes
