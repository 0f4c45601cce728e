"""The import settings of files: those that fit their kind, with what was found in them."""

from dataclasses import replace

import pytest

from studio.core.design.dataset import ColumnSummary, DatasetSpec, DatasetSummary
from studio.ui.panels.import_params import import_params, shown_settings


def files(kind, shape=(), **settings):
    column = ColumnSummary("sample", "image", "input", shape=shape)
    return DatasetSpec("files", "/d", settings, summary=DatasetSummary(kind, 3, (column,)))


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        ("images", ["kind", "height", "width", "channels", "skip_broken"]),
        ("video", ["kind", "height", "width", "channels", "skip_broken"]),
        ("sound", ["kind", "skip_broken"]),
    ],
)
def test_each_kind_has_its_settings(kind, keys):
    assert [param.key for param in import_params(files(kind))] == keys


def test_what_was_found_stands_in_the_fields():
    shown = shown_settings(files("video", (3, 24, 32), height=12, skip_broken=False))
    assert shown == {
        "kind": "video",
        "channels": "3",
        "height": 12,
        "width": 32,
        "skip_broken": False,
    }


def test_other_sources_show_their_settings_alone():
    table = replace(files("table"), source="table", settings={"delimiter": ";"})
    assert shown_settings(table) == {"delimiter": ";"}
    assert import_params(replace(table, source="sample")) == ()
