"""The bundle's own server: the card on a GET, answers on a POST, refusals in words."""

import json
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest

from tests.export import material
from tests.export.inside import prove_inside
from tests.export.test_export import export


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    ready = material.ready(*material.mixed_table(), folder / "run-1")
    with pytest.MonkeyPatch.context() as patch:
        prove_inside(patch)
        assert export(ready, folder / "bundle", key="bundle").problem is None
    return folder / "bundle"


@pytest.fixture(scope="module")
def address(bundle):
    """The program says where it listens once it does; the system chose a free port."""
    order = [sys.executable, "-E", str(bundle / "serve.py"), "--port", "0"]
    with subprocess.Popen(order, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()
        process.terminate()


def post(address, data):
    with urlopen(Request(address, data, method="POST"), timeout=60) as answer:
        return json.loads(answer.read())


def test_the_card_and_the_answers_are_served(bundle, address):
    card = json.loads((bundle / "card.json").read_text(encoding="utf-8"))
    with urlopen(address, timeout=60) as answer:
        assert json.loads(answer.read()) == card
    said = post(address, (bundle / "samples" / "samples.json").read_bytes())
    labels = card["outputs"][0]["labels"]
    assert len(said) == len(card["samples"])
    for one, sample in zip(said, card["samples"], strict=True):
        got = np.array([float(one[label]) for label in labels])
        assert np.abs(got - sample["output"]).max() <= sample["tolerance"]
        assert one["answer"] == labels[int(got.argmax())]


@pytest.mark.parametrize("data", [b"not JSON", b"[]", b'[{"input": [1]}]', b'{"input": 3}'])
def test_what_is_no_list_of_samples_is_refused_in_words(address, data):
    with pytest.raises(HTTPError) as caught:
        post(address, data)
    assert caught.value.code == 400
    assert json.loads(caught.value.read())["error"]
