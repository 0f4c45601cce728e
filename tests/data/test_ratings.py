"""Ratings: every user and every item has a number, and those never seen before have one, too."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from studio.core.design.dataset import SplitSpec
from studio.data.prepare import fit
from studio.data.sources import load, load_rows, open_data
from studio.engine.column_values import ColumnIndex


@pytest.fixture
def ratings(tmp_path):
    path = tmp_path / "ratings.csv"
    rows = [f"u{i % 40},{100 + i % 25},{i % 10 + 1},{1365029107 + 60 * i}" for i in range(400)]
    path.write_text("user_id,movie_id,rating,timestamp\n" + "\n".join(rows) + "\n")
    return path


@pytest.fixture
def spec(ratings):
    return open_data(str(ratings))


def others(tmp_path, *rows):
    path = tmp_path / "others.csv"
    path.write_text("movie_id,user_id\n" + "\n".join(rows) + "\n")
    return str(path)


def test_users_and_items_are_recognised_and_times_do_not_make_a_series(spec):
    kinds = {choice.name: (choice.kind, choice.role) for choice in spec.columns}
    assert kinds["user_id"] == kinds["movie_id"] == ("identifier", "input")
    assert kinds["rating"] == ("number", "target")
    assert spec.series is None


def test_each_user_has_a_number_of_his_own(spec):
    arrays = load(spec)
    block = arrays.inputs[0].take(np.arange(len(arrays)))
    assert len(np.unique(block[:, 0])) == 40
    assert len(np.unique(block[:, 1])) == 25
    assert block.min() == 0


def test_strangers_have_a_place_and_friends_keep_theirs(spec, tmp_path):
    arrays = load(spec)
    fitted = fit(spec, arrays)
    path = others(tmp_path, "101,u7", "999,u7", "101,stranger", ",")
    judged = load_rows(spec, path, fitted=fitted)
    found = judged.inputs[0].take(np.arange(4))
    names = [feature.categories for feature in arrays.model_inputs[0].features]
    user, movie = names[0].index("u7"), names[1].index("101")
    assert found.tolist() == [[user, movie], [user, -1], [-1, movie], [-1, -1]]
    codes = [problem.code for problem in judged.problems]
    assert codes.count("unseen-category") == 2


def test_the_model_takes_strangers_as_number_0(spec):
    only_some = replace(spec, split=SplitSpec(0.2, 0.2, method="group", column="user_id"))
    arrays = load(only_some)
    fitted = fit(only_some, arrays)
    user = next(c for c in fitted.columns if c.feature.name == "user_id")
    assert sum(user.seen) == 24
    block = torch.from_numpy(arrays.inputs[0].take(arrays.parts["test"])[:, :1])
    assert not ColumnIndex(0, user)(block).any()
    block = torch.from_numpy(arrays.inputs[0].take(arrays.parts["training"])[:, :1])
    assert ColumnIndex(0, user)(block).all()
    assert not ColumnIndex(0, user)(torch.tensor([[-1.0]])).any()
