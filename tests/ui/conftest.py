"""A dressed application and a context for tests of widgets; both are put away again."""

import pytest

from studio.ui.context import new_context
from studio.ui.theme import Theme


@pytest.fixture
def dressed(qapp):
    """The application in the program's look, light; the test may change it."""
    theme = Theme.current()
    if not qapp.property("is_dressed"):
        theme.dress(qapp)
        qapp.setProperty("is_dressed", True)
    theme.choose("light")
    yield theme
    theme.choose("light")
    theme.has_motion = True


@pytest.fixture
def studio(dressed):
    """The shared objects of one window, with nothing open."""
    made = new_context()
    made.settings.set_value("look", False)  # whoever tries it switches it on
    yield made
    made.close()
