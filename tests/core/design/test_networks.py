"""The drawn networks: as many weights as their papers and torch's own models have, no Problems."""

import pytest

from studio.core.design import picture_networks as pictures
from studio.core.design.dataset import ColumnChoice, ColumnSummary, DatasetSpec, DatasetSummary
from studio.core.design.picture_networks import Draw
from studio.core.design.shape_flow import shape_flow


def photos(side: int, classes: int = 10, channels: int = 3) -> DatasetSpec:
    """Square pictures in some classes."""
    labels = tuple(str(number) for number in range(classes))
    columns = (
        ColumnSummary("image", "image", "input", distinct=9, shape=(channels, side, side)),
        ColumnSummary(
            "kind", "category", "target", distinct=classes, categories=labels, counts=(9,) * classes
        ),
    )
    choices = tuple(ColumnChoice(one.name, one.kind, one.role) for one in columns)
    summary = DatasetSummary("images", 9 * classes, columns)
    return DatasetSpec("files", "/nowhere", columns=choices, summary=summary)


# What torchvision's models of these names hold with ten classes; VGG's convolutions stand
# before batch normalization and so have no bias here.
@pytest.mark.parametrize(
    ("draw", "weights"),
    [
        (pictures.resnet18, 11_181_642),
        (pictures.resnet152, 58_164_298),
        (pictures.vgg11, 128_812_810 - (64 + 128 + 2 * 256 + 4 * 512)),
        (pictures.mobilenet, 2_236_682),
    ],
)
def test_networks_with_a_name_have_the_weights_of_that_name(draw: Draw, weights: int) -> None:
    dataset = photos(224)
    flow = shape_flow(draw(dataset), dataset)
    assert not flow.problems
    assert sum(flow.weights.values()) == weights


@pytest.mark.parametrize("side", [8, 28, 64, 96])
@pytest.mark.parametrize(
    "draw",
    [
        pictures.classic,
        pictures.residual(),
        pictures.resnet18,
        pictures.vgg11,
        pictures.mobilenet,
        pictures.vision_transformer,
    ],
)
def test_networks_fit_the_size_of_the_pictures(draw: Draw, side: int) -> None:
    dataset = photos(side, channels=1)
    graph = draw(dataset)
    flow = shape_flow(graph, dataset)
    assert not flow.problems
    assert flow.signals["output_1"].shape == (10,)
    assert len(set(graph.positions.values())) == len(graph)
