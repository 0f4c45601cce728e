"""Which devices there are, and why the others cannot be chosen."""

import pytest
import torch

from studio.core.problems import StudioError
from studio.engine import devices as room
from studio.engine.devices import devices, free_memory, resolve, use_one_thread


def test_every_kind_is_listed_and_the_missing_say_why():
    found = {info.key: info for info in devices()}
    assert list(found) == ["cpu", "cuda", "mps"]
    assert found["cpu"].is_available
    assert all(info.is_available or info.reason for info in found.values())
    assert found["cuda"].is_available == torch.cuda.is_available()


def test_auto_is_the_fastest_that_is_there(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert resolve("auto").type == "cpu"
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert resolve("auto").type == "mps"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _number: "Test card")
    assert resolve("auto").type == "cuda"


@pytest.mark.parametrize("key", ["cuda", "mps", "abacus"])
def test_a_device_that_is_not_there_is_refused_with_the_reason(monkeypatch, key):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(StudioError) as raised:
        resolve(key)
    assert raised.value.problem.place.key == "device"
    assert key in str(raised.value)


def test_memory_is_measured():
    assert free_memory(torch.device("cpu")) > 1 << 20


def test_one_thread_trains(monkeypatch):
    told = []
    monkeypatch.setattr(room.torch, "get_num_threads", lambda: 4)
    monkeypatch.setattr(room.torch, "set_num_threads", told.append)
    use_one_thread()
    assert told == [1]
