"""The built-in data look sensible, can be learnt, and lie as files beside their licence."""

import importlib.util
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio import assets
from studio.core.design.templates import TEMPLATES
from studio.data.samples import SAMPLES
from studio.data.sources import load, open_data, open_sample

FOLDER = assets.path("samples")
ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 7 * 1024**2


@pytest.fixture(scope="module")
def writer():
    spec = importlib.util.spec_from_file_location(
        "write_samples", ROOT / "packaging" / "write_samples.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_template_has_its_sample():
    for template in TEMPLATES.values():
        assert SAMPLES[template.sample].kind == template.kind
    for sample in SAMPLES.values():
        assert sample.template in TEMPLATES
        assert "synthetic" in sample.title


def test_the_files_are_small_and_each_is_named_in_the_licence():
    licence = (FOLDER / "LICENCE.txt").read_text()
    files = [file for file in FOLDER.iterdir() if file.name != "LICENCE.txt"]
    assert "CC0" in licence
    assert all(file.name in licence for file in files)
    assert sum(file.stat().st_size for file in files) < MOST_BYTES


def test_the_files_are_what_the_program_makes(writer):
    for name, key in writer.TABLES.items():
        assert (FOLDER / name).read_bytes() == writer.table(key, name), name
    for name, members in writer.ARCHIVES.items():
        made = dict(members())
        with zipfile.ZipFile(FOLDER / name) as packed:
            assert packed.namelist() == list(made)
            first, last = list(made)[0], list(made)[-1]
            for member in (first, last):
                assert content(packed.read(member), member) == content(made[member], member)
    assert {file.name for file in FOLDER.iterdir()} == {
        "LICENCE.txt",
        *writer.TABLES,
        *writer.ARCHIVES,
    }


def content(data, name):
    """What a file holds, whichever version has packed it."""
    return Image.open(BytesIO(data)).tobytes() if name.endswith(".png") else data


@pytest.mark.parametrize(
    ("name", "kind", "task"),
    [
        ("machines.csv", "table", "classes"),
        ("houses.csv", "table", "numbers"),
        ("reviews.csv", "text", "classes"),
        ("english-german.tsv", "pairs", "sequences"),
        ("demand.csv", "series", "numbers"),
        ("ratings.csv", "table", "numbers"),
        ("vowels.zip", "sound", "classes"),
        ("shapes.zip", "images", "classes"),
        ("moving-spots.zip", "video", "classes"),
        ("line.csv", "table", "numbers"),
        ("hundred.csv", "table", "classes"),
        ("melodies.zip", "sound", "sequences"),
        ("stains.zip", "images", "masks"),
        ("parts.zip", "images", "classes"),
    ],
)
def test_the_files_open_as_what_they_are(name, kind, task):
    spec = open_data(str(FOLDER / name))
    assert (spec.kind, spec.task()) == (kind, task)


def inputs_of(key):
    arrays = load(open_sample(key))
    everything = np.arange(len(arrays))
    return arrays, arrays.inputs[0].take(everything)


def score(features, arrays):
    from sklearn.linear_model import LogisticRegression

    training, test = arrays.parts["training"], arrays.parts["test"]
    model = LogisticRegression(max_iter=200).fit(features[training], arrays.targets[0][training])
    return model.score(features[test], arrays.targets[0][test])


def test_vowels_are_told_by_where_they_resonate():
    arrays, sounds = inputs_of("sounds")
    assert 0.1 < np.abs(sounds).max() <= 1
    levels = np.abs(np.fft.rfft(sounds, axis=1))[:, :2000].reshape(len(sounds), 40, 50).mean(axis=2)
    assert score(np.log(levels + 1e-3), arrays) > 0.8


def test_reviews_are_told_by_their_words():
    from sklearn.feature_extraction.text import TfidfVectorizer

    arrays, texts = inputs_of("reviews")
    assert len(set(texts)) == len(texts)
    assert 0.8 < score(TfidfVectorizer(ngram_range=(1, 2)).fit_transform(texts), arrays) <= 1


def test_spots_are_told_by_how_they_move_and_by_nothing_else():
    arrays, clips = inputs_of("clips")
    bright = np.clip(clips[:, :, 0].astype(np.float64) - 80, 0, None)
    places = np.stack(
        [(bright * axis).sum((2, 3)) / bright.sum((2, 3)) for axis in np.mgrid[:24, :24]], axis=2
    )
    assert score((places[:, -1] - places[:, 0]) / 10, arrays) > 0.95
    assert score(clips[:, 4].reshape(len(clips), -1) / 255, arrays) < 0.5


def test_sentences_are_the_same_in_both_languages():
    arrays, english = inputs_of("phrases")
    german = arrays.targets[0]
    assert len(set(english)) > 0.99 * len(english)
    assert all(text[0].isupper() and text.endswith(".") for text in [*english, *german])
    assert all(("Maschine" in g) == ("machine" in e) for e, g in zip(english, german, strict=True))
    assert not any(" den rote " in g or " die roten " in g for g in german)


def test_demand_has_days_and_weekends_and_ratings_have_tastes():
    demand = open_sample("demand")
    arrays = load(demand)
    values = arrays.targets[0][:, 0].astype(np.float64)
    training = values[arrays.parts["training"]]
    assert np.corrcoef(training[:-168], training[168:])[0, 1] > 0.6
    assert np.corrcoef(training[:-6], training[6:])[0, 1] < 0.6
    arrays, rows = inputs_of("ratings")
    stars = arrays.targets[0][:, 0]
    assert set(stars) == {1, 2, 3, 4, 5}
    films = rows[:, 1].astype(np.int64)
    means = np.bincount(films, stars) / np.bincount(films)
    assert means.std() > 0.3


def test_a_pump_with_a_fault_reads_differently():
    spec = open_sample("states")
    arrays, windows = inputs_of("states")
    assert spec.labels() == ("blocked", "normal", "worn")
    assert score(windows[:, -6:].mean(axis=1), arrays) > 0.85
