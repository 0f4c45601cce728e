"""Which encoding a text file is written in; from here on every text is UTF-8."""

import codecs
import re
from pathlib import Path

from studio.core.problems import Place, refuse
from studio.core.words import tr

ENCODINGS = ("utf-8", "utf-16", "gb18030", "cp1252", "latin-1")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PAIRS = re.compile(rb"[\x81-\xfe][\x80-\xfe]")
_HIGH = re.compile(rb"[\x80-\xff]")
# The first bytes of the 3,755 most common characters; small Western letters lie above them.
_COMMON = range(0xB0, 0xD8)


def find_encoding(head: bytes) -> str:
    """The encoding that the first bytes of a file are written in, one of `ENCODINGS`."""
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if sideways := _utf16_without_mark(head):
        return sideways
    if _decodes(head, "utf-8"):
        return "utf-8"
    if _looks_chinese(head) and _decodes(head, "gb18030"):
        return "gb18030"
    return "cp1252" if _decodes(head, "cp1252") else "latin-1"


def as_utf8(data: bytes, encoding: str, path: Path) -> bytes:
    """The text as UTF-8 without a mark and with line feeds only; StudioError where it is none."""
    try:
        if encoding != "utf-8":
            data = data.decode(encoding).encode("utf-8")
        elif not data.isascii():
            data.decode("utf-8")
    except (UnicodeError, LookupError) as error:
        raise _refused(data, encoding, path, error) from error
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _utf16_without_mark(head: bytes) -> str:
    sample = head[:4096]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    if sample[1::2].count(0) > 0.4 * len(sample) / 2 and 0 not in sample[::2]:
        return "utf-16-le"
    if sample[::2].count(0) > 0.4 * len(sample) / 2 and 0 not in sample[1::2]:
        return "utf-16-be"
    return ""


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _looks_chinese(head: bytes) -> bool:
    """Chinese text has its high bytes in pairs, most of them common characters."""
    pairs = _PAIRS.findall(head)
    common = sum(pair[0] in _COMMON for pair in pairs)
    return 2 * len(pairs) >= 0.9 * len(_HIGH.findall(head)) and common >= 0.5 * len(pairs)


def _refused(data: bytes, encoding: str, path: Path, error: Exception) -> Exception:
    line = ""
    if isinstance(error, UnicodeDecodeError):
        line = tr(" (line {line})", line=data.count(b"\n", 0, error.start) + 1)
    return refuse(
        tr(
            "{file} holds bytes that are not {encoding} text{line}. Expected text in one encoding.",
            file=path.name,
            encoding=encoding,
            line=line,
        ),
        tr("Choose another encoding, or save the file as UTF-8."),
        place=Place("file", str(path)),
        code="encoding",
        detail=str(error),
    )
