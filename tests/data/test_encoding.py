"""Which encoding a text is in, and where it is none."""

import pytest

from studio.core.problems import StudioError
from studio.data.encoding import Utf8Maker, find_encoding
from studio.data.tables import read_table

WESTERN = "Größe,naïve,été,Señor,Ærø,«déjà vu»\n" * 20
CHINESE = "长度,宽度,种类,北京市朝阳区,苹果和梨子\n" * 20
UKRAINIAN = "розмір,назва,кількість\n" * 20


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (WESTERN, "utf-8", "utf-8"),
        (WESTERN, "utf-8-sig", "utf-8"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN, "utf-16", "utf-16"),
        (WESTERN, "utf-16-le", "utf-16-le"),
        (WESTERN, "utf-16-be", "utf-16-be"),
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "utf-16", "utf-16"),
        (UKRAINIAN, "utf-8", "utf-8"),
        ("plain,text\n", "ascii", "utf-8"),
        ("\x81\x8d" + WESTERN, "latin-1", "latin-1"),
    ],
)
def test_the_encoding_is_found(text, encoding, found):
    assert find_encoding(text.encode(encoding)) == found


@pytest.mark.parametrize("at", [3, 300_000])
def test_one_bad_byte_in_utf8_is_named_and_spoils_no_other(tmp_path, at):
    lines = [f"{i},Größe {i}".encode() for i in range(310_000 if at > 1000 else 400)]
    lines[at] = b"7,caf\xe9"
    path = tmp_path / "t.csv"
    path.write_bytes(b"n,text\n" + b"\n".join(lines))
    with pytest.raises(StudioError, match=f"line {at + 2}"):
        read_table(path)
    assert read_table(path, {"encoding": "cp1252"}).frame["text"].iloc[at] == "café"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "cp1252"])
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_pieces_of_any_size_give_the_same_text(encoding, size):
    text = "a,é\r\n1,\r2\n\n" + ("漢\U0001f600" if encoding != "cp1252" else "ü") + "\r"
    raw, maker = text.encode(encoding), Utf8Maker(encoding)
    pieces = [maker.made(raw[i : i + size]) for i in range(0, len(raw), size)]
    pieces.append(maker.made(b"", is_last=True))
    wanted = text.replace("\r\n", "\n").replace("\r", "\n")
    assert b"".join(pieces).decode("utf-8") == wanted
