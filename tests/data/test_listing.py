"""Folders, archives and manifests become tables of references, whatever lies in them."""

import os
import sys
import zipfile
from pathlib import Path

import pytest

from studio.core.problems import StudioError
from studio.data.listing import holds_media, list_media, mark_of_files
from studio.data.references import open_reference
from tests.data.media_files import archive, picture

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


def touch(root, *names):
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return root


def column(listed, name):
    return listed.table.frame[name].tolist()


def codes(listed):
    return sorted(problem.code for problem in listed.problems)


def refusal(path, settings=None):
    with pytest.raises(StudioError) as caught:
        list_media(path, settings)
    return caught.value.problem


def test_class_folders_are_a_column(tmp_path):
    listed = list_media(touch(tmp_path, "red/1.png", "red/deep/2.JPG", "blue/10.png", "blue/9.png"))
    assert listed.kind == "images"
    assert listed.media == {"picture": "image"}
    assert column(listed, "picture") == ["blue/10.png", "blue/9.png", "red/1.png", "red/deep/2.JPG"]
    assert column(listed, "class") == ["blue", "blue", "red", "red"]
    assert listed.target == "class"
    assert listed.references()[0] == str(tmp_path / "blue" / "10.png")
    assert (listed.own_test, listed.problems) == (0, ())


def test_a_file_beside_the_class_folders_has_no_class(tmp_path):
    listed = list_media(touch(tmp_path, "red/1.png", "red/2.png", "blue/3.png", "4.png"))
    classes = dict(zip(column(listed, "picture"), listed.table.frame["class"].isna(), strict=True))
    assert classes == {"red/1.png": False, "red/2.png": False, "blue/3.png": False, "4.png": True}


@pytest.mark.parametrize("top", ["", "set/"])
def test_train_and_test_folders_are_parts(tmp_path, top):
    names = ["Test/a/3.wav", "Train/a/1.wav", "Train/b/2.wav", "Test/b/4.wav"]
    listed = list_media(touch(tmp_path, *(top + name for name in names)))
    assert listed.kind == "sound"
    assert column(listed, "part") == ["training", "training", "test", "test"]
    assert column(listed, "class") == ["a", "b", "a", "b"]
    assert (listed.own_test, listed.split) == (2, None)


def test_a_validation_folder_makes_a_split_by_the_part(tmp_path):
    names = ["train/a/1.png", "train/b/2.png", "val/a/3.png", "val/b/4.png", "test/a/5.png"]
    listed = list_media(touch(tmp_path, *names))
    assert listed.own_test == 0
    assert (listed.split.method, listed.split.column) == ("column", "part")
    assert sorted(set(column(listed, "part"))) == ["test", "training", "validation"]


def test_words_of_file_names_are_columns(tmp_path):
    names = [f"{d}_{who}_{i}.wav" for d in range(3) for who in ("ann", "bo") for i in range(4)]
    listed = list_media(touch(tmp_path, *names))
    assert column(listed, "name 1")[:9] == ["0"] * 8 + ["1"]
    assert sorted(set(column(listed, "name 2"))) == ["ann", "bo"]
    assert listed.target == "name 1"


def test_names_that_say_nothing_are_no_columns(tmp_path):
    listed = list_media(touch(tmp_path, "IMG_1.png", "IMG_2.png", "other.png"))
    assert list(listed.table.frame.columns) == ["picture"]
    assert listed.target == ""


def test_one_class_folder_keeps_its_class_beside_the_words(tmp_path):
    listed = list_media(touch(tmp_path, "red/a_1.png", "red/a_2.png", "red/b_3.png", "red/b_4.png"))
    assert column(listed, "class") == ["red"] * 4
    assert listed.target == "name 1"


def test_a_manifest_gives_its_columns(tmp_path):
    touch(tmp_path, "pics/1.png", "pics/2.png", "pics/3.png", "pics/9.png")
    (tmp_path / "list.csv").write_text(
        "id,file,label,split\n"
        "7,pics/2.png,good,test\n8,pics/1.png,bad,train\n9,./pics/3.png,bad,train\n"
        "10,pics/4.png,bad,train\n"
    )
    listed = list_media(tmp_path)
    assert listed.media == {"file": "image"}
    assert column(listed, "file") == ["pics/1.png", "pics/3.png", "pics/2.png"]
    assert column(listed, "label") == ["bad", "bad", "good"]
    assert column(listed, "id") == [8, 9, 7]
    assert listed.own_test == 1
    assert codes(listed) == ["missing-files", "unnamed-files"]


def test_a_manifest_may_name_files_without_folder_and_ending(tmp_path):
    touch(tmp_path, "wavs/one.wav", "wavs/two.wav")
    (tmp_path / "metadata.csv").write_text("clip|text\none|hello\ntwo|goodbye\n")
    listed = list_media(tmp_path)
    assert column(listed, "clip") == ["wavs/one.wav", "wavs/two.wav"]
    assert column(listed, "text") == ["hello", "goodbye"]


def test_a_table_that_names_no_files_is_no_manifest(tmp_path):
    touch(tmp_path, "a/1.png", "b/2.png")
    (tmp_path / "numbers.csv").write_text("x,y\n1,2\n3,4\n")
    listed = list_media(tmp_path)
    assert column(listed, "class") == ["a", "b"]
    assert codes(listed) == ["skipped-files"]


def test_the_kind_with_more_files_is_taken_and_the_other_said(tmp_path):
    touch(tmp_path, "a/1.png", "a/2.png", "b/3.png", "a/1.wav", "b/2.wav")
    listed = list_media(tmp_path)
    assert (listed.kind, len(listed.table.frame)) == ("images", 3)
    [problem] = listed.problems
    assert problem.code == "other-kind"
    assert "2 sounds" in problem.message
    sounds = list_media(tmp_path, {"kind": "sound", "skip_broken": False})
    assert (sounds.kind, sounds.settings) == ("sound", {"kind": "sound", "skip_broken": False})


def test_a_kind_that_is_not_there_is_not_taken(tmp_path):
    listed = list_media(touch(tmp_path, "a/1.png", "b/2.png"), {"kind": "sound"})
    assert (listed.kind, listed.settings, codes(listed)) == ("images", {}, ["no-such-kind"])


def test_folders_of_numbered_pictures_are_clips(tmp_path):
    names = [f"{c}/{k}{i}/frame_{n}.png" for c in "ab" for k in "xy" for i in "1" for n in range(9)]
    listed = list_media(touch(tmp_path, *names))
    assert listed.kind == "video"
    assert column(listed, "clip") == ["a/x1/", "a/y1/", "b/x1/", "b/y1/"]
    assert column(listed, "class") == ["a", "a", "b", "b"]
    assert codes(listed) == ["frames"]
    more = list_media(tmp_path / "a", listed.settings)
    assert column(more, "clip") == ["x1/", "y1/"]
    one = list_media(tmp_path / "a" / "x1", listed.settings)
    assert Path(one.references()[0]).samefile(tmp_path / "a" / "x1")
    pictures = list_media(tmp_path, {"kind": "image"})
    assert (pictures.kind, len(pictures.table.frame)) == ("images", 36)


def test_numbered_pictures_of_a_class_are_no_clips(tmp_path):
    names = [f"{part}/{c}/{n}.png" for part in ("train", "test") for c in "ab" for n in range(9)]
    assert list_media(touch(tmp_path, *names)).kind == "images"


def test_an_archive_is_read_where_it_lies(tmp_path):
    touch(tmp_path / "in", "a/1.png", "b/2.png", "__MACOSX/a/1.png", ".DS_Store")
    packed = archive(tmp_path / "pics.zip", tmp_path / "in", "Set/")
    listed = list_media(packed)
    assert column(listed, "picture") == ["pics.zip!/Set/a/1.png", "pics.zip!/Set/b/2.png"]
    assert column(listed, "class") == ["a", "b"]
    assert listed.references()[0] == f"{packed}!/Set/a/1.png"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "pics.zip"]


def test_a_folder_with_one_archive_and_papers_is_that_archive(tmp_path):
    touch(tmp_path / "in", "a_1.wav", "a_2.wav", "b_1.wav", "b_2.wav")
    folder = tmp_path / "download"
    folder.mkdir()
    archive(folder / "recordings.zip", tmp_path / "in", "recordings/")
    (folder / "README.md").write_text("about")
    listed = list_media(folder)
    assert column(listed, "name 1") == ["a", "a", "b", "b"]
    assert "class" not in listed.table.frame
    assert Path(listed.references()[0].split("!/")[0]).is_file()


def test_a_manifest_in_an_archive_is_used(tmp_path):
    touch(tmp_path / "in", "1.png", "2.png")
    (tmp_path / "in" / "labels.csv").write_text("name,kind\n1.png,x\n2.png,y\n")
    listed = list_media(archive(tmp_path / "p.zip", tmp_path / "in"))
    assert column(listed, "name") == ["p.zip!/1.png", "p.zip!/2.png"]
    assert column(listed, "kind") == ["x", "y"]


def written(path, *members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in members:
            packed.writestr(name, body)
    return path


def test_folders_of_an_archive_may_be_written_as_on_windows(tmp_path):
    packed = written(tmp_path / "w.zip", (r"red\1.png", b"x"), (r"blue\2.png", b"y"))
    listed = list_media(packed)
    assert column(listed, "class") == ["red", "blue"]
    with open_reference(listed.references()[1]) as stream:
        assert stream.read() == b"y"


@pytest.mark.parametrize("name", ["../up.png", "/top.png", "a/../../b.png", "C:/x.png"])
def test_an_archive_that_points_out_of_itself_is_refused(tmp_path, name):
    packed = written(tmp_path / "trick.zip", ("fine.png", b"x"), (name, b"x"))
    assert refusal(packed).code == "unsafe-archive"


def test_an_archive_that_would_fill_the_memory_is_refused(tmp_path):
    packed = written(tmp_path / "bomb.zip", ("a.png", bytes(80 * 1024**2)))
    problem = refusal(packed)
    assert problem.code == "grows-too-far"
    assert "bomb.zip" in problem.message


def test_archives_in_archives_stay_closed_and_are_said(tmp_path):
    inner = written(tmp_path / "inner.zip", ("a.png", b"x")).read_bytes()
    only = refusal(written(tmp_path / "only.zip", ("inner.zip", inner)))
    assert only.code == "no-media"
    assert "archive" in only.hint
    both = list_media(written(tmp_path / "both.zip", ("b.png", b"x"), ("inner.zip", inner)))
    assert column(both, "picture") == ["both.zip!/b.png"]
    assert codes(both) == ["nested-archive", "skipped-files"]


def test_a_cut_archive_is_refused(tmp_path):
    whole = written(tmp_path / "whole.zip", ("a.png", b"x" * 1000)).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:-30])
    assert refusal(tmp_path / "cut.zip").code == "damaged"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="file systems with such names")
def test_names_that_are_no_text_are_left_out_and_said(tmp_path):
    touch(tmp_path, "a/1.png", "b/2.png")
    Path(os.fsdecode(os.fsencode(tmp_path / "a") + b"/\xff\xfe.png")).write_bytes(b"x")
    listed = list_media(tmp_path)
    assert len(listed.table.frame) == 2
    assert codes(listed) == ["bad-file-name"]
    listed.problems[0].message.encode("utf-8")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX pipes and links")
def test_pipes_loops_and_folders_called_like_pictures_are_no_pictures(tmp_path):
    touch(tmp_path, "a/1.png", "b/2.png")
    os.mkfifo(tmp_path / "a" / "pipe.png")
    (tmp_path / "a" / "folder.png").mkdir()
    (tmp_path / "a" / "self.png").symlink_to("self.png")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    assert column(list_media(tmp_path), "picture") == ["a/1.png", "b/2.png"]


def test_what_is_empty_or_gone_is_refused(tmp_path):
    assert refusal(tmp_path).code == "no-media"
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    assert "t.csv" in refusal(tmp_path).hint
    assert refusal(tmp_path / "gone").code == "no-file"
    (tmp_path / "empty.zip").write_bytes(b"")
    assert refusal(tmp_path / "empty.zip").code == "no-media"


def test_the_mark_knows_names_and_sizes_and_not_where(tmp_path):
    for name in ("one", "two"):
        touch(tmp_path / name, "a/1.png", "b/2.png", "readme.md")
    first = mark_of_files(tmp_path / "one")
    assert first == mark_of_files(tmp_path / "two") == list_media(tmp_path / "one").mark
    (tmp_path / "two" / "a" / "1.png").write_bytes(b"longer")
    assert mark_of_files(tmp_path / "two") != first
    packed = [archive(tmp_path / f"{n}.zip", tmp_path / n) for n in ("one", "two")]
    assert mark_of_files(packed[0]) != mark_of_files(packed[1])


def test_one_file_is_one_row(tmp_path):
    one = list_media(picture(tmp_path / "x.png", 0))
    assert column(one, "picture") == ["x.png"]
    assert holds_media(tmp_path)
    assert holds_media(tmp_path / "x.png")
    (tmp_path / "t.csv").write_text("a\n1\n")
    assert not holds_media(tmp_path / "t.csv")


@pytest.mark.skipif(not (SHARED / "free-spoken-digits").is_dir(), reason="needs ../shared")
def test_the_spoken_digits_name_digit_and_speaker():
    listed = list_media(SHARED / "free-spoken-digits")
    frame = listed.table.frame
    assert (listed.kind, len(frame), listed.target) == ("sound", 3000, "name 1")
    assert frame["name 1"].value_counts().tolist() == [300] * 10
    assert frame["name 2"].nunique() == 6


@pytest.mark.skipif(not (SHARED / "ballscrew-surface").is_dir(), reason="needs ../shared")
def test_the_ball_screws_have_a_manifest_with_a_test_part():
    listed = list_media(SHARED / "ballscrew-surface")
    assert (len(listed.table.frame), listed.own_test) == (712, 210)
    assert {"label", "group"} <= set(listed.table.frame.columns)


def test_words_are_columns_again_where_they_were_before(tmp_path):
    many = touch(tmp_path / "many", *(f"{d}_{who}.wav" for d in range(4) for who in ("ann", "bo")))
    listed = list_media(many)
    assert listed.settings == {"words": 2}
    touch(tmp_path, "7_cy.wav")
    assert list(list_media(tmp_path / "7_cy.wav").table.frame.columns) == ["sound"]
    again = list_media(tmp_path / "7_cy.wav", listed.settings)
    assert again.table.frame.iloc[0].tolist() == ["7_cy.wav", "7", "cy"]
