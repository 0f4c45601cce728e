"""One picture file as bytes of a wanted size: rotation, palette, alpha and 16 bits put right."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from studio.data.references import open_reference

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP", "GIF")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp", ".gif"})
MOST_PIXELS = 50_000_000
# The limit is looked at here, before any pixel is read; Pillow's own only warns above 89 million.
Image.MAX_IMAGE_PIXELS = None
# What is odd about a file is said as a Problem, or does no harm.
warnings.filterwarnings("ignore", module=r"PIL\.")

Change = Literal["rotated", "palette", "deep", "alpha", "print", "first"]

_GREY_MODES = frozenset({"1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N", "F"})
_ALPHA_MODES = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
_PRINT_MODES = frozenset({"CMYK", "YCbCr", "LAB", "HSV"})
_ROTATING = frozenset({"JPEG", "MPO", "TIFF", "WEBP", "PNG"})
_ORIENTATION = 274
_TURNED = (2, 3, 4, 5, 6, 7, 8)
_ON_ITS_SIDE = (5, 6, 7, 8)
_TAIL = 4096
_ENDS = {"PNG": b"IEND", "JPEG": b"\xff\xd9", "MPO": b"\xff\xd9"}
_BYTE, _WORD = 255, 65535
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


def read_header(reference: str) -> Header:
    """Size and colour without decoding; one of `BROKEN` where that cannot be had.

    A file that does not end as its format asks is decoded whole, to find out.
    """
    with _opened(reference) as (stream, image):
        changes = frozenset(_changes(image))
        width, height = image.size
        if _orientation(image) in _ON_ITS_SIDE:
            width, height = height, width
        header = Header(height, width, image.mode in _GREY_MODES, changes)
        if not _ends_well(stream, image.format or ""):
            image.seek(0)
            image.load()
    return header


def read_pixels(reference: str, height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """The picture as bytes [channels, height, width]; alpha is laid over white.

    Resized bilinearly with antialiasing, as the exported model resizes.
    """
    with _opened(reference) as (_stream, image):
        is_turned = _orientation(image) in _TURNED
        seen = ImageOps.exif_transpose(image) if is_turned else image
        return fitted(seen, height, width, channels)


def fitted(image: Image.Image, height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """An opened picture as bytes [channels, height, width]."""
    plain = _flat(image, "L" if channels == 1 else "RGB")
    if plain.size != (width, height):
        plain = plain.resize((width, height), Image.Resampling.BILINEAR)
    pixels = np.asarray(plain, np.uint8)
    return pixels[None] if channels == 1 else np.moveaxis(pixels, 2, 0)


@contextmanager
def _opened(reference: str) -> Iterator[tuple[BinaryIO, Image.Image]]:
    with open_reference(reference) as stream, Image.open(stream, formats=FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise TooManyPixelsError(f"{image.width} × {image.height}")
        yield stream, image


def _changes(image: Image.Image) -> Iterator[Change]:
    """Everything that is more than 8 bits of grey or of red, green and blue."""
    if _orientation(image) in _TURNED:
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
    """Eight bits a channel, without palette and alpha."""
    if _is_deep(image):
        image = _eight_bits(image)
    if _has_alpha(image):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image if image.mode == mode else image.convert(mode)


def _eight_bits(image: Image.Image) -> Image.Image:
    """16 bits lose their lower half; floats from 0 to 1 are stretched to 255.

    More than 16 bits are scaled so that the brightest pixel is white.
    """
    values = np.nan_to_num(np.asarray(image, np.float64))
    highest = values.max(initial=0.0)
    if image.mode == "F" and highest <= 1.0:
        values = values * _BYTE
    elif highest > _WORD:
        values = values * (_BYTE / highest)
    elif highest > _BYTE or image.mode.startswith("I;16"):
        values = values / (_WORD / _BYTE)
    return Image.fromarray(np.clip(np.rint(values), 0, _BYTE).astype(np.uint8))
