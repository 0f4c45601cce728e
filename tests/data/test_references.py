"""References into archives: members are read whole, unharmed or not at all."""

import zipfile
from pathlib import Path

import pytest

from studio.data.references import entries_of, open_reference

MEMBERS = {
    "dog/a.bin": b"",
    "dog/b.bin": b"short",
    "cat/c.bin": bytes(range(256)) * 400,
    "é.bin": b"1",
}


def written(path: Path, way: int) -> Path:
    with zipfile.ZipFile(path, "w", way) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("way", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_small_and_large_members_are_what_was_packed(tmp_path: Path, way: int) -> None:
    archive = written(tmp_path / "many.zip", way)
    for name, data in MEMBERS.items():
        with open_reference(f"{archive}!/{name}") as stream:
            assert stream.read() == data


@pytest.mark.parametrize("way", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_small_member_with_another_byte_is_refused(tmp_path: Path, way: int) -> None:
    archive = written(tmp_path / "bad.zip", way)
    with zipfile.ZipFile(archive) as opened:
        info = opened.getinfo("dog/b.bin")
    raw = bytearray(archive.read_bytes())
    raw[info.header_offset + 30 + len(info.filename) + 1] ^= 0x10
    archive.write_bytes(raw)
    with pytest.raises(ValueError, match=r"CRC|decompress"):
        open_reference(f"{archive}!/dog/b.bin")


def test_a_member_whose_own_name_differs_is_refused(tmp_path: Path) -> None:
    archive = written(tmp_path / "swapped.zip", zipfile.ZIP_STORED)
    raw = archive.read_bytes()
    at = raw.index(b"dog/b.bin")
    archive.write_bytes(raw[:at] + b"dog/x.bin" + raw[at + 9 :])
    with pytest.raises(ValueError, match="differ"):
        open_reference(f"{archive}!/dog/b.bin")


def test_an_archive_that_is_written_anew_is_listed_anew(tmp_path: Path) -> None:
    archive = written(tmp_path / "many.zip", zipfile.ZIP_STORED)
    assert {entry.name for entry in entries_of(archive)} == set(MEMBERS)
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("new.bin", b"new")
        opened.writestr("__MACOSX/._new.bin", b"")
    assert [entry.name for entry in entries_of(archive)] == ["new.bin"]
