"""Modules that a model keeps in lists and dicts of Python's: no part of it, as PyTorch sees it."""

from typing import Any

from torch import nn

_OF_EVERY_MODULE = frozenset(vars(nn.Module()))


def kept_apart(model: nn.Module) -> dict[str, nn.Module]:
    """Where each of them is, `layers[0]` -> the module."""
    known, found = {*map(id, model.modules())}, dict[str, nn.Module]()
    for path, module in model.named_modules():
        begin = f"{path}." if path else ""
        for name in vars(module).keys() - _OF_EVERY_MODULE:
            for key, each in _kept_in(vars(module)[name]):
                if isinstance(each, nn.Module) and id(each) not in known:
                    found[f"{begin}{name}[{key!r}]"] = each
    return dict(sorted(found.items()))


def _kept_in(value: Any) -> Any:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list | tuple) else ()
