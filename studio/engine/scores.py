"""Scores: the usual figures of answers held against truths, in plain torch.

The same as in torchmetrics, which is needed for the rarer ones alone: importing it takes seconds,
since it brings other libraries along, and a first run would wait for them.
"""

import torch
from torch import Tensor


def accuracy(answers: Tensor, truths: Tensor, *, ignored: int | None = None) -> float:
    """The share of right ones; 0 where nothing counts."""
    answers, truths = _counted(answers, truths, ignored)
    return float((answers == truths).double().mean()) if truths.numel() else 0.0


def f1_of_second(answers: Tensor, truths: Tensor) -> float:
    """Precision and recall of class 1 of two, in one; 0 where neither has it."""
    found = _f1(answers.flatten(), truths.flatten(), classes=2)
    return 0.0 if bool(found[1].isnan()) else float(found[1])


def f1_of_all(
    answers: Tensor, truths: Tensor, *, classes: int, ignored: int | None = None
) -> float:
    """The mean over the classes that are in the answers or the truths."""
    found = _f1(*_counted(answers, truths, ignored), classes)
    return 0.0 if bool(found.isnan().all()) else float(found.nanmean())


def rmse(answers: Tensor, truths: Tensor) -> float:
    """The root of the mean square of the distances."""
    return float((answers - truths).square().mean().sqrt())


def mae(answers: Tensor, truths: Tensor) -> float:
    """The mean distance."""
    return float((answers - truths).abs().mean())


def r2(answers: Tensor, truths: Tensor) -> float:
    """The share of the spread that is explained, the mean of the columns [N, T].

    Where all truths of a column are alike it is 1 for right answers and 0 for others.
    """
    left = (truths - answers).square().sum(dim=0)
    spread = (truths - truths.mean(dim=0)).square().sum(dim=0)
    shares = torch.where(spread > 0, 1 - left / spread, (left == 0).to(left.dtype))
    return float(shares.mean())


def _counted(answers: Tensor, truths: Tensor, ignored: int | None) -> tuple[Tensor, Tensor]:
    """In one row, without those whose truth does not count."""
    answers, truths = answers.flatten(), truths.flatten()
    if ignored is None:
        return answers, truths
    counts = truths != ignored
    return answers[counts], truths[counts]


def _f1(answers: Tensor, truths: Tensor, classes: int) -> Tensor:
    """For each class; nan for one that neither has."""
    right = torch.bincount(truths[answers == truths], minlength=classes)
    said = torch.bincount(answers, minlength=classes)
    are = torch.bincount(truths, minlength=classes)
    return 2.0 * right.double() / (said + are).double()
