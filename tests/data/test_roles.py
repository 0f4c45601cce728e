"""Kinds, roles and leaks are guessed as a person would."""

from pathlib import Path

import numpy as np
import pytest

from studio.core.design.dataset import ColumnChoice
from studio.core.design.dataset_check import dataset_problems
from studio.data.sources import load, open_data


def table(tmp_path, **columns):
    path = tmp_path / "t.csv"
    rows = zip(*columns.values(), strict=True)
    path.write_text("\n".join([",".join(columns), *(",".join(map(str, r)) for r in rows)]) + "\n")
    return open_data(str(path))


def choices(spec):
    return {c.name: (c.kind, c.role) for c in spec.columns}


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_a_table_of_machines_is_understood(tmp_path, random):
    n = 300
    spec = table(
        tmp_path,
        UDI=range(1, n + 1),
        product_id=[f"M{i:05d}" for i in range(n)],
        Type=random.choice(["L", "M"], n),
        speed=random.normal(1500, 9, n).round(1),
        day=[f"2024-01-{i % 28 + 1:02d}" for i in range(n)],
        same=[7] * n,
        failure=random.integers(0, 2, n),
        note=[f"seen by {i} people" for i in range(n)],
    )
    assert choices(spec) == {
        "UDI": ("identifier", "ignore"),
        "product_id": ("identifier", "ignore"),
        "Type": ("category", "input"),
        "speed": ("number", "input"),
        "day": ("date", "ignore"),
        "same": ("number", "ignore"),
        "failure": ("category", "target"),
        "note": ("text", "ignore"),
    }
    assert spec.labels() == ("0", "1")
    assert {(p.code, p.place.key) for p in spec.summary.problems} == {
        ("constant-column", "same"),
        ("unused-kind", "day"),
        ("unused-kind", "note"),
    }


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (("a", "b", "c"), "c"),
        (("species", "b", "c"), "species"),
        (("a", "y", "c"), "y"),
        (("a", "House price", "c"), "House price"),
        (("label", "price", "c"), "label"),
    ],
)
def test_the_target_is_found_by_name_or_is_last(tmp_path, random, names, target):
    spec = table(tmp_path, **{name: random.normal(size=50) for name in names})
    assert [c.name for c in spec.targets()] == [target]


def test_a_column_that_counts_is_an_input_where_nothing_else_is(tmp_path):
    spec = table(tmp_path, x=range(1, 31), y=range(2, 62, 2))
    assert choices(spec) == {"x": ("number", "input"), "y": ("number", "target")}
    assert spec.summary.problems == ()


def test_few_whole_numbers_are_classes_many_are_numbers(tmp_path, random):
    few = table(tmp_path, a=random.normal(size=90), wine=[i % 3 + 1 for i in range(90)])
    many = table(tmp_path, a=random.normal(size=90), wine=[i % 45 for i in range(90)])
    assert few.task() == "classes"
    assert few.labels() == ("1", "2", "3")
    assert many.task() == "numbers"


def leaking(spec):
    return [p.place.key for p in dataset_problems(spec) if p.code == "leakage"]


def test_a_failure_mode_gives_the_failure_away(tmp_path, random):
    n = 2000
    worn, other = random.random(n) < 0.02, random.random(n) < 0.02
    spec = table(
        tmp_path,
        torque=random.normal(40, 9, n).round(1),
        worn=worn.astype(int),
        lucky=(random.random(n) < 0.02).astype(int),
        failure=(worn | other).astype(int),
    )
    assert leaking(spec) == ["worn"]
    [problem] = [p for p in spec.summary.problems if p.code == "leakage"]
    assert problem.fix.arguments == {"column": "worn", "role": "ignore"}
    assert leaking(spec.with_column("worn", role="ignore")) == []
    other_target = spec.with_column("failure", role="ignore").with_column("torque", role="target")
    assert leaking(other_target) == []


def test_a_copy_of_the_target_gives_it_away(tmp_path, random):
    n, fahrenheit = 200, random.normal(60, 9, 200).round(1)
    spec = table(
        tmp_path,
        a=random.normal(size=n),
        celsius=((fahrenheit - 32) / 1.8).round(3),
        target=fahrenheit,
    )
    assert leaking(spec) == ["celsius"]
    kinds = random.choice(["x", "y", "z"], n)
    spec = table(
        tmp_path,
        a=random.normal(size=n),
        code=[{"x": 5, "y": 9, "z": 2}[k] for k in kinds],
        target=kinds,
    )
    assert leaking(spec) == ["code"]


def test_an_honest_good_column_is_no_leak(tmp_path, random):
    kinds = np.repeat(["a", "b", "c"], 60)
    size = np.repeat([1.0, 4.0, 5.5], 60) + random.normal(0, 0.5, 180)
    island = np.where(kinds == "a", random.choice(["t", "u"], 180), "u")
    spec = table(
        tmp_path, size=size.round(2), width=random.normal(size=180), island=island, species=kinds
    )
    assert leaking(spec) == []


def test_choices_made_before_are_kept_by_name(tmp_path, random):
    spec = table(
        tmp_path, a=random.normal(size=40), b=random.integers(0, 3, 40), c=random.normal(size=40)
    )
    again = open_data(
        spec.path,
        None,
        (ColumnChoice("b", "category", "target"), ColumnChoice("gone", "number", "input")),
    )
    assert choices(again) == {
        "a": ("number", "input"),
        "b": ("category", "target"),
        "c": ("number", "input"),
    }


def test_summaries_count_everything(tmp_path):
    spec = table(tmp_path, a=[1, 2, 2, "", 5, 6, 6, 6, 9, 10.5], b=list("xyxyxyxyxx"))
    a, b = spec.summary.column("a"), spec.summary.column("b")
    assert (a.missing, a.distinct, a.low, a.high) == (1, 6, 1.0, 10.5)
    assert a.categories == ("1", "2", "5", "6", "9", "10.5")
    assert a.counts == (1, 2, 1, 3, 1, 1)
    assert len(a.edges) == 25
    assert sum(a.bars) == 9
    assert (b.categories, b.counts) == (("x", "y"), (6, 4))


def test_a_number_can_be_made_a_category_without_reading_again(tmp_path, random):
    spec = table(tmp_path, n=[1.5, 2, 10] * 10, k=["a", "b"] * 15)
    arrays = load(spec.with_column("n", kind="category"))
    assert arrays.model_inputs[0].features[0].categories == ("1.5", "2", "10")
    assert arrays.inputs[0].held[:3, 0].tolist() == [0.0, 1.0, 2.0]


def roles(spec):
    return {c.name: (c.kind, c.role) for c in spec.columns}


SENTENCES = [f"The {a} {b} {c} times" for a in ("cat", "dog", "owl") for b in ("sat", "ran")
             for c in range(20)]  # fmt: skip


def test_texts_are_learnt_from_where_there_is_little_else(tmp_path, random):
    n = len(SENTENCES)
    spec = table(tmp_path, label=random.choice(["ham", "spam"], n), text=SENTENCES)
    assert roles(spec) == {"label": ("category", "target"), "text": ("text", "input")}
    assert (spec.kind, spec.task()) == ("text", "classes")
    assert spec.text.length < 32
    other = table(tmp_path, text=SENTENCES, size=random.normal(size=n), label=["a", "b"] * (n // 2))
    assert roles(other)["text"] == ("text", "ignore")


def test_two_columns_of_texts_and_nothing_else_are_pairs(tmp_path):
    spec = table(tmp_path, english=SENTENCES, other=[s.upper() for s in reversed(SENTENCES)])
    assert roles(spec) == {"english": ("text", "input"), "other": ("text", "target")}
    assert (spec.kind, spec.task(), spec.split.method) == ("pairs", "sequences", "random")
    again = [*SENTENCES, *SENTENCES[:40]]
    spec = table(tmp_path, english=again, other=[f"{text} {i}" for i, text in enumerate(again)])
    assert (spec.split.method, spec.split.column) == ("group", "english")


def test_texts_without_spaces_between_words_are_texts(tmp_path, random):
    signs = [chr(0x4E00 + i) for i in range(400)]
    texts = ["".join(random.choice(signs, 12)) for _ in range(60)]
    spec = table(tmp_path, review=texts, label=["good", "bad"] * 30)
    assert roles(spec)["review"] == ("text", "input")
    assert spec.text.tokenizer == "character"


def test_ratings_are_identifiers_and_a_number(tmp_path, random):
    n = 900
    spec = table(
        tmp_path,
        user_id=random.integers(1, 250, n),
        movie_id=[f"{i:07d}" for i in random.integers(1, 90, n)],
        rating=random.integers(0, 11, n),
        timestamp=random.integers(1_360_000_000, 1_370_000_000, n),
    )
    assert roles(spec) == {
        "user_id": ("identifier", "input"),
        "movie_id": ("identifier", "input"),
        "rating": ("number", "target"),
        "timestamp": ("date", "ignore"),
    }
    # Two columns of machines, each with few values, are categories as before.
    spec = table(
        tmp_path,
        machine_id=random.integers(1, 6, n),
        plant_id=random.choice(["p1", "p2"], n),
        wear=random.normal(size=n).round(3),
    )
    assert roles(spec)["plant_id"] == ("category", "input")
    assert roles(spec)["machine_id"] == ("number", "input")


def test_a_number_over_time_is_a_series(tmp_path, random):
    hours = np.datetime64("2024-03-01T00", "h") + np.arange(400)
    times = [str(hour).replace("T", " ") + ":00" for hour in hours]
    values = (9 * np.sin(np.arange(400) * np.pi / 12) + random.normal(size=400)).round(2)
    spec = table(tmp_path, time=times, value=values)
    assert roles(spec) == {"time": ("date", "ignore"), "value": ("number", "target")}
    assert (spec.kind, spec.task(), spec.series.time, spec.series.window) == (
        "series",
        "numbers",
        "time",
        24,
    )
    assert (spec.split.method, spec.split.column) == ("time", "time")
    assert spec.summary.problems == ()
    mixed = random.permutation(400)
    spec = table(tmp_path, time=[times[i] for i in mixed], kind=["a", "b"] * 200, value=values)
    assert spec.series is None


def test_a_column_that_names_the_parts_deals_them(tmp_path, random):
    n = 120
    spec = table(
        tmp_path,
        size=random.normal(size=n).round(3),
        width=random.normal(size=n).round(3),
        split=random.choice(["train", "test"], n, p=[0.8, 0.2]),
        label=random.choice(["a", "b"], n),
    )
    assert roles(spec)["split"] == ("category", "ignore")
    assert (spec.split.method, spec.split.column) == ("column", "split")
    arrays = load(spec)
    names = Path(spec.path).read_text().splitlines()[1:]
    tested = {i for i, line in enumerate(names) if ",test," in line}
    assert set(arrays.parts["test"].tolist()) == tested


def test_whole_numbers_as_categories_are_in_the_order_of_their_size(tmp_path):
    spec = table(tmp_path, n=[i / 3 for i in range(36)], k=[f"{i % 12}" for i in range(36)])
    kinds = spec.with_column("k", kind="category", role="target")
    assert kinds.labels() == tuple(str(i) for i in range(12))
