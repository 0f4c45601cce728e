"""What a model takes of a dataset is worked out once, and anew for every other dataset."""

from dataclasses import replace

from tests.builders import table


def test_the_same_dataset_gives_the_same_features():
    dataset = table()
    assert dataset.features() is dataset.features()


def test_another_dataset_has_features_of_its_own():
    dataset = table()
    features = dataset.features()
    [first, *_] = [c.name for c in dataset.inputs()]
    ignoring = dataset.with_column(first, role="ignore")
    assert [f.source for f in ignoring.features()] == [
        f.source for f in features if f.source != first
    ]
    assert dataset.features() == features


def test_many_datasets_one_after_the_other_are_told_apart():
    names = [c.name for c in table().inputs()]
    for turn in range(30):
        name = names[turn % len(names)]
        dataset = replace(table()).with_column(name, role="ignore")
        assert name not in [f.source for f in dataset.features()]
