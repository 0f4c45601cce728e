"""The one door through which every sentence a person reads passes, with no toolkit behind it.

The window puts Qt's translator behind it; the command line leaves English as it is.
"""

from collections.abc import Callable

_translate: Callable[[str], str] = str


def tr(text: str, /, **values: object) -> str:
    """The text in the person's language, its ``{fields}`` filled with the values."""
    translated = _translate(text)
    return translated.format(**values) if values else translated


def set_translator(translate: Callable[[str], str]) -> None:
    """Puts a function behind `tr` that finds a text's translation, or returns it unchanged."""
    global _translate  # noqa: PLW0603 - one language for one program
    _translate = translate
