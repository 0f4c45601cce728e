"""The one door through which every sentence a person reads passes, with no toolkit behind it.

The window puts Qt's translator behind it; the command line leaves English as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from string import Formatter

_translate: Callable[[str], str] = str


def tr(text: str, /, **values: object) -> str:
    """The text in the person's language, its ``{fields}`` filled with the values.

    ``{count|row|rows}`` is the first word where `count` is 1, else the second; so is what
    agrees with it: ``{count} {count|row is|rows are} left out``.
    """
    translated = _translate(text)
    if not values:
        return translated
    if "|" in translated:
        return _WITH_NUMBERS.vformat(translated, (), values)
    return translated.format(**values)


class _Numbers(Formatter):
    """Fills in words that agree with a number."""

    def get_value(
        self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> object:
        """The value of a field, or the word that goes with it."""
        name, *forms = str(key).split("|")
        if not forms:
            return super().get_value(key, args, kwargs)
        one, many = forms
        return one if str(kwargs[name]) == "1" else many


_WITH_NUMBERS = _Numbers()


def set_translator(translate: Callable[[str], str]) -> None:
    """Puts a function behind `tr` that finds a text's translation, or returns it unchanged."""
    global _translate  # noqa: PLW0603 - one language for one program
    _translate = translate
