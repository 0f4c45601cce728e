"""Masks: which shades are classes, which mask belongs to which picture, and how they are read."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from studio.core.design.dataset import Step
from studio.core.design.dataset_check import dataset_problems
from studio.core.problems import StudioError
from studio.data.arrays import UNKNOWN_PIXEL
from studio.data.mask_folders import paired
from studio.data.masks import mask_classes, named_classes
from studio.data.pixels import read_shades
from studio.data.sample_scenes import MASK_SHADES, blots
from studio.data.sources import load, load_rows, open_data, open_sample

DRAW = np.random.default_rng(2)


def saved(path, block, mode=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(block)
    if mode == "P":
        image = Image.frombytes("P", (block.shape[1], block.shape[0]), block.tobytes())
        image.putpalette([3 * i % 256 for i in range(768)])
    image.save(path)
    return str(path)


def folder(tmp_path, count=9, size=(8, 6), shades=(0, 7, 200)):
    for number in range(count):
        photo = DRAW.integers(0, 256, (*size, 3)).astype(np.uint8)
        saved(tmp_path / "images" / f"{number}.png", photo)
        mask = DRAW.choice(np.array(shades, np.uint8), size)
        saved(tmp_path / "masks" / f"{number}.png", mask)
    return tmp_path


def test_few_shades_are_classes_and_a_photograph_has_none(tmp_path):
    mask = np.repeat(np.array([[0, 7, 7, 200]], np.uint8), 4, axis=0)
    labels, counts = mask_classes([saved(tmp_path / "m.png", mask), ""])
    assert labels == ("0", "7", "200")
    assert np.array(counts).tolist() == [sum(counts) // 4, sum(counts) // 2, sum(counts) // 4]
    photo = DRAW.integers(0, 256, (40, 40)).astype(np.uint8)
    assert mask_classes([saved(tmp_path / "p.png", photo)]) == ((), ())
    assert mask_classes([saved(tmp_path / "one.png", np.zeros((4, 4), np.uint8))]) == ((), ())


def test_a_palette_counts_by_its_places_and_sizes_change_without_new_shades(tmp_path):
    places = np.array([[0, 1], [2, 3]], np.uint8)
    path = saved(tmp_path / "p.png", places, "P")
    assert read_shades(path, 2, 2).tolist() == places.tolist()
    large = read_shades(path, 6, 4)
    assert large.tolist() == np.repeat(np.repeat(places, 3, axis=0), 2, axis=1).tolist()


def test_sixteen_bits_keep_their_small_numbers(tmp_path):
    path = saved(tmp_path / "d.png", np.array([[0, 1], [2, 200]], np.uint16))
    assert read_shades(path, 2, 2).tolist() == [[0, 1], [2, 200]]


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (["images/a.jpg", "masks/a.png"], [("images/a.jpg", "masks/a.png")]),
        (
            ["train/img/a.png", "train/label/a_mask.png"],
            [("train/img/a.png", "train/label/a_mask.png")],
        ),
        (
            ["d/images/a.png", "d/images/b.png", "d/masks/b.png"],
            [("d/images/a.png", ""), ("d/images/b.png", "d/masks/b.png")],
        ),
    ],
)
def test_masks_are_found_by_folder_and_name(names, pairs):
    found = paired(names)
    assert list(zip(found.pictures, found.masks, strict=True)) == pairs


@pytest.mark.parametrize(
    "names", [["cats/a.png", "dogs/a.png"], ["images/a.png", "masks/b.png"], ["a.png", "b.png"]]
)
def test_other_folders_are_no_masks(names):
    assert paired(names) is None


def test_parts_in_the_folders_are_kept():
    names = [f"{part}/{what}/a.png" for part in ("train", "test") for what in ("images", "masks")]
    assert paired(names).parts == ("train", "test")


def test_a_folder_is_read_with_its_masks(tmp_path):
    spec = open_data(str(folder(tmp_path)))
    assert [(c.name, c.kind, c.role) for c in spec.columns] == [
        ("picture", "image", "input"),
        ("mask", "image", "target"),
    ]
    (asked,) = spec.model_outputs()
    assert (asked.task, asked.labels, asked.shape) == ("masks", ("0", "7", "200"), (3, 8, 6))
    arrays = load(spec)
    for place, name in enumerate(arrays.names):
        shades = np.asarray(Image.open(tmp_path / "masks" / name.rpartition("/")[2]))
        wanted = np.searchsorted([0, 7, 200], shades)
        assert arrays.targets[0][place].tolist() == wanted.tolist()


def test_rows_without_a_mask_or_with_a_broken_one_are_left_out_and_new_shades_count_nowhere(
    tmp_path,
):
    spec = open_data(str(folder(tmp_path)))
    (tmp_path / "masks" / "1.png").write_bytes(b"no picture")
    saved(tmp_path / "masks" / "2.png", np.full((8, 6), 99, np.uint8))
    arrays = load(spec)
    assert len(arrays) == 8
    assert {p.code for p in arrays.problems} >= {"broken-files", "unknown-shades"}
    place = arrays.names.index("images/2.png")
    assert set(np.unique(arrays.targets[0][place])) == {UNKNOWN_PIXEL}


def test_pictures_without_masks_can_be_asked_about(tmp_path):
    spec = open_data(str(folder(tmp_path / "data")))
    alone = tmp_path / "new"
    saved(alone / "x.png", DRAW.integers(0, 256, (8, 6, 3)).astype(np.uint8))
    arrays = load_rows(spec, str(alone))
    assert arrays.targets[0].shape == (1, 8, 6)


def test_a_table_names_pictures_and_masks(tmp_path):
    folder(tmp_path)
    lines = [f"images/{n}.png,masks/{n}.png" for n in range(9)]
    (tmp_path / "list.csv").write_text("\n".join(["photo,where", *lines]) + "\n")
    spec = open_data(str(tmp_path / "list.csv"))
    assert [(c.name, c.role) for c in spec.columns] == [("photo", "input"), ("where", "target")]
    assert load(spec).targets[0].shape == (9, 8, 6)


def test_pictures_may_not_move_without_their_masks(tmp_path):
    spec = open_data(str(folder(tmp_path)))
    moved = replace(spec, augmentation=(Step("rotate", (), {}),))
    assert "moves-alone" in {problem.code for problem in dataset_problems(moved)}
    light = replace(spec, augmentation=(Step("brightness", (), {}),))
    assert "moves-alone" not in {problem.code for problem in dataset_problems(light)}


def test_a_photograph_is_no_mask_and_says_what_it_can_be(tmp_path):
    spec = open_data(str(folder(tmp_path))).with_column("picture", role="target")
    problem = next(p for p in dataset_problems(spec) if p.code == "no-mask")
    assert problem.fix.arguments == {"column": "picture", "role": "both"}
    with pytest.raises(StudioError):
        load(spec)


def test_the_classes_of_the_sample_have_their_names_and_are_the_same_pixels():
    spec = open_sample("blots")
    (output,) = spec.model_outputs()
    assert output.labels == ("background", "stain", "crack")
    (found,) = load(spec).targets
    shades = blots()[1][:, 0]
    for place, shade in enumerate(MASK_SHADES):
        assert ((found == place) == (shades == shade)).all()


def test_an_older_project_with_the_sample_knows_its_classes_by_shade():
    spec = open_sample("blots")
    columns = tuple(
        replace(one, categories=("0", "127", "255")) if one.name == "mask" else one
        for one in spec.summary.columns
    )
    older = replace(spec, summary=replace(spec.summary, columns=columns))
    assert (load(older).targets[0] == load(spec).targets[0]).all()


def test_names_are_for_the_shades_that_they_were_drawn_in_alone():
    assert named_classes(("0", "127", "255"), ("a", "b", "c")) == ("a", "b", "c")
    assert named_classes(("0", "7", "255"), ("a", "b", "c")) == ("0", "7", "255")
    assert named_classes(("0", "255"), ()) == ("0", "255")
