from dataclasses import replace
from itertools import combinations

import pytest

from studio.core.catalogue.entry import Signal
from studio.core.design.dataset import ColumnChoice, ColumnSummary, DatasetSpec
from studio.core.design.edits import GAP, NODE_SIZE
from studio.core.design.fixes import apply_fix
from studio.core.design.inputs import inputs_of, node_inputs
from studio.core.design.report import examine
from studio.core.design.shaping import SeriesSpec, Step
from tests.builders import chain, images, table

PICTURE = ColumnSummary("photo", "image", "input", distinct=200, shape=(3, 16, 12))
NOTE = ColumnSummary("note", "text", "input", distinct=200)
USER = ColumnSummary("user", "identifier", "input", distinct=120)


def with_columns(spec: DatasetSpec, *columns: ColumnSummary) -> DatasetSpec:
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    summary = replace(spec.summary, columns=(*spec.summary.columns, *columns))
    return replace(spec, columns=(*spec.columns, *choices), summary=summary)


def signals(project):
    report = examine(project)
    return [report.nodes[node.id].signal for node in inputs_of(project.graph)]


def test_a_table_of_one_kind_goes_into_one_input():
    project = chain(table(numbers=3), ("linear", {"out_features": 3}))
    assert signals(project) == [Signal((3,))]


def test_a_picture_and_columns_in_one_input_are_refused_with_a_way_out():
    mixed = with_columns(table(numbers=3), PICTURE)
    project = chain(mixed, ("linear", {"out_features": 3}))
    problem = next(p for p in examine(project).problems if p.code == "mixed-inputs")
    assert "images" in problem.message
    assert "rows" in problem.message
    mended = apply_fix(project, problem.fix)
    taken = node_inputs(mended.graph, mixed)
    assert sorted(source.kind for source, _ in taken.values()) == ["image", "table"]
    assert "mixed-inputs" not in {p.code for p in examine(mended).problems}
    assert set(signals(mended)) == {Signal((3,)), Signal((3, 16, 12))}


def test_added_inputs_stand_on_no_other_node():
    project = chain(with_columns(table(numbers=3), PICTURE, NOTE), ("linear", {"out_features": 3}))
    first, below, *_ = project.graph.nodes
    x, y = project.graph.positions[first]
    positions = {**project.graph.positions, below: (x, y + NODE_SIZE[1] + GAP)}
    project = replace(project, graph=replace(project.graph, positions=positions))
    problem = next(p for p in examine(project).problems if p.code == "mixed-inputs")
    places = list(apply_fix(project, problem.fix).graph.positions.values())
    assert len(places) == len(positions) + 2
    assert not [
        (one, other)
        for one, other in combinations(places, 2)
        if abs(one[0] - other[0]) < NODE_SIZE[0] and abs(one[1] - other[1]) < NODE_SIZE[1]
    ]


def test_as_many_inputs_as_the_data_have_take_one_each():
    mixed = with_columns(table(numbers=3), PICTURE, NOTE)
    project = chain(mixed)
    graph = project.graph
    from studio.core.design.edits import add_node

    for _ in range(2):
        graph, _id = add_node(graph, "input", (0.0, 0.0))
    kinds = [source.kind for source, _ in node_inputs(graph, mixed).values()]
    assert kinds == ["table", "image", "text"]


def test_identifiers_go_in_by_their_number_alone():
    ratings = with_columns(table(numbers=0, classes=0), USER)
    project = chain(ratings, ("linear", {"out_features": 1}))
    problem = next(p for p in examine(project).problems if p.code == "only-identifiers")
    mended = apply_fix(project, problem.fix)
    assert signals(mended) == [Signal((1,), categories=121)]


def test_a_text_gives_tokens_and_a_clip_its_channels_first():
    clip = ColumnSummary("clip", "video", "input", distinct=9, shape=(3, 16, 12))
    text = with_columns(table(numbers=0), NOTE)
    assert signals(chain(text)) == [Signal((32,), categories=8000)]
    assert signals(chain(with_columns(table(numbers=0), clip))) == [Signal((3, 8, 16, 12))]


def test_a_series_gives_steps_of_values_and_its_own_past():
    series = replace(table(numbers=2, classes=0), series=SeriesSpec(window=10, horizon=3))
    project = chain(series, "flatten", ("linear", {"out_features": 3}))
    assert signals(project) == [Signal((10, 3))]
    assert series.target_names() == ("y0 +1", "y0 +2", "y0 +3")
    assert not [p for p in examine(project).problems if p.is_error]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"time": "gone"}, "missing-column"),
        ({"window": 500}, "window-too-long"),
        ({"window": 0}, "bad-value"),
        ({"purpose": "classify"}, "target-kind"),
    ],
)
def test_a_series_that_cannot_be_is_refused(change, code):
    series = replace(table(numbers=2, classes=0), series=replace(SeriesSpec(window=10), **change))
    assert code in {p.code for p in examine(chain(series)).problems if p.is_error}


def test_date_parts_and_flags_change_how_many_values_there_are():
    date = ColumnSummary("when", "date", "input", distinct=200)
    spec = with_columns(table(numbers=2), date)
    assert signals(chain(spec)) == [Signal((5,))]  # month, weekday, hour
    recipe = (
        Step("date_parts", ("when",), {"parts": ("year", "hour")}),
        Step("fill_missing", ("n0",), {"flag": True}),
    )
    assert signals(chain(replace(spec, recipe=recipe))) == [Signal((5,))]
    assert [f.name for f in replace(spec, recipe=recipe).features()] == [
        "n0",
        "n1",
        "when: year",
        "when: hour",
    ]


def test_merged_categories_share_a_place():
    spec = table(numbers=0, categories={"k": 4})
    step = Step("merge_categories", ("k",), {"from": ("k 1", "k 2"), "into": "rest"})
    merged = replace(spec, recipe=(step,)).features()[0]
    assert merged.groups == (0, 1, 1, 2)
    assert merged.width == 3
    assert replace(spec, recipe=(step, Step("rare_categories", ("k",)))).features()[0].width == 4


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Step("no_such_step"), "unknown-step"),
        (Step("log", ("gone",)), "missing-column"),
        (Step("log", ("k",)), "step-does-not-fit"),
        (Step("fill_missing", ("n0",), {"method": "magic"}), "bad-value"),
    ],
)
def test_a_step_that_does_not_fit_is_named(step, code):
    spec = replace(table(numbers=1, categories={"k": 3}), recipe=(step,))
    problems = examine(chain(spec)).problems
    assert (code, "recipe 0") in {(p.code, str(p.place)) for p in problems}


def test_rare_classes_are_told_until_something_is_done_about_them():
    spec = table(classes=2)
    rare = replace(spec.summary.columns[-1], counts=(190, 10))
    spec = replace(spec, summary=replace(spec.summary, columns=(*spec.summary.columns[:-1], rare)))
    project = chain(spec, ("linear", {"out_features": 2}))
    problem = next(p for p in examine(project).problems if p.code == "imbalance")
    mended = apply_fix(project, problem.fix)
    assert mended.training.balance == "weights"
    assert "imbalance" not in {p.code for p in examine(mended).problems}


def test_each_input_takes_the_whole_picture():
    project = chain(images(3, 8, 8, classes=2), "flatten", ("linear", {"out_features": 2}))
    assert signals(project) == [Signal((3, 8, 8))]


@pytest.mark.parametrize("kind", ["image", "video"])
def test_a_column_in_which_no_pictures_were_found_is_refused_in_words(kind):
    dataset = table().with_column("n0", kind=kind)
    dataset = replace(dataset, columns=(dataset.columns[0], dataset.columns[-1]))
    project = chain(dataset, ("linear", {"out_features": 3}))
    problems = examine(project).problems
    assert "nothing-found" in [problem.code for problem in problems]
