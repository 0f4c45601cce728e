"""Every setting that is found can be shown and chosen in the window."""

import sqlite3

import pandas as pd
import pytest

from studio.core.catalogue.reading_tables import READING
from studio.data.tables import read_table

FRAME = pd.DataFrame({"n": [1.5, 2.5, 3.5], "word": ["ä", "b", "c"]})
WRITERS = {
    "t.csv": lambda path: FRAME.to_csv(path, index=False),
    "t.tsv": lambda path: FRAME.to_csv(path, index=False, sep="\t", encoding="utf-16-be"),
    "t.txt": lambda path: FRAME.to_csv(path, index=False, sep=";", decimal=",", encoding="cp1252"),
    "t.dat": lambda path: path.write_text("1::a\n2::b\n3::c\n", encoding="utf-8"),
    "t.xlsx": lambda path: FRAME.to_excel(path, index=False),
    "t.parquet": FRAME.to_parquet,
    "t.feather": FRAME.to_feather,
    "t.json": lambda path: FRAME.to_json(path, orient="records"),
    "t.jsonl": lambda path: FRAME.to_json(path, orient="records", lines=True),
}


def write_database(path):
    with sqlite3.connect(path) as connection:
        FRAME.to_sql("things", connection, index=False)
    connection.close()


WRITERS["t.db"] = write_database


@pytest.mark.parametrize("name", WRITERS)
def test_what_is_found_is_what_may_be_chosen(tmp_path, name):
    path = tmp_path / name
    WRITERS[name](path)
    settings = dict(read_table(path).settings)
    params = {param.key: param for param in READING[str(settings.pop("format"))]}
    assert set(settings) == set(params)
    for key, value in settings.items():
        assert params[key].check(value) == value


@pytest.mark.parametrize("format", READING)
def test_every_setting_says_what_it_is_for(format):
    for param in READING[format]:
        assert param.help.endswith(".")
        assert param.check(param.default) == param.default


def test_settings_given_again_read_the_same(tmp_path):
    for name, write in WRITERS.items():
        path = tmp_path / name
        write(path)
        table = read_table(path)
        again = read_table(path, table.settings)
        assert again.settings == table.settings
        pd.testing.assert_frame_equal(again.frame, table.frame)
