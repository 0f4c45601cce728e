"""One clip, a file or a folder of pictures, as frames spread evenly over it, all of one size."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray
from PIL import Image

from studio.core.design.dataset import ColumnSummary
from studio.core.params import Values
from studio.core.problems import Problem
from studio.data.broken import Broken, broken_problems, unread_rows
from studio.data.images import resized_note, wanted_shape
from studio.data.pixels import (
    BROKEN,
    SUFFIXES,
    TooManyPixelsError,
    fitted,
    read_header,
    read_pixels,
)
from studio.data.references import INSIDE, is_hidden, members_in, open_reference, parted
from studio.data.workers import mapped

LONGEST_SIDE = 64
LARGEST_FRAME = 4096 * 2304  # of several, which a decoder keeps at once
MOST_FRAMES = 50_000
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,avi,matroska,webm,gif,mpeg,mpegts,asf,flv,ogg"
_LEAST_READ = 0.9  # of the frames that a header names
_NUMBERS = re.compile(r"(\d+)")

Frames = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """The size of a clip's first frame as it is seen, and how many there are."""

    height: int
    width: int
    frames: int
    is_grey: bool = False


def clip_facts(reference: str) -> ClipFacts:
    """What a clip is like by its first frame; one of `BROKEN` where it has none."""
    if is_folder(reference):
        frames = frames_of(reference)
        first = read_header(frames[0])
        return ClipFacts(first.height, first.width, len(frames), first.is_grey)
    with _opened(reference) as container:
        total = _total(container)
    with _opened(reference) as container:
        image = next(_images(container), None)
    if image is None:
        raise ValueError("no frame")
    return ClipFacts(image.height, image.width, total)


def read_clip(reference: str, shape: tuple[int, ...]) -> Frames:
    """A clip as bytes [frames, channels, height, width], its frames spread evenly over it.

    The first and the last are among them; a clip with fewer frames shows some of them
    again. One of `BROKEN` where it cannot be read or has no frame.
    """
    count, channels, height, width = shape
    if is_folder(reference):
        frames = frames_of(reference)
        some = (frames[i] for i in _spread(len(frames), count))
        return np.stack([read_pixels(frame, height, width, channels) for frame in some])
    with _opened(reference) as container:
        total = _total(container)
    taken, seen = _taken(reference, _spread(total, count), (height, width, channels))
    if seen < total and len(taken) < len(set(_spread(total, count))):
        # Some packets held no frame of their own: what was counted was too much.
        total = seen
        taken, seen = _taken(reference, _spread(total, count), (height, width, channels))
    if not total:
        raise ValueError("no frame")
    return np.stack([taken[i] for i in _spread(total, count)])


def is_folder(reference: str) -> bool:
    """True for a folder of frames, on the disk or in an archive."""
    return reference.endswith("/") or Path(reference).is_dir()


def frames_of(reference: str) -> list[str]:
    """The pictures in a folder by the numbers in their names; ValueError where there are none."""
    archive, member = parted(reference)
    if member:
        found = [f"{archive}{INSIDE}{name}" for name in members_in(archive, member)]
    else:
        found = [str(file) for file in Path(reference).iterdir() if not is_hidden(file.name)]
    pictures = [name for name in found if PurePosixPath(name).suffix.lower() in SUFFIXES]
    if not pictures:
        raise ValueError("no pictures")
    return sorted(pictures, key=_by_number)


def look_at_clips(
    references: Sequence[str], settings: Values
) -> tuple[ColumnSummary, tuple[Problem, ...]]:
    """The shape of a frame that clips are brought to (settings: height, width, channels)."""
    asked = [reference for reference in references if reference]
    found: list[ClipFacts] = []
    bad: list[Broken] = []
    for reference, facts in zip(asked, mapped(_facts, asked), strict=True):
        if isinstance(facts, ClipFacts):
            found.append(facts)
        else:
            bad.append(Broken(reference, is_large=isinstance(facts, TooManyPixelsError)))
    problems = broken_problems(bad, len(asked), "video", settings)
    missing = len(references) - len(found)
    if not found:
        return ColumnSummary("", "video", "input", missing), problems
    sizes = [(facts.height, facts.width) for facts in found]
    is_grey = all(facts.is_grey for facts in found)
    shape = wanted_shape(sizes, settings, is_grey=is_grey, longest=LONGEST_SIDE)
    resized = sum(size != shape[1:] for size in sizes)
    notes = (resized_note(resized, len(found), shape, "video"),) if resized else ()
    unread = unread_rows(references, bad)
    column = ColumnSummary("", "video", "input", missing, shape=shape, unread=unread)
    return column, (*problems, *notes)


def _facts(reference: str) -> ClipFacts | BaseException:
    try:
        return clip_facts(reference)
    except BROKEN as error:
        return error


def _by_number(name: str) -> list[tuple[int, int, str]]:
    """Frame 10 comes after frame 9, whether or not it is written with a zero."""
    words = _NUMBERS.split(name)
    return [(1, int(word), "") if word.isdigit() else (0, 0, word) for word in words]


def _spread(total: int, count: int) -> list[int]:
    """`count` places from the first to the last of `total`, as even as can be."""
    return [round(place) for place in np.linspace(0, max(0, total - 1), count).tolist()]


def _taken(
    reference: str, wanted: Sequence[int], size: tuple[int, int, int]
) -> tuple[dict[int, Frames], int]:
    """The wanted frames that there are, by their places; and how many were decoded."""
    taken: dict[int, Frames] = {}
    seen = 0
    with _opened(reference) as container:
        for image in _images(container):
            if seen in wanted:
                taken[seen] = fitted(image, *size)
            seen += 1
            if seen > wanted[-1]:
                break
    return taken, seen


@contextmanager
def _opened(reference: str) -> Iterator[InputContainer]:
    """A video file; ValueError where it is none, or its frames are too large."""
    with open_reference(reference) as stream:
        try:
            # A playlist or a list of files would make the library open other places.
            with av.open(stream, "r", options={"format_whitelist": CONTAINERS}) as container:
                if not container.streams.video:
                    raise ValueError("no pictures in it")
                codec = container.streams.video[0].codec_context
                if codec is None:
                    raise ValueError("in no known coding")
                if codec.width * codec.height > LARGEST_FRAME:
                    raise TooManyPixelsError(f"{codec.width} × {codec.height}")
                yield container
        except av.FFmpegError as error:
            raise ValueError(str(error)) from error


def _total(container: InputContainer) -> int:
    """How many packets of pictures there are, which is how many frames in nearly all files."""
    stream = container.streams.video[0]
    found = sum(bool(packet.size) for packet in container.demux(stream))
    if found < _LEAST_READ * stream.frames:
        raise ValueError(f"{found} of {stream.frames} frames")
    if found > MOST_FRAMES:
        raise ValueError(f"{found} frames")
    return found


def _images(container: InputContainer) -> Iterator[Image.Image]:
    """All frames as they are seen, turned as the camera was held."""
    for frame in container.decode(container.streams.video[0]):
        if frame.width * frame.height > LARGEST_FRAME:
            raise TooManyPixelsError(f"{frame.width} × {frame.height}")
        image = Image.fromarray(frame.to_ndarray(format="rgb24"))
        yield image.rotate(frame.rotation, expand=True) if frame.rotation else image
