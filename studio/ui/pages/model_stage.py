"""The canvas with what floats on it: zoom and arrange at the lower right, an empty state."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.design.edits import PICTURE_HEIGHT
from studio.core.design.project import Project
from studio.core.design.template import FAMILIES
from studio.core.design.templates import TEMPLATES, fits, project_from_template, template_for
from studio.core.problems import StudioError
from studio.core.words import tr
from studio.ui.canvas.glimpse_layer import GlimpseLayer
from studio.ui.canvas.minimap import Minimap
from studio.ui.canvas.view import CanvasView
from studio.ui.cards import EmptyState
from studio.ui.context import Context
from studio.ui.controls import ActionButton, Button, IconButton
from studio.ui.pages.model_look import Look, LookControl
from studio.ui.theme import FIELD_HEIGHT, SPACE_1, SPACE_2, SPACE_3, SPACE_4

LIFE_SIZE = 1.0
ZOOM_WIDTH = 72
FOLD_SIZE = 24
LITTLE_ROOM = 700


class CanvasStage(QWidget):
    """Holds the canvas; the rest lies on it and stays in its place."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.canvas = CanvasView(context.document, context.selection)
        self.canvas.obey(context.settings)
        # Not on the viewport: Qt moves its children along when the canvas is panned.
        self.empty = EmptyNetwork(context, self.canvas)
        self.tools = CanvasTools(context, self.canvas)
        self.minimap = Minimap(self.canvas, context.document)
        self.look = Look(context, self)
        self.look_control = LookControl(self.look, self.canvas)
        for part in (self.tools, self.look_control):
            self.canvas.keep_clear_of(part)
        self.canvas.keep_clear_of(self.minimap, goes_at_whole=True)
        self._glimpses = GlimpseLayer(self.canvas.picture, context.document, self)
        self.look.changed.connect(self._on_look_changed)
        self.palette_button = IconButton(
            "chevron-left", tr("Hide the layers"), size=FOLD_SIZE, parent=self.canvas
        )
        self.inspector_button = IconButton(
            "chevron-right", tr("Hide the inspector"), size=FOLD_SIZE, parent=self.canvas
        )
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(self.canvas)
        self.canvas.installEventFilter(self)
        self.canvas.carried.connect(self._on_carried)
        context.document.changed.connect(self._on_document_changed)
        context.settings.changed.connect(self._on_settings_changed)
        self.minimap.hidden.connect(self._on_minimap_hidden)
        self._on_settings_changed("minimap")
        self._show_empty()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look.show(True)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.look.show(False)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._lay_over()
        return False

    def _lay_over(self) -> None:
        room = self.canvas.size()
        self.tools.adjustSize()
        self.tools.move(
            room.width() - self.tools.width() - SPACE_4,
            room.height() - self.tools.height() - SPACE_4,
        )
        self._lay_left(room)
        # Level with the search field beside them.
        top = SPACE_3 + (FIELD_HEIGHT - FOLD_SIZE) // 2
        self.palette_button.move(SPACE_1, top)
        self.inspector_button.move(room.width() - FOLD_SIZE - SPACE_1, top)
        self.empty.lay_over(room)

    def _lay_left(self, room: QSize) -> None:
        """The sample and the minimap above it: at the foot, or above the tools where it is narrow.

        Not at the head, where a network begins.
        """
        self.look_control.be_brief(room.width() < LITTLE_ROOM)
        self.look_control.adjustSize()
        foot = room.height() - SPACE_4
        for part in (self.look_control, self.minimap):
            if room.width() < part.width() + self.tools.width() + 3 * SPACE_4:
                foot = min(foot, self.tools.y() - SPACE_3)
            part.move(SPACE_4, foot - part.height())
            if not part.isHidden():
                foot = part.y() - SPACE_3

    @Slot(object, object)
    def _on_document_changed(self, _before: Project, _after: Project) -> None:
        self._show_empty()
        self.look_control.refresh()
        self._reserve()

    def _reserve(self) -> None:
        """A layout leaves room for the pictures that will be there in a moment."""
        is_expected = self.look.is_on and self.look.can_look
        self.canvas.picture.reserved = PICTURE_HEIGHT if is_expected else 0.0

    @Slot()
    def _on_look_changed(self) -> None:
        self._reserve()
        found = self.look.found
        self._glimpses.show(found.nodes if found is not None else {})
        self._lay_left(self.canvas.size())  # its words are as long as they are

    @Slot(bool)
    def _on_carried(self, is_on: bool) -> None:
        """Makes room: what is carried in could not be dropped on buttons."""
        if is_on:
            self.empty.show_parts(False)
        else:
            self._show_empty()

    @Slot(str)
    def _on_settings_changed(self, key: str) -> None:
        if key == "minimap":
            self.minimap.want(bool(self._context.settings.value("minimap")))

    @Slot()
    def _on_minimap_hidden(self) -> None:
        self._context.settings.set_value("minimap", False)

    def _show_empty(self) -> None:
        is_empty = len(self._context.document.project.graph) == 0
        if is_empty:
            self.empty.refresh()
        self.empty.show_parts(is_empty)
        if is_empty:
            self._lay_over()


class CanvasTools(QFrame):
    """Arrange, Fit, and the zoom, which goes back to life size."""

    def __init__(self, context: Context, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.arrange = ActionButton(context.actions["arrange"], text=tr("Arrange"))
        self.fit = ActionButton(context.actions["fit"], text=tr("Fit"))
        self.analyze = ActionButton(context.actions["analyze"], text=tr("Analyze"))
        self.zoom = Button("")
        self.zoom.setFixedWidth(ZOOM_WIDTH)
        self.zoom.setToolTip(tr("Zoom to 100 % (1)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        for button in (self.analyze, self.arrange, self.fit, self.zoom):
            row.addWidget(button)
        self.zoom.clicked.connect(self._on_zoom_clicked)
        canvas.zoom_changed.connect(self._on_zoom_changed)
        self._on_zoom_changed(canvas.zoom)
        self._row = row

    def add_first(self, button: QWidget) -> None:
        """One more button, before the others."""
        self._row.insertWidget(0, button)

    @Slot()
    def _on_zoom_clicked(self) -> None:
        self._canvas.zoom_to(LIFE_SIZE)

    @Slot(float)
    def _on_zoom_changed(self, zoom: float) -> None:
        words = tr("{percent} %", percent=f"{100 * zoom:.0f}")
        self.zoom.setText(words)
        self.zoom.setAccessibleName(tr("Zoom {percent}", percent=words))


class EmptyNetwork(QObject):
    """What an empty canvas says: the next step, with its button.

    The words let the mouse through, so that a layer can be dropped on them.
    """

    def __init__(self, context: Context, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._context = context
        self._template = ""
        self.start = Button("", "filled", icon_name="wand")
        self.open_data = ActionButton(
            context.actions["open_data"], "filled", text=tr("Open data"), icon_name="table"
        )
        self.others = Button(tr("Another template…"), icon_name="samples")
        self.others.setObjectName("model.templates")
        self.add = Button(tr("Add a layer"), icon_name="plus")
        self.words = EmptyState("model", tr("An empty network"), " ", parent=canvas)
        self.words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.buttons = QWidget(canvas)
        row = QHBoxLayout(self.buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        for button in (self.start, self.open_data, self.others, self.add):
            row.addWidget(button)
        self.start.clicked.connect(self._on_start)
        self.others.clicked.connect(self._offer_others)
        self.add.clicked.connect(canvas.ask_layer_by_key)

    def show_parts(self, is_shown: bool) -> None:
        """Shows or hides it."""
        self.words.setVisible(is_shown)
        self.buttons.setVisible(is_shown)

    def lay_over(self, room: QSize) -> None:
        """Takes the middle of the canvas."""
        for part in (self.words, self.buttons):
            part.adjustSize()
        high = self.words.height() + self.buttons.height()
        top = (room.height() - high) // 2
        self.words.move((room.width() - self.words.width()) // 2, top)
        self.buttons.move((room.width() - self.buttons.width()) // 2, top + self.words.height())

    def refresh(self) -> None:
        """Says what fits the data that are open now."""
        dataset = self._context.document.project.dataset
        self._template = _template_for(self._context.document.project)
        self.start.setVisible(bool(self._template))
        self.open_data.setVisible(dataset.is_empty)
        self.others.setVisible(len(_fitting(self._context.document.project)) > 1)
        if self._template:
            template = TEMPLATES[self._template]
            self.start.setText(tr("Start with {title}", title=tr(template.title)))
            self.words.say(
                tr("Start from a network that fits the data"),
                tr(
                    "It can be trained at once and changed freely. Or drag layers from "
                    "the left; Tab adds one by name."
                ),
            )
        else:
            self.words.say(
                tr("Add the first layer"),
                tr(
                    "Drag layers from the left; Tab adds one by name. Once data are "
                    "open, every layer shows its shape."
                ),
            )

    @Slot()
    def _on_start(self) -> None:
        self._start_with(self._template)

    @Slot()
    def _offer_others(self) -> None:
        """All that can be drawn for the data, by family."""
        menu = QMenu(self.others)
        menu.setObjectName("model.templates.menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        fitting = _fitting(self._context.document.project)
        for family, title in FAMILIES.items():
            keys = [key for key in fitting if TEMPLATES[key].family == family]
            if keys:
                menu.addSection(tr(title))
            for key in keys:
                action = menu.addAction(tr(TEMPLATES[key].title))
                action.setToolTip(tr(TEMPLATES[key].help))
                action.triggered.connect(partial(self._start_with, key))
        menu.popup(self.others.mapToGlobal(self.others.rect().bottomLeft()))

    def _start_with(self, key: str, _is_on: bool = False) -> None:
        def start(project: Project) -> Project:
            made = project_from_template(key, project.dataset)
            return replace(project, dataset=made.dataset, graph=made.graph, training=made.training)

        title = tr("Start with {title}", title=tr(TEMPLATES[key].title))
        self._context.document.apply(start, title)


def _fitting(project: Project) -> tuple[str, ...]:
    """The keys of the templates that can be drawn for the data, in their order."""
    return tuple(key for key, one in TEMPLATES.items() if fits(one, project.dataset))


def _template_for(project: Project) -> str:
    try:
        return template_for(project.dataset)
    except StudioError:
        return ""
