"""One picture file as bytes of a wanted size: rotation, palette, alpha and 16 bits put right."""

import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from studio.data.references import open_reference
from studio.data.workers import Budget

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF", "PPM")
SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".tif", ".tiff", ".webp", ".gif"}
    | {".ppm", ".pgm", ".pbm"}
)
MOST_PIXELS = 50_000_000
# The limit is looked at here, before any pixel is read; Pillow's own only warns above 89 million.
Image.MAX_IMAGE_PIXELS = None
# What is odd about a file is said as a Problem, or does no harm.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").setLevel(logging.CRITICAL)

Change = Literal["rotated", "palette", "deep", "alpha", "print", "first"]

_GREY_MODES = frozenset({"1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N", "F"})
_ALPHA_MODES = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
_PRINT_MODES = frozenset({"CMYK", "YCbCr", "LAB", "HSV"})
_ROTATING = frozenset({"JPEG", "MPO", "TIFF", "WEBP", "PNG"})
_ORIENTATION = 274
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = (5, 6, 7, 8)
_LARGE = 4_000_000  # pixels
_STRIPE = 1_000_000
_TAIL = 4096
_ENDS = {"PNG": b"IEND", "JPEG": b"\xff\xd9", "MPO": b"\xff\xd9"}
_BYTE, _WORD = 255, 65535
# All pictures that are decoded at once take no more than the largest one that is allowed.
_AT_ONCE = Budget(MOST_PIXELS)
_FREE = nullcontext()
BROKEN = (
    OSError,
    UnidentifiedImageError,
    SyntaxError,
    ValueError,
    EOFError,
    OverflowError,
    Image.DecompressionBombError,
    ArithmeticError,
    IndexError,
    TypeError,
    KeyError,
    MemoryError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes of a picture say: size as it is seen, grey or not, what is put right."""

    height: int
    width: int
    is_grey: bool
    changes: frozenset[Change] = frozenset()


class TooManyPixelsError(ValueError):
    """A picture of more than `MOST_PIXELS`."""


def read_header(reference: str, *, is_thorough: bool = False) -> Header:
    """Size and colour without decoding; one of `BROKEN` where that cannot be had.

    A file that does not end as its format asks is decoded whole, to find out. A thorough
    look also compares the checksums of a PNG, for which all of it is read.
    """
    with _opened(reference) as (stream, image):
        changes = frozenset(_changes(image))
        width, height = image.size
        if _orientation(image) in _ON_ITS_SIDE:
            width, height = height, width
        header = Header(height, width, image.mode in _GREY_MODES, changes)
        if not _ends_well(stream, image.format or ""):
            image.seek(0)
            with _room_for(image):
                image.load()
        elif is_thorough and image.format == "PNG":
            image.verify()
    return header


def read_pixels(reference: str, height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """The picture as bytes [channels, height, width]; alpha is laid over white.

    Resized bilinearly with antialiasing, as the exported model resizes.
    """
    with _opened(reference) as (_stream, image), _room_for(image):
        turn = _TURNS.get(_orientation(image))
        if turn is None:
            return fitted(image, height, width, channels)
        # Turned when it is small: a large one would stand in memory twice.
        lying = _orientation(image) in _ON_ITS_SIDE
        size = (width, height) if lying else (height, width)
        return _bytes_of(_brought_to(image, size, channels).transpose(turn))


def read_shades(reference: str, height: int, width: int) -> NDArray[np.uint8]:
    """A mask as bytes [height, width]: the grey or the place in the palette, as it is written.

    Brought to size by taking the nearest pixel, since no class lies between two others.
    """
    with _opened(reference) as (_stream, image), _room_for(image):
        turn = _TURNS.get(_orientation(image))
        plain = image if image.mode in ("P", "L") else _as_shades(image)
        plain = plain if turn is None else plain.transpose(turn)
        if plain.size != (width, height):
            plain = plain.resize((width, height), Image.Resampling.NEAREST)
        return np.array(plain, np.uint8)


def _as_shades(image: Image.Image) -> Image.Image:
    """Small numbers in 16 bits stay what they are; colours become their grey."""
    if _is_deep(image):
        values = np.asarray(image)
        if float(np.fmax.reduce(values, axis=None, initial=0)) <= _BYTE:
            return Image.fromarray(values.astype(np.uint8))
        return _eight_bits(image)
    return image.convert("L")


def fitted(image: Image.Image, height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """An opened picture as bytes [channels, height, width]."""
    return _bytes_of(_brought_to(image, (height, width), channels))


def _room_for(image: Image.Image) -> AbstractContextManager[None]:
    pixels = image.width * image.height
    return _AT_ONCE.of(pixels) if pixels > _STRIPE else _FREE


def _bytes_of(plain: Image.Image) -> NDArray[np.uint8]:
    pixels = np.asarray(plain, np.uint8)
    return pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, 2, 0)  # noqa: PLR2004


def _brought_to(image: Image.Image, size: tuple[int, int], channels: int) -> Image.Image:
    """Grey or RGB of a height and width."""
    mode, (height, width) = "L" if channels == 1 else "RGB", size
    if _is_deep(image):
        image = _eight_bits(image)
    if image.width * image.height > _LARGE and image.width != width:
        image = _narrowed(image, width, mode)
    plain = _flat(image, mode)
    if plain.size == (width, height):
        return plain
    return plain.resize((width, height), Image.Resampling.BILINEAR)


def _narrowed(image: Image.Image, width: int, mode: str) -> Image.Image:
    """A large picture at its new width, stripe by stripe so that it stands in memory once.

    The same to the bit as all at once, because resizing goes along the rows first.
    """
    result = Image.new(mode, (width, image.height))
    rows = max(1, _STRIPE // image.width)
    for top in range(0, image.height, rows):
        bottom = min(top + rows, image.height)
        stripe = _flat(image.crop((0, top, image.width, bottom)), mode)
        narrow = stripe.resize((width, bottom - top), Image.Resampling.BILINEAR)
        result.paste(narrow, (0, top))
    return result


@contextmanager
def _opened(reference: str) -> Iterator[tuple[BinaryIO, Image.Image]]:
    with open_reference(reference) as stream, Image.open(stream, formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise TooManyPixelsError(f"{image.width} × {image.height}")
        yield stream, image


def _changes(image: Image.Image) -> Iterator[Change]:
    """Everything that is more than 8 bits of grey or of red, green and blue."""
    if _orientation(image) in _TURNS:
        yield "rotated"
    if image.mode in ("P", "PA"):
        yield "palette"
    if _is_deep(image):
        yield "deep"
    if _has_alpha(image):
        yield "alpha"
    if image.mode in _PRINT_MODES:
        yield "print"
    if getattr(image, "is_animated", False):
        yield "first"


def _orientation(image: Image.Image) -> int:
    # Asked for what it does not say in front of the pixels, a PNG decodes them all.
    is_silent = image.format not in _ROTATING or (
        image.format == "PNG" and "exif" not in image.info
    )
    return 1 if is_silent else int(image.getexif().get(_ORIENTATION, 1))


def _is_deep(image: Image.Image) -> bool:
    return image.mode in ("I", "F") or image.mode.startswith("I;16")


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in _ALPHA_MODES or "transparency" in image.info


def _ends_well(stream: BinaryIO, kind: str) -> bool:
    end = _ENDS.get(kind)
    if end is None:
        return False
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _TAIL))
    return end in stream.read()


def _flat(image: Image.Image, mode: str) -> Image.Image:
    """Of a picture with eight bits a channel, without palette and alpha."""
    if _has_alpha(image):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image if image.mode == mode else image.convert(mode)


def _eight_bits(image: Image.Image) -> Image.Image:
    """16 bits lose their lower half; floats from 0 to 1 are stretched to 255.

    More than 16 bits are scaled so that the brightest pixel is white.
    """
    values = np.asarray(image)
    highest = float(np.fmax.reduce(values, axis=None, initial=0))
    scale = 1.0
    if image.mode == "F" and highest <= 1.0:
        scale = _BYTE
    elif highest > _WORD:
        scale = _BYTE / highest
    elif highest > _BYTE or image.mode.startswith("I;16"):
        scale = _BYTE / _WORD
    result = np.empty(values.shape, np.uint8)
    rows = max(1, _STRIPE // image.width)
    for top in range(0, len(values), rows):
        stripe = np.nan_to_num(values[top : top + rows].astype(np.float64)) * scale
        result[top : top + rows] = np.clip(np.rint(stripe), 0, _BYTE)
    return Image.fromarray(result)
