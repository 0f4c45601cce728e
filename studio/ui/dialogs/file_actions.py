"""FileActions: the actions that ask for a file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.core.design.storage import SUFFIX
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.dialogs.database import DatabaseDialog
from studio.ui.dialogs.file_dialog import FileDialog

_TABLES = (
    "*.csv *.tsv *.txt *.xlsx *.xlsm *.parquet *.feather *.json *.jsonl *.csv.gz *.tsv.gz *.txt.gz"
)
_ARCHIVES = "*.zip *.tar *.tar.gz *.tgz"
_DATABASES = "*.db *.sqlite *.sqlite3"
_CODE = "*.py *.pt2"
FILTERS = {
    "All data ({pattern})": f"{_TABLES} {_ARCHIVES} {_DATABASES} *-ubyte *-ubyte.gz",
    "Tables and texts ({pattern})": _TABLES,
    "Archives of pictures, sounds or clips ({pattern})": _ARCHIVES,
    "Databases ({pattern})": _DATABASES,
    "All files ({pattern})": "*",
}


class FileActions(QObject):
    """Connects new, open, save, save as and open data; dialogs never block the window."""

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._folder = Path.home()
        self._database: DatabaseDialog | None = None
        actions, opening = context.actions, context.opening
        actions["new"].triggered.connect(opening.start_empty)
        actions["open"].triggered.connect(self._on_open)
        actions["save"].triggered.connect(self._on_save)
        actions["save_as"].triggered.connect(self._on_save_as)
        actions["open_data"].triggered.connect(self._on_open_data)
        actions["import_code"].triggered.connect(self._on_import_code)
        actions["open_folder"].triggered.connect(self._on_open_folder)
        actions["open_database"].triggered.connect(self._on_open_database)
        context.files.save_as_wanted.connect(self._ask_where_to_save)
        context.files.opened.connect(self._show_reasons)
        self._show_reasons()

    def _show_reasons(self) -> None:
        reason = "" if self._context.files.is_open else tr("Nothing is open.")
        for key in ("save", "save_as"):
            self._context.actions.set_reason(key, reason)

    def _on_open(self) -> None:
        dialog = self._dialog(tr("Open project"), self._context.opening.open_project)
        dialog.setNameFilter(_projects())
        dialog.open()

    def _on_open_data(self) -> None:
        opening = self._context.opening
        dialog = self._dialog(tr("Open data"), lambda _path: None)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([tr(words, pattern=pattern) for words, pattern in FILTERS.items()])
        # Two texts that belong together line by line are chosen together.
        dialog.filesSelected.connect(lambda names: opening.open_paths(map(Path, names)))
        dialog.open()

    def _on_import_code(self) -> None:
        dialog = self._dialog(tr("Import from code"), self._context.importing.open)
        dialog.setNameFilter(tr("Python or torch.export ({pattern})", pattern=_CODE))
        dialog.open()

    def _on_open_database(self) -> None:
        if self._database is None:
            self._database = DatabaseDialog(self._window)
            self._database.wanted.connect(self._context.opening.open_database)
        self._database.open()

    def _on_open_folder(self) -> None:
        dialog = self._dialog(tr("Open a folder of data"), self._context.opening.open_data)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.open()

    def _on_save(self) -> None:
        self._context.files.save()

    def _on_save_as(self) -> None:
        self._ask_where_to_save(None)

    def _ask_where_to_save(self, then: Callable[[], object] | None) -> None:
        files = self._context.files
        dialog = self._dialog(tr("Save project"), lambda path: files.save_to(path, then))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilter(_projects())
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.selectFile(files.name + SUFFIX)
        dialog.open()

    def _dialog(self, title: str, act: Callable[[Path], object]) -> FileDialog:
        def chosen(path: Path) -> None:
            self._folder = path.parent
            act(path)

        path = self._context.document.path
        return FileDialog(title, path.parent if path else self._folder, chosen, self._window)


def _projects() -> str:
    return tr("Projects ({pattern})", pattern=f"*{SUFFIX}")
