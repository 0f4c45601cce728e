"""A profile in words: what only the whole column can say."""

from studio.core.design.profile import ColumnProfile, Relation, Spread
from studio.ui.panels.profile_words import profile_facts, profile_remark, spread_bars

QUANTILES = (0.0, 1.0, 2.0, 3.0, 4.0, 8.0, 9.0)
VALUES = Spread(edges=(0.0, 5.0, 9.0), bars=(7, 3), quantiles=QUANTILES, outliers=2, limits=(-1, 7))


def test_a_number_is_told_by_its_quantiles_and_outliers():
    profile = ColumnProfile("weight", "number", 12, missing=2, spreads=(VALUES,))
    assert profile_facts(profile) == [
        ("Median", "3"),
        ("Middle half", "2 to 4"),
        ("9 of 10", "1 to 8"),
        ("Outliers", "2  (20 %)"),
    ]


def test_a_first_look_promises_nothing():
    first = ColumnProfile("weight", "number", 12, spreads=(Spread(edges=(0.0, 1.0), bars=(12,)),))
    assert profile_facts(first) == []
    assert profile_remark(first) == ""


def test_how_a_column_goes_with_the_target_names_the_measure():
    relation = Relation("price of the whole machine", "pearson", -0.512, rank=0.25, rows=90)
    profile = ColumnProfile("weight", "number", 100, relations=(relation,), sampled=90)
    assert profile_facts(profile) == [
        ("Goes with price of the …", "-0.512"),
        ("… by rank", "0.250"),
    ]
    assert profile_remark(profile) == (
        "Goes with the target by: Correlation (Pearson). From 90 of 100 rows."
    )


def test_pictures_have_several_traits_each_in_a_line():
    spreads = tuple(
        Spread(trait, quantiles=QUANTILES) for trait in ("width", "height", "brightness")
    )
    profile = ColumnProfile("picture", "image", 12, spreads=spreads, broken=1)
    assert profile_facts(profile) == [
        ("Width in pixels", "0 … 3 … 9"),
        ("Height in pixels", "0 … 3 … 9"),
        ("Brightness from 0 to 255", "0 … 3 … 9"),
        ("Could not be read", "1"),
    ]


def test_rare_tokens_are_named_and_counted():
    profile = ColumnProfile("note", "text", 12, rare=tuple("abcdefgh"), once=31)
    assert profile_facts(profile) == [("Occur once", "31")]
    assert profile_remark(profile) == "Rare: a, b, c, d, e, f."


def test_dates_are_told_as_dates():
    day = 86_400.0
    bars = spread_bars(Spread("time", edges=(0.0, day, 2 * day), bars=(4, 5)))
    assert bars.ends == ("1 Jan 1970", "3 Jan 1970")
    assert bars.tip(0) == "1 Jan 1970 to 2 Jan 1970: 4 rows"
