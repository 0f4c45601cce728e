"""Expression: a formula over the inputs of a layer, in a small closed grammar, never run as code.

    sum     := product (("+" | "-") product)*
    product := sign (("*" | "/") sign)*
    sign    := ("-" | "+") sign | power
    power   := atom ("^" sign)?
    atom    := number | name | function "(" sum ("," sum)* ")" | "(" sum ")"

Names are the inputs a, b, c, … and the constant pi. Functions are those of FUNCTIONS. What
holds numbers alone is worked out at once, so a division by zero there is found here.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import TypeAlias

from studio.core.shapes import Shape, show
from studio.core.words import tr

INPUT_NAMES = "abcdefgh"
CONSTANTS: Mapping[str, float] = MappingProxyType({"pi": math.pi})
# What each does, and how many arguments it takes.
EACH: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(
        ("abs", "exp", "log", "log1p", "sqrt", "square", "sign", "sin", "cos", "tan", "tanh")
        + ("sigmoid", "relu", "softplus", "round", "floor", "ceil"),
        1,
    )
    | {"min": 2, "max": 2, "clip": 3}
)
# Along the last size, of which one number is left, and along all of it.
REDUCING: Mapping[str, int] = MappingProxyType({"sum": 1, "mean": 1, "largest": 1, "smallest": 1})
KEEPING: Mapping[str, int] = MappingProxyType({"softmax": 1, "cumsum": 1})
FUNCTIONS: Mapping[str, int] = MappingProxyType({**EACH, **REDUCING, **KEEPING})
LONGEST, DEEPEST = 400, 40
_OPERATORS: Mapping[str, str] = MappingProxyType(
    {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}
)
_PIECES = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(\w+)|(\S))")


class BadExpression(ValueError):  # noqa: N818 - a person's formula, not a fault
    """What is wrong with a formula, in plain words, and at which letter (from 1; 0: all of it)."""

    def __init__(self, message: str, place: int = 0) -> None:
        super().__init__(message)
        self.place = place


class SizesDiffer(BadExpression):
    """Sizes that the formula joins do not fit together."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """An input, by its number from 0."""

    port: int


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function and what it works on."""

    function: str
    arguments: tuple["Part", ...]


Part: TypeAlias = Number | Name | Call


def parsed(text: str) -> Part:
    """The formula as a tree that names an input; BadExpression where it is none."""
    if len(text) > LONGEST:
        raise BadExpression(
            tr(
                "The formula has {count} letters; at most {most} are read.",
                count=len(text),
                most=LONGEST,
            )
        )
    reader = _Reader(text)
    tree = reader.sum(0)
    reader.expect_end()
    if not inputs_named(tree):
        raise BadExpression(tr("The formula names none of its inputs, such as a."))
    return tree


def inputs_named(tree: Part) -> frozenset[int]:
    """The inputs that a formula names, by their numbers from 0."""
    if isinstance(tree, Name):
        return frozenset({tree.port})
    if isinstance(tree, Call):
        return frozenset().union(*(inputs_named(part) for part in tree.arguments))
    return frozenset()


def shape_of(tree: Part, inputs: tuple[Shape, ...]) -> Shape:
    """The shape of the result; () for a plain number. BadExpression where sizes do not fit.

    Sizes of 1 are stretched to the size of the other side, as in every array language.
    """
    if isinstance(tree, Number):
        return ()
    if isinstance(tree, Name):
        return inputs[tree.port]
    shapes = [shape_of(part, inputs) for part in tree.arguments]
    if tree.function in REDUCING:
        return (*shapes[0][:-1], 1) if shapes[0] else ()
    found: Shape = ()
    for shape in shapes:
        found = _stretched(found, shape)
    return found


def _stretched(first: Shape, second: Shape) -> Shape:
    if not first or not second:
        return first or second
    fits = len(first) == len(second) and all(
        a == b or 1 in (a, b) for a, b in zip(first, second, strict=True)
    )
    if not fits:
        raise SizesDiffer(
            tr(
                "The formula joins {first} and {second}, which do not fit together.",
                first=show(first),
                second=show(second),
            )
        )
    return tuple(max(a, b) for a, b in zip(first, second, strict=True))


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    place: int
    kind: str


class _Reader:
    """Walks the pieces of a formula once, from left to right."""

    def __init__(self, text: str) -> None:
        self._pieces = _pieces(text)
        self._next = 0

    def sum(self, depth: int) -> Part:
        tree = self._product(depth)
        while (sign := self._take("+-")) is not None:
            tree = _joined(sign, _OPERATORS[sign.text], tree, self._product(depth))
        return tree

    def expect_end(self) -> None:
        piece = self._peek()
        if piece is not None:
            raise BadExpression(tr("{piece} is not expected here.", piece=piece.text), piece.place)

    def _product(self, depth: int) -> Part:
        tree = self._sign(depth)
        while (sign := self._take("*/")) is not None:
            tree = _joined(sign, _OPERATORS[sign.text], tree, self._sign(depth))
        return tree

    def _sign(self, depth: int) -> Part:
        sign = self._take("+-")
        if sign is None:
            return self._power(depth)
        part = self._sign(self._deeper(depth, sign))
        if sign.text == "+":
            return part
        return _joined(sign, "negative", part)

    def _power(self, depth: int) -> Part:
        base = self._atom(depth)
        sign = self._take("^")
        if sign is None:
            return base
        return _joined(sign, _OPERATORS["^"], base, self._sign(self._deeper(depth, sign)))

    def _atom(self, depth: int) -> Part:
        piece = self._peek()
        if piece is None:
            raise BadExpression(tr("The formula ends where something should follow."))
        self._next += 1
        if piece.kind == "number":
            return Number(_value(piece))
        if piece.kind == "name":
            return self._named(piece, depth)
        if piece.text == "(":
            tree = self.sum(self._deeper(depth, piece))
            self._close(piece)
            return tree
        raise BadExpression(tr("{piece} is not expected here.", piece=piece.text), piece.place)

    def _named(self, piece: _Piece, depth: int) -> Part:
        opening = self._take("(")
        if opening is not None:
            return self._call(piece, depth)
        if piece.text in CONSTANTS:
            return Number(CONSTANTS[piece.text])
        if len(piece.text) == 1 and piece.text in INPUT_NAMES:
            return Name(INPUT_NAMES.index(piece.text))
        hint = tr("Write {name}(…).", name=piece.text) if piece.text in FUNCTIONS else ""
        raise BadExpression(
            tr(
                "{name} is not known. Expected an input ({inputs}), pi, a number or a function. "
                "{hint}",
                name=piece.text[:30],
                inputs=", ".join(INPUT_NAMES),
                hint=hint,
            ).strip(),
            piece.place,
        )

    def _call(self, piece: _Piece, depth: int) -> Part:
        if piece.text not in FUNCTIONS:
            raise BadExpression(_unknown_function(piece.text), piece.place)
        inner = self._deeper(depth, piece)
        arguments = [self.sum(inner)]
        while self._take(","):
            arguments.append(self.sum(inner))
        self._close(piece)
        wanted = FUNCTIONS[piece.text]
        if len(arguments) != wanted:
            raise BadExpression(
                tr(
                    "{name} takes {wanted} values, but gets {count}.",
                    name=piece.text,
                    wanted=wanted,
                    count=len(arguments),
                ),
                piece.place,
            )
        return _joined(piece, piece.text, *arguments)

    def _close(self, opened: _Piece) -> None:
        if self._take(")") is None:
            raise BadExpression(tr("A bracket is opened and never closed."), opened.place)

    def _deeper(self, depth: int, piece: _Piece) -> int:
        if depth >= DEEPEST:
            raise BadExpression(
                tr("The formula is nested deeper than {most} times.", most=DEEPEST), piece.place
            )
        return depth + 1

    def _peek(self) -> _Piece | None:
        return self._pieces[self._next] if self._next < len(self._pieces) else None

    def _take(self, texts: str) -> _Piece | None:
        piece = self._peek()
        if piece is None or piece.kind != "sign" or piece.text not in texts:
            return None
        self._next += 1
        return piece


def _unknown_function(name: str) -> str:
    """That there is none of that name, with the one that was meant or else all that there are."""
    meant = get_close_matches(name.lower()[:30], FUNCTIONS, 1)
    if meant:
        return tr(
            "{name} is no function that is known. Was {other} meant?",
            name=name[:30],
            other=meant[0],
        )
    return tr(
        "{name} is no function that is known. There are: {functions}.",
        name=name[:30],
        functions=", ".join(FUNCTIONS),
    )


def _pieces(text: str) -> list[_Piece]:
    found: list[_Piece] = []
    place = 0
    text = text.replace("**", " ^").rstrip()
    while place < len(text):
        match = _PIECES.match(text, place)
        assert match is not None, "the last kind of piece is any letter"
        kind = ("number", "name", "sign")[(match.lastindex or 1) - 1]
        found.append(
            _Piece(match[match.lastindex or 0], match.start(match.lastindex or 0) + 1, kind)
        )
        place = match.end()
    return found


def _value(piece: _Piece) -> float:
    value = float(piece.text)
    if not math.isfinite(value):
        raise BadExpression(
            tr("{number} is too large a number.", number=piece.text[:30]), piece.place
        )
    return value


def _joined(piece: _Piece, function: str, *parts: Part) -> Part:
    """The call, or the number that it is where all it works on are numbers."""
    if function == "divide" and parts[1] == Number(0.0):
        raise BadExpression(tr("The formula divides by zero."), piece.place)
    numbers = [part.value for part in parts if isinstance(part, Number)]
    if len(numbers) < len(parts):
        return Call(function, parts)
    try:
        value = float(_WORKED_OUT[function](*numbers))
    except (ValueError, ArithmeticError, TypeError):
        value = math.nan
    if not math.isfinite(value):
        raise BadExpression(
            tr("{function} of these numbers cannot be worked out.", function=function), piece.place
        )
    return Number(value)


def _clipped(value: float, low: float, high: float) -> float:
    return min(max(value, low), high)


_WORKED_OUT: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        "add": operator.add,
        "subtract": operator.sub,
        "multiply": operator.mul,
        "divide": operator.truediv,
        "power": operator.pow,
        "negative": operator.neg,
        "abs": abs,
        "exp": math.exp,
        "log": math.log,
        "log1p": math.log1p,
        "sqrt": math.sqrt,
        "square": lambda value: value * value,
        "sign": lambda value: (value > 0) - (value < 0),
        "sin": math.sin,
        "cos": math.cos,
        "tan": math.tan,
        "tanh": math.tanh,
        "sigmoid": lambda value: 0.5 * (1 + math.tanh(0.5 * value)),
        "relu": lambda value: max(value, 0.0),
        "softplus": lambda value: max(value, 0.0) + math.log1p(math.exp(-abs(value))),
        "round": round,
        "floor": math.floor,
        "ceil": math.ceil,
        "min": min,
        "max": max,
        "clip": _clipped,
        "softmax": lambda _value: 1.0,
        **dict.fromkeys((*REDUCING, "cumsum"), float),
    }
)
