"""What all rows together are like is said beside the other problems, and mended there."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from studio import jobs
from studio.core.design.project import Project
from studio.ui.pages.data import DataPage
from studio.ui.status_bar import data_words

PATIENCE = 20_000


@pytest.fixture
def page(qtbot, context, tmp_path):
    lines = [f"{i},{i * 7 % 11},{'ab'[i % 2]}" for i in range(60)]
    file = tmp_path / "rows.csv"
    file.write_text("\n".join(["n,m,kind", *lines, *lines[:5]]) + "\n")
    context.files.new(Project(jobs.open_data(str(file))), "rows")
    made = DataPage(context)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def said(page):
    return " ".join(words.text() for words in page.problems.findChildren(QLabel))


def figures(page):
    return [words.text() for words in page.panel.findChildren(QLabel)]


def test_copies_are_noted_and_removed_with_one_click(qtbot, page, context):
    qtbot.waitUntil(lambda: "5 rows are exact copies" in said(page), timeout=PATIENCE)
    assert "65 rows" in figures(page)
    buttons = page.problems.findChildren(QAbstractButton)
    next(button for button in buttons if "Remove repeated rows" in button.text()).click()
    assert [step.key for step in context.document.project.dataset.recipe] == ["remove_duplicates"]
    qtbot.waitUntil(lambda: "exact copies" not in said(page), timeout=PATIENCE)
    rows = "60 rows (5 left out by repairs)"
    qtbot.waitUntil(lambda: rows in figures(page), timeout=PATIENCE)
    assert rows in data_words(context.document.project.dataset, context.document.left_out)
    assert "42 rows" in page.split.bar.accessibleDescription()  # 70 % of 60
    context.document.undo_stack.undo()
    qtbot.waitUntil(lambda: "5 rows are exact copies" in said(page), timeout=PATIENCE)
