"""Which encoding a text file is written in; from here on every text is UTF-8."""

import codecs
import re
from pathlib import Path

from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr
from studio.data.files import open_bytes
from studio.data.opened import Misread
from studio.data.unpack import shown, shown_name

ENCODINGS = ("utf-8", "utf-16", "gb18030", "cp1252", "latin-1")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1024**2
_PAIRS = re.compile(rb"[\x81-\xfe][\x80-\xfe]")
_SEQUENCES = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_SURE = 10
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
    if _decodes(head, "utf-8") or _is_damaged_utf8(head):
        return "utf-8"
    if _looks_chinese(head) and _decodes(head, "gb18030"):
        return "gb18030"
    return "cp1252" if _decodes(head, "cp1252") else "latin-1"


def next_guess(encoding: str, sample: bytes) -> str:
    """What else the text may be where `encoding` failed in `sample`; empty: nothing."""
    if encoding == "utf-8":
        found = find_encoding(sample)
        return found if found != "utf-8" else ""
    return {"gb18030": "cp1252", "cp1252": "latin-1"}.get(encoding, "")


class NotInEncoding(Misread):
    """Bytes that are no text in the encoding: `sample` holds some, the first is at `position`."""

    def __init__(self, encoding: str, sample: bytes, position: int, why: str) -> None:
        super().__init__(why)
        self.encoding, self.sample, self.position = encoding, sample, position

    def refused(self, path: Path) -> StudioError:
        """The same for a person."""
        return refuse(
            tr(
                "{file} holds bytes that are not {encoding} text (line {line}). Expected text in "
                "one encoding.",
                file=shown_name(path),
                encoding=self.encoding,
                line=_line_at(path, self.position),
            ),
            tr("Choose another encoding, or save the file as UTF-8."),
            place=Place("file", shown(path)),
            code="encoding",
            detail=str(self),
        )


class Utf8Maker:
    """Turns bytes in any encoding into UTF-8 with line feeds only, piece by piece.

    Raises NotInEncoding. A mark at the start of the text is left out.
    """

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        try:
            "".encode(encoding)  # fails for what turns bytes into bytes, such as base64
            self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        except (LookupError, ValueError) as error:
            raise NotInEncoding(encoding, b"", 0, str(error)) from error
        self._is_utf8 = codecs.lookup(encoding).name in ("utf-8", "ascii")
        self._is_start, self._has_return, self._taken = True, False, 0
        self.has_returns = False

    @property
    def waiting(self) -> int:
        """How many bytes of what was given wait for those that follow them."""
        return len(self._decoder.getstate()[0]) + self._has_return

    def begin_within(self) -> None:
        """What comes first is not the start of the text: a mark there is a character."""
        self._is_start = False

    def made(self, raw: bytes, *, is_last: bool = False) -> bytes:
        """The next piece; what may be half a character or line end waits for the next call."""
        data = self._decoded(raw, is_last)
        self._taken += len(raw)
        if self._is_start and data:
            data, self._is_start = data.removeprefix(codecs.BOM_UTF8), False
        if self._has_return:
            data, self._has_return = b"\r" + data, False
        if b"\r" in data:
            self.has_returns = True
            if data.endswith(b"\r") and not is_last:
                data, self._has_return = data[:-1], True
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return data

    def _decoded(self, raw: bytes, is_last: bool) -> bytes:
        state = self._decoder.getstate()
        # What waited from the last piece are the first bytes of a character.
        if self._is_utf8 and raw.isascii() and not state[0]:
            return raw
        try:
            text = self._decoder.decode(raw, is_last)
            return text.encode("utf-8")
        except UnicodeError as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            raise NotInEncoding(self._encoding, raw, self._taken + start, str(error)) from error


def as_utf8(data: bytes, encoding: str, path: Path) -> bytes:
    """The whole text as UTF-8 with line feeds only; StudioError where it is none."""
    try:
        return Utf8Maker(encoding).made(data, is_last=True)
    except NotInEncoding as error:
        raise error.refused(path) from error


def is_whole(text: str) -> bool:
    """False where half of a character stands alone in the text: it cannot be written."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def half_a_character(path: Path, line: int) -> StudioError:
    """What to raise for text of which `is_whole` is false."""
    return refuse(
        tr(
            "{file} holds half of a character in the value that begins in line {line}. Expected "
            "whole characters.",
            file=shown_name(path),
            line=line,
        ),
        tr("Correct it there, or save the file again where it was made."),
        place=Place("file", shown(path)),
        code="half-a-character",
    )


def _line_at(path: Path, position: int) -> int:
    line = 1
    with open_bytes(path) as stream:
        while position > 0 and (chunk := stream.read(min(position, _CHUNK))):
            line += chunk.count(b"\n")
            position -= len(chunk)
    return line


def _utf16_without_mark(head: bytes) -> str:
    sample = head[:4096]
    if len(sample) < 4 or b"\0" not in sample:
        return ""
    first, second = sample[::2].count(0), sample[1::2].count(0)
    # An emoji may hold a zero on the other side, too.
    if second > 0.4 * len(sample) / 2 and first < 0.05 * second:
        return "utf-16-le"
    if first > 0.4 * len(sample) / 2 and second < 0.05 * first:
        return "utf-16-be"
    return ""


def _decodes(head: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)("strict").decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged_utf8(head: bytes) -> bool:
    """UTF-8 with a few bytes that are none: read as anything else, all letters would be wrong."""
    found = _SEQUENCES.findall(head)
    return len(found) >= _SURE and sum(map(len, found)) >= 0.9 * len(_HIGH.findall(head))


def _looks_chinese(head: bytes) -> bool:
    """Chinese text has its high bytes in pairs, most of them common characters."""
    pairs = _PAIRS.findall(head)
    common = sum(pair[0] in _COMMON for pair in pairs)
    return 2 * len(pairs) >= 0.9 * len(_HIGH.findall(head)) and common >= 0.5 * len(pairs)
