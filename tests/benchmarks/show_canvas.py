"""The canvas as a person meets it, in pictures: empty, with live data, in blocks, broken, beside.

    python tests/benchmarks/show_canvas.py --folder OUT [SCENE ...]

Scenes: empty, lenet, resnet, broken, analysis, comparison. Each is opened in the real window and
taken at 1440x900 and 1000x700, light and dark. LeNet is trained for two epochs on the sample of
shapes before it is taken, so that its pictures show what it has learnt.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtCore import QEventLoop, QTimer  # noqa: E402

from studio.core.design.drawing import Drawing  # noqa: E402
from studio.core.design.edits import (  # noqa: E402
    add_node,
    insert_layer,
    remove_and_reconnect,
    set_param,
)
from studio.core.design.graph import Graph  # noqa: E402
from studio.core.design.project import Project  # noqa: E402
from studio.ui.app import build  # noqa: E402
from studio.ui.theme import Theme  # noqa: E402

SIZES = ((1440, 900), (1000, 700))
SCHEMES = ("light", "dark")
PATIENCE, LOOK_PATIENCE = 240.0, 120.0  # seconds
STEP_MS, QUIET_MS = 40, 500
EPOCHS = 2
ASIDE = 180.0


def lenet(classes: int, *, is_flattened: bool = True, is_doubled: bool = False) -> Graph:
    """LeNet-5 with ReLU and max pooling; broken where it is asked to be."""
    drawing = Drawing()
    x = drawing.input()
    x = drawing.add("conv2d", x, out_channels=6, kernel_size=(5, 5), padding=(2, 2))
    x = drawing.add("max_pool2d", drawing.add("relu", x))
    x = drawing.add("conv2d", x, out_channels=16, kernel_size=(5, 5))
    x = drawing.add("max_pool2d", drawing.add("relu", x))
    if is_flattened:
        x = drawing.add("flatten", x)
    for units in (120, 84):
        x = drawing.add("relu", drawing.add("linear", x, out_features=units))
    x = drawing.add("linear", x, out_features=classes)
    if is_doubled:
        x = drawing.add("softmax", x)
    drawing.output(x)
    return drawing.graph()


class Show:
    """The window, and what is done in it before a picture is taken."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.app, self.window = build([])
        self.context = self.window.context
        self.page = self.window.page("model")
        Theme.current().has_motion = False
        self.window.resize(*SIZES[0])
        self.window.show()

    def until(self, holds: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Returns when it holds; TimeoutError where it does not in time."""
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(what)
            self._pass(STEP_MS)

    def settle(self) -> None:
        """Returns when nothing has been at work for a moment."""
        quiet_since = time.monotonic()

        def is_quiet() -> bool:
            nonlocal quiet_since
            if self.context.background.is_busy:
                quiet_since = time.monotonic()
            return (time.monotonic() - quiet_since) * 1000 > QUIET_MS

        self.until(is_quiet, "The window did not come to rest.")

    def open(self, template: str) -> None:
        """A new project of a template with its sample."""
        self.new(lambda: self.context.opening.start_template(template))

    def draw(self, change: Callable[[Project], Project]) -> None:
        """The sample of shapes, with what is drawn for it in place of the template's network."""
        self.open("classify-images")
        document = self.context.document
        document.open_project(change(document.project), None)

    def look(self) -> None:
        """The drawing with data in its nodes, as large as the window lets it be."""
        self.window.show_page("model")
        self.until(lambda: self.page.stage.look.found, "No data in the nodes.", LOOK_PATIENCE)
        self.settle()
        self.context.actions["arrange"].trigger()
        self.settle()

    def train(self) -> None:
        """F5, until the run has ended and its figures are known."""
        runs, known = self.context.runs, len(self.context.past.records)
        self.context.actions["train"].trigger()
        self.until(lambda: runs.is_running, "The run did not begin.")
        self.until(lambda: not runs.is_running, "The run did not end.")
        self.until(lambda: len(self.context.past.records) > known, "The run is not listed.")
        self.settle()

    def take(self, name: str, *, fits: bool = True) -> None:
        """The window in both sizes and both schemes."""
        for size in SIZES:
            self.window.resize(*size)
            for scheme in SCHEMES:
                Theme.current().choose(scheme)
                self.settle()
                if fits:
                    self.context.actions["fit"].trigger()
                    self._pass(QUIET_MS)
                path = self.folder / f"{name}-{scheme}-{size[0]}.png"
                self.window.grab().save(str(path))
                print(path.name, flush=True)
        self.window.resize(*SIZES[0])
        Theme.current().choose(SCHEMES[0])

    def new(self, begin: Callable[[], object]) -> None:
        files, before = self.context.files, self.context.document.project
        self.context.document.undo_stack.setClean()
        files.discard()  # runs without a file, too, would be asked about
        begin()
        self.until(
            lambda: files.is_open and self.context.document.project is not before,
            "It did not open.",
        )
        self.settle()

    @staticmethod
    def _pass(milliseconds: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


def empty(show: Show) -> None:
    """A canvas before its first layer."""
    show.new(show.context.opening.start_empty)
    show.window.show_page("model")
    show.take("empty", fits=False)


def trained_lenet(show: Show) -> None:
    """LeNet, two epochs old, with one picture of the sample in each of its nodes."""
    show.draw(_lenet_for)
    show.train()
    show.look()
    show.take("lenet")


def resnet(show: Show) -> None:
    """ResNet-50, whose blocks are drawn once and repeated."""
    show.open("resnet-50")
    show.window.show_page("model")
    show.settle()
    show.take("resnet")


def broken(show: Show) -> None:
    """LeNet without its Flatten, with a layer that nothing feeds, and one answer too many."""

    def change(project: Project) -> Project:
        made = lenet(project.dataset.outputs(), is_flattened=False)
        across, down = made.positions["output_1"]
        for place, layer in enumerate(("dropout", "output"), 1):
            made, _added = add_node(made, layer, (across + ASIDE * place, down))
        return replace(project, graph=made)

    show.draw(change)
    show.window.show_page("model")
    show.page.drawer.show_tab(1)
    show.page.drawer.fold(False, moves=False)
    show.settle()
    problem = show.context.document.report.obstacle
    if problem is not None and problem.place is not None:
        show.context.navigation.show_place(problem.place)
    show.take("broken")
    show.page.drawer.fold(True, moves=False)


def analysis(show: Show) -> None:
    """What Analyze says of LeNet: cost, memory, seconds, and what is doubtful."""
    show.draw(_lenet_for)
    show.window.show_page("model")
    show.context.actions["analyze"].trigger()
    show.settle()
    show.take("analysis", fits=False)
    show.context.actions["analyze"].trigger()


def comparison(show: Show) -> None:
    """A run of LeNet beside today's drawing: wider, normalised, and learning otherwise."""
    show.draw(_lenet_for)
    show.train()

    def change(project: Project) -> Project:
        graph = set_param(project.graph, "conv2d_1", "out_channels", 12)
        wire = next(edge for edge in graph.edges if edge.source == "conv2d_2")
        graph = insert_layer(graph, wire, "batch_norm")
        graph = remove_and_reconnect(graph, ("relu_4",))
        training = replace(project.training, optimizer="adamw", learning_rate=0.003)
        return replace(project, graph=graph, training=training)

    show.context.document.apply(change, "Change")
    show.window.show_page("model")
    show.context.actions["compare"].trigger()
    show.settle()
    show.take("comparison", fits=False)
    show.context.actions["compare"].trigger()


def _lenet_for(project: Project) -> Project:
    training = replace(project.training, epochs=EPOCHS, patience=0)
    return replace(project, graph=lenet(project.dataset.outputs()), training=training)


SCENES: Mapping[str, Callable[[Show], None]] = {
    "empty": empty,
    "lenet": trained_lenet,
    "resnet": resnet,
    "broken": broken,
    "analysis": analysis,
    "comparison": comparison,
}


def main() -> int:
    """Shows the scenes asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scenes", nargs="*", metavar="SCENE", help=", ".join(SCENES))
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["STUDIO_HOME"] = home
        show = Show(given.folder)
        for key in given.scenes or SCENES:
            SCENES[key](show)
        show.window.leave_unasked()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
