"""TopBar: the project's name, undo, *find anything*, and the strip that starts and shows runs."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.controls import IconButton, label, set_ground
from studio.ui.editors import TitleEdit
from studio.ui.finder import FindField
from studio.ui.run_strip import RunStrip
from studio.ui.theme import SPACE_2, SPACE_3, SPACE_4, TOP_BAR_HEIGHT

FIND_WIDTH = 360
FIND_LEAST = 150
TITLE_WIDTH = 260
MENU = (
    "new",
    "open",
    "open_data",
    "open_folder",
    "open_database",
    "import_code",
    "",
    "save",
    "save_as",
    "export",
    "save_drawing",
    "",
    "start_page",
    "preferences",
    "theme",
    "",
    "quit",
)


class TopBar(QWidget):
    """What is permanent above every page."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        set_ground(self, "surface", "bottom")
        self.setFixedHeight(TOP_BAR_HEIGHT)
        self.menu_button = IconButton("menu", tr("Menu"))
        self.menu_button.setMenu(self._menu())
        self.menu_button.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.title = TitleEdit(tr("Name of the project"))
        self.title.setMaximumWidth(TITLE_WIDTH)
        self.state = label(size="small", tone="soft")
        self.undo = IconButton("undo", tr("Undo"))
        self.redo = IconButton("redo", tr("Redo"))
        self.finder = FindField(context)
        self.run = RunStrip(context)
        self._lay_out()
        self.undo.follow(context.actions["undo"])
        self.redo.follow(context.actions["redo"])
        self.title.renamed.connect(context.files.rename)
        context.document.file_changed.connect(self._on_file_changed)
        context.files.opened.connect(self._on_file_changed)
        self._on_file_changed()

    def _lay_out(self) -> None:
        left = QHBoxLayout()
        left.setSpacing(SPACE_2)
        for part in (self.menu_button, self.title, self.state):
            left.addWidget(part)
        left.addSpacing(SPACE_3)
        left.addWidget(self.undo)
        left.addWidget(self.redo)
        left.addStretch(1)
        self.finder.setMinimumWidth(FIND_LEAST)
        self.finder.setMaximumWidth(FIND_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4, 0, SPACE_4, 0)
        row.setSpacing(SPACE_4)
        row.addLayout(left, 3)
        row.addWidget(self.finder, 3)
        row.addWidget(self.run, 4)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for key in MENU:
            if key:
                menu.addAction(self._context.actions[key])
            else:
                menu.addSeparator()
        return menu

    @Slot()
    def _on_file_changed(self) -> None:
        is_open = self._context.files.is_open
        for part in (self.title, self.state, self.undo, self.redo):
            part.setVisible(is_open)
        name = self._context.files.name
        self.title.show_title(name)
        self.title.setToolTip(tr("{name}: click to rename", name=name))
        is_saved = self._context.document.is_saved and self._context.document.path is not None
        self.state.setText(tr("saved") if is_saved else tr("not saved"))
        path = self._context.document.path
        self.state.setToolTip(str(path) if path else tr("This project has no file yet."))
