"""What stands at a path is recognised, whatever it is, and other data are judged by its columns."""

import gzip
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.core.design.report import examine
from studio.core.design.templates import project_from_template, template_for
from studio.core.problems import StudioError
from studio.data.recognition import is_url
from studio.data.sources import load, load_rows, open_data, preview

ROWS = "n,m,label\n" + "\n".join(f"{i / 7:.3f},{i % 5},{'ab'[i % 2]}" for i in range(40))


def code_of(call, *args, **options):
    with pytest.raises(StudioError) as caught:
        call(*args, **options)
    return caught.value.problem


def pictures(folder: Path, classes=("cat", "dog"), each=4) -> Path:
    for place, label in enumerate(classes):
        (folder / label).mkdir(parents=True)
        for i in range(each):
            colour = (60 * place + i, 90, 200 - 9 * i)
            Image.new("RGB", (8, 6), colour).save(folder / label / f"{label}{i}.png")
    return folder


@pytest.mark.parametrize("paper", ["README.md", "LICENSE.txt", "rows.names.txt", "labels.json"])
def test_a_folder_with_one_table_and_papers_opens_the_table(tmp_path, paper):
    (tmp_path / paper).write_text("{}" if paper.endswith("json") else "Words about the data.")
    (tmp_path / "rows.csv").write_text(ROWS)
    spec = open_data(str(tmp_path))
    assert (spec.source, Path(spec.path).name) == ("table", "rows.csv")


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (("x-train.csv.gz", "x-test.csv.gz"), "x-train.csv.gz"),
        (("ratings.csv", "ratings.dat"), "ratings.csv"),
        (("penguins.csv", "penguins_raw.csv"), "penguins.csv"),
    ],
)
def test_of_several_tables_the_obvious_one_is_taken(tmp_path, names, taken):
    folder = tmp_path / "penguins"
    folder.mkdir()
    for name in names:
        data = ROWS.encode()
        (folder / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert Path(open_data(str(folder)).path).name == taken


def test_several_tables_are_named_where_none_is_obvious(tmp_path):
    (tmp_path / "one.csv").write_text(ROWS)
    (tmp_path / "two.csv").write_text(ROWS.replace("n,m", "x,y"))
    problem = code_of(open_data, str(tmp_path))
    assert problem.code == "several-tables"
    assert "one.csv, two.csv" in problem.message
    (tmp_path / "one.csv").write_text(ROWS + ROWS.removeprefix("n,m,label") * 9)
    assert Path(open_data(str(tmp_path)).path).name == "one.csv"


def test_a_folder_of_tables_is_judged_by_a_file_or_a_folder(tmp_path):
    for folder, names in (("old", "ab"), ("new", "cde")):
        (tmp_path / folder).mkdir()
        for name in names:
            (tmp_path / folder / f"{name}.csv").write_text(ROWS)
    spec = open_data(str(tmp_path / "old"))
    assert spec.summary.rows == 80
    judged = load_rows(spec, str(tmp_path / "new" / "c.csv"), needs_target=True)
    assert len(judged) == 40
    assert len(load_rows(spec, str(tmp_path / "new"), needs_target=True)) == 120
    assert preview(spec, 2, 79).row_numbers == (80,)


def test_one_picture_is_no_data_but_can_be_judged(tmp_path):
    folder = pictures(tmp_path / "all")
    picture = next((folder / "dog").iterdir())
    assert code_of(open_data, str(picture)).code == "one-picture"
    spec = open_data(str(folder))
    assert (spec.source, spec.kind, spec.labels()) == ("files", "images", ("cat", "dog"))
    alone = load_rows(spec, str(picture))
    assert alone.inputs[0].shape == (1, 3, 6, 8)
    assert alone.targets[0].tolist() == [-1]
    judged = load_rows(spec, str(folder), needs_target=True)
    assert sorted(judged.targets[0].tolist()) == [0] * 4 + [1] * 4
    pictures(tmp_path / "more", ("dog", "owl"))
    judged = load_rows(spec, str(tmp_path / "more"), needs_target=True)
    assert judged.targets[0].tolist() == [1] * 4
    assert "unseen-class" in {p.code for p in judged.problems}
    pictures(tmp_path / "other", ("owl", "fox"))
    assert (
        code_of(load_rows, spec, str(tmp_path / "other"), needs_target=True).code == "all-missing"
    )


def test_a_table_with_paths_is_a_table_of_pictures(tmp_path):
    pictures(tmp_path / "all")
    files = sorted((tmp_path / "all").rglob("*.png"))
    frame = pd.DataFrame(
        {
            "weight": np.arange(8) / 3,
            "photo": [str(file.relative_to(tmp_path)) for file in files],
            "animal": [file.parent.name for file in files],
        }
    )
    frame.to_csv(tmp_path / "list.csv", index=False)
    spec = open_data(str(tmp_path / "list.csv"))
    assert {c.name: (c.kind, c.role) for c in spec.columns} == {
        "weight": ("number", "input"),
        "photo": ("image", "input"),
        "animal": ("category", "target"),
    }
    arrays = load(spec)
    assert [(one.name, one.kind) for one in arrays.model_inputs] == [
        ("rows", "table"),
        ("images", "image"),
    ]
    assert arrays.inputs[1].shape == (8, 3, 6, 8)
    assert len(preview(spec, 3).pixels) == 3


def test_numbers_beside_pictures_are_inputs_unless_they_say_nothing(tmp_path):
    """And the network made for them takes both."""
    pictures(tmp_path / "all")
    files = sorted((tmp_path / "all").rglob("*.png"))
    frame = pd.DataFrame(
        {
            "weight": np.arange(8) / 3,
            "batch": [7] * 8,
            "crop_x": np.arange(8) * 10.5,
            "id": np.arange(100, 108),
            "photo": [str(file.relative_to(tmp_path)) for file in files],
            "animal": [file.parent.name for file in files],
        }
    )
    frame.to_csv(tmp_path / "list.csv", index=False)
    spec = open_data(str(tmp_path / "list.csv"))
    roles = {c.name: c.role for c in spec.columns}
    assert roles["weight"] == "input"
    assert {roles["batch"], roles["crop_x"], roles["id"]} == {"ignore"}
    project = project_from_template(template_for(spec), spec)
    assert examine(project).can_train


def test_rows_whose_file_cannot_be_read_are_left_out_of_every_input(tmp_path):
    pictures(tmp_path / "all")
    files = sorted((tmp_path / "all").rglob("*.png"))
    weights = np.arange(8, dtype=np.float64)
    frame = pd.DataFrame(
        {"weight": weights, "photo": list(map(str, files)), "kind": list("abab" * 2)}
    )
    frame.to_csv(tmp_path / "list.csv", index=False)
    spec = open_data(str(tmp_path / "list.csv")).with_column("weight", role="input")
    files[2].write_bytes(b"\x89PNG broken")
    files[5].unlink()
    arrays = load(spec)
    assert arrays.inputs[0].held[:, 0].tolist() == [0, 1, 3, 4, 6, 7]
    assert arrays.inputs[1].shape[0] == 6
    assert arrays.rows.tolist() == [1, 2, 4, 5, 7, 8]
    assert arrays.problems


def test_sounds_in_class_folders_open(tmp_path):
    for place, label in enumerate(("high", "low")):
        (tmp_path / label).mkdir()
        for i in range(3):
            wave = np.sin(np.arange(800 + 80 * i) * (0.1 + 0.3 * place))
            soundfile.write(tmp_path / label / f"{i}.wav", wave, 8000)
    spec = open_data(str(tmp_path))
    assert (spec.kind, spec.task(), spec.sound.rate) == ("sound", "classes", 8000)
    arrays = load(spec)
    assert arrays.inputs[0].shape == (6, spec.sound.samples)
    assert len(preview(spec, 2).clips) == 2


def test_two_texts_line_by_line_are_pairs(tmp_path):
    count = range(12)
    (tmp_path / "news.en").write_text("".join(f"Good day {i}\nThank you {i}\n" for i in count))
    (tmp_path / "news.de").write_text("".join(f"Guten Tag {i}\nDanke {i}\n" for i in count))
    spec = open_data(str(tmp_path / "news.en"))
    assert (spec.source, spec.kind, spec.task()) == ("lines", "pairs", "sequences")
    assert [c.role for c in spec.columns] == ["input", "target"]
    arrays = load(spec)
    assert (arrays.inputs[0].held[0], arrays.targets[0][0]) == ("Good day 0", "Guten Tag 0")
    (tmp_path / "new.en").write_text("Hello\n\nThank you\n")
    judged = load_rows(spec, str(tmp_path / "new.en"))
    assert judged.inputs[0].held.tolist() == ["Hello", None, "Thank you"]
    assert open_data(str(tmp_path / "news.de")).columns[0].name == "news.de"


def test_an_sqlite_file_and_a_url_give_the_same_rows(tmp_path):
    file = tmp_path / "plant.db"
    with sqlite3.connect(file) as connection:
        connection.execute("create table readings (speed real, kind text, fault text)")
        rows = [(i / 3, "AB"[i % 2], "yes" if i % 3 else "no") for i in range(30)]
        connection.executemany("insert into readings values (?, ?, ?)", rows)
    connection.close()
    whole = open_data(str(file))
    assert (whole.source, whole.summary.rows) == ("table", 30)
    asked = open_data(f"sqlite:///{file}", {"query": "select speed, fault from readings"})
    assert (asked.source, [c.name for c in asked.columns]) == ("table", ["speed", "fault"])
    np.testing.assert_array_equal(
        load(asked).inputs[0].held, load(whole.with_column("kind", role="ignore")).inputs[0].held
    )
    assert preview(asked, 2, 1).rows == (
        (pytest.approx(1 / 3), "yes"),
        (pytest.approx(2 / 3), "yes"),
    )


def test_classes_that_differ_by_a_full_stop_are_the_same(tmp_path):
    (tmp_path / "a.csv").write_text(ROWS)
    spec = open_data(str(tmp_path / "a.csv"))
    (tmp_path / "b.csv").write_text("n,m,label\n1,2,a.\n2,3,b.\n3,4,b\n")
    judged = load_rows(spec, str(tmp_path / "b.csv"), needs_target=True)
    assert judged.targets[0].tolist() == [0, 1, 1]
    assert [p.code for p in judged.problems] == ["full-stops"]
    (tmp_path / "b.csv").write_text("n,m,label\n1,2,a.\n2,3,c.\n")
    problem = code_of(load_rows, spec, str(tmp_path / "b.csv"), needs_target=True)
    assert (problem.code, problem.place.key) == ("unseen-class", "label")


def test_identifiers_are_numbered_as_they_were_when_learnt(tmp_path):
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "user_id": [f"u{i:03d}" for i in random.integers(0, 30, 400)],
            "item_id": random.integers(1000, 1060, 400),
            "rating": random.integers(1, 6, 400),
        }
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    spec = open_data(str(tmp_path / "a.csv"))
    assert [(c.kind, c.role) for c in spec.columns] == [
        ("identifier", "input"),
        ("identifier", "input"),
        ("number", "target"),
    ]
    arrays = load(spec)
    users, items = arrays.model_inputs[0].features
    assert users.categories == tuple(sorted(set(frame["user_id"])))
    assert [users.categories[int(i)] for i in arrays.inputs[0].held[:9, 0]] == list(
        frame["user_id"][:9]
    )
    from studio.data.prepare import fit

    (tmp_path / "b.csv").write_text("item_id,user_id\n1001,u003\n9999,u002\n1001,nobody\n")
    judged = load_rows(spec, str(tmp_path / "b.csv"), fitted=fit(spec, arrays))
    place = items.categories.index("1001")
    assert judged.inputs[0].held.tolist() == [
        [users.categories.index("u003"), place],
        [users.categories.index("u002"), -1],
        [-1, place],
    ]


@given(st.from_regex(r"[a-z][a-z0-9]{1,9}(\+[a-z0-9]{1,9})?://[a-z0-9@:/.]{0,20}", fullmatch=True))
def test_addresses_of_databases_are_no_paths(url):
    assert is_url(url)


@given(st.from_regex(r"([a-zA-Z]:\\|/|\./)?[\w .\\/-]{1,30}", fullmatch=True))
def test_paths_are_no_addresses(path):
    assert not is_url(path)


def test_a_folder_of_nothing_says_what_it_expected(tmp_path):
    assert code_of(open_data, str(tmp_path)).hint
    shutil.copy(__file__, tmp_path / "notes.py")
    assert code_of(open_data, str(tmp_path)).hint


def test_the_size_of_pictures_can_be_set(tmp_path):
    spec = open_data(str(pictures(tmp_path / "all")), {"height": 3, "width": 4, "channels": 1})
    assert spec.summary.sample_shape == (1, 3, 4)
    assert load(spec).inputs[0].shape == (8, 1, 3, 4)
    assert open_data(spec.path, spec.settings, spec.columns).summary == spec.summary


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("", "no-file"),
        (" ", "no-file"),
        ("sqlite:///", "no-file"),
        ("/nowhere/at/all.csv", "no-file"),
        ("x" * 5000, "unreadable"),
        ("https://example.org/rows.csv", "web-address"),
    ],
)
def test_what_is_no_path_is_refused(path, code):
    assert code_of(open_data, path).code == code


@pytest.mark.parametrize("name", ["x.csv", "x.xlsx", "x.parquet", "x.json", "x.db", "x.zip", "x"])
@pytest.mark.parametrize("data", [b"", bytes(range(256)) * 9])
def test_what_holds_nothing_sensible_is_refused_in_words(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    assert code_of(open_data, str(tmp_path / name)).hint
    assert code_of(open_data, str(tmp_path)).hint


def test_each_file_of_a_folder_of_tables_is_quoted_as_it_is(tmp_path):
    plain = [f"Words number {i} of all\t{i % 2}" for i in range(60)]
    odd = [f'"Quite so {i} times\t{i % 2}' for i in range(60)]
    for name, lines in (("a.txt", plain), ("b.txt", odd)):
        (tmp_path / name).write_text("\n".join(lines) + "\n")
    spec = open_data(str(tmp_path))
    assert (spec.source, spec.summary.rows) == ("tables", 120)
    texts = load(spec).inputs[0].held
    assert len(texts) == 120
    assert texts[-1] == '"Quite so 59 times'
