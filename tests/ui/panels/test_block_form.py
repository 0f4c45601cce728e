"""A block in the inspector: renamed, repeated, opened, and with settings of its layers on it."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from studio.core.catalogue import LAYERS
from studio.core.design.block import Exposed
from studio.core.design.block_edits import grouped, opened, with_block
from studio.core.design.edits import remove, rename
from studio.core.design.replacing import replaced
from studio.ui.document import Document
from studio.ui.panels.block_form import TIMES
from studio.ui.panels.inspector import Inspector
from studio.ui.selection import Selection
from tests.builders import chain, table

WIDE = ("linear", {"out_features": 4})
BODY = frozenset({"linear_1", "relu_1"})


@pytest.fixture
def document(qtbot, dressed):
    made = Document()
    project = chain(table(), WIDE, "relu", ("linear", {"out_features": 3}))
    graph, block = grouped(project.graph, BODY, "Body")
    made.open_project(replace(project, graph=opened(graph, block, is_open=False)), None)
    yield made
    made.deleteLater()


@pytest.fixture
def selection(document):
    return Selection(document)


@pytest.fixture
def inspector(qtbot, document, selection):
    made = Inspector(document, selection)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    selection.choose(("block_1",))
    yield made
    made.hide()


def block(document):
    return document.project.graph.blocks["block_1"]


def facts(inspector):
    words = [one.text() for one in inspector.block.facts.findChildren(QLabel) if one.isVisible()]
    return dict(zip(words[::2], words[1::2], strict=True))


def test_a_selected_block_is_shown_with_what_it_holds(inspector, document):
    assert inspector.block.isVisible()
    assert inspector.block.name.text() == "Body"
    assert facts(inspector)["Layers"] == "2"
    assert facts(inspector)["Parameters"] == "20"
    assert facts(inspector)["Goes out"] == "4"


def test_it_is_repeated_as_one_step_that_is_undone(inspector, document):
    field = inspector.block.times.fields[TIMES]
    field.edited.emit(3)
    assert block(document).repeats == 3
    assert facts(inspector)["Parameters"] == "60"
    document.undo_stack.undo()
    assert block(document).repeats == 1
    assert field.value() == 1


def test_what_cannot_be_repeated_says_why(inspector, document, selection):
    graph, other = grouped(document.project.graph, ("linear_2", "output_1"), "Head")
    document.apply_to_graph(lambda _graph: graph, "Group")
    selection.choose((other,))
    field = inspector.block.times.fields[TIMES]
    assert not field.isEnabled()
    assert "an end of the network" in field.toolTip()


def test_settings_are_chosen_and_changed_on_the_block(inspector, document):
    form = inspector.block
    assert form.hint.isVisible()
    form.choice.show_block(document.project.graph, block(document))
    part = form.choice.actions()[0].menu()
    wanted = next(a for a in part.actions() if a.objectName().endswith("linear_1.out_features"))
    wanted.trigger()
    assert [one.key for one in block(document).exposed] == ["out_features"]
    field = form.settings.fields["linear_1.out_features"]
    assert field.name.text() == "Units of Linear 1"
    assert field.value() == 4
    field.edited.emit(7)
    assert document.project.graph.nodes["linear_1"].params["out_features"] == 7
    form.choice.toggled.emit("linear_1", "out_features")
    assert block(document).exposed == ()
    assert form.settings.fields == {}


def test_it_is_renamed_and_opened(inspector, document):
    inspector.block.name.renamed.emit("  Trunk ")
    assert block(document).name == "Trunk"
    inspector.block.fold.click()
    assert block(document).is_open
    assert inspector.block.isVisible()
    assert inspector.block.fold.text() == "Close the block"


def test_a_lone_layer_in_an_open_block_is_shown_as_itself(inspector, document, selection):
    graph, other = grouped(document.project.graph, ("linear_2",))
    document.apply_to_graph(lambda _graph: graph, "Group")
    selection.choose(("linear_2",))
    assert inspector.node.isVisible()
    closed = opened(graph, other, is_open=False)
    document.apply_to_graph(lambda _graph: closed, "Close")
    assert inspector.block.isVisible()


def test_a_setting_of_a_layer_that_is_gone_goes_with_it(inspector, document):
    shown = replace(block(document), exposed=(Exposed("linear_1", "out_features"),))
    document.apply_to_graph(lambda graph: with_block(graph, shown), "Show")
    document.apply_to_graph(lambda graph: remove(graph, ("linear_1",)), "Delete")
    assert inspector.block.settings.fields == {}


def test_it_is_given_a_colour(inspector, document):
    field = inspector.block.times.fields["color"]
    assert field.value() == "series.7"
    field.combo.activated.emit(field.combo.findData("series.2"))
    assert block(document).color == "series.2"
    document.undo_stack.undo()
    assert field.value() == "series.7"


def test_a_setting_follows_the_layer_that_took_the_place_of_another(inspector, document):
    graph = rename(document.project.graph, "linear_1", "Mine")
    graph = replaced(graph, "linear_1", "conv2d")
    one = replace(graph.blocks["block_1"], exposed=(Exposed("linear_1", "kernel_size"),))
    document.apply_to_graph(lambda _graph: with_block(graph, one), "Draw")
    (flat,) = inspector.block.settings.fields.values()
    other = replaced(document.project.graph, "linear_1", "conv1d")
    assert other.nodes["linear_1"].name == "Mine"
    document.apply_to_graph(lambda _graph: other, "Replace")
    (line,) = inspector.block.settings.fields.values()
    assert line is not flat
    assert line.param.kind == LAYERS["conv1d"].param("kernel_size").kind
    document.apply_to_graph(lambda graph: remove(graph, ("linear_1",)), "Delete")
    assert not inspector.block.settings.fields


@pytest.mark.parametrize("value", [0, -3, 10**9])
def test_impossible_repeats_become_possible_ones_or_are_refused(inspector, document, value):
    inspector.block.times.fields[TIMES].edited.emit(value)
    assert 1 <= block(document).repeats <= 1000
