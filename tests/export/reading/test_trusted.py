"""Somebody else's file becomes a drawing, in a process apart that can be ended."""

import os
import select
import threading
import time

import pytest
import torch

from studio import jobs
from studio.core.patience import Left, Patience, waited_for
from studio.core.problems import StudioError
from studio.export.captured import silenced
from studio.export.reading import opening
from studio.export.reading.answer import Row
from studio.export.reading.finding import loaded
from studio.export.reading.opening import open_trusted
from tests.export import foreign_files as files

ENDS = ("input", "output")


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
        ("\nclass (:", "file-broke", "line 2: SyntaxError"),
        ("import sys\nsys.exit(3)", "file-broke", "ended the program"),
        ("import nothing_of_that_name", "no-package", "needs the package nothing_of_that_name"),
        ("answer = 42", "no-network", "holds no network"),
        ("", "no-network", "holds no network"),
        ("raise EOFError", "file-asks", "to be typed"),
        ("few = bytearray(10**15)", "no-memory", "more memory"),
        ("def go():\n    go()\ngo()", "too-deep", "without end"),
        (files.SPEECHLESS, "file-broke", "Speechless"),
        (files.HEAD + "net = nn.Linear(10**8, 10**8)", "no-memory", "more memory"),
        (files.HEAD + "net = nn.Linear(2, 2).to('cuda')", "wants-device", "graphics card"),
        (files.HEAD + "net = torch.jit.script(nn.Linear(2, 2))", "compiled", "TorchScript"),
        (files.NO_INPUT, "no-input", "no numbers"),
        (files.NO_FILE, "no-network", "Reader in given.py could not be made: FileNotFound"),
    ],
)
def test_a_file_that_does_not_run_says_why(written, drawn, text, code, said):
    problem = refusal(lambda: drawn(written(text)))
    assert problem.code == code
    assert said in problem.message
    assert problem.hint


def test_a_class_that_cannot_be_made_does_not_keep_others_from_it(written, drawn):
    assert drawn(written(files.LENET + files.NO_FILE.removeprefix(files.HEAD))).name == "LeNet"


def test_a_file_of_a_package_finds_its_neighbours(written, drawn):
    written("", "given/__init__.py")
    written(files.LENET, "given/parts.py")
    text = "from .parts import LeNet\n\n\nclass Net(LeNet):\n    pass\n"
    assert layers(drawn(written(text, "given/net.py")).graph) == files.LENET_LAYERS.split()


def test_weights_of_any_precision_and_lazy_ones_are_drawn(written, drawn):
    for how in ("nn.Linear(8, 2).double()", "nn.LazyLinear(2).to(torch.bfloat16)"):
        found = drawn(written(f"{files.HEAD}net = nn.Sequential({how}, nn.ReLU())"))
        assert layers(found.graph) == ["linear", "relu"]


def test_a_network_of_categories_without_an_embedding_is_tried_with_some(written, drawn):
    text = "class Net(nn.Module):\n    def forward(self, x):\n        return F.one_hot(x, 4) * 2\n"
    found = drawn(written(files.HEAD + text))
    assert found.sizes == ((8,),)
    assert "one_hot" in found.problems[0].message


def test_a_network_that_gives_nothing_back_says_so(written, drawn):
    found = drawn(written(files.LENET.replace("        return", "        never =")))
    assert "gives nothing back" in found.problems[0].message


def test_more_calls_than_can_be_drawn_are_refused(written, drawn):
    many = files.HEAD + "net = nn.Sequential(*[nn.ReLU() for _ in range(5_001)])"
    problem = refusal(lambda: drawn(written(many)))
    assert problem.code == "too-many-steps"
    assert "5001" in problem.message


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


BUSY = """import argparse, pathlib, subprocess, sys, threading
argparse.ArgumentParser().parse_args()
print("x" * 1_000_000)
print("x" * 1_000_000, file=sys.stderr)
threading.Thread(target=threading.Event().wait).start()
left = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
pathlib.Path(__file__).with_name("left").write_text(str(left.pid))
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="of Linux alone")
def test_a_process_apart_draws_it_whatever_it_prints_starts_or_leaves_running(written, tmp_path):
    found = open_trusted(written(BUSY + files.LENET))
    assert layers(found.graph) == files.LENET_LAYERS.split()
    try:
        left = os.pidfd_open(int((tmp_path / "left").read_text()))
    except ProcessLookupError:
        return  # it has ended, and is forgotten
    ended, _, _ = select.select([left], [], [], 60)
    os.close(left)
    assert ended


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
    assert "__main__" in problem.hint
    (path.parent / "large.pt2").write_bytes(b"")
    problem = refusal(lambda: open_trusted(path.parent / "large.pt2", patience=0.0))
    assert "very large" in problem.hint


def test_who_no_longer_waits_ends_the_process(written):
    patience = Patience()
    threading.Timer(0.2, patience.leave).start()
    began = time.monotonic()
    with waited_for(patience), pytest.raises(Left):
        open_trusted(written("while True:\n    pass\n"))
    assert time.monotonic() - began < opening.PATIENCE


@pytest.mark.parametrize(
    ("does", "said"), [("os._exit(4)", "status 4"), ("os.kill(os.getpid(), 9)", "signal 9")]
)
def test_a_process_that_goes_away_is_told_of(written, monkeypatch, does, said):
    monkeypatch.setattr(opening, "_START", f"import os; {does}")
    problem = refusal(lambda: open_trusted(written("")))
    assert problem.code == "file-ended"
    assert said in problem.message


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


def test_what_is_cut_into_parts_is_as_many_slices(written, drawn, tmp_path):
    path = written(files.PARTS)
    found = drawn(path, rows=(Row((6, 12)),))
    assert found.problems == ()
    cut = [{"axis": 2, "stop": 4}, {"axis": 2, "start": 5, "stop": 8}, {"axis": 2, "start": 9},
           {"axis": 2, "stop": 1}, {"axis": 2, "start": 2}, {"stop": 1}, {"start": 6}]  # fmt: skip
    assert sorted(map(str, cuts_of(found.graph))) == sorted(map(str, cut))
    program = exported(tmp_path / "parts.pt2", loaded(path).Gated(), (torch.rand(1, 6, 12),))
    again = drawn(program, kind="program")
    assert again.problems == ()
    assert sorted(map(str, cuts_of(again.graph))) == sorted(map(str, cut))


def test_a_mask_of_padding_is_a_wire_from_the_words(written, drawn, tmp_path):
    path = written(files.PADDED)
    words = torch.tensor([[1, 2, 3, 0, 0], [1, 2, 3, 4, 0]])
    program = exported(tmp_path / "reader.pt2", loaded(path).Reader(), (words,))
    for found in (drawn(path), drawn(program, kind="program")):
        assert found.problems == ()
        fed = {(edge.target, edge.port) for edge in found.graph.edges if edge.source == "input_1"}
        assert fed == {
            ("embedding_1", 0), ("transformer_encoder_1", 1), ("self_attention_1", 1),
            ("transformer_decoder_layer_1", 2),
        }  # fmt: skip


def test_a_mask_that_is_taken_for_numbers_is_told_of(written, drawn):
    text = files.PADDED.replace("return self.decoder", "return is_empty * y.mean(-1)\n        #")
    found = drawn(written(text))
    assert "a mask as numbers" in found.problems[0].message


def test_learnt_steps_beside_a_sequence_are_a_class_token_or_learnt_numbers(
    written, drawn, tmp_path
):
    path = written(files.TOKENS)
    program = exported(tmp_path / "seer.pt2", loaded(path).Seer(), (torch.rand(1, 3, 16, 16),))
    wanted = "conv2d flatten_axes transpose class_token learnt_shift concatenate learnt_numbers"
    for found in (drawn(path, rows=(Row((3, 16, 16)),)), drawn(program, kind="program")):
        assert sorted(layers(found.graph)) == sorted(wanted.split())
        (open_place,) = found.problems  # what is fixed is no weight
        assert "cat" in open_place.message


def test_an_end_that_is_counted_from_the_back_stays_so(written, drawn, tmp_path):
    path = written(files.CUTS)
    found = drawn(path)
    assert found.problems == ()
    assert cuts_of(found.graph) == CUTS
    network, rows = loaded(path).Cuts().eval(), torch.rand(2, 4, 16)
    program = exported(tmp_path / "cuts.pt2", network, (rows,))
    assert cuts_of(drawn(program, kind="program").graph) == CUTS


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such pipes there")
def test_a_pipe_is_no_file_and_nobody_waits_for_it(tmp_path):
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)
    assert refusal(lambda: jobs.read_code(pipe)).code == "no-file"
