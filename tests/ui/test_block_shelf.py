"""The shelf of blocks: ready ones and a person's own, kept in a folder, found by words."""

from dataclasses import replace

import pytest

from studio.core.catalogue.entry import Signal
from studio.core.design.block_edits import grouped
from studio.core.design.block_files import block_alone, write_block
from studio.core.problems import StudioError
from studio.ui import saved_blocks
from studio.ui.block_shelf import BlockShelf
from studio.ui.saved_blocks import SavedBlocks, file_name
from tests.builders import chain, images


@pytest.fixture
def own():
    graph = chain(images(), ("conv2d", {"out_channels": 5}), "relu", "flatten").graph
    graph, block = grouped(graph, ("conv2d_1", "relu_1"), "My/own: block")
    return block_alone(graph, block)


@pytest.fixture
def shelf(qtbot, tmp_path):
    made = BlockShelf(SavedBlocks(tmp_path / "blocks"))
    yield made
    made.saved.deleteLater()
    made.deleteLater()


def test_ready_blocks_are_there_without_a_folder(shelf, tmp_path):
    assert len(shelf.offers()) == 8
    assert not (tmp_path / "blocks").exists()
    assert (
        shelf.part("block:residual", Signal((16, 8, 8))).nodes["conv2d_1"].params["out_channels"]
        == 16
    )
    assert shelf.part("block:nothing") is None
    assert shelf.offer("linear") is None


def test_an_own_block_is_kept_and_forgotten(shelf, own, qtbot, tmp_path):
    with qtbot.waitSignal(shelf.changed):
        shelf.saved.save(own)
    offer = shelf.offers()[0]
    assert (offer.title, offer.is_saved, offer.note) == ("My/own: block", True, "yours")
    assert shelf.part(offer.key).blocks == own.blocks
    again = SavedBlocks(tmp_path / "blocks")
    assert len(again.blocks) == 1
    again.deleteLater()
    shelf.saved.forget(offer.key.removeprefix("saved:"))
    assert len(shelf.offers()) == 8


def test_a_block_of_the_same_name_takes_the_place_of_the_one_before(shelf, own):
    shelf.saved.save(own)
    shelf.saved.save(own)
    assert len(shelf.saved.blocks) == 1


def test_files_that_cannot_be_read_are_told_and_left(qtbot, tmp_path, own):
    folder = tmp_path / "blocks"
    folder.mkdir()
    (folder / "broken.studioblock").write_bytes(b"{")
    write_block(own, folder / "good.studioblock")
    saved = SavedBlocks(folder)
    assert set(saved.blocks) == {"good"}
    assert len(saved.problems) == 1
    offers = BlockShelf(saved).offers()
    assert [offer.title for offer in offers if offer.reason] == ["broken"]
    assert (folder / "broken.studioblock").exists()
    saved.deleteLater()


def test_what_cannot_be_written_is_refused(qtbot, tmp_path, own):
    folder = tmp_path / "blocks"
    folder.write_text("a file where the folder would be")
    saved = SavedBlocks(folder)
    with pytest.raises(StudioError):
        saved.save(own)
    saved.deleteLater()


@pytest.mark.parametrize(
    ("words", "count"), [("", 8), ("resid", 2), ("u-net", 1), ("blocks", 8), ("zebra", 0)]
)
def test_blocks_are_found_by_words(shelf, words, count):
    assert len(shelf.offers(words)) == count


def test_a_name_becomes_a_file_name():
    assert file_name("My/own: block") == "My_own_ block"
    assert file_name("../../etc") == "______etc"
    assert file_name("///") == "___"
    assert file_name("  ") == "block"


def test_names_that_make_the_same_file_are_kept_apart(shelf, own):
    for name in ("a/b", "a:b", "A_B"):
        block = next(iter(own.blocks.values()))
        shelf.saved.save(replace(own, blocks={block.id: replace(block, name=name)}))
    assert {offer.title for offer in shelf.offers() if offer.is_saved} == {"a/b", "a:b", "A_B"}


def test_more_blocks_than_are_read_are_refused(shelf, own, monkeypatch):
    monkeypatch.setattr(saved_blocks, "MOST", 1)
    shelf.saved.save(own)
    shelf.saved.save(own)
    block = next(iter(own.blocks.values()))
    with pytest.raises(StudioError, match="no more fit"):
        shelf.saved.save(replace(own, blocks={block.id: replace(block, name="Other")}))


def test_a_file_that_cannot_be_removed_is_told(shelf, own, tmp_path):
    shelf.saved.save(own)
    (key,) = shelf.saved.blocks
    path = tmp_path / "blocks" / f"{key}.studioblock"
    path.unlink()
    path.mkdir()
    with pytest.raises(StudioError, match="cannot be removed"):
        shelf.saved.forget(key)


def test_own_blocks_stand_in_the_order_of_their_numbers(shelf, own):
    block = next(iter(own.blocks.values()))
    for name in ("Block 10", "block 2", "Arm"):
        shelf.saved.save(replace(own, blocks={block.id: replace(block, name=name)}))
    titles = [offer.title for offer in shelf.offers() if offer.is_saved]
    assert titles == ["Arm", "block 2", "Block 10"]
