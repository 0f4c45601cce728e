"""What the training part teaches: fills, limits, scales, tokens, weights; held or streamed."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from studio.core.design.dataset import (
    ColumnChoice,
    ColumnSummary,
    DatasetSpec,
    DatasetSummary,
)
from studio.core.design.features import Feature, ModelInput
from studio.core.design.shaping import SeriesSpec, Step, TextSpec
from studio.core.plain import from_plain, to_plain
from studio.data import fit_columns
from studio.data.arrays import Arrays, Fitted, Held
from studio.data.prepare import fit, ready

NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Streamed:
    """Rows that lie elsewhere; counts the most rows taken at once."""

    rows: np.ndarray
    taken: list
    held: None = None

    @property
    def shape(self):
        return self.rows.shape

    def take(self, positions):
        self.taken.append(len(positions))
        return self.rows[positions]


def spec_of(*columns, recipe=(), **changes):
    """A table of (name, kind, categories) columns, all inputs but the last."""
    summaries = tuple(
        ColumnSummary(name, kind, "input", distinct=9, categories=tuple(categories))
        for name, kind, categories in columns
    )
    choices = [ColumnChoice(c.name, c.kind, "input") for c in summaries]
    choices[-1] = replace(choices[-1], role="target")
    summary = DatasetSummary("table", 100, summaries)
    return DatasetSpec(
        "table", "", columns=tuple(choices), summary=summary, recipe=recipe, **changes
    )


def numbers_of(*recipe, **changes):
    return spec_of(("n", "number", ()), ("y", "number", ()), recipe=recipe, **changes)


def arrays_from(spec, *inputs, targets=None, training=None):
    rows = inputs[0].shape[0]
    targets = np.zeros((rows, 1), np.float32) if targets is None else targets
    training = np.arange(rows) if training is None else np.asarray(training)
    return Arrays(
        spec.kind,
        spec.model_inputs(),
        tuple(one if isinstance(one, Streamed) else Held(one) for one in inputs),
        spec.model_outputs(),
        (targets,),
        {"training": training, "validation": NOTHING, "test": NOTHING},
        np.arange(rows),
    )


def column_of(values, *recipe, training=None, **changes):
    spec = numbers_of(*recipe, **changes)
    block = np.array(values, np.float32)[:, None]
    return fit(spec, arrays_from(spec, block, training=training)).columns[0]


def prepared(column, values):
    """The arithmetic of FittedFeature."""
    result = np.where(np.isnan(values), column.fill, values)
    if column.least is not None:
        result = np.clip(result, column.least, column.most)
    if column.is_log:
        result = np.sign(result) * np.log1p(np.abs(result))
    return (result - column.offset) / column.scale


VALUES = [1, 2, 2, 3, 4, np.nan, 100]


@pytest.mark.parametrize(
    ("params", "fill"),
    [
        ({}, 2.5),
        ({"method": "mean"}, 112 / 6),
        ({"method": "most_frequent"}, 2.0),
        ({"method": "constant", "value": -7.0}, -7.0),
    ],
)
def test_gaps_are_filled_as_asked(params, fill):
    assert column_of(VALUES, Step("fill_missing", ("n",), params)).fill == pytest.approx(fill)
    assert column_of(VALUES, Step("fill_missing", ("other",), params)).fill == 2.5
    assert column_of(VALUES, Step("fill_missing", ("n",), params, is_on=False)).fill == 2.5


@pytest.mark.parametrize(
    ("params", "limits"),
    [
        ({}, (2 - 1.5 * 1.75, 3.75 + 1.5 * 1.75)),
        ({"method": "deviation", "amount": 1.0}, (112 / 6 - 36.385, 112 / 6 + 36.385)),
        ({"method": "quantile", "amount": 10.0}, (1.5, 52.0)),
    ],
)
def test_outliers_are_limited_as_asked(params, limits):
    column = column_of(VALUES, Step("clip_outliers", (), params))
    assert (column.least, column.most) == pytest.approx(limits, abs=1e-3)
    assert (column.low, column.high) == (1.0, 100.0)


@pytest.mark.parametrize("method", ["standard", "min-max", "robust", "none"])
@pytest.mark.parametrize("others", [(), (Step("clip_outliers"),), (Step("log"),)])
def test_scaling_holds_after_all_other_steps(method, others):
    values = np.array(VALUES, np.float32)
    column = column_of(values, *others, Step("scale", (), {"method": method}))
    assert column == column_of(values, *others, scaling=method)
    result = prepared(column, values.astype(np.float64))
    if method == "standard":
        assert (result.mean(), result.std()) == pytest.approx((0, 1))
    elif method == "min-max":
        assert (result.min(), result.max()) == pytest.approx((0, 1))
    elif method == "robust":
        quarter, half, three = np.quantile(result, (0.25, 0.5, 0.75))
        assert (half, three - quarter) == pytest.approx((0, 1))
    else:
        assert (column.offset, column.scale) == (0.0, 1.0)


@settings(max_examples=60)
@given(
    arrays_of.arrays(
        np.float32, st.integers(1, 40), elements=st.floats(-1e6, 1e6, width=32) | st.just(np.nan)
    ),
    st.sampled_from(["standard", "min-max", "robust", "none"]),
    st.sampled_from([(), (Step("log"),), (Step("clip_outliers"), Step("log"))]),
)
def test_whatever_the_numbers_what_becomes_of_them_is_finite(values, scaling, steps):
    column = column_of(values, *steps, scaling=scaling)
    assert np.isfinite(prepared(column, values.astype(np.float64))).all()
    assert column.scale > 0


def test_only_the_training_part_teaches():
    values = np.array([*VALUES, 1e6, np.nan], np.float32)
    column = column_of(values, Step("clip_outliers"), training=range(7))
    assert column == column_of(VALUES, Step("clip_outliers"))


def test_a_robust_scale_falls_back_where_most_values_are_one():
    column = column_of([5] * 9 + [50], scaling="robust")
    assert (column.offset, column.scale) == (5.0, pytest.approx(13.5))
    assert column_of([0.1] * 9, scaling="robust").scale == 1.0


@pytest.mark.parametrize("kind", ["category", "identifier"])
def test_what_the_training_part_never_had_is_unseen(kind):
    spec = spec_of(("k", kind, "abcd"), ("y", "number", ()))
    block = np.array([[0], [2], [-1], [3]], np.float32)
    column = fit(spec, arrays_from(spec, block, training=[0, 1, 2])).columns[0]
    assert column.seen[:4] == (True, False, True, False)
    assert len(column.seen) == (4 if kind == "category" else 9)


def test_rare_and_merged_categories_count_together():
    merge = Step("merge_categories", ("k",), {"from": ("b", "c"), "into": "bc"})
    rare = Step("rare_categories", (), {"least": 3})
    block = np.array([[0]] * 5 + [[1]] * 2 + [[2]] + [[3]], np.float32)

    def column(*recipe):
        spec = spec_of(("k", "category", "abcde"), ("y", "number", ()), recipe=recipe)
        return fit(spec, arrays_from(spec, block)).columns[0]

    both = column(merge, rare)
    assert both.feature.groups == (0, 1, 1, 2, 3)
    assert both.rare == (False, False, False, True, True)
    assert both.seen == (True,) * 5  # e was never seen, but the rare ones were
    assert column(rare).rare == (False, True, True, True, True)
    assert column(merge).seen == (True, True, True, True, False)
    assert column().rare == ()


def test_streamed_rows_teach_what_held_ones_do_and_are_taken_in_blocks(monkeypatch):
    rng = np.random.default_rng(0)
    block = np.column_stack([rng.normal(5, 2, 9000), rng.integers(0, 3, 9000)]).astype(np.float32)
    spec = spec_of(("n", "number", ()), ("k", "category", "abc"), ("y", "number", ()))
    exact = fit(spec, arrays_from(spec, block)).columns
    whole = Streamed(block, [])
    assert fit(spec, arrays_from(spec, whole, targets=np.zeros((9000, 1)))).columns == exact
    monkeypatch.setattr(fit_columns, "SAMPLED_BYTES", 8 * 3000)
    monkeypatch.setattr(fit_columns, "BLOCK_BYTES", 8 * 1000)
    part = Streamed(block, [])
    sampled = fit(spec, arrays_from(spec, part, targets=np.zeros((9000, 1)))).columns
    assert max(part.taken) == 3000
    assert (sampled[0].low, sampled[0].high) == (exact[0].low, exact[0].high)
    assert sampled[1] == exact[1]
    assert sampled[0].offset == pytest.approx(exact[0].offset, abs=0.2)


def test_windows_are_scaled_by_column_and_smoothed_as_asked():
    series = SeriesSpec(window=4)
    spec = spec_of(
        ("a", "number", ()),
        ("y", "number", ()),
        series=series,
        recipe=(Step("smooth", (), {"window": 3}),),
    )
    windows = np.random.default_rng(0).normal([0, 10], [1, 2], (50, 4, 2)).astype(np.float32)
    (one,) = fit(spec, arrays_from(spec, windows, targets=np.zeros((50, 1)))).inputs
    assert one.smooth == 3
    assert [c.offset for c in one.columns] == pytest.approx(windows.mean((0, 1)).tolist())
    assert [c.scale for c in one.columns] == pytest.approx(windows.std((0, 1)).tolist(), rel=1e-5)


@pytest.mark.parametrize("shape", [(6, 3, 5, 5), (6, 4, 3, 5, 5)], ids=["image", "video"])
def test_pixels_are_scaled_by_channel(shape):
    kind = "image" if len(shape) == 4 else "video"
    pixels = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    pixels[-1] = 0
    spec = replace(spec_of(("p", kind, ()), ("y", "number", ())))
    feature = Feature("p", kind, shape=shape[1:])
    arrays = replace(
        arrays_from(spec, pixels, training=range(5)),
        model_inputs=(ModelInput("p", kind, (feature,), shape[1:]),),
    )
    axes = tuple(a for a in range(len(shape)) if a != len(shape) - 3)
    seen = pixels[:5] / 255

    def pairs(scaling):
        one = fit(replace(spec, scaling=scaling), arrays).inputs[0]
        return np.array([one.offsets, one.scales])

    assert pairs("standard") == pytest.approx(np.array([seen.mean(axes), seen.std(axes)]))
    assert pairs("min-max").tolist() == [[0.0] * 3, [1.0] * 3]
    assert pairs("none").tolist() == [[0.0] * 3, [1 / 255] * 3]
    low, half, high = np.quantile(seen, (0.25, 0.5, 0.75), axis=axes)
    assert pairs("robust") == pytest.approx(np.array([half, high - low]), abs=0.01)
    streamed = replace(arrays, inputs=(Streamed(pixels, []),))
    assert fit(spec, streamed) == fit(spec, arrays)


def test_a_blank_picture_does_not_divide_by_nothing():
    spec = spec_of(("p", "image", ()), ("y", "number", ()))
    arrays = replace(
        arrays_from(spec, np.zeros((4, 1, 2, 2), np.uint8)),
        model_inputs=(ModelInput("p", "image", (Feature("p", "image"),), (1, 2, 2)),),
    )
    assert fit(spec, arrays).inputs[0].scales == (1.0,)
    assert fit(replace(spec, scaling="robust"), arrays).inputs[0].scales == (1.0,)


def test_sounds_have_one_offset_and_one_scale():
    spec = spec_of(("s", "sound", ()), ("y", "number", ()))
    sounds = np.random.default_rng(0).normal(0.01, 0.2, (20, 100)).astype(np.float32)
    one = fit(spec, arrays_from(spec, sounds, training=range(10))).inputs[0]
    assert one.offsets == (pytest.approx(sounds[:10].mean(), rel=1e-4),)
    assert one.scales == (pytest.approx(sounds[:10].std(), rel=1e-4),)
    plain = fit(replace(spec, scaling="none"), arrays_from(spec, sounds)).inputs[0]
    assert (plain.offsets, plain.scales) == ((0.0,), (1.0,))


TEXTS = np.array(["the cat sat", None, "the dog", "unheard of"], object)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_texts_become_tokens_that_the_training_part_had(is_streamed):
    spec = spec_of(("t", "text", ()), ("y", "number", ()), text=TextSpec(length=5, vocabulary=50))
    rows = Streamed(TEXTS, []) if is_streamed else TEXTS
    arrays = arrays_from(spec, rows, targets=np.zeros((4, 1)), training=[0, 1, 2])
    fitted = fit(spec, arrays)
    done = ready(arrays, fitted)
    ids = done.inputs[0].take(np.arange(4))
    assert ids.dtype == np.int64
    assert ids.shape == done.inputs[0].shape == (4, 5)
    assert ids[0, :2].tolist() == [0, 0]
    assert ids[0, 2] == ids[2, 3] > 3  # the
    assert not ids[1].any()
    assert set(ids[3].tolist()) == {0, 1}
    assert ready(done, fitted).inputs[0].take(np.arange(4)).tolist() == ids.tolist()


def test_pairs_have_a_tokenizer_each_and_targets_end_in_padding():
    spec = spec_of(("en", "text", ()), ("fr", "text", ()), text=TextSpec(length=4, vocabulary=40))
    french = np.array(["le chat", "un", "le chien", "non"], object)
    arrays = arrays_from(spec, TEXTS, targets=french)
    fitted = fit(spec, arrays)
    assert spec.task() == "sequences"
    assert fitted.tokenizer not in ("", fitted.inputs[0].tokenizer)
    targets = ready(arrays, fitted).targets[0]
    assert (targets.dtype, targets.shape) == (np.int64, (4, 4))
    assert targets[0, 0] == targets[2, 0] > 3
    assert targets[0, -1] == 0
    assert ready(ready(arrays, fitted), fitted).targets[0].tolist() == targets.tolist()


def test_rows_without_texts_stay_as_they_are():
    spec = numbers_of()
    arrays = arrays_from(spec, np.ones((3, 1), np.float32))
    assert ready(arrays, fit(spec, arrays)).inputs == arrays.inputs


def test_number_targets_are_scaled_where_asked():
    spec = numbers_of()
    targets = np.array([[1], [3], [99]], np.float32)
    arrays = arrays_from(spec, np.ones((3, 1), np.float32), targets=targets, training=[0, 1])
    fitted = fit(spec, arrays)
    assert (fitted.target_offsets, fitted.target_scales) == ((2.0,), (1.0,))
    plain = fit(replace(spec, scales_target=False), arrays)
    assert (plain.target_offsets, plain.target_scales) == ((0.0,), (1.0,))


def test_rare_classes_weigh_more_and_the_mean_is_one():
    spec = spec_of(("n", "number", ()), ("y", "category", "abc"))
    targets = np.array([0] * 8 + [1] * 2 + [2])
    arrays = arrays_from(spec, np.ones((11, 1), np.float32), targets=targets, training=range(10))
    weights = fit(spec, arrays).class_weights
    assert weights == pytest.approx((0.4, 1.6, 1.0))
    assert (
        fit(numbers_of(), arrays_from(numbers_of(), np.ones((2, 1), np.float32))).class_weights
        == ()
    )


def test_what_was_learnt_survives_a_file():
    merge = Step("merge_categories", ("k",), {"from": ("a", "b"), "into": "ab"})
    steps = (merge, Step("rare_categories"), Step("clip_outliers"), Step("log"))
    spec = spec_of(
        ("n", "number", ()),
        ("k", "category", "abc"),
        ("t", "text", ()),
        ("y", "category", "no"),
        recipe=steps,
    )
    block = np.array([[1, 0], [2, 1], [np.nan, 2], [4, -1]], np.float32)
    fitted = fit(spec, arrays_from(spec, block, TEXTS, targets=np.array([0, 1, 0, 1])))
    assert len(fitted.inputs) == 2
    assert from_plain(Fitted, to_plain(fitted), "what was learnt") == fitted
