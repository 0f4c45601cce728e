"""A film of the screen: pointer and words are drawn into it, then it is written in two forms."""

import io
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image, ImageDraw, ImageFont, ImageGrab

PICTURES_A_SECOND = 8
SPEED = 1.5  # how much faster it is shown than it was
SMALL = (960, 600)
SMALL_A_SECOND = 5
MOST_BYTES = 3_000_000
QUALITIES = (70, 60, 50, 40, 30, 20)
FONT = Path(__file__).resolve().parents[2] / "resources" / "fonts" / "Inter-SemiBold.otf"
INK, PAPER, ACCENT = (255, 255, 255), (29, 35, 48), (59, 91, 219)
ARROW = ((0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12))
WORDS_FOR = 1.2  # seconds that pressed keys stay in sight


class Film:
    """Grabs the screen on a thread of its own between `start` and `stop`."""

    def __init__(self, display: str, environment: Mapping[str, str], path: Path) -> None:
        self._display, self._environment, self._path = display, environment, path
        self._is_over = threading.Event()
        self._words = ""
        self.has_pointer = True
        self._keys: list[tuple[float, str]] = []
        self._thread = threading.Thread(target=self._grab, name="film")
        self._font = ImageFont.truetype(str(FONT), 20)

    def say(self, words: str) -> None:
        """What is being done, at the foot of the picture from now on."""
        self._words, self._keys = words, []

    def tell_key(self, key: str) -> None:
        """A key was pressed, or something typed."""
        self._keys.append((time.monotonic(), _key_words(key)))

    def start(self) -> None:
        """From now on."""
        self._thread.start()

    def stop(self) -> None:
        """Until now; the film is whole when this returns."""
        self._is_over.set()
        self._thread.join()

    def _grab(self) -> None:
        with av.open(str(self._path), "w") as out:
            stream = out.add_stream("libx264", rate=PICTURES_A_SECOND)
            stream.width, stream.height, stream.pix_fmt = 1440, 900, "yuv420p"
            stream.options = {"preset": "ultrafast", "crf": "16"}
            begun = time.monotonic()
            last = -1
            while not self._is_over.is_set():
                number = int((time.monotonic() - begun) * PICTURES_A_SECOND)
                if number > last:
                    frame = av.VideoFrame.from_image(self._picture())
                    frame.pts, frame.time_base = number, Fraction(1, PICTURES_A_SECOND)
                    out.mux(stream.encode(frame))
                    last = number
                self._is_over.wait(0.01)
            out.mux(stream.encode(None))

    def _picture(self) -> Image.Image:
        picture = ImageGrab.grab(xdisplay=self._display).convert("RGB")
        draw = ImageDraw.Draw(picture)
        if self.has_pointer:
            at = self._pointer()
            draw.polygon([(at[0] + x, at[1] + y) for x, y in ARROW], PAPER, INK)
        now = time.monotonic()
        keys = [word for when, word in self._keys if now - when < WORDS_FOR]
        self._write(draw, [word for word in (self._words, *keys[-4:]) if word])
        return picture

    def _write(self, draw: ImageDraw.ImageDraw, words: list[str]) -> None:
        """The words in pills, in the middle of the foot."""
        wide = [draw.textlength(word, self._font) + 28 for word in words]
        left, top = (1440 - sum(wide) - 8 * (len(wide) - 1)) / 2, 850
        for number, (word, width) in enumerate(zip(words, wide, strict=True)):
            fill = PAPER if number == 0 and self._words else ACCENT
            draw.rounded_rectangle((left, top, left + width, top + 40), 10, fill)
            draw.text((left + width / 2, top + 20), word, INK, self._font, "mm")
            left += width + 8

    def _pointer(self) -> tuple[int, int]:
        said = subprocess.run(
            ("xdotool", "getmouselocation"), env=self._environment, capture_output=True, check=True
        ).stdout.split()
        x, y = (int(part.split(b":")[1]) for part in said[:2])
        return x, y


def write_short(source: Path, target: Path) -> None:
    """The film again, `SPEED` times as fast and well packed."""
    rate = round(PICTURES_A_SECOND * SPEED)
    with av.open(str(source)) as film, av.open(str(target), "w") as out:
        stream = out.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 1440, 900, "yuv420p"
        stream.options = {"preset": "slow", "crf": "24", "movflags": "+faststart"}
        for number, frame in _numbered(film):
            frame.pts, frame.time_base = number, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


def write_moving_picture(source: Path, target: Path) -> int:
    """The film as an animated WebP of at most `MOST_BYTES`; gives how many it has."""
    pictures, lengths = _thinned(source)
    for quality in QUALITIES:
        kept = io.BytesIO()
        pictures[0].save(
            kept,
            "WEBP",
            save_all=True,
            append_images=pictures[1:],
            duration=lengths,
            loop=0,
            quality=quality,
            method=4,
            minimize_size=False,
            kmax=60,
        )
        if kept.tell() <= MOST_BYTES:
            break
    target.write_bytes(kept.getvalue())
    return kept.tell()


def _thinned(source: Path) -> tuple[list[Image.Image], list[int]]:
    """Small pictures without those that are as the one before, and how long each is shown."""
    pictures: list[Image.Image] = []
    lengths: list[int] = []
    for picture in _every(source, round(PICTURES_A_SECOND * SPEED / SMALL_A_SECOND)):
        small = picture.resize(SMALL, Image.Resampling.LANCZOS)
        if pictures and pictures[-1].tobytes() == small.tobytes():
            lengths[-1] += 1000 // SMALL_A_SECOND
        else:
            pictures.append(small)
            lengths.append(1000 // SMALL_A_SECOND)
    lengths[-1] = 3000
    return pictures, lengths


def _every(source: Path, step: int) -> Iterator[Image.Image]:
    """One picture for each `step`, also where the machine was too busy to take one."""
    due = 0
    with av.open(str(source)) as film:
        for number, frame in _numbered(film):
            while number >= due:
                yield frame.to_image()
                due += step


def _numbered(film: "av.container.InputContainer") -> Iterator[tuple[int, av.VideoFrame]]:
    """The frames with their place in time, counted in pictures."""
    for frame in film.decode(video=0):
        assert frame.pts is not None
        yield round(frame.pts * frame.time_base * PICTURES_A_SECOND), frame


def _key_words(key: str) -> str:
    names = {"Return": "Enter", "ctrl": "Ctrl", "shift": "Shift", "alt": "Alt"}
    if len(key) == 1 or "+" not in key:
        return names.get(key, key)
    return "+".join(
        names.get(part, part.upper() if len(part) == 1 else part) for part in key.split("+")
    )
