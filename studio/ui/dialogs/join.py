"""JoinDialog: which other data are to stand beside these, and what tells which rows belong."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from studio.core.design.dataset import DatasetSpec
from studio.core.words import tr
from studio.ui.controls import Button, label
from studio.ui.dialogs.file_dialog import FileDialog
from studio.ui.editors import Combo, Entry
from studio.ui.theme import SPACE_1, SPACE_2, SPACE_3, SPACE_6

WIDTH = 520
ROW_BY_ROW = ""
FILE_NAME = ""


class JoinDialog(QDialog):
    """A path, and the two columns whose values are the same where rows belong together.

    Signals:
        path_chosen(path): the columns of these data are wanted, for `show_columns`.
        wanted(path, key, other_key): join these data.
    """

    path_chosen = Signal(str)
    wanted = Signal(str, str, str)

    def __init__(self, dataset: DatasetSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dialog.join")
        self.setWindowTitle(tr("Add columns from other data"))
        self.setFixedWidth(WIDTH)
        self._folder = Path(dataset.path).parent if dataset.path else Path.home()
        self.path = Entry()
        self.key, self.other_key = Combo(), Combo()
        self._columns = dataset.columns
        self._is_key_chosen = False
        self.join_button = Button(tr("Add columns"), "filled")
        self._dress(dataset)
        self._lay_out()
        self.path.editingFinished.connect(self._on_path)
        self.key.activated.connect(self._on_key)
        self.join_button.clicked.connect(self._on_join)
        self.finished.connect(self.deleteLater)
        self.show_columns(())

    def show_columns(self, names: tuple[str, ...]) -> None:
        """The columns of the other data; without any, its rows are known by the file's name."""
        self.other_key.clear()
        self.other_key.addItem(tr("Name of the file"), FILE_NAME)
        for name in names:
            self.other_key.addItem(name, name)
        if self.path.text() and not self._is_key_chosen:
            self.key.setCurrentIndex(self.key.findData(self._likely_key(names)))
        same = self.other_key.findData(self.key.currentData())
        self.other_key.setCurrentIndex(same if same > 0 else 0)
        self._show_other()

    def _likely_key(self, names: tuple[str, ...]) -> str:
        """A name that both have, an identifier before others; numbers seldom tell rows apart.

        Files are known by an identifier. Where nothing is likely the rows go side by side.
        """
        shared = [one for one in self._columns if not names or one.name in names]
        known = [one.name for one in shared if one.kind == "identifier"]
        others = [one.name for one in shared if names and one.kind != "number"]
        return next(iter((*known, *others)), ROW_BY_ROW)

    def _dress(self, dataset: DatasetSpec) -> None:
        self.key.addItem(tr("Row by row"), ROW_BY_ROW)
        for column in dataset.columns:
            self.key.addItem(column.name, column.name)
        for editor, key, words in (
            (self.path, "path", tr("Other data")),
            (self.key, "key", tr("Rows belong together by")),
            (self.other_key, "other_key", tr("Which is, in the other data")),
        ):
            editor.setObjectName(f"join.{key}")
            editor.setAccessibleName(words)
        self.join_button.setObjectName("join.add")
        self.join_button.setDefault(True)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        rows.setSpacing(SPACE_3)
        rows.addWidget(label(self.windowTitle(), size="heading", is_strong=True))
        where = QHBoxLayout()
        where.setSpacing(SPACE_2)
        where.addWidget(self.path, 1)
        for words, mode in (
            (tr("File…"), QFileDialog.FileMode.ExistingFile),
            (tr("Folder…"), QFileDialog.FileMode.Directory),
        ):
            button = Button(words)
            button.clicked.connect(lambda _on=False, mode=mode: self._ask(mode))
            where.addWidget(button)
        rows.addWidget(label(tr("Other data"), size="small", tone="soft"))
        rows.addLayout(where)
        for editor in (self.key, self.other_key):
            part = QVBoxLayout()
            part.setSpacing(SPACE_1)
            part.addWidget(label(editor.accessibleName(), size="small", tone="soft"))
            part.addWidget(editor)
            rows.addLayout(part)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_3)
        foot.addStretch(1)
        cancel = Button(tr("Cancel"))
        cancel.clicked.connect(self.reject)
        foot.addWidget(cancel)
        foot.addWidget(self.join_button)
        rows.addLayout(foot)

    def _ask(self, mode: QFileDialog.FileMode) -> None:
        dialog = FileDialog(self.windowTitle(), self._folder, self._take, self)
        dialog.setFileMode(mode)
        dialog.open()

    def _take(self, path: Path) -> None:
        self.path.setText(str(path))
        self._on_path()

    def _on_key(self) -> None:
        self._is_key_chosen = True
        self._show_other()

    def _on_path(self) -> None:
        self.path.setToolTip(self.path.text())
        if self.path.text():
            self.path_chosen.emit(self.path.text())
        self._show_other()

    def _show_other(self) -> None:
        by_row = self.key.currentData() == ROW_BY_ROW
        self.other_key.setEnabled(not by_row)
        self.other_key.setToolTip(tr("Row by row needs no column.") if by_row else "")
        self.join_button.set_reason("" if self.path.text() else tr("Choose other data first."))

    def _on_join(self) -> None:
        key = str(self.key.currentData())
        other = str(self.other_key.currentData()) if key else ""
        self.wanted.emit(self.path.text(), key, other)
        self.accept()
