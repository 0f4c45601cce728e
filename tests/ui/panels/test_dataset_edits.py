"""The edits of the Data page, from value to value."""

from dataclasses import replace

from studio.core.design.dataset import ColumnChoice, ColumnSummary, SplitSpec
from studio.core.design.project import Project
from studio.core.design.templates import project_from_template, template_for
from studio.ui.panels.dataset_edits import (
    own_choices,
    read_again,
    with_kind,
    with_other_inputs,
    with_role,
    with_scaled_target,
    with_scaling,
    with_split,
    with_target,
)
from tests.ui.panels.datasets import table


def roles(project):
    return {c.name: c.role for c in project.dataset.columns}


def test_another_target_makes_the_old_one_an_input():
    after = with_target("colour")(Project(table()))
    assert roles(after) == {
        "weight": "input",
        "colour": "target",
        "price": "input",
        "note": "ignore",
    }


def test_no_target_at_all():
    assert with_target("")(Project(table())).dataset.targets() == ()


def test_a_second_target_joins_the_first_whatever_it_is():
    both = with_role("weight", "target")(Project(table()))
    assert [c.name for c in both.dataset.targets()] == ["weight", "price"]
    three = with_role("colour", "target")(both)
    assert {c.name for c in three.dataset.targets()} == {"colour", "weight", "price"}
    assert {one.task for one in three.dataset.model_outputs()} == {"classes", "numbers"}
    rebuilt = with_role("weight", "both")(both)
    assert "weight" in {c.name for c in rebuilt.dataset.inputs()}
    assert "weight" in {c.name for c in rebuilt.dataset.targets()}


def test_kind_role_split_and_scaling_change_nothing_else():
    before = Project(table())
    split = SplitSpec(0.2, 0.1, False, 7)
    assert with_kind("note", "category")(before).dataset.columns[3].kind == "category"
    assert with_role("note", "input")(before).dataset.columns[3].role == "input"
    assert with_split(split)(before).dataset.split == split
    assert with_scaling("none")(before).dataset.scaling == "none"
    assert not with_scaled_target(False)(before).dataset.scales_target
    assert with_kind("note", "category")(before).dataset.summary is before.dataset.summary


def test_own_choices_are_those_that_differ_from_the_guess():
    dataset = with_role("note", "input")(Project(table())).dataset
    assert own_choices(table()) == ()
    assert own_choices(dataset) == (("note", "text", "input"),)


def test_data_read_again_keep_what_was_chosen_about_them():
    old = replace(table(), split=SplitSpec(0.3, 0.3), scaling="none", scales_target=False)
    again = read_again(old, table(rows=7))
    assert again.summary.rows == 7
    assert (again.split, again.scaling, again.scales_target) == (old.split, "none", False)


def _pictured():
    """The goods with a picture of each."""
    summary = table().summary
    picture = ColumnSummary("picture", "image", "input", 0, 100, shape=(3, 48, 48))
    choice = ColumnChoice("picture", "image", "input")
    return table(
        columns=(*table().columns, choice),
        summary=replace(summary, columns=(*summary.columns, picture)),
    )


def _suggested(dataset):
    return project_from_template(template_for(dataset), dataset)


def test_a_suggested_network_is_suggested_anew_for_other_inputs():
    before = _suggested(table())
    after = with_other_inputs(_pictured())(before)
    assert after == _suggested(_pictured())
    assert after.graph != before.graph


def test_settings_of_learning_that_a_person_chose_stay_with_a_new_suggestion():
    before = _suggested(table())
    mine = replace(before, training=replace(before.training, epochs=7))
    after = with_other_inputs(_pictured())(mine)
    assert after.graph == _suggested(_pictured()).graph
    assert after.training == mine.training


def test_a_network_that_a_person_changed_stays_with_other_inputs():
    before = _suggested(table())
    name, node = next(iter(before.graph.nodes.items()))
    moved = {**before.graph.nodes, name: replace(node, name="Mine")}
    mine = replace(before, graph=replace(before.graph, nodes=moved))
    after = with_other_inputs(_pictured())(mine)
    assert after == replace(mine, dataset=_pictured())


def test_data_without_a_target_leave_the_network_as_it_is():
    before = _suggested(table())
    without = with_target("")(before).dataset
    assert with_other_inputs(without)(before) == replace(before, dataset=without)
