"""Tuning: a twin of a model that takes the same steps in less time, with the same weights."""

from collections.abc import Iterator
from copy import deepcopy

import torch
from torch import fx, nn

from studio.engine.blocked import BlockedConvolution
from studio.engine.devices import CPU

MOST_DROPPED = 0.99  # beyond that hardly anything is left to learn from, and dropout stands alone


def training_twin(model: fx.GraphModule, device: torch.device) -> fx.GraphModule:
    """What a run computes in place of the model; the model itself where nothing is gained.

    On the processor each convolution that is followed by max pooling, with or without ReLU
    and dropout, is taken together with those. The twin has the very parts of the model: what it
    learns stands in the model, which alone is kept, evaluated and exported. Without dropout the
    numbers are those of the model up to the order of sums; dropout draws other random numbers.
    """
    if device.type != CPU or not any(_chains(model)):
        return model
    twin = fx.GraphModule(model, deepcopy(model.graph), class_name="Twin")
    for number, chain in enumerate(list(_chains(twin))):
        _put_together(twin, f"blocked_{number}", chain)
    twin.graph.lint()
    twin.recompile()
    return twin


def _chains(model: fx.GraphModule) -> Iterator[list[fx.Node]]:
    """Convolution, perhaps ReLU, pooling, perhaps ReLU, perhaps dropout: each feeds only the next.

    Dropout belongs to it where the ReLU leaves no number below 0, as what was dropped is
    known by its 0.
    """
    for node in model.graph.nodes:
        if not _can_be_blocked(_part(model, node)):
            continue
        chain = [node]
        _follow(model, chain, nn.ReLU)
        if not _follow(model, chain, nn.MaxPool2d):
            continue
        is_rectified = len(chain) > 2 or _follow(model, chain, nn.ReLU)
        if is_rectified and _dropout_share(model, chain) <= MOST_DROPPED:
            _follow(model, chain, nn.Dropout)
        yield chain


def _can_be_blocked(part: nn.Module | None) -> bool:
    return type(part) is nn.Conv2d and part.padding_mode == "zeros" and _is_even(part)


def _is_even(convolution: nn.Conv2d) -> bool:
    """True where as much is put at one side as at the other."""
    return convolution.padding != "same" or all(size % 2 for size in convolution.kernel_size)


def _follow(model: fx.GraphModule, chain: list[fx.Node], kind: type[nn.Module]) -> bool:
    """Makes the chain longer by the next node where that is of the kind."""
    following = _next(chain[-1])
    if following is None or type(_part(model, following)) is not kind:
        return False
    chain.append(following)
    return True


def _dropout_share(model: fx.GraphModule, chain: list[fx.Node]) -> float:
    following = _next(chain[-1])
    part = _part(model, following) if following is not None else None
    return part.p if isinstance(part, nn.Dropout) else 0.0


def _next(node: fx.Node) -> fx.Node | None:
    """The only node that takes what this one gives, where it takes nothing else."""
    users = list(node.users)
    is_alone = len(users) == 1 and users[0].op == "call_module" and users[0].args == (node,)
    return users[0] if is_alone else None


def _part(model: fx.GraphModule, node: fx.Node) -> nn.Module | None:
    return model.get_submodule(str(node.target)) if node.op == "call_module" else None


def _put_together(twin: fx.GraphModule, name: str, chain: list[fx.Node]) -> None:
    parts = {type(part): part for part in (_part(twin, node) for node in chain)}
    convolution, pooling, dropout = (parts.get(k) for k in (nn.Conv2d, nn.MaxPool2d, nn.Dropout))
    assert isinstance(convolution, nn.Conv2d)
    assert isinstance(pooling, nn.MaxPool2d)
    assert dropout is None or isinstance(dropout, nn.Dropout)
    blocked = BlockedConvolution(convolution, pooling, rectifies=nn.ReLU in parts, dropout=dropout)
    twin.add_module(name, blocked)
    last = chain[-1]
    with twin.graph.inserting_after(last):
        made = twin.graph.call_module(name, chain[0].args)
    last.replace_all_uses_with(made)
    for node in reversed(chain):
        twin.graph.erase_node(node)
