"""How long one sample takes is measured by asking the network, and changes nothing."""

import pytest
import torch

from studio.core.patience import Left, Patience, waited_for
from studio.core.problems import StudioError
from studio.engine.latency import seconds_a_sample
from tests.builders import chain, table
from tests.engine.material import orders, spirals, strokes


@pytest.mark.parametrize("task", [spirals, strokes, orders])
def test_a_network_is_timed_and_random_numbers_stay_where_they_were(task):
    before = torch.get_rng_state()
    assert 0.0 < seconds_a_sample(task().project) < 10.0
    assert torch.equal(before, torch.get_rng_state())


def test_a_network_that_cannot_be_built_says_why():
    with pytest.raises(StudioError):
        seconds_a_sample(chain(table(), "conv2d"))


def test_nobody_waits_for_what_nobody_wants_to_know():
    patience = Patience()
    patience.leave()
    with pytest.raises(Left), waited_for(patience):
        seconds_a_sample(spirals().project)
