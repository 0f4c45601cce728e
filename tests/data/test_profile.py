"""Profiles: what is known at once comes first, then each column, exactly or as is stated."""

import wave
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from studio.core.design.dataset import ColumnChoice, DatasetSpec
from studio.core.design.profile import MEASURES, QUANTILES, TRAITS, Spread, imbalance
from studio.core.design.shaping import Step
from studio.core.patience import Left, Patience, waited_for
from studio.data import column_profile, media_profile, row_sample
from studio.data.column_profile import profile_of, targets_of
from studio.data.profile import profile, profile_of_rows
from studio.data.sources import open_data, open_sample
from studio.data.spreads import spread_of
from studio.data.tables import Table

KINDS = {
    "size": "number",
    "colour": "category",
    "day": "date",
    "note": "text",
    "price": "number",
    "sort": "category",
}


@pytest.fixture
def path(tmp_path):
    rng = np.random.default_rng(0)
    lines = ["size,colour,day,note,price,sort"]
    for i in range(200):
        size = "" if i % 20 == 0 else f"{i % 50}"
        colour = ["red", "green", "blue"][i % 3]
        note = f"a {colour} thing" if i else "a singular thing"
        price = f"{2 * (i % 50) + rng.normal():.3f}"
        lines.append(f"{size},{colour},2024-01-{i % 28 + 1:02},{note},{price},{'ab'[i % 3 == 0]}")
    file = tmp_path / "things.csv"
    file.write_text("\n".join([*lines, *lines[-2:]]) + "\n")
    return file


def spec_of(path, target="price"):
    spec = open_data(str(path))
    for name, kind in KINDS.items():
        spec = spec.with_column(name, kind=kind, role="target" if name == target else "input")
    return spec


def last_of(spec):
    return {found.name: found for found in profile(spec)}


def test_what_is_known_comes_at_once_and_each_column_again(path):
    spec = spec_of(path)
    found = profile(spec)
    firsts = [next(found) for _ in KINDS]
    assert [one.name for one in firsts] == list(KINDS)
    assert all(one.is_first_look for one in firsts)
    assert (firsts[0].rows, firsts[0].missing) == (202, 10)
    assert firsts[1].frequent[0] == ("green", 68)
    path.unlink()  # nothing was read so far
    found.close()


def test_numbers_have_quantiles_outliers_and_relations(path):
    found = last_of(spec_of(path))["size"]
    numbers = pd.read_csv(path)["size"].dropna().to_numpy()
    assert (found.rows, found.missing, found.distinct) == (202, 10, len(np.unique(numbers)))
    assert found.spread.quantiles == pytest.approx(np.quantile(numbers, QUANTILES).tolist())
    assert sum(found.spread.bars) == len(numbers)
    assert found.spread.mean == pytest.approx(numbers.mean())
    assert found.frequent[0][1] == np.unique(numbers, return_counts=True)[1].max()
    (relation,) = found.relations
    assert (relation.target, relation.measure) == ("price", "pearson")
    assert relation.value > 0.99
    assert not found.is_first_look
    assert found.sampled == 0


def test_each_kind_is_compared_with_the_target_in_its_own_way(path):
    by_number = last_of(spec_of(path))
    assert [r.measure for r in by_number["colour"].relations] == ["correlation_ratio"]
    assert [r.measure for r in by_number["day"].relations] == ["pearson"]
    assert by_number["note"].relations == by_number["price"].relations == ()
    by_class = last_of(spec_of(path, "sort"))
    assert by_class["size"].relations[0].measure == "correlation_ratio"
    assert by_class["colour"].relations[0].measure == "cramers_v"
    assert by_class["colour"].relations[0].value > 0.99


def test_dates_categories_and_texts_are_told_in_their_own_words(path):
    found = last_of(spec_of(path))
    assert found["day"].frequent[0] == ("2024-01-03", 9)
    assert found["day"].spread.trait == "time"
    assert found["day"].spread.quantiles[0] == pd.Timestamp("2024-01-01").timestamp()
    note = found["note"]
    assert found["colour"].frequent == (("green", 68), ("red", 68), ("blue", 66))
    note = found["note"]
    assert note.spread.trait == "tokens"
    assert note.spread.quantiles == (3.0,) * 7
    assert note.frequent[0] in (("a", 202), ("thing", 202))
    assert (note.rare, note.once, note.distinct) == (("singular",), 1, 6)


def test_values_are_profiled_as_the_recipe_reads_them(path):
    path.write_text("weight,sort\n" + "\n".join(f"{i} kg,{'ab'[i % 2]}" for i in range(30)) + "\n")
    spec = open_data(str(path)).with_column("weight", kind="number", role="input")
    spec = replace(spec, recipe=(Step("to_number", ("weight",)),))
    assert last_of(spec)["weight"].spread.mean == 14.5


def test_rows_that_are_copies_and_classes_are_counted(path):
    spec = spec_of(path, "sort")
    found = profile_of_rows(spec)
    assert (found.rows, found.copies, found.first_copies) == (202, 2, (201, 202))
    assert dict(found.classes) == {"a": 134, "b": 68}
    assert not found.is_imbalanced
    assert [p.code for p in found.problems] == ["duplicates"]
    removed = replace(spec, recipe=(Step("remove_duplicates"),))
    assert profile_of_rows(removed).problems == ()
    assert (found.left_out, profile_of_rows(removed).left_out) == (0, 2)


def test_copies_in_a_test_part_of_the_source_are_named(tmp_path):
    for part, shades in (("train", (0, 1, 2, 3, 4, 5)), ("test", (5, 6, 7, 8))):
        for label in "ab":
            (tmp_path / part / label).mkdir(parents=True)
            for shade in shades:
                picture = Image.new("L", (4, 4), shade + 100 * (label == "b"))
                picture.save(tmp_path / part / label / f"{shade}.png")
    found = profile_of_rows(open_data(str(tmp_path)))
    assert (found.rows, found.copies) == (20, 2)
    (problem,) = found.problems
    assert problem.code == "duplicates-across"
    assert problem.message.startswith("2 rows")


def test_a_profile_ends_while_the_table_is_read_where_nobody_waits(path):
    spec, patience = spec_of(path), Patience()
    with waited_for(patience):
        found = profile(spec)
        assert all(next(found).is_first_look for _ in KINDS)
        patience.leave()
        with pytest.raises(Left):
            next(found)
        with pytest.raises(Left):
            profile_of_rows(spec)


def test_of_a_table_that_is_too_large_a_sample_is_profiled_and_said(path, monkeypatch):
    monkeypatch.setattr(row_sample, "MOST_ROWS", 150)
    found = last_of(spec_of(path))
    assert all(one.rows == 202 for one in found.values())
    assert found["size"].missing == 10
    assert 50 < found["size"].sampled < 150
    assert found["size"].spread.quantiles[3] == pytest.approx(24, abs=8)


def test_uneven_classes_are_told_by_a_fifth():
    assert imbalance([60, 10, 0])
    assert not imbalance([50, 10])
    assert not imbalance([7, 0])
    assert not imbalance([])


def table_of(**columns):
    frame = pd.DataFrame(columns)
    choices = tuple(ColumnChoice(name, KINDS.get(name, "number"), "input") for name in frame)
    return Table("t.csv", frame, {"decimal": "."}), DatasetSpec("table", "t.csv", columns=choices)


def test_a_sample_is_stated_and_gaps_are_counted_in_all_rows(monkeypatch):
    monkeypatch.setattr(column_profile, "MOST_ROWS", 1000)
    monkeypatch.setattr(column_profile, "MOST_DIFFERENT", 500)
    monkeypatch.setattr(column_profile, "MOST_TEXTS", 100)
    monkeypatch.setattr(column_profile, "MOST_RELATED", 200)
    numbers = np.arange(4000.0)
    numbers[:100] = np.nan
    table, spec = table_of(
        size=numbers,
        price=np.arange(4000.0),
        colour=[f"c{i}" for i in range(4000)],
        sort=["a", "b"] * 2000,
        note=["some words"] * 4000,
    )
    spec = spec.with_column("price", role="target")
    targets = targets_of(table, spec)
    found = {c.name: profile_of(c, table, spec, targets) for c in spec.columns}
    assert {name: one.sampled for name, one in found.items()} == {
        "size": 1000,
        "price": 1000,
        "colour": 500,
        "sort": 1000,
        "note": 100,
    }
    assert found["size"].missing == 100
    assert found["size"].relations[0].rows <= 200
    assert all(one.rows == 4000 for one in found.values())


@pytest.mark.parametrize("values", [[], [np.nan], [3.0], [2.0, 2.0], [3e38, -3e38], [5e-324, 0.0]])
def test_odd_columns_have_a_profile(values):
    table, spec = table_of(size=np.array(values))
    found = profile_of(spec.columns[0], table, spec, targets_of(table, spec))
    known = [value for value in values if not np.isnan(value)]
    assert found.missing == len(values) - len(known)
    assert (found.spread.quantiles == ()) == (not known)


def test_outliers_are_those_beyond_the_fence_of_tukey():
    found = spread_of(np.array([1, 2, 3, 4, 5, 6, 7, 30, np.nan]))
    assert found.outliers == 1
    assert found.limits == (2.75 - 1.5 * 3.5, 6.25 + 1.5 * 3.5)


def test_pictures_have_sizes_and_brightness(tmp_path):
    for kind, shade in (("dark", 10), ("light", 200)):
        (tmp_path / kind).mkdir()
        for i in range(6):
            Image.new("L", (20 + i, 12), shade + i).save(tmp_path / kind / f"{i}.png")
    spec = open_data(str(tmp_path))
    (tmp_path / "dark" / "0.png").write_bytes(b"no picture")
    found = last_of(spec)
    picture = found[spec.columns[0].name]
    traits = {spread.trait: spread for spread in picture.spreads}
    assert (picture.rows, picture.broken, picture.sampled) == (12, 1, 0)
    assert traits["width"].quantiles[0] == 20
    assert traits["height"].quantiles == (12.0,) * 7
    assert traits["brightness"].quantiles[0] == 11
    assert traits["brightness"].quantiles[-1] == 205
    assert picture.frequent[0][0] == "21 × 12"
    assert found[spec.columns[1].name].frequent == (("dark", 6), ("light", 6))


def test_many_pictures_are_shown_little_by_little_and_from_a_stated_sample(tmp_path, monkeypatch):
    for i in range(12):
        (tmp_path / "ab"[i % 2]).mkdir(exist_ok=True)
        Image.new("RGB", (8, 8), (i, i, i)).save(tmp_path / "ab"[i % 2] / f"{i}.png")
    spec = open_data(str(tmp_path))
    monkeypatch.setattr(media_profile, "LOOKED_AT", 5)
    monkeypatch.setattr(media_profile, "PAUSE", -1.0)
    name = spec.columns[0].name
    found = [one for one in profile(spec) if one.name == name and not one.is_first_look]
    assert [one.sampled for one in found] == [1, 2, 3, 4, 5, 5]
    assert all(one.rows == 12 for one in found)


def test_sounds_have_lengths_and_levels(tmp_path):
    for kind, level in (("loud", 0.5), ("soft", 0.05)):
        (tmp_path / kind).mkdir()
        for i in range(1, 4):
            with wave.open(str(tmp_path / kind / f"{i}.wav"), "wb") as file:
                file.setparams((1, 2, 8000, 0, "NONE", ""))
                file.writeframes((np.full(800 * i, level * 32767)).astype("<i2").tobytes())
    found = last_of(open_data(str(tmp_path)))
    sound = next(one for one in found.values() if one.kind == "sound")
    traits = {spread.trait: spread for spread in sound.spreads}
    assert traits["seconds"].quantiles[0] == pytest.approx(0.1)
    assert traits["seconds"].quantiles[-1] == pytest.approx(0.3)
    assert traits["level"].quantiles[-1] == pytest.approx(-6.0, abs=0.1)
    assert traits["level"].quantiles[0] == pytest.approx(-26.0, abs=0.1)


def test_samples_in_memory_have_a_profile():
    spec = open_sample("shapes")
    found = last_of(spec)
    picture = next(one for one in found.values() if one.kind == "image")
    assert picture.spreads
    assert picture.broken == 0
    assert profile_of_rows(spec).rows == spec.summary.rows


def test_words_for_all_traits_and_measures():
    assert all(Spread(trait).label for trait in TRAITS)
    assert all(words[0].isupper() for words in MEASURES.values())
