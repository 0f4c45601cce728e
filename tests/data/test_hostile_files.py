"""Folders of pictures whose names or states no program expects."""

import os

import pytest
from PIL import Image

from studio.core.problems import StudioError
from studio.data.sources import open_data


def test_pictures_whose_names_are_no_text_are_named(tmp_path):
    if os.name != "posix":
        pytest.skip("only here a name may be any bytes")
    for folder in (b"cat", b"dog"):
        os.makedirs(os.fsencode(tmp_path) + b"/" + folder)
        for number in range(3):
            path = os.fsencode(tmp_path) + b"/%s/p\xe9%d.png" % (folder, number)
            with open(path, "wb") as file:
                Image.new("L", (8, 8)).save(file, "PNG")
    with pytest.raises(StudioError) as caught:
        open_data(str(tmp_path))
    problem = caught.value.problem
    assert problem.code == "bad-file-name"
    assert problem.message.startswith("6 files have names that are no valid text")
    assert problem.severity.value == "error"


def test_pictures_that_are_only_loops_and_dead_links_are_none(tmp_path):
    if os.name != "posix":
        pytest.skip("links need rights elsewhere")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to("..")
    (tmp_path / "a" / "self.png").symlink_to("self.png")
    (tmp_path / "a" / "gone.png").symlink_to("nowhere.png")
    with pytest.raises(StudioError, match="holds no pictures"):
        open_data(str(tmp_path))
