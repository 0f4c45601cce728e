from studio.core.design.former import with_columns
from studio.core.design.storage import project_from_json, to_json
from tests.builders import chain, images


def former() -> dict:
    data = to_json(chain(images(1, 28, 28, classes=2), "flatten", ("linear", {"out_features": 2})))
    data["dataset"] = {
        "source": "image_folder",
        "path": "photos",
        "settings": {"channels": 1, "height": 28, "width": 28},
        "columns": [],
        "summary": {
            "kind": "images",
            "rows": 30,
            "columns": [],
            "sample_shape": [1, 28, 28],
            "labels": ["cat", "dog"],
            "label_counts": [20, 10],
            "own_test_rows": 0,
            "problems": [],
        },
    }
    return data


def test_pictures_of_a_former_version_have_columns_today(tmp_path):
    dataset = project_from_json(former(), tmp_path).dataset
    assert dataset.source == "files"
    assert dataset.path == str(tmp_path / "photos")
    assert dataset.labels() == ("cat", "dog")
    assert dataset.label_counts() == (20, 10)
    assert dataset.summary.sample_shape == (1, 28, 28)
    assert dataset.task() == "classes"


def test_what_is_of_today_stays_as_it_is():
    today = to_json(chain(images()))["dataset"]
    assert with_columns(today) is today
    for nonsense in (None, [], {"summary": 3}, {"summary": {"labels": 1}}):
        with_columns(nonsense)
