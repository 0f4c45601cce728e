"""FileActions: the actions that need a file dialog, or an answer about unsaved work."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.core.design.storage import SUFFIX
from studio.core.words import tr
from studio.ui.context import Context

DATA_PATTERNS = "*.csv *.tsv *.txt *.gz *.png *.jpg *.jpeg *-ubyte *.idx *"


class FileActions(QObject):
    """Connects new, open, save, save as and open data; dialogs never block the window."""

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._folder = str(Path.home())
        actions, opening = context.actions, context.opening
        actions["new"].triggered.connect(opening.start_empty)
        actions["open"].triggered.connect(self._on_open)
        actions["save"].triggered.connect(self._on_save)
        actions["save_as"].triggered.connect(self._on_save_as)
        actions["open_data"].triggered.connect(self._on_open_data)
        actions["open_images"].triggered.connect(self._on_open_images)
        context.files.save_as_wanted.connect(self._ask_where_to_save)

    def _on_open(self) -> None:
        dialog = self._dialog(tr("Open project"), tr("Projects ({pattern})", pattern=f"*{SUFFIX}"))
        self._ask(dialog, self._context.opening.open_project)

    def _on_open_data(self) -> None:
        dialog = self._dialog(tr("Open data"), tr("Data ({pattern})", pattern=DATA_PATTERNS))
        self._ask(dialog, self._context.opening.open_data)

    def _on_open_images(self) -> None:
        dialog = self._dialog(tr("Open a folder of images"), "")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._ask(dialog, self._context.opening.open_data)

    def _on_save(self) -> None:
        self._context.files.save()

    def _on_save_as(self) -> None:
        self._ask_where_to_save(None)

    def _ask_where_to_save(self, then: Callable[[], object] | None) -> None:
        files = self._context.files
        dialog = self._dialog(tr("Save project"), tr("Projects ({pattern})", pattern=f"*{SUFFIX}"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.selectFile(files.name + SUFFIX)
        self._ask(dialog, lambda path: files.save_to(path, then))

    def _dialog(self, title: str, pattern: str) -> QFileDialog:
        path = self._context.document.path
        dialog = QFileDialog(self._window, title, str(path.parent) if path else self._folder)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        if pattern:
            dialog.setNameFilter(pattern)
        dialog.setObjectName("dialog.file")
        dialog.setModal(True)
        return dialog

    def _ask(self, dialog: QFileDialog, act: Callable[[Path], object]) -> None:
        def on_chosen(name: str) -> None:
            self._folder = str(Path(name).parent)
            act(Path(name))

        dialog.fileSelected.connect(on_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
