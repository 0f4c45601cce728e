"""Somebody else's file becomes a drawing, in a process apart that can be ended."""

import sys
import threading
import time

import pytest
import torch

from studio.core.patience import Left, Patience, waited_for
from studio.core.problems import StudioError
from studio.export.captured import silenced
from studio.export.reading import child, opening
from studio.export.reading.answer import Order, Row, read
from studio.export.reading.finding import NAME, loaded
from studio.export.reading.opening import open_trusted
from tests.export import foreign_files as files

ENDS = ("input", "output")


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A file with that text; what it would leave in the process is taken away again."""
    monkeypatch.setattr(sys, "path", list(sys.path))

    def write(text, name="given.py"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    yield write
    sys.modules.pop(NAME, None)


@pytest.fixture
def drawn(tmp_path):
    """What the child would say of a file, said here: its other half is only how it is started."""

    def drawn(path, kind="python", **order):
        answer = tmp_path / "answer.json"
        child.answer(Order(str(path), kind, str(answer), **order))
        return read(answer.read_bytes(), path.name)

    return drawn


def layers(graph):
    return [node.layer for node in graph if node.layer not in ENDS]


def refusal(call):
    with pytest.raises(StudioError) as found:
        call()
    return found.value.problem


def test_a_lenet_is_drawn_whole(written, drawn):
    found = drawn(written(files.LENET))
    assert layers(found.graph) == files.LENET_LAYERS.split()
    assert found.problems == ()
    assert (found.name, found.known, found.steps) == ("LeNet", 14, 14)
    assert (found.sizes, found.are_guessed) == (((1, 28, 28),), True)
    first = found.graph.nodes["conv2d_1"]
    assert (first.name, first.params["kernel_size"]) == ("conv1", (5, 5))
    places = list(found.graph.positions.values())
    assert len(set(places)) == len(places)


def test_the_shape_of_the_data_is_tried_first(written, drawn):
    found = drawn(written(files.RESNET), rows=(Row((3, 20, 24)),))
    assert (found.sizes, found.are_guessed) == (((3, 20, 24),), False)


def test_the_ways_past_a_resnet_are_drawn(written, drawn):
    found = drawn(written(files.RESNET))
    assert found.problems == ()
    assert layers(found.graph).count("add") == 2
    adds = [node.id for node in found.graph if node.layer == "add"]
    fed = {found.graph.nodes[e.source].name for one in adds for e in found.graph.incoming(one)}
    assert {"stage.0.bn2", "stem", "stage.1.bn2", "stage.1.shortcut.1"} == fed


def test_the_parts_that_it_is_made_of_are_blocks(written, drawn):
    graph = drawn(written(files.RESNET)).graph
    names = {block.name: block for block in graph.blocks.values()}
    assert set(names) == {"stage", "stage.0", "stage.1"}
    assert names["stage.0"].parent == names["stage"].id
    inside = [graph.nodes[one].layer for one in names["stage.0"].members]
    assert inside == ["conv2d", "batch_norm", "relu", "conv2d", "batch_norm", "add", "relu"]


def test_what_a_recurrent_layer_gives_is_taken_as_the_code_takes_it(written, drawn):
    found = drawn(written(files.LSTM))
    assert layers(found.graph) == ["embedding", "lstm", "linear"]
    assert found.graph.nodes["lstm_1"].params == {
        "hidden_size": 12, "num_layers": 2, "bidirectional": True,
    }  # fmt: skip
    found = drawn(written(files.GRU))
    assert found.graph.nodes["gru_1"].params["gives"] == "sequence"
    wanted = ["gru", "slice", "squeeze", "global_pool", "concatenate", "linear"]
    assert sorted(layers(found.graph)) == sorted(wanted)
    assert found.problems == ()


def test_attention_positions_and_encoders_are_known(written, drawn):
    found = drawn(written(files.TRANSFORMER))
    assert found.problems == ()
    assert layers(found.graph) == [
        "layer_norm", "learnt_shift", "transformer_encoder", "self_attention", "add", "slice",
        "squeeze", "linear",
    ]  # fmt: skip


def test_what_is_not_known_leaves_its_place_open_and_all_else_is_drawn(written, drawn):
    found = drawn(written(files.UNKNOWN))
    (problem,) = found.problems
    assert "torch.fft.fft" in problem.message
    assert problem.hint
    assert found.known < found.steps
    waiting = found.graph.nodes[problem.place.key]
    assert len(found.graph.incoming(waiting.id)) == 1
    formulas = [node.params["expression"] for node in found.graph if node.layer == "expression"]
    assert {"exp(a)", "abs(a)", "a / b"} <= set(formulas)
    assert "linear_2" in found.graph.nodes


def test_a_network_that_asks_for_numbers_is_told_of(written, drawn):
    problem = refusal(lambda: drawn(written(files.ASKS_NUMBERS)))
    assert problem.code == "cannot-follow"
    assert "if" in problem.hint


def test_a_class_that_wants_arguments_says_which(written, drawn):
    problem = refusal(lambda: drawn(written(files.NEEDS_WIDTH)))
    assert "width" in problem.message
    made = files.NEEDS_WIDTH + "\n\nnetwork = Net(12)\n"
    assert drawn(written(made)).sizes == ((12,),)


def test_of_several_networks_one_is_asked_for(written, drawn):
    path = written(files.TWO)
    assert drawn(path).choices == ("LeNet", "Odd")
    assert drawn(path, name="Odd").name == "Odd"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("raise RuntimeError('no luck')", "file-broke", "no luck"),
        ("class (:", "file-broke", "SyntaxError"),
        ("import sys\nsys.exit(3)", "file-broke", "ended the program"),
        ("import nothing_of_that_name", "file-broke", "nothing_of_that_name"),
        ("answer = 42", "no-network", "holds no network"),
    ],
)
def test_a_file_that_does_not_run_says_why(written, drawn, text, code, said):
    problem = refusal(lambda: drawn(written(text)))
    assert problem.code == code
    assert said in problem.message
    assert problem.hint


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The recurrent network as torch.export writes it, for any number of rows."""
    folder = tmp_path_factory.mktemp("program")
    source = folder / "source.py"
    source.write_text(files.LSTM, encoding="utf-8")
    network = loaded(source).Reader().eval()
    rows = torch.randint(0, 50, (2, 7))
    batch = {0: torch.export.Dim("batch", min=1)}
    path = folder / "reader.pt2"
    with silenced():
        torch.export.save(torch.export.export(network, (rows,), dynamic_shapes=(batch,)), path)
    return path


def test_an_exported_program_is_drawn_by_its_weights(program, drawn):
    found = drawn(program, kind="program")
    assert layers(found.graph) == ["embedding", "lstm", "linear"]
    assert found.graph.nodes["lstm_1"].params["bidirectional"] is True
    assert (found.sizes, found.problems) == (((7,),), ())


def exported(path, network, given, **options):
    with silenced():
        torch.export.save(torch.export.export(network.eval(), given, **options), path)
    return path


@pytest.mark.parametrize("rows", [1, 3])
def test_a_program_for_one_number_of_rows_is_drawn_too(written, drawn, tmp_path, rows):
    network = loaded(written(files.LENET)).LeNet()
    path = exported(tmp_path / "lenet.pt2", network, (torch.rand(rows, 1, 28, 28),))
    found = drawn(path, kind="program")
    assert layers(found.graph) == files.LENET_LAYERS.split()
    assert (found.sizes, found.problems) == (((1, 28, 28),), ())


def test_a_program_may_take_its_inputs_nested_and_plain_values_with_them(written, drawn, tmp_path):
    network = loaded(written(files.NESTED)).Nested()
    given = ({"words": torch.randint(0, 5, (1, 4)), "numbers": (torch.rand(1, 8),)}, True)
    path = exported(tmp_path / "nested.pt2", network, given, kwargs={"past": torch.rand(1, 8)})
    found = drawn(path, kind="program")
    assert (found.sizes, found.problems) == (((4,), (8,), (8,)), ())
    ends = [node.layer for node in found.graph if node.layer in ENDS]
    assert sorted(ends) == ["input"] * 3 + ["output"] * 2


def test_a_damaged_program_is_refused(program, tmp_path, drawn):
    damaged = tmp_path / "damaged.pt2"
    damaged.write_bytes(program.read_bytes()[:3000])
    problem = refusal(lambda: drawn(damaged, kind="program"))
    assert problem.code == "file-broke"
    assert "damaged" in problem.hint


def test_a_process_apart_draws_it_whatever_it_prints(written):
    found = open_trusted(written("print('x' * 100_000)\n" + files.LENET))
    assert layers(found.graph) == files.LENET_LAYERS.split()


def test_a_file_that_never_ends_is_ended(written, monkeypatch):
    started = []
    run = opening.subprocess.Popen

    def start(*words, **given):
        started.append(run(*words, **given))
        return started[-1]

    monkeypatch.setattr(opening.subprocess, "Popen", start)
    path = written("while True:\n    pass\n")
    problem = refusal(lambda: open_trusted(path, patience=0.3))
    assert problem.code == "file-hangs"
    assert started[0].returncode is not None


def test_who_no_longer_waits_ends_the_process(written):
    patience = Patience()
    threading.Timer(0.2, patience.leave).start()
    began = time.monotonic()
    with waited_for(patience), pytest.raises(Left):
        open_trusted(written("while True:\n    pass\n"))
    assert time.monotonic() - began < opening.PATIENCE


def test_a_process_that_goes_away_is_told_of(written, monkeypatch):
    monkeypatch.setattr(opening, "_START", "import os; os._exit(4)")
    problem = refusal(lambda: open_trusted(written("")))
    assert problem.code == "file-ended"
    assert "4" in problem.message


def test_what_the_process_says_is_read_as_strictly_as_a_file(written, monkeypatch):
    lies = (
        "import json, sys; order = json.load(sys.stdin); "
        "open(order['answer'], 'w').write('{\"said\": 1, \"graph\": {}}')"
    )
    monkeypatch.setattr(opening, "_START", lies)
    assert refusal(lambda: open_trusted(written(""))).code


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refusal(lambda: open_trusted(tmp_path / "none.py")).code == "no-file"


CUTS = [
    {"axis": 2, "stop": -3},
    {"axis": 2, "start": 2, "stop": -2},
    {"start": 3},
    {"start": -6, "stop": -2, "step": 2},
    {"start": -2, "stop": -2},
    {"stop": 1},
]


def cuts_of(graph):
    return [node.params for node in graph if node.layer == "slice"]


def test_an_end_that_is_counted_from_the_back_stays_so(written, drawn, tmp_path):
    path = written(files.CUTS)
    found = drawn(path)
    assert found.problems == ()
    assert cuts_of(found.graph) == CUTS
    network, rows = loaded(path).Cuts().eval(), torch.rand(2, 4, 16)
    program = exported(tmp_path / "cuts.pt2", network, (rows,))
    assert cuts_of(drawn(program, kind="program").graph) == CUTS
