"""A CNN drawn from an empty canvas and trained by keyboard alone: on the canvas, in the outline."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from studio.core.design.graph import Graph
from studio.ui.app import build
from studio.ui.theme import Theme

PATIENCE = 60_000
Key, Held = Qt.Key, Qt.KeyboardModifier


class Typist:
    """Someone without a mouse: every key goes where the keyboard is."""

    def __init__(self, qtbot, window):
        self.qtbot, self.window = qtbot, window
        self.document = window.context.document

    @property
    def graph(self):
        return self.document.project.graph

    @property
    def at(self):
        focused = QApplication.focusWidget()
        assert focused is not None, "the keyboard is lost"
        assert focused.isVisible()
        return focused

    def press(self, *keys, held=Held.NoModifier):
        for key in keys:
            self.qtbot.keyClick(self.at, key, held)

    def type(self, words):
        self.qtbot.keyClicks(self.at, words)

    def take(self, key, words):
        """Opens the box with a key, types, and takes the first row."""
        self.press(key)
        self.type(words)
        self.press(Key.Key_Return)

    def set_value(self, words):
        """Enter leads to the first setting of the node, Escape back."""
        home = self.at
        self.press(Key.Key_Return)
        assert isinstance(self.at, QLineEdit)
        self.type(words)
        self.press(Key.Key_Return, Key.Key_Escape)
        assert self.at is home

    def layers(self):
        return [self.graph.nodes[i].layer for i in self.graph.order()]


@pytest.fixture
def typist(qtbot, own_folders):
    """The window with small pictures open and nothing drawn; one epoch is enough."""
    _app, window = build([])
    Theme.current().has_motion = False
    qtbot.addWidget(window, before_close_func=_put_away)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    context = window.context
    context.opening.start_template("classify-images")
    qtbot.waitUntil(lambda: len(context.document.project.graph) > 0, timeout=PATIENCE)
    project = context.document.project
    training = replace(project.training, epochs=1, patience=0)
    context.document.open_project(replace(project, graph=Graph(), training=training), None)
    yield Typist(qtbot, window)
    Theme.current().has_motion = True


def _put_away(window):
    window.context.runs.close()
    window.context.files.discard()
    window.context.close()


def train(typist):
    """F5 from wherever the keyboard is; the page of the run shows itself."""
    assert typist.document.report.can_train, typist.document.report.problems
    runs = typist.window.context.runs
    with typist.qtbot.waitSignal(runs.ended, timeout=PATIENCE) as ended:
        typist.press(Key.Key_F5)
    assert ended.args[0].outcome == "completed", ended.args[0].problem
    assert typist.window.shown_page == "train"


DRAWN = ["input", "conv2d", "relu", "max_pool2d", "flatten", "linear", "output"]


def test_on_the_canvas(typist):
    typist.press(Key.Key_2, held=Held.ControlModifier)
    canvas = typist.window.page("model").canvas
    assert typist.at is canvas
    for words in ("input", "conv2d", "relu", "max pool 2d", "flatten", "linear", "output"):
        typist.take(Key.Key_Tab, words)
        assert typist.at is canvas
    assert typist.layers() == DRAWN
    typist.press(Key.Key_Left)
    typist.set_value("3")
    assert typist.graph.nodes["linear_1"].params["out_features"] == 3
    typist.press(*[Key.Key_Left] * 4)
    typist.set_value("8")
    assert typist.graph.nodes["conv2d_1"].params["out_channels"] == 8

    typist.take(Key.Key_I, "batch norm")
    typist.press(Key.Key_Right)
    typist.take(Key.Key_R, "gelu")
    assert typist.layers()[2:4] == ["batch_norm", "gelu"]
    typist.press(Key.Key_Left)
    typist.press(Key.Key_Delete, held=Held.ControlModifier)
    assert typist.layers() == [*DRAWN[:2], "gelu", *DRAWN[3:]]
    typist.press(Key.Key_F, held=Held.ControlModifier)
    typist.type("gelu")
    typist.press(Key.Key_Escape)
    typist.press(Key.Key_F2)
    typist.type("Bend")
    typist.press(Key.Key_Return)
    assert typist.graph.nodes["relu_1"].name == "Bend"
    train(typist)


def test_in_the_outline(typist):
    typist.press(Key.Key_2, held=Held.ControlModifier)
    typist.press(Key.Key_F9)
    outline = typist.window.findChild(QWidget, "outline")
    typist.take(Key.Key_Space, "input")
    tree = outline.tree
    assert typist.at is tree
    for words in ("conv2d", "relu", "flatten", "linear", "output"):
        typist.take(Key.Key_A, words)
        assert typist.at is tree
    typist.press(Key.Key_Up)
    typist.set_value("3")
    typist.press(*[Key.Key_Up] * 3)
    typist.set_value("8")
    assert typist.graph.nodes["conv2d_1"].params["out_channels"] == 8

    typist.press(Key.Key_F9)
    assert typist.at is typist.window.page("model").canvas
    typist.press(Key.Key_F9)
    assert typist.at is tree

    typist.take(Key.Key_I, "max pool 2d")
    typist.press(Key.Key_Down, held=Held.AltModifier)
    assert typist.layers() == DRAWN
    typist.press(Key.Key_Up)
    typist.press(Key.Key_Return, Key.Key_Escape)  # it has no settings, only its name
    assert typist.at is tree
    typist.take(Key.Key_C, "disconnect max")
    assert not typist.document.report.can_train
    typist.take(Key.Key_C, "connect to max")
    typist.press(Key.Key_F2)
    typist.type("Bend")
    typist.press(Key.Key_Return)
    typist.qtbot.waitUntil(lambda: typist.graph.nodes["relu_1"].name == "Bend")
    typist.qtbot.waitUntil(tree.hasFocus)
    assert typist.layers() == DRAWN
    train(typist)
