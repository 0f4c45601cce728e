"""What is set for the weights of a node, in the inspector: folded in, undone, shared."""

import pytest

from studio.core.catalogue import INITIALIZATIONS
from studio.core.design.learning import PLAIN, Learning
from studio.core.design.sharing import sharing
from studio.ui.canvas.faces import faces
from studio.ui.document import Document
from studio.ui.panels.inspector import Inspector
from studio.ui.selection import Selection
from tests.builders import chain, table

WIDE = ("linear", {"out_features": 4})


@pytest.fixture
def document(qtbot, dressed):
    made = Document()
    made.open_project(chain(table(), WIDE, "relu", WIDE, ("linear", {"out_features": 3})), None)
    yield made
    made.deleteLater()


@pytest.fixture
def learning(qtbot, document):
    selection = Selection(document)
    inspector = Inspector(document, selection)
    qtbot.addWidget(inspector)
    with qtbot.waitExposed(inspector):
        inspector.show()
    found = inspector.node.learning
    found.choose = lambda node_id: selection.choose((node_id,))
    yield found
    inspector.hide()


def of(document, node_id):
    return document.project.graph.nodes[node_id].learning


def chosen(field, key):
    field.combo.activated.emit(field.combo.findData(key))


def badge(document, node_id):
    return faces(document.project, document.report)[node_id].badge


def test_it_is_folded_in_while_nothing_is_set_and_absent_without_weights(learning, document):
    learning.choose("linear_1")
    assert learning.fold.isVisible()
    assert not learning.start.isVisible()
    learning.fold.click()
    assert learning.start.isVisible()
    learning.choose("relu_1")
    assert not learning.isVisible()


@pytest.mark.parametrize("key", [key for key, entry in INITIALIZATIONS.items() if entry.torch])
def test_every_beginning_shows_its_own_fields(learning, document, key):
    learning.choose("linear_1")
    learning.fold.click()
    chosen(learning.start, key)
    assert of(document, "linear_1") == Learning(start=key)
    shown = learning.starts[key]
    assert shown.isVisible()
    assert shown.fields.keys() == {param.key for param in INITIALIZATIONS[key].params}
    chosen(shown.fields["biases"], "own")
    assert of(document, "linear_1").start_params == {"biases": "own"}
    assert document.report.can_train
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert of(document, "linear_1") == PLAIN
    assert learning.start.value() == "default"


def test_freezing_and_decay_are_undoable_and_seen_on_the_card(learning, document, qtbot):
    learning.choose("linear_1")
    learning.fold.click()
    learning.plain.fields["is_frozen"].edited.emit(True)
    assert of(document, "linear_1").is_frozen
    assert badge(document, "linear_1") == "frozen · 4 units"
    entry = learning.plain.fields["l2"].entry
    entry.setFocus()
    entry.selectAll()
    qtbot.keyClicks(entry, "0.01")
    assert of(document, "linear_1").l2 == 0.01
    document.undo_stack.undo()
    assert of(document, "linear_1") == Learning(is_frozen=True)


def test_weights_are_shared_with_a_layer_of_the_same_kind(learning, document):
    document.apply_to_graph(lambda graph: sharing(graph, "linear_1", ""), "nothing")
    learning.choose("linear_2")
    learning.fold.click()
    names = [learning.shares.combo.itemText(n) for n in range(learning.shares.combo.count())]
    assert names == ["Its own", "Those of Linear 1", "Those of Linear 3"]
    chosen(learning.shares, "linear_1")
    assert of(document, "linear_2").shares == "linear_1"
    assert badge(document, "linear_2") == "shared · 4 units"
    assert not learning.start.isVisible()
    assert "set at Linear 1" in learning.about.text()
    learning.choose("linear_1")
    assert "Shared with Linear 2" in learning.about.text()
    learning.choose("linear_2")
    chosen(learning.shares, "")
    assert of(document, "linear_2") == PLAIN
    assert learning.start.isVisible()


def test_several_nodes_copied_in_the_window_share_as_before(document):
    document.apply_to_graph(lambda graph: sharing(graph, "linear_2", "linear_1"), "share")
    assert document.report.nodes["linear_2"].weights == 0
    document.undo_stack.undo()
    assert document.report.nodes["linear_2"].weights == 20
