"""FileDialog: Qt's own file dialog in the program's look, never blocking the window."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QFileInfo, QSize, QUrl
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QFileDialog, QFileIconProvider, QToolButton, QWidget
from typing_extensions import override

from studio.core.design.storage import SUFFIX
from studio.core.words import tr
from studio.ui.icons import icon
from studio.ui.theme import FIELD_HEIGHT, ICON_SIZE

SIZE = QSize(760, 480)
_BUTTONS = {
    "backButton": ("chevron-left", "Back"),
    "forwardButton": ("chevron-right", "Forward"),
    "toParentButton": ("chevron-up", "To the folder above"),
    "newFolderButton": ("folder", "New folder"),
    "listModeButton": ("samples", "Names only"),
    "detailModeButton": ("rows", "With size and date"),
}


class FileDialog(QFileDialog):
    """Asks for one file or folder; `chosen(path)` is called with the answer."""

    def __init__(
        self, title: str, folder: Path, chosen: Callable[[Path], object], parent: QWidget
    ) -> None:
        super().__init__(parent, title, str(folder))
        self._chosen = chosen
        self._icons = _Icons()
        self.setObjectName("dialog.file")
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setIconProvider(self._icons)
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.setSidebarUrls([QUrl.fromLocalFile(str(place)) for place in _places(folder)])
        self.setModal(True)
        self.resize(SIZE)
        self._dress()
        self.fileSelected.connect(self._on_selected)
        self.finished.connect(self.deleteLater)

    def _dress(self) -> None:
        for name, (picture, words) in _BUTTONS.items():
            button = self.findChild(QToolButton, name)
            if button is not None:
                button.setIcon(icon(picture, "text_soft"))
                button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
                button.setFixedSize(FIELD_HEIGHT, FIELD_HEIGHT)
                button.setToolTip(tr(words))
                button.setAccessibleName(tr(words))

    def _on_selected(self, name: str) -> None:
        self._chosen(Path(name))


class _Icons(QFileIconProvider):
    """Files and folders in the program's own line icons."""

    @override
    def icon(self, what: QAbstractFileIconProvider.IconType | QFileInfo) -> QIcon:
        if isinstance(what, QFileInfo):
            if what.isDir():
                return icon("folder", "text_soft")
            return icon("model" if what.fileName().endswith(SUFFIX) else "file", "text_soft")
        folders = QAbstractFileIconProvider.IconType.File
        return icon("file" if what == folders else "folder", "text_soft")


def _places(folder: Path) -> tuple[Path, ...]:
    """Where one may want to go: here, home, and the top."""
    return tuple(dict.fromkeys((folder, Path.home(), Path(folder.anchor))))
