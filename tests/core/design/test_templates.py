"""Which template fits which data, and what is said where one does not."""

from dataclasses import replace

import pytest

from studio.core.design.dataset import ColumnChoice, ColumnSummary, DatasetSpec, DatasetSummary
from studio.core.design.report import examine
from studio.core.design.template import FAMILIES
from studio.core.design.templates import TEMPLATES, fits, project_from_template, template_for
from studio.core.problems import StudioError
from tests.builders import images, table


def described(*columns, kind="table", rows=200):
    """Data with these columns."""
    choices = tuple(ColumnChoice(c.name, c.kind, c.role) for c in columns)
    return DatasetSpec(
        "files", "/data", columns=choices, summary=DatasetSummary(kind, rows, columns)
    )


def picture(name, role="input", side=16, **more):
    return ColumnSummary(name, "image", role, distinct=200, shape=(1, side, side), **more)


def verdict():
    return ColumnSummary("verdict", "category", "target", 0, 2, ("no", "yes"), (100, 100))


def text(name, role):
    return ColumnSummary(name, "text", role, distinct=200)


PAIR = described(picture("left"), picture("right"), verdict(), kind="images")
MASKED = described(
    picture("photo"),
    picture("mask", "target", categories=("0", "255"), counts=(900, 100)),
    kind="images",
)
REBUILT = described(picture("photo", "both"), kind="images")
ALONE = described(text("text", "both"))
SPOKEN = described(
    ColumnSummary("sound", "sound", "input", distinct=200), text("words", "target"), kind="sound"
)
RATED = described(
    ColumnSummary("who", "identifier", "input", distinct=20),
    ColumnSummary("what", "identifier", "input", distinct=30),
    ColumnSummary("stars", "number", "target", distinct=5, low=1.0, high=5.0),
)
ROWS = table(numbers=6, classes=0)
GIVEN_AGAIN = replace(ROWS, columns=tuple(replace(c, role="both") for c in ROWS.columns))


@pytest.mark.parametrize(
    ("dataset", "key"),
    [
        (table(), "classify-rows"),
        (table(classes=0), "predict-number"),
        (RATED, "recommend"),
        (images(), "classify-images"),
        (images(height=64, width=64), "recognize-images"),
        (PAIR, "same-or-different"),
        (MASKED, "masks-unet"),
        (REBUILT, "rebuild-images"),
        (GIVEN_AGAIN, "rebuild-rows"),
        (ALONE, "write-text"),
        (described(text("english", "input"), text("french", "target")), "translate"),
        (SPOKEN, "speech-to-text"),
    ],
)
def test_the_fitting_template_is_found_and_can_be_trained(dataset, key):
    assert template_for(dataset) == key
    assert fits(TEMPLATES[key], dataset)
    assert examine(project_from_template(key, dataset)).can_train


@pytest.mark.parametrize(
    ("key", "dataset", "words"),
    [
        ("vit-tiny", table(), "a picture"),
        ("same-or-different", images(), "a picture, a picture"),
        ("table-and-image", images(), "values of a row, a picture"),
        ("speech-commands", images(), "a sound"),
        ("resnet-18", PAIR, "a picture"),
        ("line-fit", table(), "columns of numbers"),
        ("masks-unet", images(), "a column of masks"),
        ("rebuild-rows", ROWS, "input and target at once"),
        ("write-text", described(text("a", "input"), text("b", "target")), "at once"),
        ("speech-commands", SPOKEN, "one column of categories"),
    ],
)
def test_one_that_does_not_fit_says_what_it_takes(key, dataset, words):
    assert not fits(TEMPLATES[key], dataset)
    with pytest.raises(StudioError, match=words) as refused:
        project_from_template(key, dataset)
    assert refused.value.problem.code == "template-does-not-fit"
    assert refused.value.problem.hint


def test_a_line_is_learnt_in_its_own_units_where_numbers_are_small():
    small = project_from_template("line-fit", table(numbers=1, classes=0)).dataset
    assert (small.scaling, small.scales_target) == ("none", False)
    found = [replace(c, high=5000.0) for c in table(numbers=1, classes=0).summary.columns]
    large = replace(table(numbers=1, classes=0), summary=DatasetSummary("table", 9, tuple(found)))
    assert project_from_template("line-fit", large).dataset.scaling == "standard"


def test_ratings_with_more_known_beside_them_grow_a_branch_for_it():
    beside = described(
        *RATED.summary.columns, ColumnSummary("year", "number", "input", distinct=50)
    )
    plain = project_from_template("recommend", RATED).graph
    assert any(node.layer == "dot" for node in plain)
    assert not any(node.layer == "dot" for node in project_from_template("recommend", beside).graph)


@pytest.mark.parametrize("side", [8, 13, 28, 64, 96])
@pytest.mark.parametrize(
    "key",
    ["convolution-classic", "residual-images", "resnet-18", "mobilenet-v2", "vgg-11", "vit-tiny"],
)
def test_networks_for_pictures_fit_pictures_of_any_size(key, side):
    dataset = images(channels=3, height=side, width=side)
    assert examine(project_from_template(key, dataset)).can_train


def test_the_convolution_of_the_course_takes_photos_of_224():
    project = project_from_template("convolution-classic", images(3, 224, 224))
    assert examine(project).parameters == 896 + (32 * 111 * 111 * 64 + 64) + 650


def test_every_template_has_words_of_its_own():
    for words in ("title", "question", "help"):
        assert len({getattr(one, words) for one in TEMPLATES.values()}) == len(TEMPLATES)
    for template in TEMPLATES.values():
        assert template.question.endswith("?")
        assert template.help.endswith(".")
        assert template.family in FAMILIES
