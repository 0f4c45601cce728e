"""Samples that cannot be read: listed, counted, and left out by choice."""

from collections.abc import Sequence
from dataclasses import dataclass

from studio.core.design.dataset import ColumnKind
from studio.core.params import Values
from studio.core.problems import Place, Problem, Severity, StudioError
from studio.core.words import tr
from studio.data.pixels import MOST_PIXELS

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Broken:
    """A reference to what cannot be read; `is_large` where it is refused for its size."""

    reference: str
    is_large: bool = False


def broken_problems(
    bad: Sequence[Broken], all_of: int, kind: ColumnKind, settings: Values
) -> tuple[Problem, ...]:
    """A Problem each for broken and for too large ones.

    StudioError where all are bad, or where `skip_broken` among the settings is False.
    """
    broken = [one.reference for one in bad if not one.is_large]
    large = [one.reference for one in bad if one.is_large]
    if bad and len(bad) == all_of:
        raise StudioError(_none_left(bad[0].reference, len(bad), kind))
    problems = [_broken(broken, all_of, kind)] if broken else []
    problems += [_large(large)] if large else []
    if problems and settings.get("skip_broken") is False:
        found = problems[0]
        raise StudioError(Problem(found.message, found.hint, place=found.place, code=found.code))
    return tuple(problems)


def unread_rows(references: Sequence[str], bad: Sequence[Broken]) -> tuple[int, ...]:
    """The places of the references that are empty or cannot be read."""
    broken = {"", *(one.reference for one in bad)}
    return tuple(i for i, reference in enumerate(references) if reference in broken)


def names_of(references: Sequence[str]) -> str:
    """The first few of many references, shortened to the folder and the file."""
    some = ["/".join(r.replace("\\", "/").split("/")[-2:]) for r in references[:_NAMED]]
    return ", ".join(some) + (" …" if len(references) > len(some) else "")


def _broken(broken: Sequence[str], all_of: int, kind: ColumnKind) -> Problem:
    said = {
        "image": tr(
            "{count} of {all} {all|picture|pictures} cannot be read and {count|is|are} left out: "
            "{files}. Expected whole "
            "PNG, JPEG, BMP, TIFF, WebP or GIF files.",
            **_of(broken, all_of),
        ),
        "sound": tr(
            "{count} of {all} {all|sound|sounds} cannot be read and {count|is|are} left out: "
            "{files}. Expected whole "
            "WAV, FLAC, OGG or MP3 files.",
            **_of(broken, all_of),
        ),
        "video": tr(
            "{count} of {all} {all|clip|clips} cannot be read and {count|is|are} left out: "
            "{files}. Expected whole "
            "MP4, AVI, MOV, MKV or GIF files, or folders of pictures.",
            **_of(broken, all_of),
        ),
    }
    codes = {"image": "broken-picture", "sound": "broken-sound", "video": "broken-clip"}
    hint = tr("Replace or remove them.")
    return Problem(said[kind], hint, Severity.WARNING, Place("file", broken[0]), codes[kind])


def _large(large: Sequence[str]) -> Problem:
    return Problem(
        tr(
            "{count} {count|picture has|pictures have} more than {most} million pixels and "
            "{count|is|are} left out: {files}.",
            count=len(large),
            most=MOST_PIXELS // 10**6,
            files=names_of(large),
        ),
        tr("Make them smaller."),
        Severity.WARNING,
        Place("file", large[0]),
        "huge-picture",
    )


def _none_left(first: str, count: int, kind: ColumnKind) -> Problem:
    said = {
        "image": tr(
            "None of the {count} {count|picture|pictures} can be read, {file} among them. "
            "Expected PNG, JPEG, "
            "BMP, TIFF, WebP or GIF of at most {most} million pixels.",
            count=count,
            file=names_of([first]),
            most=MOST_PIXELS // 10**6,
        ),
        "sound": tr(
            "None of the {count} {count|sound|sounds} can be read, {file} among them. Expected "
            "WAV, FLAC, OGG "
            "or MP3.",
            count=count,
            file=names_of([first]),
        ),
        "video": tr(
            "None of the {count} {count|clip|clips} can be read, {file} among them. Expected MP4, "
            "AVI, MOV, "
            "MKV, GIF or folders of pictures.",
            count=count,
            file=names_of([first]),
        ),
    }
    hint = tr("Check the files with another program.")
    return Problem(said[kind], hint, place=Place("file", first), code="unreadable")


def _of(broken: Sequence[str], all_of: int) -> dict[str, object]:
    """What a sentence about broken files names."""
    return {"count": len(broken), "all": all_of, "files": names_of(broken)}
