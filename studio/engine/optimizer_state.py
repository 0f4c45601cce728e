"""What optimizers remember, as tensors by name and back: with it a run goes on as if never left.

Names are ``number.key`` for a tensor; plain numbers, lists and nothing carry their kind behind
a ``#``, so that they come back as what they were.
"""

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor
from torch.optim import Optimizer

from studio.core.problems import refuse
from studio.core.words import tr


def captured(optimizers: Sequence[Optimizer]) -> dict[str, Tensor]:
    """Copies of all that the optimizers remember. Those after the first have a letter before."""
    found: dict[str, Tensor] = {}
    for place, optimizer in enumerate(optimizers):
        for number, values in optimizer.state_dict()["state"].items():
            for key, value in values.items():
                found |= dict(_flat(f"{_prefix(place)}{number}.{key}", value))
    return found


def restored(optimizers: Sequence[Optimizer], tensors: Mapping[str, Tensor]) -> None:
    """Puts back what was captured."""
    for place, optimizer in enumerate(optimizers):
        state: dict[int, dict[str, object]] = {}
        for name, value in _grouped(tensors, _prefix(place)).items():
            number, _, key = name.partition(".")
            state.setdefault(int(number), {})[key] = value
        groups = optimizer.state_dict()["param_groups"]
        optimizer.load_state_dict({"state": state, "param_groups": groups})


def _prefix(place: int) -> str:
    return "abcdefgh"[place - 1] if place else ""


def _flat(name: str, value: object) -> Iterator[tuple[str, Tensor]]:
    if isinstance(value, Tensor):
        yield name, value.clone()
    elif value is None:
        yield f"{name}#none", torch.zeros(0)
    elif isinstance(value, bool | int):
        yield f"{name}#whole", torch.tensor(value, dtype=torch.int64)
    elif isinstance(value, float):
        yield f"{name}#number", torch.tensor(value, dtype=torch.float64)
    elif isinstance(value, list):
        yield f"{name}#list", torch.tensor(len(value), dtype=torch.int64)
        for place, part in enumerate(value):
            yield from _flat(f"{name}#{place}", part)
    else:
        raise TypeError(f"an optimizer keeps {type(value)} as {name}")


def _grouped(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, object]:
    """The values of one optimizer, by number and key."""
    whole = {
        name.removeprefix(prefix): tensor
        for name, tensor in tensors.items()
        if name.startswith(prefix) and name.removeprefix(prefix)[:1].isdigit()
    }
    tops = dict.fromkeys(name.partition("#")[0] for name in whole)
    return {top: _value(whole, top) for top in tops}


def _value(tensors: Mapping[str, Tensor], name: str) -> object:
    if name in tensors:
        return tensors[name].clone()
    if f"{name}#none" in tensors:
        return None
    if f"{name}#whole" in tensors:
        return int(tensors[f"{name}#whole"])
    if f"{name}#number" in tensors:
        return float(tensors[f"{name}#number"])
    if f"{name}#list" in tensors:
        count = int(tensors[f"{name}#list"])
        return [_value(tensors, f"{name}#{place}") for place in range(count)]
    raise refuse(
        tr("What the optimizer remembered is not whole."),
        tr("Train again, or take another run."),
        code="cannot-read",
    )
