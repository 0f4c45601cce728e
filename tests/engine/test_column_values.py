"""The columns of rows and windows, step by step, against plain numpy."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from studio.core.design.features import Feature
from studio.data.arrays import FittedFeature
from studio.engine.column_values import ColumnIndex, ColumnValues, causal_mean

NAN = float("nan")
NAMES = tuple("abcdef")


def number(values, known: FittedFeature):
    """The steps in their words: fill, clip, log, scale, and whether it was missing."""
    missing = np.isnan(values)
    found = np.where(missing, known.fill, values).astype(np.float64)
    if known.least is not None:
        found = np.maximum(found, known.least)
    if known.most is not None:
        found = np.minimum(found, known.most)
    if known.is_log:
        found = np.sign(found) * np.log1p(np.abs(found))
    found = (found - known.offset) / known.scale
    return [found, missing.astype(float)] if known.feature.has_flag else [found]


def category(values, known: FittedFeature):
    """One place for each group, the last for rare ones; nothing for what was never seen."""
    spread = np.zeros((*values.shape, known.feature.width))
    groups = known.feature.groups or tuple(range(len(known.feature.categories)))
    for place, value in np.ndenumerate(values):
        is_one = value in range(len(groups))
        if not is_one or not known.seen[int(value)]:
            continue
        is_rare = bool(known.rare) and known.rare[int(value)]
        spread[(*place, known.feature.width - 1 if is_rare else groups[int(value)])] = 1
    return list(np.moveaxis(spread, -1, 0))


def expected(raw, places, features):
    found = []
    for place, known in zip(places, features, strict=True):
        spread = category if known.feature.kind == "category" else number
        found += spread(raw[..., place], known)
    return np.stack(found, axis=-1)


sizes = st.floats(-50, 50, allow_nan=False, width=32)


@st.composite
def numbers(draw):
    low, high = sorted((draw(sizes), draw(sizes)))
    return FittedFeature(
        Feature("n", "number", has_flag=draw(st.booleans())),
        fill=draw(sizes),
        offset=draw(sizes),
        scale=draw(st.floats(0.25, 8, width=32)),
        least=draw(st.sampled_from([None, low])),
        most=draw(st.sampled_from([None, high])),
        is_log=draw(st.booleans()),
    )


@st.composite
def categories(draw):
    count = draw(st.integers(1, 6))
    flags = st.lists(st.booleans(), min_size=count, max_size=count).map(tuple)
    groups = ()
    if draw(st.booleans()):
        wanted = [draw(st.integers(0, count - 1)) for _ in range(count)]
        order = list(dict.fromkeys(wanted))
        groups = tuple(order.index(place) for place in wanted)
    has_rare = draw(st.booleans())
    feature = Feature("c", "category", NAMES[:count], groups=groups, has_rare=has_rare)
    return FittedFeature(feature, seen=draw(flags), rare=draw(flags) if has_rare else ())


@st.composite
def tables(draw, steps: bool):
    """Raw rows or windows, which of their columns are taken, and how each is prepared."""
    features = draw(st.lists(st.one_of(numbers(), categories()), min_size=1, max_size=5))
    shape = (draw(st.integers(1, 6)), *((draw(st.integers(1, 7)),) if steps else ()))
    cells = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    raw = cells.normal(0, 30, (*shape, len(features))).astype(np.float32)
    for place, known in enumerate(features):
        if known.feature.kind == "category":
            raw[..., place] = cells.integers(-1, 8, shape)
    raw[cells.random(raw.shape) < 0.2] = np.nan
    places = draw(st.permutations(range(len(features))))
    return raw, places, [features[place] for place in places]


@given(tables(steps=False))
def test_a_row_is_prepared_as_each_step_says(given_table):
    raw, places, features = given_table
    found = ColumnValues(list(places), features)(torch.from_numpy(raw)).numpy()
    assert found.shape[-1] == sum(known.feature.width for known in features)
    assert np.allclose(found, expected(raw, places, features), rtol=1e-4, atol=1e-4)


@given(tables(steps=True), st.integers(1, 4))
def test_a_window_is_prepared_and_its_numbers_smoothed(given_table, smooth):
    raw, places, features = given_table
    found = ColumnValues(list(places), features, smooth)(torch.from_numpy(raw)).numpy()
    wanted = expected(raw, places, features)
    is_number = [
        known.feature.kind == "number" and place == 0
        for known in features
        for place in range(known.feature.width)
    ]
    smoothed = wanted.copy()
    for step in range(wanted.shape[1]):
        smoothed[:, step] = wanted[:, max(0, step - smooth + 1) : step + 1].mean(axis=1)
    assert np.allclose(found, np.where(is_number, smoothed, wanted), rtol=1e-4, atol=1e-3)


def test_smoothing_looks_back_and_never_ahead():
    values = torch.tensor([[[1.0], [3.0], [5.0], [100.0]]])
    assert causal_mean(values, 3)[0, :, 0].tolist() == pytest.approx([1.0, 2.0, 3.0, 36.0])


MERGED = FittedFeature(
    Feature("town", "category", NAMES[:5], groups=(0, 1, 0, 2, 3), has_rare=True),
    seen=(True, True, True, True, False),
    rare=(False, True, False, True, False),
)


def test_merged_and_rare_categories_share_a_number_for_an_embedding():
    raw = torch.tensor([[0.0], [1.0], [2.0], [3.0], [4.0], [-1.0], [NAN]])
    assert ColumnIndex(0, MERGED, 5)(raw)[:, 0].tolist() == [1, 2, 1, 2, 0, 0, 0]


def test_an_identifier_is_its_number_and_unseen_ones_have_a_place():
    user = FittedFeature(Feature("user", "identifier", size=4), seen=(True, False, True, True))
    raw = torch.tensor([[[0.0], [1.0]], [[3.0], [17.0]]])
    assert ColumnIndex(0, user, 4)(raw).tolist() == [[[1], [0]], [[4], [0]]]
    assert ColumnIndex(0, user, 3)(raw).tolist() == [[[1], [0]], [[0], [0]]]


def test_every_way_is_scripted_equal():
    plain = FittedFeature(Feature("n", "number", has_flag=True), 1.0, 2.0, 3.0, most=4.0)
    part = ColumnValues([1, 0], [MERGED, replace(plain, is_log=True)], smooth=2)
    raw = torch.tensor([[[NAN, 0.0], [9.0, 3.0]], [[-2.0, NAN], [1.0, 9.0]]])
    assert torch.equal(torch.jit.script(part)(raw), part(raw))
    assert torch.isfinite(part(raw)).all()
