"""The drawn networks: as many weights as their papers and torch's own models have, no Problems."""

import pytest

from studio.core.design import picture_networks as pictures
from studio.core.design.dataset import ColumnChoice, ColumnSummary, DatasetSpec, DatasetSummary
from studio.core.design.effective import effective
from studio.core.design.picture_networks import Draw
from studio.core.design.shape_flow import shape_flow
from studio.core.design.shown import shown


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
        (pictures.resnet50, 23_528_522),
        (pictures.resnet152, 58_164_298),
        (pictures.vgg11, 128_812_810 - (64 + 128 + 2 * 256 + 4 * 512)),
        (pictures.mobilenet, 2_236_682),
    ],
)
def test_networks_with_a_name_have_the_weights_of_that_name(draw: Draw, weights: int) -> None:
    dataset = photos(224)
    flow = shape_flow(effective(draw(dataset)), dataset)
    assert not flow.problems
    assert sum(flow.weights.values()) == weights


@pytest.mark.parametrize("side", [8, 28, 64, 96])
@pytest.mark.parametrize(
    "draw",
    [
        pictures.classic,
        pictures.residual(),
        pictures.resnet18,
        pictures.resnet50,
        pictures.vgg11,
        pictures.mobilenet,
        pictures.vision_transformer,
    ],
)
def test_networks_fit_the_size_of_the_pictures(draw: Draw, side: int) -> None:
    dataset = photos(side, channels=1)
    graph = draw(dataset)
    flow = shape_flow(effective(graph), dataset)
    assert not flow.problems
    assert flow.signals["output_1"].shape == (10,)
    cards = shown(graph).graph
    assert len(set(cards.positions.values())) == len(cards)


def test_resnet_50_is_a_drawing_that_can_be_read() -> None:
    graph = pictures.resnet50(photos(224))
    cards = shown(graph).graph
    assert [node.name for node in cards][1:6] == ["Stem", *(f"Stage {n}" for n in (1, 2, 3, 4))]
    assert len(cards) == 9
    repeats = [block.repeats for block in graph.blocks.values() if block.name == "Bottleneck"]
    assert repeats == [2, 3, 5, 2]
    assert len(effective(graph)) > 170
