"""A newcomer's first hour in the window: a file, a network, a run, answers, an export."""

import random
import warnings
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from studio.core.design.edits import set_param
from studio.ui.app import build

PATIENCE = 60_000


@pytest.fixture
def window(qtbot, own_folders):
    """The program's own window, with nothing open."""
    _app, made = build([])
    qtbot.addWidget(made, before_close_func=_put_away)
    with qtbot.waitExposed(made):
        made.show()
    return made


def _put_away(window):
    window.context.runs.close()
    window.context.files.discard()
    window.context.close()


@pytest.fixture
def parts(tmp_path: Path) -> Path:
    """Measured parts, of which the wide and high ones are scrap."""
    chance = random.Random(1)
    lines = ["width;height;line;verdict"]
    for _ in range(300):
        width, height = chance.uniform(0, 10), chance.uniform(0, 10)
        verdict = "scrap" if width + height > 11 else "good"
        cells = (f"{width:.2f}", f"{height:.2f}", chance.choice("AB"), verdict)
        lines.append(";".join(cells).replace(".", ","))
    path = tmp_path / "parts.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def drop(window, path: Path) -> None:
    """Lets a file fall into the middle of the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    middle, keys = QPointF(window.rect().center()), Qt.KeyboardModifier.NoModifier
    button = Qt.MouseButton.LeftButton
    window.dragEnterEvent(
        QDragEnterEvent(middle.toPoint(), Qt.DropAction.CopyAction, data, button, keys)
    )
    window.dropEvent(QDropEvent(middle, Qt.DropAction.CopyAction, data, button, keys))


def the(window, name: str, kind: type = QWidget):
    """The widget or action of that name."""
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def test_from_a_dropped_file_to_a_proven_export(window, parts, tmp_path, qtbot):
    document = window.context.document
    drop(window, parts)
    qtbot.waitUntil(
        lambda: window.shown_page == "data" and not document.project.dataset.is_empty,
        timeout=PATIENCE,
    )
    assert document.project.dataset.settings["decimal"] == ","
    assert [c.name for c in document.project.dataset.targets()] == ["verdict"]
    qtbot.mouseClick(the(window, "data.network", QAbstractButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(document.project.graph) > 0, timeout=PATIENCE)
    assert document.report.can_train, document.report.problems

    window.show_page("train")
    field = the(window, "field.epochs").findChild(QLineEdit) or the(window, "field.epochs")
    field.selectAll()
    qtbot.keyClicks(field, "4")
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert document.project.training.epochs == 4

    with qtbot.waitSignal(window.context.runs.ended, timeout=PATIENCE) as ended:
        the(window, "action.train", QAction).trigger()
    assert ended.args[0].outcome == "completed", ended.args[0].problem
    qtbot.waitUntil(lambda: window.context.past.in_use is not None, timeout=PATIENCE)

    window.show_page("evaluate")
    qtbot.waitUntil(lambda: "Accuracy" in _texts(the(window, "page.evaluate")), timeout=PATIENCE)

    window.show_page("export")
    target = tmp_path / "parts.pt"
    the(window, "field.path", QLineEdit).setText(str(target))
    button = the(window, "export.start", QAbstractButton)
    qtbot.waitUntil(button.isEnabled, timeout=PATIENCE)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(target.exists, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "fresh process" in _texts(the(window, "page.export")), timeout=PATIENCE)
    _check_answers(target)


def _texts(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def _check_answers(path: Path) -> None:
    """The exported file tells a small part from a large one, with torch alone."""
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        model = torch.jit.load(str(path))
    answers = model(torch.tensor([[1.0, 1.0, 0.0], [9.0, 9.0, 1.0], [9.0, float("nan"), -1.0]]))
    assert answers.shape == (3, 2)
    assert answers[0].argmax() == 0
    assert answers[1].argmax() == 1


def test_closing_in_mid_run_stops_waits_and_keeps_the_run(window, qtbot):
    context = window.context
    context.opening.start_template("classify-rows")
    qtbot.waitUntil(lambda: len(context.document.project.graph) > 0, timeout=PATIENCE)
    context.document.apply(_with_epochs(5_000), "Change epochs")
    the(window, "action.train", QAction).trigger()
    qtbot.waitUntil(
        lambda: context.runs.history is not None and context.runs.history.epochs_done >= 1,
        timeout=PATIENCE,
    )
    before = context.document.project.graph
    node = next(node.id for node in before if node.layer == "linear")
    context.document.apply_to_graph(lambda g: set_param(g, node, "out_features", 11), "Change")
    assert context.document.project.graph is not before, "the canvas stays editable in a run"
    context.runs.close()
    assert not context.runs.is_running
    records = context.past
    qtbot.waitUntil(
        lambda: bool(records.records) and records.records[-1].outcome == "stopped",
        timeout=PATIENCE,
    )
    assert context.past.records[-1].is_resumable


def _with_epochs(epochs: int):
    from dataclasses import replace

    return lambda p: replace(p, training=replace(p.training, epochs=epochs, patience=0))


def test_a_file_that_cannot_be_read_says_so_and_changes_nothing(window, tmp_path, qtbot):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n3,4,5\n", encoding="utf-8")
    before = window.context.document.project
    drop(window, bad)
    qtbot.waitUntil(lambda: "bad.csv" in _texts(window), timeout=PATIENCE)
    assert window.context.document.project is before
