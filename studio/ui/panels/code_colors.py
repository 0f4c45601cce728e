"""The colours of Python code: quiet ones of the theme, line by line."""

import keyword
import re
from collections.abc import Iterator

from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from typing_extensions import override

from studio.ui.theme import Theme

_WORDS = "|".join((*keyword.kwlist, "self"))
_PIECES = re.compile(
    r"(?P<comment>#.*)"
    r"|(?P<text>\"[^\"\\]*(?:\\.[^\"\\]*)*\"|'[^'\\]*(?:\\.[^'\\]*)*')"
    r"|(?P<named>(?<=class )\w+|(?<=def )\w+)"
    rf"|(?P<word>\b(?:{_WORDS})\b)"
    r"|(?P<number>\b\d[\d_]*\.?\d*(?:e[+-]?\d+)?\b)"
)
_TOKENS = {
    "comment": "text_soft",
    "text": "good_text",
    "word": "accent",
    "number": "attention_text",
    "named": "text",
}
QUOTES = '"""'
OUTSIDE, INSIDE = 0, 1


class CodeColors(QSyntaxHighlighter):
    """Colours a document of Python, again when the theme changes."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats = _formats()
        Theme.current().changed.connect(self._on_theme_changed)

    @override
    def highlightBlock(self, text: str) -> None:
        start = 0
        if self.previousBlockState() == INSIDE:
            start = self._long_text(text, 0, 0)
        while start >= 0:
            start = self._until_long_text(text, start)

    def _until_long_text(self, text: str, start: int) -> int:
        """Colours up to a text of several lines, and that; where to go on, -1 at the end."""
        opening = text.find(QUOTES, start)
        end = len(text) if opening < 0 else opening
        for first, length, kind in pieces(text[start:end]):
            self.setFormat(start + first, length, self._formats[kind])
        if opening < 0:
            self.setCurrentBlockState(OUTSIDE)
            return -1
        return self._long_text(text, opening, opening + len(QUOTES))

    def _long_text(self, text: str, start: int, inside: int) -> int:
        closing = text.find(QUOTES, inside)
        end = len(text) if closing < 0 else closing + len(QUOTES)
        self.setFormat(start, end - start, self._formats["comment"])
        self.setCurrentBlockState(INSIDE if closing < 0 else OUTSIDE)
        return -1 if closing < 0 else end

    def _on_theme_changed(self) -> None:
        self._formats = _formats()
        self.rehighlight()


def pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """What has a colour of its own in a line: where it starts, how long it is, of which kind."""
    for match in _PIECES.finditer(text):
        kind = match.lastgroup
        if kind is not None:
            yield match.start(), match.end() - match.start(), kind


def _formats() -> dict[str, QTextCharFormat]:
    found: dict[str, QTextCharFormat] = {}
    for kind, token in _TOKENS.items():
        made = QTextCharFormat()
        made.setForeground(Theme.current().color(token))
        found[kind] = made
    found["named"].setFontWeight(QFont.Weight.DemiBold)
    return found
