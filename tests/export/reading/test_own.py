"""A source file that Studio wrote comes back as the drawing; what was edited in it is told."""

import re
from dataclasses import replace

import pytest
import torch

from studio import jobs
from studio.core.design import block_edits
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.learning_check import ONLY_LEARNING
from studio.core.design.project import Project
from studio.core.design.report import examine
from studio.core.design.templates import TEMPLATES
from studio.core.problems import StudioError
from studio.engine.build import build
from studio.export.network_source import network_source
from studio.export.reading.own import read_own
from studio.export.source_carried import MARK, carried_in
from tests.builders import chain, images
from tests.engine.random_graphs import random_project

SEEDS = range(20)


@pytest.fixture(scope="module")
def classic():
    return jobs.new_project("convolution-classic")


def as_saved(graph):
    return graph_from_json(graph_to_json(graph))


def touched(text):
    """Edited without any meaning, so that all of it is read from the code."""
    return re.sub(r"(\n    def forward\(self, .*\n)", r"\1        pass\n", text, count=1)


def changed(text, before, after):
    assert before in text
    return text.replace(before, after)


@pytest.mark.parametrize("key", TEMPLATES)
def test_every_template_comes_back_as_it_was_drawn(key):
    project = jobs.new_project(key)
    code = network_source(project)
    found = read_own(code.whole, "model.py")
    assert found.graph == as_saved(project.graph)
    assert found.is_own
    assert found.problems == ()
    again = read_own(touched(code.whole), "model.py")
    assert again.graph == as_saved(project.graph)
    assert again.problems == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_any_network_comes_back_runs_and_gives_the_same(seed):
    project = random_project(seed)
    if any(p.is_error and p.code not in ONLY_LEARNING for p in examine(project).problems):
        with pytest.raises(StudioError):
            network_source(project)
        return
    code = network_source(project)
    assert read_own(touched(code.whole), "model.py").graph == as_saved(project.graph)
    space = {"__name__": "model"}
    exec(compile(code.whole, "model.py", "exec"), space)  # noqa: S102 - what was just written
    own = build(project.graph, project.dataset, loss=project.training.loss).eval()
    network = space["Network"]().eval()
    network.load_state_dict(own.state_dict())
    rows = space["example"]()
    with torch.no_grad():
        torch.manual_seed(1)
        wanted = own(*rows)
        torch.manual_seed(1)
        torch.testing.assert_close(network(*rows), wanted, equal_nan=True)


def test_layout_and_comments_do_not_count(classic):
    code = network_source(classic).whole
    other = changed(code, "super().__init__()\n", "super().__init__()  # mine\n\n")
    found = read_own(other.replace("\n", "\r\n"), "model.py")
    assert found.problems == ()
    assert found.graph == as_saved(classic.graph)


def test_a_changed_number_wins_over_the_old_drawing(classic):
    code = changed(network_source(classic).whole, "out_channels=32", "out_channels=48")
    found = read_own(code, "model.py")
    assert found.graph.nodes["conv2d_1"].params["out_channels"] == 48
    (told,) = found.problems
    assert "48" in told.message
    assert "32" in told.message
    assert told.place.key == "conv2d_1"
    assert found.graph.positions == as_saved(classic.graph).positions


def test_steps_that_were_added_taken_away_or_wired_anew_are_drawn(classic):
    code = network_source(classic).whole
    line = next(line for line in code.splitlines() if line.strip().startswith("linear_1 = "))
    code = changed(code, line, f"{line}\n        extra = torch.tanh(linear_1 * 0.5)")
    code = changed(code, "self.relu_2(linear_1)", "self.relu_2(extra)")
    dropout = next(line for line in code.splitlines() if line.strip().startswith("dropout_1 = "))
    code = changed(code, dropout + "\n", "")
    code = changed(code, "self.flatten_1(dropout_1)", "self.flatten_1(max_pool2d_1)")
    found = read_own(code, "model.py")
    assert {"expression_1", "tanh_1"} <= set(found.graph.nodes)
    assert "dropout_1" not in found.graph.nodes
    assert [e.source for e in found.graph.incoming("flatten_1")] == ["max_pool2d_1"]
    assert [e.source for e in found.graph.incoming("relu_2")] == ["tanh_1"]
    assert len({problem.message for problem in found.problems}) == 5
    project = Project(classic.dataset, found.graph, classic.training)
    assert examine(project).can_train


def test_without_what_is_carried_the_code_itself_is_read(classic):
    found = read_own(network_source(classic).text, "model.py")
    layers = [node.layer for node in found.graph if node.layer not in ("input", "output")]
    wanted = [node.layer for node in classic.graph if node.layer not in ("input", "output")]
    assert sorted(layers) == sorted(wanted)


def test_a_step_that_no_layer_does_is_told_and_its_place_left_open(classic):
    code = changed(network_source(classic).whole, "self.relu_1(conv2d_1)", "torch.erfinv(conv2d_1)")
    found = read_own(code, "model.py")
    assert any("erfinv" in problem.message for problem in found.problems)
    assert found.graph.incoming("max_pool2d_1") == ()


def test_the_code_of_a_layer_that_was_edited_is_told():
    project = jobs.new_project("recognize-images")
    code = changed(network_source(project).whole, "torch.amax(rows, dim=1)", "rows.amin(dim=1)")
    found = read_own(code, "model.py")
    assert [problem.code for problem in found.problems] == ["edited-layer"]
    assert "GlobalPool" in found.problems[0].message


def test_blocks_that_are_repeated_come_back_as_blocks():
    project = chain(
        images(),
        ("conv2d", {"out_channels": 1, "keep_size": True}),
        "flatten",
        ("linear", {"out_features": 10}),
    )
    graph, block_id = block_edits.grouped(project.graph, ("conv2d_1",), "Stage")
    graph = block_edits.with_block(graph, replace(graph.blocks[block_id], repeats=3))
    code = network_source(Project(project.dataset, graph))
    assert code.text.count("nn.Conv2d") == 3
    assert len(code.lines["conv2d_1"]) == 6
    assert read_own(code.whole, "model.py").graph == as_saved(graph)
    every = code.whole.replace("kernel_size=3, padding=1", "kernel_size=5, padding=2")
    found = read_own(every, "model.py")
    assert found.graph.blocks == graph.blocks
    assert found.graph.nodes["conv2d_1"].params["kernel_size"] == (5, 5)
    assert len(found.problems) == 1
    only_one = code.whole.replace("kernel_size=3, padding=1", "kernel_size=5, padding=2", 1)
    found = read_own(only_one, "model.py")
    assert len([node for node in found.graph if node.layer == "conv2d"]) == 3
    assert "written out" in found.problems[0].message


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def f():\n    return 1\n", "another's file"),
        ("class Network:\n    pass\n", "no network of torch"),
        ("class (\n", "no Python at all"),
    ],
)
def test_what_studio_did_not_write_is_not_taken_for_its_own(text, why):
    assert read_own(text, "model.py") is None, why


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda text: re.sub(r"\n# (\w{20})\w", r"\n# \1A", text, count=1), "damaged-drawing"),
        (lambda text: text.replace(f"{MARK} 1", f"{MARK} 99"), "newer-version"),
        (lambda text: text.replace("def forward", "def ("), "not-python"),
        (lambda text: text.replace("        return", "        if True:\n            return"),
         "edited-unreadable"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_any_more_says_so(classic, edit, code):
    text = network_source(classic).whole
    edited = edit(text)
    assert edited != text
    with pytest.raises(StudioError) as refusal:
        read_own(edited, "model.py")
    assert refusal.value.problem.code == code
    assert refusal.value.problem.hint


def test_nothing_of_the_file_is_run(classic, tmp_path):
    trace = tmp_path / "was-run"
    code = f"open({str(trace)!r}, 'w').close()\n" + network_source(classic).whole
    assert read_own(touched(code), "model.py") is not None
    assert not trace.exists()


def test_the_lines_that_carry_the_drawing_are_comments(classic):
    code = network_source(classic)
    assert all(not line or line.startswith("#") for line in code.carried.splitlines())
    assert carried_in(code.text) is None
    assert carried_in(code.whole).graph == as_saved(classic.graph)


def test_code_that_is_nested_without_end_is_refused_and_does_no_harm(classic):
    deep = "(" * 5000 + "1" + ")" * 5000
    assert read_own(f"x = {deep}\n", "model.py") is None
    line = "conv2d_1 = self.conv2d_1(input_1)"
    long = changed(network_source(classic).whole, line, f"{line} + {' + '.join(['1'] * 4000)}")
    with pytest.raises(StudioError) as refusal:
        read_own(long, "model.py")
    assert refusal.value.problem.hint
