"""Augmentation of prepared batches: the steps of a dataset, in the order of the model's inputs."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from studio.core.design.answers import ModelOutput
from studio.core.design.dataset import ColumnChoice, ColumnSummary, DatasetSpec, DatasetSummary
from studio.core.design.edits import add_node, connect
from studio.core.design.graph import Edge, Graph
from studio.core.design.shaping import ClipSpec, SeriesSpec, SoundSpec, Step, TextSpec
from studio.data.arrays import Fitted, FittedFeature, FittedInput, FittedOutput
from studio.engine.augmentation import augmenter_of, varied
from studio.engine.preparation import preparation_of
from tests.builders import images

FLIP = Step("flip_horizontal", params={"chance": 1.0})


def one_input(column: ColumnSummary, **more: object) -> DatasetSpec:
    """Data of one column and two classes."""
    kind = ColumnSummary(
        "kind", "category", "target", distinct=2, categories=("a", "b"), counts=(5, 5)
    )
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in (column, kind))
    summary = DatasetSummary("table", 10, (column, kind))
    return DatasetSpec("table", "/data/rows.csv", columns=choices, summary=summary, **more)  # type: ignore[arg-type]


def fitted_for(spec: DatasetSpec, offset: float = 0.4, scale: float = 0.25) -> Fitted:
    inputs = []
    for source in spec.model_inputs():
        channels = source.shape[-3] if source.kind in ("image", "video") else 1
        columns = tuple(
            FittedFeature(feature, offset=100.0, scale=5.0, seen=(True,) * feature.count)
            for feature in source.features
            if source.kind in ("table", "series")
        )
        offsets = tuple(offset + 0.01 * channel for channel in range(channels))
        inputs.append(FittedInput(source, columns, offsets, (scale,) * channels))
    output = FittedOutput(ModelOutput("kind", "classes", labels=("a", "b")))
    return Fitted(tuple(inputs), (output,))


def graph_of(inputs: int = 1, **params: object) -> Graph:
    """So many Inputs that lead to an Output."""
    graph, into = add_node(Graph(), "concatenate" if inputs > 1 else "flatten", (200.0, 0.0))
    for number in range(inputs):
        graph, added = add_node(graph, "input", (0.0, 100.0 * number), params)  # type: ignore[arg-type]
        graph = connect(graph, Edge(added, into, number))
    graph, output = add_node(graph, "output", (400.0, 0.0))
    return connect(graph, Edge(into, output))


def prepared_and_varied(
    spec: DatasetSpec, raw: torch.Tensor, graph: Graph | None = None, seed: int = 1
) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    graph, fitted = graph or graph_of(), fitted_for(spec)
    prepared = preparation_of(graph, spec, fitted)([raw])
    vary = augmenter_of(graph, spec, fitted)
    assert vary is not None
    return prepared, vary(prepared, torch.Generator().manual_seed(seed))


def pictures(*steps: Step) -> DatasetSpec:
    return replace(images(3, 6, 8, classes=2), augmentation=steps)


def sounds(*steps: Step) -> DatasetSpec:
    column = ColumnSummary("sound", "sound", "input", distinct=10)
    return one_input(column, sound=SoundSpec(100, 0.5), augmentation=steps)


def clips(*steps: Step) -> DatasetSpec:
    column = ColumnSummary("clip", "video", "input", distinct=10, shape=(3, 6, 8))
    return one_input(column, clips=ClipSpec(4), augmentation=steps)


def texts(*steps: Step) -> DatasetSpec:
    column = ColumnSummary("words", "text", "input", distinct=10)
    return one_input(column, text=TextSpec(length=12), augmentation=steps)


def windows(*steps: Step) -> DatasetSpec:
    heat = ColumnSummary("heat", "number", "input", distinct=10)
    mode = ColumnSummary("mode", "category", "input", distinct=2, categories=("x", "y"))
    spec = one_input(heat, series=SeriesSpec(purpose="classify", window=9), augmentation=steps)
    assert spec.summary is not None
    return replace(
        spec,
        columns=(ColumnChoice("mode", "category", "input"), *spec.columns),
        summary=replace(spec.summary, columns=(mode, *spec.summary.columns)),
    )


def raw_pictures(count: int = 16) -> torch.Tensor:
    return torch.randint(0, 256, (count, 3, 6, 8), dtype=torch.uint8)


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (replace(FLIP, is_on=False),),
        (Step("no_such_step"),),
        (Step("gain"),),
        (replace(FLIP, columns=("another input",)),),
    ],
    ids=["none", "off", "unknown", "other kind", "other input"],
)
def test_what_changes_nothing_is_left_out_of_the_training(steps: tuple[Step, ...]) -> None:
    spec = pictures(*steps)
    assert augmenter_of(graph_of(), spec, fitted_for(spec)) is None


def test_a_step_varies_what_is_prepared_as_if_it_came_before() -> None:
    spec, raw = pictures(replace(FLIP, columns=("images",))), raw_pictures()
    _prepared, (found,) = prepared_and_varied(spec, raw)
    wanted = preparation_of(graph_of(), spec, fitted_for(spec))([raw.flip(-1)])[0]
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-5)
    assert found.dtype == torch.float32


def test_pixels_stay_between_black_and_white() -> None:
    spec = pictures(
        Step("brightness", params={"amount": 0.9}),
        Step("contrast", params={"amount": 0.9}),
        Step("pixel_noise", params={"amount": 0.5}),
    )
    (before,), (found,) = prepared_and_varied(spec, raw_pictures())
    offsets = torch.tensor(fitted_for(spec).inputs[0].offsets).reshape(1, 3, 1, 1)
    plain = found * 0.25 + offsets
    assert -1e-6 < plain.min() < 0.001
    assert 0.999 < plain.max() < 1.0 + 1e-6
    assert not torch.equal(before, found)


def test_all_frames_of_a_clip_are_turned_alike() -> None:
    frames = torch.randint(0, 256, (32, 1, 3, 6, 8), dtype=torch.uint8).repeat(1, 4, 1, 1, 1)
    spec = clips(Step("rotate", params={"degrees": 90.0}), Step("brightness"))
    (before,), (found,) = prepared_and_varied(spec, frames)
    assert found.shape == before.shape == (32, 3, 4, 6, 8)
    torch.testing.assert_close(found, found[:, :, :1].expand_as(found))
    assert not torch.allclose(before, found)


def test_sounds_are_taken_back_to_their_own_level() -> None:
    raw = torch.rand(16, 50) * 0.2 - 0.1
    spec = sounds(Step("sound_mask", params={"share": 0.9}))
    (before,), (found,) = prepared_and_varied(spec, raw)
    silence = (0.0 - 0.4) / 0.25
    is_changed = ~torch.isclose(before, found, atol=1e-5)
    assert is_changed.any()
    torch.testing.assert_close(found[is_changed], torch.full_like(found[is_changed], silence))


def test_only_numbers_of_a_window_are_varied() -> None:
    raw = torch.stack([torch.randint(0, 2, (16, 9)).float(), torch.randn(16, 9)], dim=2)
    (before,), (found,) = prepared_and_varied(windows(Step("jitter")), raw)
    assert before.shape == (16, 9, 3)
    assert torch.equal(before[..., :2], found[..., :2])
    assert not torch.equal(before[..., 2], found[..., 2])


def test_texts_stay_token_numbers() -> None:
    raw = torch.randint(0, 90, (16, 12))
    (before,), (found,) = prepared_and_varied(texts(Step("drop_words")), raw)
    assert found.dtype == torch.int64
    assert set(found[found != before].tolist()) == {1}


def test_inputs_of_the_same_pictures_see_them_varied_alike() -> None:
    spec = pictures(Step("rotate"), Step("pixel_noise"))
    _prepared, (first, second) = prepared_and_varied(spec, raw_pictures(), graph_of(2))
    assert torch.equal(first, second)


def test_columns_of_the_same_window_move_together() -> None:
    graph = graph_of(2)
    for node, (name, form) in zip(
        [node for node in graph if node.layer == "input"],
        [("mode", "index"), ("heat", "values")],
        strict=True,
    ):
        changed = replace(node, params={"columns": (name,), "form": form})
        graph = replace(graph, nodes={**graph.nodes, node.id: changed})
    rows = torch.arange(9.0).expand(16, 9)
    raw = torch.stack([(rows > 4).float(), (rows > 4).float() * 5.0 + 100.0], dim=2)
    spec = windows(Step("series_shift", params={"share": 0.5}))
    (before, _heat), (modes, heat) = prepared_and_varied(spec, raw, graph)
    assert modes.dtype == torch.int64
    assert torch.equal(modes.float() - 1.0, heat)
    assert not torch.equal(before, modes)


def test_the_same_generator_gives_the_same_batch_and_goes_on() -> None:
    spec, fitted = pictures(Step("rotate"), Step("erase")), fitted_for(pictures())
    vary = augmenter_of(graph_of(), spec, fitted)
    assert vary is not None
    batch = preparation_of(graph_of(), spec, fitted)([raw_pictures()])
    again = torch.Generator().manual_seed(9)
    generator = torch.Generator().manual_seed(9)
    first, second = vary(batch, generator)[0], vary(batch, generator)[0]
    assert torch.equal(first, vary(batch, again)[0])
    assert torch.equal(second, vary(batch, again)[0])
    assert not torch.equal(first, second)


def test_variants_of_a_picture_are_pictures() -> None:
    spec = pictures(Step("rotate", params={"degrees": 30.0}), Step("pixel_noise"))
    raw = raw_pictures(1)[0].numpy()
    found = varied(spec, fitted_for(spec), raw, "images", 10, seed=3)
    assert found.shape == (10, 3, 6, 8)
    assert found.dtype == np.uint8
    assert len(np.unique(found, axis=0)) == 10
    assert np.array_equal(found, varied(spec, fitted_for(spec), raw, "images", 10, seed=3))
    plain = varied(pictures(), fitted_for(spec), raw, "images", 2)
    assert np.array_equal(plain, np.stack([raw, raw]))


def test_variants_of_a_clip_keep_their_frames_in_order() -> None:
    spec = clips(FLIP)
    raw = torch.randint(0, 256, (4, 3, 6, 8), dtype=torch.uint8).numpy()
    found = varied(spec, fitted_for(spec), raw, "clips", 2)
    assert np.array_equal(found, np.stack([raw[..., ::-1]] * 2))


def test_variants_of_sounds_windows_and_texts_are_in_their_own_units() -> None:
    sound = (np.random.default_rng(1).random(50) * 0.1).astype(np.float32)
    louder = varied(sounds(Step("gain")), fitted_for(sounds()), sound, "sounds", 10)
    ratios = louder / sound
    np.testing.assert_allclose(ratios, ratios[:, :1].repeat(50, 1), rtol=1e-4)
    assert 0.49 < ratios.min() < ratios.max() < 2.01
    window = np.column_stack([np.ones(9), np.linspace(300.0, 320.0, 9)]).astype(np.float32)
    noisy = varied(windows(Step("jitter")), fitted_for(windows()), window, "windows", 10)
    assert np.array_equal(noisy[..., 0], np.ones((10, 9), np.float32))
    assert 0.0 < np.abs(noisy - window).max() < 2.0
    ids = np.arange(12)
    dropped = varied(texts(Step("drop_words")), fitted_for(texts()), ids, "texts", 10)
    assert dropped.dtype == ids.dtype
    assert set(dropped[dropped != ids].tolist()) == {1}
