"""What all tests of exports share."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def silent_torch() -> Iterator[None]:
    """Torch writes down each of its steps where somebody listens, as tests do."""
    logging.disable(logging.INFO)
    yield
    logging.disable(logging.NOTSET)
