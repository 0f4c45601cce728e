"""The facts of a column: of what its counts are shares."""

import pytest

from studio.core.design.dataset import ColumnChoice, ColumnSummary
from studio.ui.panels.column_facts import counted_among


def summary(kind, categories, counts):
    return ColumnSummary("m", kind, "target", distinct=12, categories=categories, counts=counts)


@pytest.mark.parametrize(
    ("kind", "column", "whole"),
    [
        ("image", summary("image", ("0", "9"), (700, 300)), 1000),
        ("category", summary("category", ("a", "b"), (7, 3)), 12),
        ("text", summary("text", (), ()), 0),
    ],
)
def test_classes_of_pixels_are_shares_of_the_pixels_and_others_of_the_rows(kind, column, whole):
    assert counted_among(ColumnChoice("m", kind, "target"), column, 12) == whole
