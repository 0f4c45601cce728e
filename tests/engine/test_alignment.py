"""CTC beside a count of all paths, what frames say, and scores of texts."""

from itertools import product

import pytest
import torch

from studio.engine.alignment import AlignmentLoss, as_characters, collapsed
from studio.engine.text_scores import text_scores


@pytest.mark.parametrize("text", [[1], [1, 2], [1, 1], [2, 1, 0], [1, 2, 1, 2]])
def test_the_loss_adds_up_every_path_that_reads_as_the_text(text: list[int]) -> None:
    torch.manual_seed(3)
    scores = torch.randn(1, 4, 3)
    known = [token for token in text if token]
    likely = torch.softmax(scores[0], -1)
    total = sum(
        float(torch.stack([likely[frame, token] for frame, token in enumerate(path)]).prod())
        for path in product(range(3), repeat=4)
        if [t for t in collapsed(torch.tensor([path]))[0].tolist() if t] == known
    )
    said = AlignmentLoss()(scores, torch.tensor([text]))
    assert float(said) == pytest.approx(-float(torch.tensor(total).log()) / len(known), rel=1e-4)


def test_a_text_longer_than_the_frames_counts_nothing_and_breaks_nothing() -> None:
    scores = torch.randn(2, 2, 4, requires_grad=True)
    loss = AlignmentLoss()(scores, torch.tensor([[1, 2, 3], [1, 0, 0]]))
    loss.backward()
    assert torch.isfinite(loss)
    assert scores.grad is not None
    assert not scores.grad[0].any()
    assert scores.grad[1].any()


def test_frames_are_read_without_repetition_and_silence() -> None:
    best = torch.tensor([[0, 5, 5, 0, 5, 7], [3, 3, 3, 3, 3, 3], [0, 0, 0, 0, 0, 0]])
    assert collapsed(best).tolist() == [
        [5, 5, 7, 0, 0, 0],
        [3, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]


def test_tokens_as_characters_end_where_the_text_does() -> None:
    first, second = as_characters(torch.tensor([[5, 6, 3, 9], [5, 7, 0, 0]]), end=3)
    assert len(first) == len(second) == 2
    assert first[0] == second[0]
    assert first[1] != second[1]


def test_the_same_texts_score_full_and_others_nothing() -> None:
    texts = ["the cat sat on the mat", "a dog barked at night"]
    assert text_scores(texts, texts) == {"bleu": pytest.approx(100), "chrf": pytest.approx(100)}
    assert text_scores(["xyz", "qqq"], texts)["bleu"] == pytest.approx(0, abs=5)
    assert text_scores(["", ""], ["", ""]) == {}
