"""What the command line prints about a model."""

from studio.core.run.results import Evaluation
from studio.terminal import show_evaluation


def test_figures_stand_in_one_column_however_long_their_names(capsys):
    figures = {"loss": 1.932, "token_accuracy": 0.3043, "exact": 0.0, "bleu": 0.0}
    facts = {"truths": (1.0,), "answers": (0.5,), "rows": (1,), "positions": (0,)}
    show_evaluation(Evaluation("run-1", "test", "sequences", figures, **facts))
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert [line.split()[-1] for line in lines] == ["1.9320", "0.3043", "0.0000", "0.0000"]
    assert len({len(line) for line in lines}) == 1
