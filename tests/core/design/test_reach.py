"""How far a number sees is what torch's own slopes say."""

import pytest
import torch

from studio.core.design.reach import Reach, reaches
from studio.core.design.shape_flow import shape_flow
from studio.engine.build import build
from tests.builders import chain, images

SIDE = 64


def conv(kernel: int = 3, stride: int = 1, dilation: int = 1) -> tuple[str, dict[str, object]]:
    return "conv2d", {
        "out_channels": 4,
        "kernel_size": (kernel, kernel),
        "stride": (stride, stride),
        "dilation": (dilation, dilation),
    }


LINES = [
    (conv(),),
    (conv(5, 2), conv(3)),
    (conv(3), "relu", "max_pool2d", conv(3, dilation=2), "batch_norm"),
    (conv(7, 2), ("max_pool2d", {"kernel_size": (3, 3), "stride": (2, 2)}), conv(3), conv(3, 2)),
]


def seen_in_torch(layers: tuple[object, ...]) -> int:
    """How many rows of the picture have a slope that reaches one number in the middle."""
    project = chain(images(1, SIDE, SIDE), *layers, "flatten", ("linear", {"out_features": 10}))  # type: ignore[arg-type]
    torch.manual_seed(0)
    model = build(project.graph, project.dataset).eval()
    pictures = torch.randn(32, 1, SIDE, SIDE, requires_grad=True)
    value = pictures
    for part in list(model.children())[: len(layers)]:
        value = part(value)
    middle = value.shape[-1] // 2
    value[:, :, middle, middle].sum().backward()
    assert pictures.grad is not None
    touched = pictures.grad.abs().sum(dim=(0, 1, 3)) > 0
    return int(touched.nonzero().max() - touched.nonzero().min() + 1)


@pytest.mark.parametrize("layers", LINES)
def test_the_reach_is_what_the_slopes_reach(layers: tuple[object, ...]) -> None:
    project = chain(images(1, SIDE, SIDE), *layers)  # type: ignore[arg-type]
    found = reaches(project.graph, shape_flow(project.graph, project.dataset))
    last = list(project.graph.nodes)[len(layers)]
    assert found[last].sizes == (seen_in_torch(layers),) * 2


def test_it_never_exceeds_the_picture_and_ends_where_places_are_given_up() -> None:
    wide: tuple[str, dict[str, object]] = (
        "conv2d",
        {"out_channels": 4, "kernel_size": (9, 9), "padding": (4, 4)},
    )
    project = chain(images(1, 28, 28), wide, wide, wide, wide, "flatten", "linear")
    found = reaches(project.graph, shape_flow(project.graph, project.dataset))
    assert found["conv2d_4"] == Reach((28, 28), (1.0, 1.0))
    assert "flatten_1" not in found
    assert "linear_1" not in found
