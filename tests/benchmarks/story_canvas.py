"""A CNN from an empty canvas to its score, drawn by a person's mouse, or by keyboard alone.

    python tests/benchmarks/story_canvas.py --by mouse|keys --folder OUT [--film]

A screen of its own is started with the real program on it, and everything goes through real
events of X: the pointer moves in small steps, layers are dragged from the palette, wires from
port to port. What it took from the empty canvas to the trained network is measured; two minutes
are the limit. Pictures are taken on the way, and with --film a film. It needs Xvfb, openbox and
xdotool.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from PIL import ImageGrab

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from story_film import SPEED, Film, write_moving_picture, write_short  # noqa: E402
from story_hands import Hands, Screen  # noqa: E402

from studio.core.catalogue import LAYERS  # noqa: E402

LIMIT = 120.0  # seconds
TEMPLATE = "classify-images"
TOOLS = ("Xvfb", "openbox", "xdotool")
CARD = f"start.{TEMPLATE}"
CHANNELS, CLASSES = 16, 3
PAUSE, SOON = 0.8, 5.0  # seconds: to look at something; until something has happened
PAINTED, READ = 0.3, 0.4  # seconds
WHOLE = "whole.mp4"
# Where layers are dropped, as shares of the canvas.
DROPPED: Mapping[str, tuple[float, float]] = {
    "input": (0.12, 0.2),
    "conv2d": (0.42, 0.2),
    "max_pool2d": (0.74, 0.2),
    "linear": (0.42, 0.52),
    "output": (0.72, 0.52),
}
LOOSE_END = (0.12, 0.52)
AROUND_ALL = ((0.05, 0.15), (0.93, 0.84))
DRAWN = ["input", "conv2d", "relu", "max_pool2d", "flatten", "linear", "output"]
# What is typed for them.
WORDS = {
    "input": "input",
    "conv2d": "conv2d",
    "relu": "relu",
    "max_pool2d": "max pool 2d",
    "flatten": "flatten",
    "linear": "linear",
    "output": "output",
}
# What is pressed, in X's names, by the names that the program has for it.
KEYS = {
    "canvas.add": "Tab",
    "canvas.connect": "c",
    "canvas.parameters": "Return",
    "canvas.let_go": "Escape",
    "canvas.select_all": "ctrl+a",
    "canvas.delete": "Delete",
    "canvas.go_left": "Left",
    "outline": "F9",
    "arrange": "ctrl+l",
    "train": "F5",
    "page_model": "ctrl+2",
}


class Story:
    """One telling: what is seen, what is done, and how long it took."""

    def __init__(self, folder: Path, screen: Screen, *, is_filmed: bool) -> None:
        self.folder, self.screen = folder, screen
        self.film: Film | None = None
        if is_filmed:
            self.film = Film(screen.name, screen.environment, folder / WHOLE)
        self.hands = Hands(screen, self.film.tell_key if self.film else _tell_nobody)
        self.eyes = screen.open_program()
        time.sleep(PAUSE)  # until the window is painted
        self.seconds = 0.0
        self.figures: Mapping[str, float] = {}

    def run(self, tell_it: "Callable[[Story], None]") -> None:
        """Tells it, filmed where that is wanted; the screen is kept where it goes wrong."""
        if self.film is not None:
            self.film.has_pointer = tell_it is not by_keys
            self.film.start()
        try:
            tell_it(self)
            self.figures = self.eyes.state["figures"]
        except (TimeoutError, RuntimeError):
            self.take("where-it-stopped")
            raise
        finally:
            if self.film is not None:
                self.film.stop()

    def say(self, words: str) -> None:
        """What comes now, for the film and the terminal."""
        print(f"  {words}", flush=True)
        if self.film is not None:
            self.film.say(words)
        time.sleep(READ)

    def take(self, name: str) -> None:
        """A picture of the screen, once all is painted."""
        time.sleep(PAINTED)
        ImageGrab.grab(xdisplay=self.screen.name).save(self.folder / f"{name}.png")

    def until(self, **wanted: object) -> None:
        """Until the window says all of this."""

        def holds() -> bool:
            state = self.eyes.state
            return all(state[key] == value for key, value in wanted.items())

        self.eyes.until(holds, f"{wanted}; it is {self.eyes.state}")

    def until_set(self, layer: str, key: str, value: object) -> None:
        """Until a setting of a layer is that."""

        def is_set() -> bool:
            return bool(self.eyes.state["params"][layer].get(key) == value)

        self.eyes.until(is_set, f"{key} of {layer} is not {value}", SOON)

    def until_seen(self, *question: str) -> None:
        """Until something is in sight."""
        self.eyes.until(lambda: self.eyes.ask(*question), f"{question} is not there", SOON)

    def on_canvas(self, share: tuple[float, float]) -> tuple[int, int]:
        """A place on the canvas."""
        left, top, width, height = self.eyes.ask("widget", "canvas")
        return left + round(share[0] * width), top + round(share[1] * height)


def find_layer(story: Story, layer: str) -> tuple[int, int]:
    """A row of the palette; it is scrolled until the row is in sight."""

    def is_seen() -> bool:
        if story.eyes.ask("layer", layer) is not None:
            return True
        left, top, width, height = story.eyes.ask("widget", "palette.layers")
        story.hands.scroll_down((left + width // 2, top + height // 2))
        return False

    story.eyes.until(is_seen, f"{layer} is not in the palette")
    return story.eyes.find("layer", layer)


def draw_by_mouse(story: Story) -> None:
    """From the empty canvas to a network without a problem."""
    hands, eyes = story.hands, story.eyes
    for layer, share in DROPPED.items():
        story.say(f"Drag {LAYERS[layer].title} onto the canvas")
        hands.drag(find_layer(story, layer), story.on_canvas(share))
        story.until_seen("node", layer)
    story.say("Draw wires from port to port")
    for source, target in (("input", "conv2d"), ("conv2d", "max_pool2d"), ("linear", "output")):
        hands.drag(eyes.find("port", source, "output"), eyes.find("port", target, "input"))
        story.until_seen("wire", source, target)
    story.say("A wire into empty space asks which layer fits")
    hands.drag(eyes.find("port", "max_pool2d", "output"), story.on_canvas(LOOSE_END))
    hands.click(eyes.find("offer", "flatten"))
    hands.drag(eyes.find("port", "flatten", "output"), eyes.find("port", "linear", "input"))
    story.say("Drop a layer on a wire")
    hands.drag(find_layer(story, "relu"), eyes.find("wire", "conv2d", "max_pool2d"))
    story.until(layers=DRAWN, wires=len(DRAWN) - 1)
    set_channels_by_mouse(story)
    mend_by_mouse(story)
    story.say("Arrange")
    hands.click(eyes.find("button", "Arrange"))
    story.until(problems=[], can_train=True)
    time.sleep(PAUSE)


def set_channels_by_mouse(story: Story) -> None:
    """A number in the inspector."""
    story.say("Set how many filters there are")
    story.hands.click(story.eyes.find("node", "conv2d"))
    story.hands.click(story.eyes.find("field", "out_channels"))
    story.hands.press("ctrl+a")
    story.hands.type(str(CHANNELS))
    story.hands.press("Return")
    story.until_set("conv2d", "out_channels", CHANNELS)


def mend_by_mouse(story: Story) -> None:
    """What is wrong says so under its card, with the fix as a link."""
    for layer in DRAWN:
        if story.eyes.ask("fix", layer) is not None:
            story.say("A problem stands under its layer, with its fix")
            story.hands.click(story.eyes.find("fix", layer))
            story.eyes.until(lambda: not story.eyes.state["problems"], "no fix", SOON)
            return


def by_mouse(story: Story) -> None:
    """The whole story with a mouse."""
    hands, eyes = story.hands, story.eyes
    story.say("Start with a sample of pictures")
    hands.click(eyes.find("widget", CARD))
    story.until(page="model", is_busy=False)
    story.say("Take its network away")
    hands.drag(*map(story.on_canvas, AROUND_ALL))
    hands.click(eyes.find("node", "flatten"), button=3)
    hands.click(eyes.find("menu", "menu.delete"))
    story.until(layers=[])
    story.take("1-empty")
    begun = time.monotonic()
    draw_by_mouse(story)
    story.take("2-drawn")
    story.say("Train")
    hands.click(eyes.find("widget", "stage.train"))
    hands.click(eyes.find("button", "Train"))
    wait_for_score(story, begun)
    story.say("Back on the canvas: the data inside the network")
    hands.click(eyes.find("widget", "stage.model"))
    look_back(story)


def by_keys(story: Story) -> None:
    """The whole story without a mouse."""
    hands, eyes = story.hands, story.eyes
    story.say("Start with a sample of pictures")
    eyes.until(lambda: _go_to_card(story), "the card")
    hands.press("Return")
    story.until(page="model", is_busy=False, focus="canvas")
    story.say("Take its network away")
    hands.press(KEYS["canvas.select_all"], KEYS["canvas.delete"])
    story.until(layers=[])
    story.take("1-empty")
    begun = time.monotonic()
    draw_by_keys(story)
    story.take("2-drawn")
    story.say("Train")
    hands.press(KEYS["train"])
    wait_for_score(story, begun)
    story.say("Back on the canvas: the data inside the network")
    hands.press(KEYS["page_model"])
    look_back(story)


def draw_by_keys(story: Story) -> None:
    """From the empty canvas to a network without a problem, with a walk through the outline."""
    hands = story.hands
    story.say("Tab adds a layer behind the chosen one")
    for layer in (layer for layer in DRAWN if layer != "relu"):
        add_by_keys(story, layer)
    story.say("Arrow keys walk, Enter sets")
    hands.press(KEYS["canvas.go_left"])
    set_by_keys(story, "linear", "out_features", CLASSES)
    story.say("C draws wires")
    hands.press(KEYS["canvas.let_go"])
    add_by_keys(story, "relu")
    for words in ("connect to max", "take from conv"):
        hands.press(KEYS["canvas.connect"])
        hands.type(words)
        hands.press("Return")
    story.until(layers=DRAWN, wires=len(DRAWN) - 1)
    story.say("F9: the outline can do the same")
    hands.press(KEYS["outline"], "Up")
    set_by_keys(story, "conv2d", "out_channels", CHANNELS)
    hands.press(KEYS["outline"])
    story.until(focus="canvas")
    story.say("Arrange")
    hands.press(KEYS["arrange"])
    story.until(problems=[], can_train=True)
    time.sleep(PAUSE)


def add_by_keys(story: Story, layer: str) -> None:
    """Tab, a few letters, Enter."""
    story.hands.press(KEYS["canvas.add"])
    story.hands.type(WORDS[layer])
    story.hands.press("Return")
    has_it = f"{layer} was not added: {story.eyes.state}"
    story.eyes.until(lambda: layer in story.eyes.state["layers"], has_it, SOON)


def set_by_keys(story: Story, layer: str, key: str, value: int) -> None:
    """A setting of the chosen layer: Enter leads to it, Escape back."""
    story.until(chosen=[layer])
    story.hands.press(KEYS["canvas.parameters"])
    story.hands.type(str(value))
    story.hands.press("Return", "Escape")
    story.until_set(layer, key, value)


def wait_for_score(story: Story, begun: float) -> None:
    """Until the run has ended and its figures are known; says how long all took."""
    story.until(is_running=True)
    story.say("It learns")
    story.until(is_running=False, outcome="completed")
    story.eyes.until(lambda: story.eyes.state["figures"], "a score")
    story.seconds = time.monotonic() - begun
    time.sleep(PAUSE)
    story.take("3-trained")


def look_back(story: Story) -> None:
    """The drawing with the data in its nodes."""
    story.until(page="model", is_looked_at=True, is_busy=False)
    time.sleep(2 * PAUSE)
    story.take("4-inside")


def _go_to_card(story: Story) -> bool:
    """Tab until the keyboard is on the card of the sample."""
    if story.eyes.state["focus"] == CARD:
        return True
    story.hands.press("Tab")
    return False


def _tell_nobody(_key: str) -> None:
    """Where there is no film."""


STORIES: Mapping[str, Callable[[Story], None]] = {"mouse": by_mouse, "keys": by_keys}


def tell(by: str, folder: Path, *, is_filmed: bool) -> bool:
    """Tells one story; True where it stayed below the limit, with the means it promised."""
    with tempfile.TemporaryDirectory() as home:
        screen = Screen(Path(home))
        try:
            story = Story(folder, screen, is_filmed=is_filmed)
            story.run(STORIES[by])
        finally:
            screen.close()
    hands = story.hands
    score = ", ".join(f"{key} {value:.3f}" for key, value in story.figures.items())
    print(f"From the empty canvas to the trained network: {story.seconds:.1f} s ({score})")
    print(f"{hands.mouse_deeds} deeds of the mouse, {hands.key_deeds} keys")
    return story.seconds < LIMIT and (by == "mouse" or hands.mouse_deeds == 0)


def main() -> int:
    """Tells the story and writes what was taken of it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--by", choices=STORIES, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--film", action="store_true")
    given = parser.parse_args()
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        parser.error(f"These programs are not installed: {', '.join(missing)}")
    given.folder.mkdir(parents=True, exist_ok=True)
    is_good = tell(given.by, given.folder, is_filmed=given.film)
    if given.film:
        whole = given.folder / WHOLE
        write_short(whole, given.folder / f"{given.by}.mp4")
        size = write_moving_picture(whole, given.folder / f"{given.by}.webp")
        print(f"The film is shown {SPEED} times as fast; the moving picture has {size:,} bytes.")
    return 0 if is_good else 1


if __name__ == "__main__":
    raise SystemExit(main())
