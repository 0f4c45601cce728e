"""A context with a small project that trains for real, and pages that are closed again."""

from dataclasses import replace

import pytest

from studio import jobs
from studio.ui.context import new_context
from studio.ui.theme import Theme

PATIENCE = 30_000
# Held until nothing runs in the background: garbage is swept up in any thread, and widgets may
# be taken apart in their own alone.
SHOWN = []


@pytest.fixture(scope="session")
def rows_project():
    """A table that trains in well under a second."""
    return _short(jobs.new_project("classify-rows"))


@pytest.fixture(scope="session")
def numbers_project():
    return _short(jobs.new_project("predict-number"))


@pytest.fixture
def context(qapp, own_folders):
    made = new_context()
    yield made
    made.close()
    SHOWN.clear()
    Theme.current().choose("light")


@pytest.fixture
def train(context, qtbot):
    """Trains a project to its end and waits until the page's lists know of it."""

    def run(project=None):
        if project is not None:
            context.files.new(project, "Machines")
        with qtbot.waitSignal(context.runs.ended, timeout=PATIENCE):
            assert context.runs.start() is None
        assert context.runs.history.state == "completed", context.runs.history.problem
        qtbot.waitUntil(
            lambda: (
                context.past.in_use is not None
                and (context.past.records[-1].outcome == "completed")
            ),
            timeout=PATIENCE,
        )
        return context.past.records[-1]

    return run


@pytest.fixture
def show(qtbot):
    """Shows a page of the size that a window of 1440 x 900 gives it."""

    def shown(page):
        SHOWN.append(page)
        qtbot.addWidget(page)
        page.resize(1352, 820)
        page.show()
        return page

    return shown


def _short(project):
    return replace(project, training=replace(project.training, epochs=3, patience=0))
