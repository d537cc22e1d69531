"""What one step of training keeps in memory, counted tensor by tensor: the same on any device."""

import copy
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from lstm_viz.training import optimising
from lstm_viz.training.loop import Training


def step_bytes(training: Training) -> int:
    """Bytes of the parameters, their gradients, the optimiser's state, and of what one forward
    pass on a batch keeps for the backward pass.

    Measured in one step of a copy: the run's weights, its gradients, its batches and its random
    numbers stay as they are. What is not counted is the same for every model: PyTorch itself,
    the batch, and what an operation needs only while it runs.
    """
    # Moved to where it is, a copy's weights become one block again, as cuDNN keeps them.
    model = copy.deepcopy(training.model).to(training.device).train()
    optimizer = optimising.optimizer_of(training.settings, model)
    problem, size = training.dataset.problem, training.settings.budget.batch_size
    x, y = (
        torch.from_numpy(part[:size].copy()).to(training.device)
        for part in training.dataset.part("training")
    )

    def loss() -> Tensor:
        losses = optimising.loss_of(training.settings, training.dataset)(model(x), y)
        mean = optimising.mean_loss(losses, optimising.scored(y, problem))
        return mean + optimising.penalty(model, training.settings.optimiser.l1)

    cuda = [training.device] if training.device.type == "cuda" else []
    with torch.random.fork_rng(devices=cuda):
        whole, kept = saved_bytes(loss, apart=[*model.parameters(), x, y])
    whole.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return kept + held_bytes(model, optimizer)


def held_bytes(model: nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Bytes of a model's parameters, their gradients and the optimiser's state."""
    parameters = list(model.parameters())
    gradients = [each.grad for each in parameters if each.grad is not None]
    state = [value for each in optimizer.state.values() for value in each.values()]
    tensors = [value for value in state if isinstance(value, Tensor)]
    return sum(each.nbytes for each in [*parameters, *gradients, *tensors])


def saved_bytes(forward: Callable[[], Tensor], apart: Iterable[Tensor]) -> tuple[Tensor, int]:
    """What a forward pass gives, and the bytes that it keeps for the backward pass.

    Each storage counts once, however many operations look at it; those of `apart` do not count.

    >>> x, weight = torch.ones(8, 3), torch.ones(3, 5, requires_grad=True)
    >>> saved_bytes(lambda: torch.tanh(x @ weight), apart=[x, weight])[1] == 8 * 5 * 4
    True
    """
    known = {each.untyped_storage().data_ptr() for each in apart}
    # Held until the end: a freed storage's address may be given to the next one.
    kept: dict[int, torch.UntypedStorage] = {}

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            kept[storage.data_ptr()] = storage
        return tensor.detach()  # the tensor itself would hold its own graph

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        result = forward()
    return result, sum(storage.nbytes() for storage in kept.values())
