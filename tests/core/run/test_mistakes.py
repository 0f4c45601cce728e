from studio.core.run.mistakes import answer_words, rows_behind, worst_rows
from studio.core.run.results import Evaluation

CLASSES = Evaluation(
    "r",
    "test",
    "classes",
    {"accuracy": 0.5},
    truths=(0, 1, 1, 0),
    answers=(0, 0, 0, 1),
    rows=(11, 12, 13, 14),
    positions=(0, 1, 2, 3),
    confidences=(0.9, 0.6, 0.8, 0.7),
    labels=("no", "yes"),
    matrix=((1, 1), (2, 0)),
)
NUMBERS = Evaluation(
    "r",
    "test",
    "numbers",
    {"mae": 1.0},
    truths=(1.0, 2.0, float("nan")),
    answers=(1.5, 0.5, 3.0),
    rows=(1, 2, 3),
    positions=(0, 1, 2),
    target_names=("price",),
)


def test_the_rows_of_a_cell_come_surest_first():
    assert rows_behind(CLASSES, 1, 0) == (2, 1)
    assert rows_behind(CLASSES, 1, 1) == ()
    assert len(rows_behind(CLASSES, 0, 1)) == CLASSES.matrix[0][1]


def test_the_worst_rows_are_sure_mistakes_or_far_answers():
    assert worst_rows(CLASSES) == (2, 3, 1)
    assert worst_rows(NUMBERS) == (1, 0)


def test_an_answer_is_told_with_how_sure_or_how_far_off():
    assert answer_words(CLASSES, 2) == ("yes", "no", "80 %")
    assert answer_words(NUMBERS, 0) == ("1.000", "1.500", "+0.500")
