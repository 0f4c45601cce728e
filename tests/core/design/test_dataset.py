"""What is wrong with choices about data is said, with its place and its fix."""

from dataclasses import replace

import pytest

from studio.core.design.dataset import (
    ColumnChoice,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
    SplitSpec,
)
from studio.core.design.dataset_check import dataset_problems

NUMBER = ColumnSummary("n", "number", "input", 0, 500, low=0.0, high=9.0)
KIND = ColumnSummary("k", "category", "input", 0, 2, ("a", "b"), (50, 50))
TEXT = ColumnSummary("t", "text", "ignore", 0, 400)
LABEL = ColumnSummary("label", "category", "target", 0, 2, ("no", "yes"), (60, 40))


def spec_of(*columns, rows=100, **changes):
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    spec = DatasetSpec(
        "table", "/t.csv", columns=choices, summary=DatasetSummary("table", rows, columns)
    )
    return replace(spec, **changes)


GOOD = spec_of(NUMBER, KIND, TEXT, LABEL)


def found(spec):
    return {(p.code, p.severity.value, str(p.place)) for p in dataset_problems(spec)}


def test_good_choices_have_no_problem():
    assert found(GOOD) == set()
    assert dataset_problems(DatasetSpec()) == ()


@pytest.mark.parametrize(
    ("spec", "code", "severity", "place"),
    [
        (GOOD.with_column("label", role="ignore"), "no-target", "error", "field target"),
        (GOOD.with_column("t", role="target"), "target-kind", "error", "column t"),
        (GOOD.with_column("label", kind="text"), "target-kind", "error", "column label"),
        (GOOD.with_column("label", kind="number"), "target-kind", "error", "column label"),
        (
            GOOD.with_column("n", role="ignore").with_column("k", role="ignore"),
            "no-input",
            "error",
            "data",
        ),
        (GOOD.with_column("n", kind="category"), "too-many-categories", "error", "column n"),
        (GOOD.with_column("k", kind="number"), "input-kind", "error", "column k"),
        (
            GOOD.with_column("label", role="ignore").with_column(
                "n", kind="category", role="target"
            ),
            "too-many-classes",
            "error",
            "column n",
        ),
        (
            spec_of(NUMBER, replace(LABEL, distinct=1, categories=("no",), counts=(100,))),
            "one-class",
            "error",
            "column label",
        ),
        (
            spec_of(NUMBER, replace(KIND, distinct=1, categories=("a",), counts=(100,)), LABEL),
            "constant",
            "warning",
            "column k",
        ),
        (
            spec_of(replace(NUMBER, missing=100, low=None), LABEL),
            "all-missing",
            "error",
            "column n",
        ),
        (spec_of(NUMBER, replace(LABEL, missing=100)), "all-missing", "error", "column label"),
        (spec_of(NUMBER, replace(LABEL, missing=7)), "target-missing", "note", "column label"),
        (spec_of(NUMBER, replace(LABEL, counts=(99, 1))), "rare-class", "note", "column label"),
        (
            replace(GOOD, columns=(*GOOD.columns, ColumnChoice("gone", "number", "input"))),
            "missing-column",
            "error",
            "column gone",
        ),
        (replace(GOOD, split=SplitSpec(0.6, 0.6)), "split-shares", "error", "field split"),
        (replace(GOOD, split=SplitSpec(0.0, 0.2)), "no-validation", "warning", "field split"),
        (replace(GOOD, split=SplitSpec(0.2, 0.0)), "no-test", "note", "field split"),
        (spec_of(NUMBER, LABEL, rows=3), "empty-part", "error", "field split"),
        (spec_of(NUMBER, LABEL, rows=4, split=SplitSpec(folds=5)), "folds", "error", "field split"),
    ],
)
def test_each_fault_is_named_at_its_place(spec, code, severity, place):
    assert (code, severity, place) in found(spec)


@pytest.mark.parametrize(
    "spec",
    [
        GOOD.with_column("label", role="ignore"),
        GOOD.with_column("label", kind="text"),
        GOOD.with_column("t", role="input"),
        GOOD.with_column("n", kind="category"),
        GOOD.with_column("k", kind="number"),
        GOOD.with_column("k", role="target"),
        GOOD.with_column("n", role="ignore").with_column("k", role="ignore"),
    ],
)
def test_a_fix_puts_it_right(spec):
    from studio.core.design.fixes import apply_fix
    from studio.core.design.project import Project

    for problem in dataset_problems(spec):
        if problem.fix:
            mended = apply_fix(Project(dataset=spec), problem.fix).dataset
            assert problem.code not in {p.code for p in dataset_problems(mended)}
