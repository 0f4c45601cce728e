"""Context: what every page and panel of one window is given."""

from dataclasses import dataclass

from studio.ui.actions import Actions
from studio.ui.background import FOREVER, Background
from studio.ui.devices import Devices
from studio.ui.document import Document
from studio.ui.files import Files
from studio.ui.importing import Importing
from studio.ui.navigation import Navigation
from studio.ui.opening import Opening
from studio.ui.past_runs import PastRuns
from studio.ui.run_controller import RunController
from studio.ui.selection import Selection
from studio.ui.settings import Settings
from studio.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Context:
    """The shared objects of one window. Pages are made as ``Page(context)``."""

    document: Document
    selection: Selection
    files: Files
    opening: Opening
    importing: Importing
    runs: RunController
    past: PastRuns
    background: Background
    devices: Devices
    settings: Settings
    theme: Theme
    actions: Actions
    navigation: Navigation

    def close(self, patience_ms: int = FOREVER) -> None:
        """Stops what runs and waits for it; afterwards no thread and no timer is left.

        A short job that takes longer than `patience_ms` is left behind: whoever asks for that
        ends the program.
        """
        self.runs.close()
        self.background.close(patience_ms)
        self.files.close()
        self.document.close()


def new_context(settings: Settings | None = None) -> Context:
    """A context with nothing open: what a window, or a test of one page, begins with."""
    document, background = Document(), Background()
    settings = settings or Settings()
    navigation = Navigation()
    files = Files(document, settings, background, navigation)
    runs = RunController(document, files.prepare_run)
    runs.ended.connect(files.settle_run)
    files.stop_wanted.connect(runs.stop)
    opening = Opening(document, files, background, navigation)
    importing = Importing(document, files, background, navigation, opening.when_free)
    opening.code_wanted.connect(importing.open)
    return Context(
        document=document,
        selection=Selection(document),
        files=files,
        opening=opening,
        importing=importing,
        runs=runs,
        past=PastRuns(files, runs, background),
        background=background,
        devices=Devices(background),
        settings=settings,
        theme=Theme.current(),
        actions=Actions(),
        navigation=navigation,
    )
