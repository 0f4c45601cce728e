"""A screen of its own, the program on it, and a person's eyes, mouse and keyboard.

Everything that is done goes through X as from real devices; the eyes only look.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 1440, 900
HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WINDOW = HERE / "story_window.py"
PATIENCE = 60.0  # seconds
LOOK_AGAIN = 0.06
STEPS_A_SECOND, SLOWEST, FASTEST = 60, 0.6, 0.22
PIXELS_A_SECOND = 1500.0
BETWEEN_LETTERS, AFTER_KEY = 0.08, 0.25  # seconds
SCROLLED_BY = ("sleep", "0.12", "click", "5")
OPENBOX = """<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc"><applications>
<application class="*" type="normal"><decor>no</decor><maximized>yes</maximized></application>
</applications></openbox_config>
"""


class Screen:
    """Xvfb with a window manager, and the program in a home of its own."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._started: list[subprocess.Popen[bytes]] = []
        self.name = self._new_display()
        self.environment = {
            **os.environ,
            "DISPLAY": self.name,
            "QT_QPA_PLATFORM": "xcb",
            "QT_ACCESSIBILITY": "0",
            "STUDIO_HOME": str(home / "studio"),
            "HOME": str(home),
            "OMP_NUM_THREADS": "1",
            **{
                f"XDG_{kind}_HOME": str(home / kind.lower())
                for kind in ("CONFIG", "DATA", "CACHE", "STATE")
            },
        }
        settings = home / "openbox.xml"
        settings.write_text(OPENBOX, "utf-8")
        self._start("openbox", "--config-file", str(settings))

    def open_program(self, *paths: str) -> "Eyes":
        """Starts the program; the eyes see it once its window is there."""
        ours, theirs = socket.socketpair()
        self.program = self._start(
            *(sys.executable, str(WINDOW), str(theirs.fileno()), *paths),
            pass_fds=(theirs.fileno(),),
            cwd=ROOT,
        )
        theirs.close()
        eyes = Eyes(ours)
        eyes.until(lambda: eyes.ask("state"), "the window")
        return eyes

    def close(self) -> None:
        """Ends what was started here, the last first."""
        for process in reversed(self._started):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _new_display(self) -> str:
        """A display that nobody uses: Xvfb picks its number and tells it."""
        reading, writing = os.pipe()
        subprocess_options = ("-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp")
        self.environment = dict(os.environ)
        self._start(*("Xvfb", "-displayfd", str(writing), *subprocess_options), pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as answer:
            return f":{answer.readline().strip()}"

    def _start(self, *words: str, **options: Any) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(words, env=self.environment, **options)
        self._started.append(process)
        return process


class Eyes:
    """What can be seen on the screen."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._answers = line.makefile("r")

    def ask(self, *question: str) -> Any:
        """One look."""
        self._line.sendall(json.dumps(question).encode() + b"\n")
        answer = self._answers.readline()
        if not answer:
            raise RuntimeError("The program has ended.")
        return json.loads(answer)

    @property
    def state(self) -> dict[str, Any]:
        """What can be read in the window."""
        return self.ask("state")

    def until(self, holds: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
        """What it gives as soon as it gives something; TimeoutError where it does not."""
        end = time.monotonic() + seconds
        while not (found := holds()):
            if time.monotonic() > end:
                raise TimeoutError(what)
            time.sleep(LOOK_AGAIN)
        return found

    def find(self, *question: str) -> tuple[int, int]:
        """The middle of something, once it is in sight and stands still."""
        before = None

        def stands_still() -> Any:
            nonlocal before
            now = self.ask(*question)
            is_still = now is not None and now == before
            before = now
            return now if is_still else None

        left, top, width, height = self.until(stands_still, f"{question} is not in sight", 10.0)
        return left + width // 2, top + height // 2


class Hands:
    """Mouse and keyboard. What they do is told to `telling`, and how often is counted."""

    def __init__(self, screen: Screen, telling: Callable[[str], object]) -> None:
        self._environment = screen.environment
        self._tell = telling
        self._at = (WIDTH // 2, HEIGHT // 2)
        self.mouse_deeds = self.key_deeds = 0

    def move(self, to: tuple[int, int]) -> None:
        """Moves the pointer as a hand does: quick on the way, slow at the end."""
        self._mouse(*self._way(to))

    def click(self, at: tuple[int, int], *, button: int = 1) -> None:
        """Goes there and clicks."""
        self._mouse(*self._way(at), "sleep", "0.06", "mousedown", str(button))
        self._mouse("sleep", "0.05", "mouseup", str(button))

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Presses at one place, carries it to another, and lets go."""
        self._mouse(*self._way(start), "sleep", "0.08", "mousedown", "1", "sleep", "0.08")
        self._mouse(*self._way(end), "sleep", "0.15", "mouseup", "1")

    def scroll_down(self, at: tuple[int, int]) -> None:
        """Turns the wheel by one notch there."""
        self._mouse(*self._way(at), *SCROLLED_BY)

    def press(self, *keys: str) -> None:
        """Presses keys one after the other, by X's names: `Tab`, `ctrl+a`."""
        for key in keys:
            self._tell(key)
            self.key_deeds += 1
            self._act("key", key, "sleep", str(AFTER_KEY))

    def type(self, words: str) -> None:
        """Types, at the speed of someone who can."""
        self._tell(words)
        self.key_deeds += len(words)
        self._act("type", "--delay", str(round(1000 * BETWEEN_LETTERS)), words)

    def _way(self, to: tuple[int, int]) -> list[str]:
        """The pointer's path, as words for xdotool."""
        start, self._at = self._at, to
        far = ((to[0] - start[0]) ** 2 + (to[1] - start[1]) ** 2) ** 0.5
        seconds = min(max(far / PIXELS_A_SECOND, FASTEST), SLOWEST)
        count = max(2, round(seconds * STEPS_A_SECOND))
        words: list[str] = []
        for step in range(1, count + 1):
            share = step / count
            eased = share * share * (3 - 2 * share)
            where = [round(a + (b - a) * eased) for a, b in zip(start, to, strict=True)]
            words += ["mousemove", *map(str, where), "sleep", f"{1 / STEPS_A_SECOND:.3f}"]
        return words

    def _mouse(self, *words: str) -> None:
        self.mouse_deeds += 1
        self._act(*words)

    def _act(self, *words: str) -> None:
        subprocess.run(("xdotool", *words), env=self._environment, check=True)
