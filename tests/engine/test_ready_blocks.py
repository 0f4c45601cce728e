"""Each ready block learns behind a fitting Input: every weight has a slope, and the loss falls."""

import pytest
import torch
from torch import nn

from studio.core.design.ready_blocks import READY_BLOCKS, ReadyBlock
from studio.engine.build import build
from tests.core.design.test_ready_blocks import EACH, placed


@EACH
def test_each_learns(ready: ReadyBlock) -> None:
    project, _block = placed(ready)
    torch.manual_seed(0)
    model = build(project.graph, project.dataset)
    pictures = torch.randn(12, 4, 8, 8)
    kinds = torch.arange(12) % 3
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _step in range(8):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(pictures), kinds)
        loss.backward()
        assert all(one.grad is not None for one in model.parameters())
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("key", ["squeeze_and_excite"])
def test_channels_are_weighed_by_the_whole_picture(key: str) -> None:
    project, _block = placed(READY_BLOCKS[key])
    torch.manual_seed(0)
    model = build(project.graph, project.dataset).eval()
    seen: list[torch.Tensor] = []
    weighed = next(part for name, part in model.named_children() if name.startswith("expression"))
    weighed.register_forward_hook(lambda _part, _given, gave: seen.append(gave))
    picture = torch.randn(1, 4, 8, 8)
    model(picture)
    shares = (seen[0] / picture).flatten(2)
    assert torch.allclose(shares, shares.mean(2, keepdim=True).expand_as(shares), atol=1e-4)
