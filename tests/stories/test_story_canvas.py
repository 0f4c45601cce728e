"""What the story on a real screen looks for, types and presses is there in the program."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QKeySequence

from studio.core.catalogue import LAYERS
from studio.core.design.graph import Edge
from studio.core.design.templates import TEMPLATES
from studio.ui.actions import ENTRIES
from studio.ui.app import build
from studio.ui.canvas.keys import TABLE
from studio.ui.choice_box import ChoiceBox
from studio.ui.layer_search import found
from studio.ui.theme import Theme

PATIENCE = 60_000
BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def scripts():
    """The story, and the program's side of it."""
    before = list(sys.path)
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import story_canvas
        import story_window

        yield story_canvas, story_window
    finally:
        sys.path[:] = before


@pytest.fixture
def looker(qtbot, own_folders, scripts):
    """Eyes on a window that shows the start page."""
    _app, window = build([])
    Theme.current().has_motion = False
    qtbot.addWidget(window, before_close_func=_put_away)
    window.resize(1440, 900)
    with qtbot.waitExposed(window):
        window.show()
    yield scripts[1].Looker(window)
    Theme.current().has_motion = True


def _put_away(window):
    window.context.runs.close()
    window.context.files.discard()
    window.context.close()


def test_layers_are_found_by_what_is_typed(scripts):
    story = scripts[0]
    assert story.TEMPLATE in TEMPLATES
    assert set(story.WORDS) == set(story.DRAWN) >= set(story.DROPPED)
    for layer, words in story.WORDS.items():
        assert found(LAYERS.values(), words)[0].key == layer


def test_keys_are_those_of_the_program(scripts):
    known = {f"canvas.{row.key}": row.keys for row in TABLE}
    known |= {entry.key: entry.shortcuts for entry in ENTRIES}
    for name, pressed in scripts[0].KEYS.items():
        wanted = QKeySequence(pressed.replace("Delete", "Del"))
        assert wanted in [QKeySequence(keys) for keys in known[name]], name


def test_everything_that_is_looked_for_is_in_sight(qtbot, looker, scripts):
    story, context = scripts[0], looker.window.context
    on_card = _middle(looker.widget(story.CARD))
    assert looker.window.childAt(looker.window.mapFromGlobal(on_card)) is not None
    context.opening.start_template(story.TEMPLATE)
    qtbot.waitUntil(lambda: looker.state()["layers"] != [], timeout=PATIENCE)
    assert looker.state()["page"] == "model"
    for name in ("canvas", "palette.layers", "stage.train", "stage.model"):
        assert looker.widget(name), name
    assert looker.button("Arrange")
    assert looker.button("Train")
    assert looker.layer("conv2d")
    assert looker.layer("picture_backbone") is None, "far below"
    assert looker.wire("input", "flatten")
    assert looker.wire("input", "output") is None
    left, _top, width, _height = looker.node("flatten")
    assert left + width - 8 <= looker.port("flatten", "output")[0] <= left + width
    assert looker.fix("flatten") is None


def test_what_opens_and_what_is_wrong_is_seen(qtbot, looker, scripts):
    context = looker.window.context
    context.opening.start_template(scripts[0].TEMPLATE)
    qtbot.waitUntil(lambda: looker.state()["layers"] != [], timeout=PATIENCE)
    canvas = looker.window.page("model").canvas
    canvas.editor.choose_all()
    canvas.ask_layer_by_key()
    assert looker.offer("input")
    canvas.findChild(ChoiceBox).close_box()
    assert looker.offer("input") is None
    canvas.editor.disconnect(Edge("linear_2", "output_1"))
    assert looker.fix("output")
    context.selection.choose(("linear_1",))
    assert looker.field("out_features")
    assert looker.state()["chosen"] == ["linear"]


def _middle(area):
    left, top, width, height = area
    return QPoint(left + width // 2, top + height // 2)
