"""The source of a drawing runs by itself and gives what the program's own module gives."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
import safetensors.torch
import torch

from studio import jobs
from studio.core.design.learning import Learning
from studio.core.design.project import Project
from studio.core.design.sharing import with_learning
from studio.core.problems import StudioError
from studio.engine.build import build
from studio.export.formula_source import formula_source
from studio.export.network_source import network_source
from tests.backbones import text_of
from tests.builders import chain, images

TEMPLATES = (
    "classify-rows",
    "recognize-images",
    "translate",
    "forecast-tcn",
    "recommend",
    "vit-tiny",
)
RUNS = """
import json, sys
from pathlib import Path
import torch
from safetensors.torch import load_file, save_file
torch.set_num_threads(1)
for folder in map(Path, sys.argv[1:]):
    space = {"__name__": "model"}
    exec(compile((folder / "model.py").read_text(encoding="utf-8"), "model.py", "exec"), space)
    network = space["Network"]().eval()
    network.load_state_dict(load_file(folder / "weights.safetensors"))
    torch.manual_seed(3)
    rows = space["example"]()
    with torch.no_grad():
        answers = network(*rows)
    answers = answers if isinstance(answers, tuple) else (answers,)
    named = {f"answer_{n}": one for n, one in enumerate(answers)}
    named |= {f"row_{n}": one for n, one in enumerate(rows)}
    save_file({name: one.contiguous() for name, one in named.items()}, folder / "said.safetensors")
print(json.dumps(sorted(name for name in sys.modules if name.startswith("studio"))))
"""


def numbered(tensors, name):
    return [tensors[key] for key in sorted(tensors) if key.startswith(name)]


def test_in_a_process_without_studio_it_gives_the_same_answers(tmp_path):
    modules = {}
    for key in TEMPLATES:
        project = jobs.new_project(key)
        folder = tmp_path / key
        folder.mkdir()
        (folder / "model.py").write_text(network_source(project).whole, encoding="utf-8")
        torch.manual_seed(5)
        modules[key] = build(project.graph, project.dataset, loss=project.training.loss).eval()
        state = {name: one.clone() for name, one in modules[key].state_dict().items()}
        safetensors.torch.save_file(state, folder / "weights.safetensors")
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUNS, *(str(tmp_path / key) for key in TEMPLATES)],
        check=False,
        capture_output=True,
        timeout=200,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == []  # nothing of Studio was needed
    for key, module in modules.items():
        said = safetensors.torch.load_file(tmp_path / key / "said.safetensors")
        with torch.no_grad():
            wanted = module(*numbered(said, "row"))
        wanted = wanted if isinstance(wanted, tuple) else (wanted,)
        for got, own in zip(numbered(said, "answer"), wanted, strict=True):
            torch.testing.assert_close(got, own, msg=key)


@pytest.fixture
def pretrained():
    given = ("picture_backbone", {"backbone": text_of("resnet")})
    return chain(images(3, 32, 32), given, ("linear", {"out_features": 10}))


@pytest.fixture
def project():
    return chain(
        images(),
        "flatten",
        ("linear", {"out_features": 12}),
        "relu",
        ("linear", {"out_features": 10}),
    )


def test_each_node_knows_its_lines(project):
    code = network_source(project)
    lines = code.text.splitlines()
    assert set(code.lines) == set(project.graph.nodes)
    making, running = code.lines["linear_1"]
    assert (
        lines[making - 1].strip() == "self.linear_1 = nn.Linear(in_features=784, out_features=12)"
    )
    assert lines[running - 1].strip().startswith("linear_1 = self.linear_1(flatten_1)")
    assert lines[running - 1].endswith("# 12")
    assert code.node_at(making) == code.node_at(running) == "linear_1"
    assert code.node_at(1) is None
    assert code.lines_of(frozenset({"linear_1", "relu_1"}))[0] == making


def test_what_is_usual_is_left_out_and_one_number_stands_for_the_same_in_each_direction():
    project = chain(
        images(3), ("conv2d", {"padding": (1, 2)}), "max_pool2d", "flatten",
        ("linear", {"out_features": 10}),
    )  # fmt: skip
    text = network_source(project).text
    assert "nn.Conv2d(in_channels=3, out_channels=32, kernel_size=3, padding=(1, 2))" in text
    assert "nn.MaxPool2d(kernel_size=2)" in text


def test_beginnings_rest_and_shared_weights_are_written(project):
    graph = with_learning(project.graph, "linear_1", Learning("xavier_uniform", is_frozen=True))
    text = network_source(replace(project, graph=graph)).text
    assert "begin(self.linear_1, nn.init.xavier_uniform_, 2, True, gain=1.0)" in text
    assert "self.linear_1.requires_grad_(False)" in text
    space = {"__name__": "model"}
    exec(compile(text, "model.py", "exec"), space)  # noqa: S102 - what was just written
    network = space["Network"]()
    assert not network.linear_1.weight.requires_grad
    assert float(network.linear_1.bias.abs().max()) == 0.0


def test_a_name_that_a_person_gave_stands_beside_the_layer(project):
    graph = project.graph
    named = replace(graph.nodes["linear_1"], name="Hidden\nlayer")
    graph = replace(graph, nodes={**graph.nodes, "linear_1": named})
    assert (
        "out_features=12)  # Hidden layer\n" in network_source(replace(project, graph=graph)).text
    )


def test_what_is_in_the_way_is_said(project):
    graph = replace(project.graph, edges=project.graph.edges[:-1])
    with pytest.raises(StudioError) as refusal:
        network_source(Project(project.dataset, graph))
    assert refusal.value.problem.place.kind == "node"


@pytest.mark.parametrize(
    ("formula", "python"),
    [
        ("relu(a) + 0.5 * b", "torch.relu(x) + 0.5 * y"),
        ("(a + b) * 2", "(x + y) * 2.0"),
        ("a - (b - a)", "x - (y - x)"),
        ("-a ^ 2", "-x ** 2.0"),
        ("(-a) ^ 2", "(-x) ** 2.0"),
        ("max(a, 0.1)", "torch.clamp(x, min=0.1)"),
        ("min(a, b)", "torch.minimum(x, y)"),
        ("a / mean(a)", "x / torch.mean(x, dim=-1, keepdim=True)"),
        ("clip(a, -1, 1)", "torch.clamp(torch.clamp(x, min=-1.0), max=1.0)"),
    ],
)
def test_a_formula_is_one_line_of_python(formula, python):
    assert formula_source(formula, ("x", "y")) == python


def test_a_network_that_brings_files_with_it_is_not_written(pretrained):
    with pytest.raises(StudioError) as refusal:
        network_source(pretrained)
    assert refusal.value.problem.code == "not-as-code"
    assert refusal.value.problem.place.key == "picture_backbone_1"
