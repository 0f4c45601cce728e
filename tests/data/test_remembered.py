"""What was looked at last is there at once, and is read again when its file is another."""

import pandas as pd
import pytest

from studio.data import remembered as room
from studio.data import sources
from studio.data.remembered import remembered
from studio.data.sources import open_data, open_sample, preview


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A table whose rows are not known where to stand."""
    monkeypatch.setattr(sources, "in_reach", lambda *_asked: False)
    pd.DataFrame({"n": range(3000), "m": range(1, 3001)}).to_csv(tmp_path / "t.csv", index=False)
    return tmp_path / "t.csv"


def test_the_same_data_are_read_once(path, monkeypatch):
    spec, read = open_data(str(path)), []
    real = room.material_of
    monkeypatch.setattr(room, "material_of", lambda spec: read.append(spec) or real(spec))
    assert preview(spec, 2, 2500).rows == ((2500, 2501), (2501, 2502))
    assert preview(spec, 1, 2900).rows == ((2900, 2901),)
    assert len(read) == 1
    remembered(open_sample("spirals"))
    assert preview(spec, 1, 2999).row_numbers == (3000,)
    assert len(read) == 3


def test_a_changed_file_is_read_again(path):
    spec = open_data(str(path))
    assert preview(spec, 1, 2500).rows == ((2500, 2501),)
    path.write_text(path.read_text().replace("2500,2501", "9999,2501"))
    assert preview(spec, 1, 2500).rows == ((9999, 2501),)
    path.write_text("n,m\n1,2\n3,4\n")
    assert preview(spec, 1, 2500).rows == ()


def test_what_is_too_large_is_not_kept(path, monkeypatch):
    spec = open_data(str(path))
    monkeypatch.setattr(room, "_CELL", 10**12)
    first = remembered(spec)
    assert remembered(spec) is not first
    monkeypatch.setattr(room, "_CELL", 16)
    first = remembered(spec)
    assert remembered(spec) is first
