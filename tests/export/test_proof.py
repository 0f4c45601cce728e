"""A fresh process agrees with the program, or the proof says what differs."""

import ctypes
import hashlib
import json

import numpy as np
import pytest
import torch

from studio.core.problems import StudioError
from studio.export.proof import Claim, largest_difference, prove, until_a_tie

CARD = {"schema": 1, "task": "classes"}


class Weighted(torch.nn.Module):
    def __init__(self, weight, wait: bool = False):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor(weight))
        self.wait = wait

    def forward(self, rows):
        while self.wait:
            rows = rows + 0.0
        return torch.softmax(rows * self.weight, dim=1)


def digest(module):
    found = hashlib.sha256()
    for name, tensor in sorted(module.state_dict().items()):
        found.update(name.encode())
        found.update(ctypes.string_at(tensor.data_ptr(), tensor.nbytes))
    return found.hexdigest()


def claim_of(module, rows, **changes):
    def answer(batch):
        with torch.inference_mode():
            return (module(*map(torch.from_numpy, batch)).numpy(),)

    given = {
        "rows": (rows,),
        "answer": answer,
        "tasks": ("classes",),
        "card": CARD,
        "tolerance": 1e-6,
        "weights": digest(module),
    }
    return Claim(**(given | changes))


@pytest.fixture
def rows():
    return np.random.default_rng(0).normal(size=(1_203, 3)).astype(np.float32)


@pytest.fixture
def written(tmp_path):
    def write(module, card=CARD):
        path = tmp_path / "model.pt"
        files = {"card.json": json.dumps(card)}
        torch.jit.save(torch.jit.script(module), str(path), _extra_files=files)
        return path

    return write


def test_a_true_copy_is_proven(written, rows):
    module = Weighted([1.0, 2.0, 3.0])
    proof = prove(written(module), claim_of(module, rows))
    assert proof.rows == 1_000
    assert proof.checked_batch_sizes == (1, 2, 1_000)
    assert proof.largest_difference <= 1e-6
    assert proof.rows_per_second > 0
    assert proof.milliseconds > 0


def rounding(module, by):
    """The program's own answers, in batches of more than one row apart by so much."""

    def answer(batch):
        with torch.inference_mode():
            answers = module(*map(torch.from_numpy, batch)).numpy()
        return (answers + np.float32(by if len(answers) > 1 else 0),)

    return answer


def test_answers_may_differ_as_much_as_the_program_does_between_batches(written, rows):
    module = Weighted([1.0, 2.0, 3.0])
    own = claim_of(module, rows, answer=rounding(module, 3e-6))
    assert 1e-6 < prove(written(module), own).largest_difference < 4e-6


def test_what_differs_more_than_by_rounding_is_no_copy(written, rows):
    module = Weighted([1.0, 2.0, 3.0])
    own = claim_of(module, rows, answer=rounding(module, 1e-4))
    with pytest.raises(StudioError, match="the program itself says"):
        prove(written(module), own)


def test_one_row_is_enough(written, rows):
    module = Weighted([1.0, 2.0, 3.0])
    proof = prove(written(module), claim_of(module, rows[:1]))
    assert proof.checked_batch_sizes == (1,)


def test_other_weights_are_found_though_the_answers_agree(written, rows):
    module, shifted = Weighted([1.0, 1.0, 1.0]), Weighted([1.0, 1.0, 1.0000001])
    with pytest.raises(StudioError, match="weights") as caught:
        prove(written(shifted), claim_of(module, rows))
    assert caught.value.problem.code == "proof-differs"


def test_other_answers_are_named_by_row(written, rows):
    module, other = Weighted([1.0, 2.0, 3.0]), Weighted([1.0, 2.0, 3.1])
    with pytest.raises(StudioError, match=r"row \d+ is .*; the program itself says") as caught:
        prove(written(other), claim_of(module, rows, weights=digest(other)))
    assert "Export it again" in caught.value.problem.hint


def test_another_card_is_found(written, rows):
    module = Weighted([1.0, 2.0, 3.0])
    with pytest.raises(StudioError, match="card"):
        prove(written(module, {"schema": 1, "task": "numbers"}), claim_of(module, rows))


def test_a_damaged_file_is_a_problem_with_its_detail(written, rows):
    module = Weighted([1.0, 2.0, 3.0])
    path = written(module)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(StudioError) as caught:
        prove(path, claim_of(module, rows))
    assert caught.value.problem.code == "proof-breaks"
    assert "Traceback" in caught.value.problem.detail


def test_a_process_that_hangs_is_ended(written, rows):
    hanging = Weighted([1.0, 2.0, 3.0], wait=True)
    with pytest.raises(StudioError) as caught:
        prove(written(hanging), claim_of(Weighted([1.0, 2.0, 3.0]), rows), patience=6)
    assert caught.value.problem.code == "proof-hangs"


def array(*rows):
    return np.array(rows, np.float32)


def test_another_class_counts_unless_it_is_a_tie():
    assert largest_difference(array([0.5, 0.5]), array([0.5, 0.5]), "classes", 1e-6) == 0
    tie, other = array([0.5, 0.5000001]), array([0.5000001, 0.5])
    assert largest_difference(tie, other, "classes", 1e-6) < 1e-6
    with pytest.raises(StudioError):
        largest_difference(array([0.4, 0.6]), array([0.6, 0.4]), "classes", 0.1)


def test_a_written_text_may_go_its_own_way_after_a_tie_and_nowhere_else():
    wanted = array([[0.5, 0.5], [0.9, 0.1], [0.2, 0.8]])
    apart = array([[0.4999999, 0.5000001], [0.1, 0.9], [0.7, 0.3]])
    told = until_a_tie(apart, wanted, 1e-6)
    assert largest_difference(told, wanted, "sequences", 1e-6) < 1e-6
    assert (told[0, 0] == apart[0, 0]).all()
    other = array([[0.5, 0.5], [0.4, 0.6], [0.2, 0.8]])
    assert (until_a_tie(other, wanted, 1e-6) == other).all()


def test_numbers_are_compared_by_the_size_of_their_column():
    wanted = array([1e6, 1e-3], [2e6, 2e-3])
    close = array([1e6, 1e-3], [2e6 + 1, 2e-3])
    assert 0 < largest_difference(close, wanted, "numbers", 1e-6) < 1e-6
    with pytest.raises(StudioError, match="row 2"):
        largest_difference(array([1e6, 1e-3], [2e6, 2.1e-3]), wanted, "numbers", 1e-6)


@pytest.mark.parametrize("bad", [array([np.nan, 1.0]), array([np.inf, 0.0])])
def test_an_answer_that_is_no_number_never_agrees(bad):
    with pytest.raises(StudioError, match="not a number"):
        largest_difference(bad, bad, "classes", 1e-6)


def test_answers_of_another_size_never_agree():
    with pytest.raises(StudioError, match="another size"):
        largest_difference(array([1.0]), array([0.5, 0.5]), "classes", 1e-6)
