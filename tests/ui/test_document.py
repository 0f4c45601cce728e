"""Document and selection: one step for one act, merged while typed, undone to the very value."""

from dataclasses import replace

import pytest

from studio.core.design import edits
from studio.core.design.project import Project
from studio.ui.document import Document
from studio.ui.selection import Selection
from tests.builders import chain, table

PROJECT = chain(table(), ("linear", {"out_features": 3}))
LINEAR = next(node.id for node in PROJECT.graph if node.layer == "linear")


@pytest.fixture
def document(qapp):
    made = Document()
    made.open_project(PROJECT, None)
    return made


@pytest.fixture
def heard(document):
    changes = []
    document.changed.connect(lambda before, after: changes.append((before, after)))
    return changes


def epochs(count):
    return lambda project: replace(project, training=replace(project.training, epochs=count))


def test_an_edit_is_one_step_and_tells_both_values(document, heard):
    document.apply(epochs(7), "Change epochs")
    assert heard == [(PROJECT, document.project)]
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Change epochs"


def test_undo_brings_back_the_very_value(document):
    document.apply(epochs(7), "Change epochs")
    changed = document.project
    document.undo_stack.undo()
    assert document.project is PROJECT
    document.undo_stack.redo()
    assert document.project is changed


def test_an_edit_that_changes_nothing_is_no_step(document, heard):
    document.apply(lambda project: project, "Nothing")
    document.apply(epochs(PROJECT.training.epochs), "The same")
    assert heard == []
    assert document.undo_stack.count() == 0


def test_what_is_typed_melts_into_one_step(document):
    for count in (1, 12, 128):
        document.apply(epochs(count), "Change epochs", "field.epochs")
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.project is PROJECT


def test_leaving_the_field_ends_the_step(document):
    document.apply(epochs(1), "Change epochs", "field.epochs")
    document.end_merge()
    document.apply(epochs(2), "Change epochs", "field.epochs")
    assert document.undo_stack.count() == 2


def test_another_field_is_another_step(document):
    document.apply(epochs(1), "Change epochs", "field.epochs")
    document.apply(
        lambda p: replace(p, training=replace(p.training, seed=5)), "Change seed", "field.seed"
    )
    assert document.undo_stack.count() == 2


def test_typed_back_to_where_it_was_leaves_no_step(document):
    document.apply(epochs(5), "Change epochs", "field.epochs")
    document.apply(epochs(PROJECT.training.epochs), "Change epochs", "field.epochs")
    assert document.undo_stack.count() == 0
    assert document.project == PROJECT


def test_saved_means_the_value_in_the_file(document, tmp_path, qtbot):
    document.mark_saved(tmp_path / "a.studio")
    assert document.is_saved
    with qtbot.waitSignal(document.file_changed):
        document.apply(epochs(5), "Change epochs")
    assert not document.is_saved
    document.undo_stack.undo()
    assert document.is_saved


def test_a_recovered_project_is_not_saved_until_it_is(document, tmp_path):
    document.open_project(PROJECT, tmp_path / "a.studio", is_pristine=False)
    assert not document.is_saved
    document.mark_saved(tmp_path / "a.studio")
    assert document.is_saved


def test_opening_forgets_the_steps_of_the_other(document, qtbot):
    document.apply(epochs(5), "Change epochs")
    with qtbot.waitSignals([document.replaced, document.changed]):
        document.open_project(Project(), None)
    assert not document.undo_stack.canUndo()
    assert document.is_saved


def test_the_report_is_of_the_value_shown(document):
    assert document.report.can_train
    document.apply_to_graph(lambda graph: edits.remove(graph, (LINEAR,)), "Delete")
    assert not document.report.can_train


def test_a_chosen_node_that_is_deleted_is_no_longer_chosen(document, qtbot):
    selection = Selection(document)
    selection.choose((LINEAR,))
    assert selection.only == LINEAR
    with qtbot.waitSignal(selection.changed):
        document.apply_to_graph(lambda graph: edits.remove(graph, (LINEAR,)), "Delete")
    assert selection.nodes == frozenset()


def test_choosing_the_same_again_tells_nobody(document, qtbot):
    selection = Selection(document)
    selection.choose((LINEAR,))
    with qtbot.assertNotEmitted(selection.changed):
        selection.choose((LINEAR,))


def test_nothing_is_chosen_in_another_project(document):
    """Though its nodes may be called the same."""
    selection = Selection(document)
    selection.choose((LINEAR,))
    document.open_project(document.project, None)
    assert selection.nodes == frozenset()
    selection.choose((LINEAR,))
    document.apply(lambda project: replace(project, graph=project.graph), "Nothing")
    assert selection.only == LINEAR
