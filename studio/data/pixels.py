"""One picture file as bytes of a wanted size: rotation, palette, alpha and 16 bits put right."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "WEBP")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"})
MOST_PIXELS = 50_000_000
# The limit is looked at here, before any pixel is read; Pillow's own only warns above 89 million.
Image.MAX_IMAGE_PIXELS = None

_GREY_MODES = frozenset({"1", "L", "LA", "La", "I", "I;16", "I;16B", "I;16L", "I;16N", "F"})
_ALPHA_MODES = frozenset({"RGBA", "LA", "PA", "La", "RGBa"})
_ROTATING = frozenset({"JPEG", "MPO", "TIFF", "WEBP"})
_ORIENTATION = 274
_TAIL = 4096
_ENDS = {"PNG": b"IEND", "JPEG": b"\xff\xd9", "MPO": b"\xff\xd9"}
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
)


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes of a picture say: size as it is seen, and whether it is grey."""

    height: int
    width: int
    is_grey: bool


class TooManyPixelsError(ValueError):
    """A picture of more than `MOST_PIXELS`."""


def read_header(path: Path) -> Header:
    """Size and colour without decoding; one of `BROKEN` where that cannot be had.

    A file that does not end as its format asks is decoded whole, to find out.
    """
    with Image.open(path, formats=FORMATS) as image:
        _check_size(image)
        width, height = image.size
        if image.format in _ROTATING and image.getexif().get(_ORIENTATION, 1) in (5, 6, 7, 8):
            width, height = height, width
        header = Header(height, width, image.mode in _GREY_MODES)
        if not _ends_well(path, image.format or ""):
            image.load()
    return header


def read_pixels(path: Path, height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """The picture as bytes [channels, height, width]; alpha is laid over white."""
    with Image.open(path, formats=FORMATS) as image:
        _check_size(image)
        seen = ImageOps.exif_transpose(image)
        plain = _flat(seen, "L" if channels == 1 else "RGB")
    if plain.size != (width, height):
        plain = plain.resize((width, height), Image.Resampling.BILINEAR)
    pixels = np.asarray(plain, np.uint8)
    return pixels[None] if channels == 1 else np.moveaxis(pixels, 2, 0)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise TooManyPixelsError(f"{image.width} × {image.height}")


def _ends_well(path: Path, kind: str) -> bool:
    end = _ENDS.get(kind)
    if end is None:
        return False
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL))
        return end in stream.read()


def _flat(image: Image.Image, mode: str) -> Image.Image:
    """Eight bits a channel, without palette and alpha."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = _eight_bits(image)
    if image.mode in _ALPHA_MODES or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image if image.mode == mode else image.convert(mode)


def _eight_bits(image: Image.Image) -> Image.Image:
    """16 bits lose their lower half; floats from 0 to 1 are stretched to 255."""
    values = np.asarray(image, np.float64)
    values = np.nan_to_num(values)
    highest = values.max(initial=0.0)
    if image.mode == "F" and highest <= 1.0:
        values = values * 255
    elif highest > 255 or image.mode.startswith("I;16"):
        values = values / 257
    return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8))
