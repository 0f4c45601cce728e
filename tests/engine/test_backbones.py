"""Pretrained networks: read from folders, put into models, frozen or trained on, and kept."""

import json
import socket
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load_file, save_file

from studio import jobs
from studio.core.backbone import backbone_of
from studio.core.design import edits
from studio.core.design.fixes import apply_fix
from studio.core.design.graph import Edge
from studio.core.design.learning import PLAIN
from studio.core.design.project import Project
from studio.core.design.sharing import with_learning
from studio.core.problems import Severity, StudioError
from studio.core.run.control import RunControl
from studio.core.run.events import RunEnded
from studio.engine.backbone_folder import read_backbone
from studio.engine.backbones import PictureBackbone, network_of
from studio.engine.build import build_unfilled
from studio.engine.preparation import preparation_of
from tests.backbones import KNOWN, SEERS, SETTINGS, known, saved
from tests.engine.kinds import KIND, column, described

PICTURE = "picture_backbone"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Whatever asks for another machine breaks the test."""

    def refuse(*_arguments, **_settings):
        raise AssertionError("a pretrained network asked for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def pictures_in(folder, size=(12, 8)):
    """Red and blue pictures, a folder for each."""
    for place, name in enumerate(("blue", "red")):
        (folder / name).mkdir(parents=True)
        for number in range(12):
            shade = 100 + 10 * number
            colour = (shade, 20, 30) if place else (20, 30, shade)
            Image.new("RGB", size, colour).save(folder / name / f"{number}.png")
    return folder


def project_of(tmp_path, architecture, **preparing):
    """Pictures, the network frozen, and a Linear."""
    folder = saved(tmp_path / architecture, architecture, **preparing)
    project = jobs.new_project(data=str(pictures_in(tmp_path / "pictures")))
    graph, names = project.graph, [node.id for node in project.graph]
    start = next(n for n in names if n.startswith("input"))
    end = next(n for n in names if n.startswith("output"))
    graph = edits.remove(graph, [n for n in names if n not in (start, end)])
    params = {"backbone": jobs.read_backbone(str(folder))}
    graph, network = edits.add_node(graph, PICTURE, (0, 0), params)
    graph, linear = edits.add_node(graph, "linear", (0, 0), {"out_features": 2})
    for source, target in ((start, network), (network, linear), (linear, end)):
        graph = edits.connect(graph, Edge(source, target))
    training = replace(project.training, epochs=2, batch_size=6, device="cpu")
    return replace(project, graph=graph, training=training)


def trained(project, folder, control=None, resume=None):
    ended = list(jobs.train(project, folder, control or RunControl(), resume))[-1]
    assert isinstance(ended, RunEnded)
    return ended


def state_of(folder):
    """All numbers of the network in a folder, as the library reads them."""
    import transformers

    return transformers.AutoModel.from_pretrained(folder, local_files_only=True).state_dict()


def best_of(folder):
    return load_file(next(folder.glob("*/best.safetensors")))


@pytest.mark.parametrize("architecture", SETTINGS)
def test_what_is_known_is_what_the_folder_says(tmp_path, architecture):
    read = read_backbone(str(saved(tmp_path / architecture, architecture)))
    stored = json.loads(KNOWN.read_text("utf-8"))[architecture]
    here = {"folder": stored["folder"], "digest": stored["digest"]}
    assert json.loads(replace(read, **here, weight_bytes=stored["weight_bytes"]).as_text()) == (
        stored
    )
    assert backbone_of(read.as_text()) == read


def test_how_pictures_are_prepared_is_taken_along(tmp_path):
    folder = saved(
        tmp_path, "resnet", image_mean=[0.1, 0.2, 0.3], image_std=[0.5, 0.6, 0.8], do_rescale=True
    )
    read = read_backbone(str(folder))
    assert read.means == (0.1, 0.2, 0.3)
    assert read.deviations == (0.5, 0.6, 0.8)
    # Values from 0 to 255, divided by 127.5: from 0 to 2, of which 1 is taken away.
    saved(tmp_path, "resnet", image_mean=[1, 1, 1], image_std=[1, 1, 1], rescale_factor=1 / 127.5)
    read = read_backbone(str(folder))
    assert read.means == pytest.approx((0.5,) * 3)
    assert read.deviations == pytest.approx((0.5,) * 3)
    saved(tmp_path, "resnet", do_normalize=False)
    assert read_backbone(str(folder)).means == (0.0,) * 3


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("config.json", "{", "config.json"),
        ("config.json", "[]", "config.json"),
        ("config.json", "[" * 100_000, "config.json"),
        ("config.json", '{"model_type": "gpt"}', "model_type is gpt"),
        ("config.json", '{"model_type": ["resnet"]}', "model_type"),
        ("config.json", '{"model_type": "resnet", "depths": [1, 100000]}', "depths is 100000"),
        ("config.json", '{"model_type": "resnet", "hidden_sizes": [4, 1e12]}', "hidden_sizes is"),
        ("config.json", '{"model_type": "resnet", "layer_type": "odd"}', "layer"),
        ("config.json", '{"model_type": "resnet", "depths": "many"}', "config.json"),
        ("config.json", '{"model_type": "resnet", "hidden_sizes": [0, 8]}', "config.json"),
        ("config.json", '{"model_type": "vit", "image_size": -5}', "image_size is -5"),
        (
            "config.json",
            '{"model_type": "resnet", "auto_map": {"AutoModel": "mine.Net"}}',
            "auto_map asks for program code",
        ),
        ("config.json", '{"model_type": "vit", "patch_size": 0}', "config.json"),
        ("config.json", '{"model_type": "vit", "hidden_size": 7}', "config.json"),
        ("preprocessor_config.json", '{"image_mean": [1, 2]}', "image_mean is [1, 2]"),
        (
            "preprocessor_config.json",
            '{"image_mean": [0, 0, 0], "image_std": [1, 0, 1]}',
            "image_std is",
        ),
        ("preprocessor_config.json", '{"rescale_factor": "1/255"}', "rescale_factor is 1/255"),
    ],
)
def test_a_strange_file_is_named_with_what_is_strange(tmp_path, name, content, words):
    folder = saved(tmp_path, "resnet")
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(StudioError) as caught:
        read_backbone(str(folder))
    assert caught.value.problem.code == "strange-backbone"
    assert name in caught.value.problem.message
    assert words in caught.value.problem.message


def test_a_folder_without_its_files_is_refused(tmp_path):
    with pytest.raises(StudioError, match="no pretrained network"):
        read_backbone(str(tmp_path / "nowhere"))
    folder = saved(tmp_path, "resnet")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(StudioError) as caught:
        read_backbone(str(folder))
    assert caught.value.problem.code == "no-backbone-weights"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30) | st.dictionaries(st.text(), st.integers()).map(json.dumps))
def test_a_project_with_any_text_for_a_network_is_read(text):
    assert backbone_of(text) is None


@pytest.mark.parametrize("architecture", SEERS)
def test_the_layer_gives_what_the_library_gives(tmp_path, architecture):
    import transformers

    saved(tmp_path, architecture)
    again = transformers.AutoModel.from_pretrained(tmp_path, local_files_only=True).eval()
    layer = PictureBackbone(read_backbone(str(tmp_path)).as_text(), 3, "line").eval()
    layer.network.load_state_dict(again.state_dict(), strict=False)
    pictures = torch.rand(2, 3, 8, 12)
    shift = (pictures - layer.mean) / layer.deviation
    given = again(pixel_values=shift)
    is_vit = architecture == "vit"
    wanted = given.last_hidden_state[:, 0] if is_vit else given.pooler_output.flatten(1)
    torch.testing.assert_close(layer(pictures), wanted)


def test_its_pictures_come_as_values_from_zero_to_one(tmp_path):
    project = project_of(tmp_path, "resnet")
    arrays, fitted = jobs_fitted(project)
    prepare = preparation_of(project.graph, project.dataset, fitted)
    raw = torch.tensor([0, 128, 255], dtype=torch.uint8).reshape(1, 3, 1, 1).expand(1, 3, 8, 12)
    (prepared,) = prepare([raw])
    assert prepared[0, :, 0, 0].tolist() == pytest.approx([0.0, 128 / 255, 1.0])


def jobs_fitted(project):
    from studio.data_jobs import fitted_data

    return fitted_data(project.dataset)


@pytest.mark.parametrize("architecture", SEERS)
def test_a_frozen_network_stays_as_it_was_in_its_files(tmp_path, architecture):
    project = project_of(tmp_path, architecture)
    ended = trained(project, tmp_path / "runs")
    assert ended.outcome == "completed", ended.problem
    best = best_of(tmp_path / "runs")
    inside = f"{PICTURE}_1.network."
    of_file = state_of(tmp_path / architecture)
    kept = {name.removeprefix(inside): one for name, one in best.items() if inside in name}
    assert {name for name in of_file if not name.startswith("pooler.")} == set(kept)
    for name, one in kept.items():  # what batch norms count as well
        assert torch.equal(one, of_file[name]), name


def test_a_network_that_is_trained_on_moves_and_its_norms_count(tmp_path):
    project = project_of(tmp_path, "resnet")
    graph = with_learning(project.graph, f"{PICTURE}_1", PLAIN)
    ended = trained(replace(project, graph=graph), tmp_path / "runs")
    assert ended.outcome == "completed", ended.problem
    best = best_of(tmp_path / "runs")
    inside = f"{PICTURE}_1.network."
    of_file = load_file(tmp_path / "resnet" / "model.safetensors")
    moved = {n for n, one in of_file.items() if not torch.equal(best[inside + n], one)}
    assert any(name.endswith("convolution.weight") for name in moved)
    assert any(name.endswith("running_mean") for name in moved)


def test_a_run_needs_the_folder_no_more_once_it_began(tmp_path):
    project = project_of(tmp_path, "resnet")
    control = RunControl()
    events = jobs.train(project, tmp_path / "runs", control)
    for event in events:
        if type(event).__name__ == "StepDone":
            control.stop()
    (record,) = jobs.runs(tmp_path / "runs")
    (tmp_path / "resnet").rename(tmp_path / "elsewhere")
    ended = trained(project, tmp_path / "runs", resume=record.run)
    assert ended.outcome == "completed", ended.problem
    count, _problems = jobs.predict(
        tmp_path / "runs", str(tmp_path / "pictures"), tmp_path / "answers.csv"
    )
    assert count == 24


def test_a_missing_or_changed_folder_is_said_by_the_check_and_by_the_run(tmp_path):
    project = project_of(tmp_path, "resnet")
    assert not [p for p in jobs.check(project).problems if "backbone" in p.code]
    config = tmp_path / "resnet" / "config.json"
    config.write_text(config.read_text("utf-8").replace("relu", "gelu"), "utf-8")
    assert [p.code for p in jobs.check(project).problems if p.place.key == f"{PICTURE}_1"] == [
        "backbone-changed"
    ]
    (tmp_path / "resnet").rename(tmp_path / "elsewhere")
    assert [p.code for p in jobs.check(project).problems if p.place.key == f"{PICTURE}_1"] == [
        "backbone-missing"
    ]
    ended = trained(project, tmp_path / "runs")
    assert ended.problem is not None
    assert ended.problem.code == "backbone-missing"


def test_weights_of_another_network_or_broken_ones_are_refused(tmp_path):
    project = project_of(tmp_path, "resnet")
    path = tmp_path / "resnet" / "model.safetensors"
    whole, size = load_file(path), path.stat().st_size
    path.write_bytes(b"\0" * size)
    assert trained(project, tmp_path / "runs").problem.code == "bad-backbone-weights"
    # Another name as long as the right one: the size of the file stays.
    names = {name.replace("embedder", "EMBEDDER"): one for name, one in whole.items()}
    save_file(names, path, metadata={"format": "pt"})
    assert path.stat().st_size == size
    problem = trained(project, tmp_path / "runs").problem
    assert problem.code == "bad-backbone-weights"
    assert "embedder" in problem.detail


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden_sizes": [4, 1_000_000], "depths": [1, 40]},
        {"depths": [1, 10**9]},
        {"depths": [1, 2]},
        {"hidden_act": "nonsense"},
        {"depths": "many"},
    ],
)
def test_a_project_that_says_something_else_of_a_network_is_refused_at_once(changes):
    tiny = known("resnet")
    config = json.dumps({**json.loads(tiny.config), **changes})
    with pytest.raises(StudioError) as caught:
        network_of(replace(tiny, config=config))
    assert caught.value.problem.code == "strange-backbone"


def test_it_is_frozen_when_it_is_placed():
    graph, node = edits.add_node(Project().graph, PICTURE, (0, 0))
    assert graph.nodes[node].learning.is_frozen


def test_an_unfilled_model_draws_no_random_numbers(tmp_path):
    project = project_of(tmp_path, "vit")
    before = torch.random.get_rng_state()
    build_unfilled(project.graph, project.dataset)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_picture_of_another_size_is_brought_to_size_by_the_fix(tmp_path):
    project = project_of(tmp_path, "vit")
    other = described(column("picture", "image", shape=(3, 20, 20)), KIND)
    project = replace(project, dataset=other)
    problem = next(p for p in jobs.examine(project).problems if p.code == "picture-size")
    mended = apply_fix(project, problem.fix)
    assert not [p for p in jobs.examine(mended).problems if p.place.key == f"{PICTURE}_1"]
    assert jobs.examine(mended).nodes[f"{PICTURE}_1"].signal.shape == (known("vit").features,)


@pytest.mark.parametrize(
    ("preparing", "size"),
    [
        ({"size": {"height": 32, "width": 48}}, (32, 48)),
        ({"size": {"shortest_edge": 40}}, (40, 40)),
        ({"size": {"shortest_edge": 40}, "crop_size": 36}, (36, 36)),
        ({"size": 30}, (30, 30)),
        ({"size": [30, 20]}, (30, 20)),
        ({"size": {"longest_edge": 30}}, (0, 0)),
        ({"size": -4}, (0, 0)),
        ({"size": [1, 2, 3], "crop_size": "much"}, (0, 0)),
    ],
)
def test_the_size_that_it_learnt_from_is_taken_along(tmp_path, preparing, size):
    usual = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    read = read_backbone(str(saved(tmp_path, "resnet", **usual, **preparing)))
    assert (read.trained_height, read.trained_width) == size


def test_pictures_of_quite_another_size_are_noted_and_resized_by_the_fix(tmp_path):
    usual = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    project = project_of(tmp_path, "resnet", **usual, size={"height": 32, "width": 48})
    problem = next(p for p in jobs.examine(project).problems if p.code == "other-size")
    assert problem.severity is Severity.NOTE
    assert "32 × 48" in problem.message
    mended = apply_fix(project, problem.fix)
    report = jobs.examine(mended)
    assert not [p for p in report.problems if p.code == "other-size"]
    assert any(node.signal and node.signal.shape == (3, 32, 48) for node in report.nodes.values())


def test_pictures_of_about_its_size_are_fine(tmp_path):
    usual = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    project = project_of(tmp_path, "resnet", **usual, size={"height": 10, "width": 14})
    assert not [p for p in jobs.examine(project).problems if p.code == "other-size"]
