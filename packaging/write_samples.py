"""Writes resources/samples: the built-in data as files that people can open, copy and change.

    python packaging/write_samples.py [FOLDER]

The same files come out every time, to the byte, on every machine with the same versions.
"""

import sys
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import soundfile
from PIL import Image

from studio.core.design.storage import write_atomically
from studio.data.material import Material
from studio.data.samples import sample_material

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "samples"
SOUNDS_EACH, PICTURES_EACH, CLIPS_EACH = 12, 40, 8
MELODIES, SCENES, PARTS = 200, 150, 240
LONG_AGO = (1980, 1, 1, 0, 0, 0)
TABLES = {
    "machines.csv": "factory",
    "houses.csv": "houses",
    "reviews.csv": "reviews",
    "english-german.tsv": "phrases",
    "demand.csv": "demand",
    "pump.csv": "machine",
    "ratings.csv": "ratings",
    "line.csv": "line",
    "hundred.csv": "hundred",
}
Members = Iterator[tuple[str, bytes]]


def table(key: str, name: str) -> bytes:
    """The rows of a built-in table as CSV or TSV."""
    mark = "\t" if name.endswith(".tsv") else ","
    frame = sample_material(key).frame
    for column in frame.select_dtypes("float"):
        if frame[column].dropna().mod(1).eq(0).all():
            frame = frame.assign(**{str(column): frame[column].astype("Int64")})
    return frame.to_csv(index=False, sep=mark, lineterminator="\n").encode("utf-8")


def sounds() -> Members:
    """Vowels as WAV of 16 bits, in a folder for each."""
    material = sample_material("sounds")
    for name, row in _some(material.frame["class"], SOUNDS_EACH):
        stream = BytesIO()
        samples = material.blocks["sound"][row]
        soundfile.write(stream, samples, material.rates["sound"], format="WAV", subtype="PCM_16")
        yield f"{name}.wav", stream.getvalue()


def pictures() -> Members:
    """Shapes as PNG, in a folder for each."""
    material = sample_material("shapes")
    for name, row in _some(material.frame["class"], PICTURES_EACH):
        yield f"{name}.png", _png(material.blocks["picture"][row, 0])


def clips() -> Members:
    """Moving spots as folders of frames, in a folder for each way."""
    material = sample_material("clips")
    for name, row in _some(material.frame["class"], CLIPS_EACH):
        for place, frame in enumerate(material.blocks["clip"][row]):
            yield f"{name}/{place:02d}.png", _png(frame[0])


def melodies() -> Members:
    """Melodies as FLAC, and a table of what each is called."""
    material = sample_material("melodies")
    names = [f"sounds/melody-{row:03d}.flac" for row in range(1, MELODIES + 1)]
    yield "melodies.csv", _listed(material, sound=names)
    for row, name in enumerate(names):
        stream = BytesIO()
        samples = material.blocks["sound"][row]
        soundfile.write(stream, samples, material.rates["sound"], format="FLAC", subtype="PCM_16")
        yield name, stream.getvalue()


def scenes() -> Members:
    """Stains and cracks, and beside each picture its mask of the same name."""
    material = sample_material("blots")
    for folder, column in (("images", "picture"), ("masks", "mask")):
        for row in range(SCENES):
            yield f"{folder}/{row + 1:03d}.png", _png(material.blocks[column][row, 0])


def parts() -> Members:
    """Pictures of parts, and a table with their readings."""
    material = sample_material("parts")
    names = [f"pictures/part-{row:03d}.png" for row in range(1, PARTS + 1)]
    yield "parts.csv", _listed(material, picture=names)
    for row, name in enumerate(names):
        yield name, _png(material.blocks["picture"][row, 0])


ARCHIVES: dict[str, Callable[[], Members]] = {
    "vowels.zip": sounds,
    "shapes.zip": pictures,
    "moving-spots.zip": clips,
    "melodies.zip": melodies,
    "stains.zip": scenes,
    "parts.zip": parts,
}


def _listed(material: Material, **names: list[str]) -> bytes:
    """The first rows as CSV, with the names of files in place of what lies in memory."""
    count = len(next(iter(names.values())))
    frame = material.frame.iloc[:count].assign(**names)
    return frame.to_csv(index=False, lineterminator="\n").encode("utf-8")


def _some(classes: "pd.Series[str]", each: int) -> Iterator[tuple[str, int]]:
    """The first rows of each class, and what their file is called."""
    for label in sorted(set(classes)):
        for number, row in enumerate(np.flatnonzero(classes == label)[:each], 1):
            yield f"{label}/{label}-{number:02d}", int(row)


def _png(pixels: "np.ndarray[tuple[int, int], np.dtype[np.uint8]]") -> bytes:
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def archive(members: Members) -> bytes:
    """A zip archive whose bytes depend on its members alone."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for name, data in members:
            packed.writestr(zipfile.ZipInfo(name, LONG_AGO), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def files() -> Iterator[tuple[str, bytes]]:
    """Every file with its bytes."""
    for name, key in TABLES.items():
        yield name, table(key, name)
    for name, members in ARCHIVES.items():
        yield name, archive(members())


def main() -> None:
    """Writes all of them."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files():
        write_atomically(folder / name, data)


if __name__ == "__main__":
    main()
