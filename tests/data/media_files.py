"""Small files of every kind for tests: pictures, sounds, clips, IDX, archives."""

import struct
import zipfile
import zlib

import av
import numpy as np
import soundfile
from PIL import Image


def picture(path, colour, size=(10, 8), mode="RGB", **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, colour).save(path, **options)
    return path


def bomb(path, side=90_000):
    """A PNG of a hundred bytes that claims to be `side` pixels high and wide."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", b""), (b"IEND", b"")]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts))
    return path


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def sound(path, samples, rate=16_000, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate, **options)
    return path


def sine(frequency, seconds=1.0, rate=16_000, size=0.5):
    times = np.arange(round(seconds * rate)) / rate
    return (size * np.sin(2 * np.pi * frequency * times)).astype(np.float32)


def clip(path, shades=range(0, 200, 10), codec="mpeg4", pixels="yuv420p", size=(64, 48)):
    """A video whose frames are grey, one for each of `shades`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height = size
        stream.pix_fmt = pixels
        for shade in shades:
            frame = np.full((size[1], size[0], 3), shade, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return path


def archive(path, folder, before=""):
    """A zip of everything below a folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(f for f in folder.rglob("*") if f.is_file()):
            packed.write(file, before + file.relative_to(folder).as_posix())
    return path


def idx(array):
    return (
        bytes((0, 0, 8, array.ndim))
        + struct.pack(f">{array.ndim}I", *array.shape)
        + array.astype(np.uint8).tobytes()
    )
