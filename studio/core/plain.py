"""Plain JSON values to frozen dataclasses and back, strictly: nothing unknown is let through."""

import json
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from studio.core.problems import StudioError, refuse
from studio.core.words import tr

T = TypeVar("T")

DEEPEST = 64
LARGEST_FILE = 64 * 1024 * 1024
LONGEST_TEXT = 16_000_000  # a tokenizer of 60,000 tokens is a few millions


def parse(data: bytes, what: str) -> object:
    """The JSON value in `data`; StudioError for anything that is not strict JSON.

    Refused beyond the grammar: two keys of one name, NaN and infinity, numbers of
    thousands of digits, more than 64 levels, more than 64 MiB.
    """
    if len(data) > LARGEST_FILE:
        raise _refused(what, tr("it is larger than {megabytes} MB", megabytes=LARGEST_FILE >> 20))
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant
        )
    except RecursionError:
        raise _refused(what, tr("it is nested too deeply")) from None
    except ValueError as reason:
        raise _refused(what, _in_words(reason)) from None
    if _depth(value) > DEEPEST:
        raise _refused(what, tr("it is nested too deeply"))
    if b"\\ud" in data.lower() and not _is_text(value):
        raise _refused(what, tr("it holds half of a character"))
    return value


def _in_words(reason: ValueError) -> str:
    if isinstance(reason, UnicodeDecodeError):
        return tr("it is not text")
    if isinstance(reason, json.JSONDecodeError):
        if not reason.doc.strip():
            return tr("there is nothing in it")
        if reason.pos >= len(reason.doc.rstrip()) or reason.msg.startswith("Unterminated"):
            return tr("it breaks off in line {line}", line=reason.lineno)
        return tr("line {line} is not as it was written", line=reason.lineno)
    return str(reason)[:200]


def dump(value: object) -> bytes:
    """Readable JSON, one line for each small thing, the same bytes for the same value."""
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def to_plain(value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Dataclasses to objects, tuples to lists, mappings to objects."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [to_plain(part) for part in value]
    return value.value if isinstance(value, StrEnum) else value


def from_plain(kind: type[T], data: object, where: str) -> T:
    """A value of that type out of plain JSON, or StudioError that names the place.

    `where` is what is read, in words ("the training settings").
    """
    return typing.cast("T", _read(kind, data, where))


def text_of(data: object, where: str) -> str:
    """The data where they are text of reasonable length."""
    if not isinstance(data, str) or len(data) > LONGEST_TEXT:
        raise _wrong(where, tr("text"), data)
    return data


def object_of(
    data: object, where: str, keys: frozenset[str], optional: frozenset[str] = frozenset()
) -> dict[str, object]:
    """The data where they are an object with all of `keys`, and of others only `optional`."""
    if not isinstance(data, dict):
        raise _wrong(where, tr("an object"), data)
    unknown = sorted(set(data) - keys - optional)
    if unknown:
        raise refuse(
            tr("{where} has an unknown key, {key}.", where=where, key=unknown[0][:60]),
            tr("Remove it, or open the file with a newer version of Studio."),
            code="unknown-key",
        )
    missing = sorted(keys - set(data))
    if missing:
        raise refuse(
            tr("{where} lacks the key {key}.", where=where, key=missing[0]),
            tr("Restore the file from a copy."),
            code="missing-key",
        )
    return data


def list_of(data: object, where: str) -> list[object]:
    """The data where they are a list."""
    if not isinstance(data, list):
        raise _wrong(where, tr("a list"), data)
    return data


def _read(kind: Any, data: object, where: str) -> object:  # noqa: ANN401 - types are values here
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _read_dataclass(typing.cast("type", kind), data, where)
    if origin in (Union, types.UnionType):
        return _read_union(get_args(kind), data, where)
    if origin is tuple:
        return _read_tuple(get_args(kind), data, where)
    if origin is Literal:
        if data not in get_args(kind) or isinstance(data, bool):
            raise _wrong(where, ", ".join(map(str, get_args(kind))), data)
        return data
    if origin is not None and issubclass(origin, Mapping):
        return _read_mapping(get_args(kind)[1], data, where)
    return _read_scalar(kind, data, where)


def _read_dataclass(kind: type, data: object, where: str) -> object:
    needed, optional = _keys(kind)
    given = object_of(data, where, needed, optional)
    hints = _hints(kind)
    return kind(**{key: _read(hints[key], part, f"{where}, {key}") for key, part in given.items()})


def _read_union(kinds: tuple[Any, ...], data: object, where: str) -> object:
    if data is None and type(None) in kinds:
        return None
    for kind in kinds:
        if kind is type(None):
            continue
        try:
            return _read(kind, data, where)
        except StudioError as error:
            last = error
    raise last


def _read_tuple(kinds: tuple[Any, ...], data: object, where: str) -> object:
    parts = list_of(data, where)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kind = kinds[0]
        if kind in (int, float, str):  # a summary holds thousands of these
            return tuple(_read_scalar(kind, part, where) for part in parts)
        return tuple(_read(kind, part, f"{where} {n}") for n, part in enumerate(parts, 1))
    if len(parts) != len(kinds):
        raise _wrong(where, tr("a list of {count}", count=len(kinds)), data)
    return tuple(_read(kind, part, where) for kind, part in zip(kinds, parts, strict=True))


def _read_mapping(kind: Any, data: object, where: str) -> object:  # noqa: ANN401 - as in _read
    if not isinstance(data, dict):
        raise _wrong(where, tr("an object"), data)
    return {key: _read(kind, part, f"{where}, {key[:60]}") for key, part in data.items()}


def _read_scalar(kind: Any, data: object, where: str) -> object:  # noqa: ANN401 - as in _read
    if kind is object:
        return data
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if data not in tuple(kind):
            raise _wrong(where, ", ".join(kind), data)
        return kind(str(data))
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data) if abs(data) < 2**1000 else math.nan
    if type(data) is not kind or (isinstance(data, float) and not math.isfinite(data)):
        raise _wrong(where, _NAMES.get(kind, str(kind)), data)
    return data


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@cache
def _keys(kind: type) -> tuple[frozenset[str], frozenset[str]]:
    needed = {f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING}
    return frozenset(needed), frozenset(f.name for f in fields(kind)) - needed


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(tr("a key stands twice in one object"))
    return found


def _constant(name: str) -> object:
    raise ValueError(tr("{name} is not a number", name=name))


def _depth(value: object) -> int:
    deepest, level = 0, [value]
    while level and deepest <= DEEPEST:
        deepest += 1
        level = [part for item in level for part in _parts(item)]
    return deepest


def _is_text(value: object) -> bool:
    """False where a text holds a lone surrogate, which no file or terminal can be given."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _parts(value: object) -> list[object]:
    if isinstance(value, dict):
        return [part for part in value.values() if isinstance(part, dict | list)]
    return [p for p in value if isinstance(p, dict | list)] if isinstance(value, list) else []


def _wrong(where: str, expected: str, given: object) -> StudioError:
    shown = str(given)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return refuse(
        tr(
            "{where} should be {expected}, but is {given}.",
            where=where,
            expected=expected,
            given=shown,
        ),
        tr("Correct it in the file, or restore the file from a copy."),
        code="wrong-value",
    )


def _refused(what: str, why: str) -> StudioError:
    return refuse(
        tr("{what} cannot be read: {why}.", what=what, why=why),
        tr("Restore it from a copy."),
        code="not-json",
    )


_NAMES = {int: "a whole number", float: "a number", str: "text", bool: "yes or no"}
