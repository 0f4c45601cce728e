"""The usual figures are those of torchmetrics, and a usual run does not import it."""

import subprocess
import sys

import pytest
import torch
from torchmetrics import functional

from studio.engine import scores

CLASSES = {"num_classes": 5, "task": "multiclass"}
IGNORED = 255


def drawn(seed, classes=5, known=4):
    """Truths of some of the classes, answers of others, some of them right; none of the last."""
    made = torch.Generator().manual_seed(seed)
    truths = torch.randint(0, known, (6, 50), generator=made)
    answers = torch.randint(seed % 2, known, (6, 50), generator=made)
    is_right = torch.rand(6, 50, generator=made) < 0.5
    return torch.where(is_right, truths, answers), truths


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("ignored", [None, 0, IGNORED])
def test_shares_of_classes(seed, ignored):
    answers, truths = drawn(seed)
    if ignored == IGNORED:
        truths[:, ::7] = IGNORED
    more = {**CLASSES, "ignore_index": ignored}
    wanted = functional.accuracy(answers, truths, average="micro", **more)
    assert scores.accuracy(answers, truths, ignored=ignored) == pytest.approx(float(wanted))
    if ignored != 0:
        wanted = functional.f1_score(answers, truths, average="macro", **more)
        found = scores.f1_of_all(answers, truths, classes=5, ignored=ignored)
        assert found == pytest.approx(float(wanted))


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_the_f1_of_one_of_two(share):
    answers, truths = drawn(3)
    answers, truths = (answers == 1).long(), (truths == 1).long() * (torch.rand(6, 50) < share)
    wanted = functional.f1_score(answers, truths, task="binary")
    assert scores.f1_of_second(answers, truths) == pytest.approx(float(wanted))


def test_nothing_at_all_is_no_share():
    nothing = torch.full((4,), IGNORED)
    assert scores.accuracy(nothing, nothing, ignored=IGNORED) == 0.0
    assert scores.f1_of_all(nothing, nothing, classes=5, ignored=IGNORED) == 0.0
    zeros = torch.zeros(4, dtype=torch.long)
    assert scores.f1_of_second(zeros, zeros) == 0.0


@pytest.mark.parametrize("columns", [1, 3])
def test_distances_of_numbers(columns):
    made = torch.Generator().manual_seed(columns)
    truths = 100 * torch.randn(40, columns, generator=made, dtype=torch.float64)
    answers = truths + 30 * torch.randn(40, columns, generator=made, dtype=torch.float64)
    found = [scores.rmse(answers, truths), scores.mae(answers, truths), scores.r2(answers, truths)]
    wanted = [
        functional.mean_squared_error(answers, truths, squared=False),
        functional.mean_absolute_error(answers, truths),
        functional.r2_score(answers, truths),
    ]
    assert found == pytest.approx([float(one) for one in wanted])


def test_numbers_that_are_small_or_all_alike_have_a_share_too():
    truths = 1e-5 * torch.arange(10, dtype=torch.float64)[:, None]
    assert scores.r2(truths * 0.5, truths) < 0.2  # the unit of the target says nothing of it
    alike = torch.full((4, 1), 3.0)
    assert scores.r2(alike, alike) == 1.0
    assert scores.r2(alike + 1, alike) == 0.0


def test_a_usual_run_does_not_wait_for_what_it_does_not_need():
    asked = "import sys, studio.engine.trainer; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    heavy = {"torchmetrics", "transformers", "scipy", "sklearn", "pandas", "sacrebleu"}
    assert not heavy & set(done.stdout.split())
