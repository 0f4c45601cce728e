"""The Model page: palette, canvas and inspector side by side, curves and problems in a drawer."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFocusEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.problems import Place
from studio.core.words import tr
from studio.ui.block_shelf import BlockShelf
from studio.ui.canvas.card_marks import CardMarks
from studio.ui.context import Context
from studio.ui.controls import IconButton, set_ground
from studio.ui.pages.model_analysis import Analysis
from studio.ui.pages.model_backbone import BackboneChoice
from studio.ui.pages.model_blocks import BlockFiles
from studio.ui.pages.model_code_tabs import CodeTabs
from studio.ui.pages.model_compare import Compare
from studio.ui.pages.model_cost import CostOfNetwork, HeatButton
from studio.ui.pages.model_curves import CurvesOfRun
from studio.ui.pages.model_drawing import SaveDrawing
from studio.ui.pages.model_health import HealthOfRun
from studio.ui.pages.model_keyboard import ModelKeyboard
from studio.ui.pages.model_left import OUTLINE, LeftColumn
from studio.ui.pages.model_stage import CanvasStage
from studio.ui.panels.cost import CostView
from studio.ui.panels.drawer import Drawer
from studio.ui.panels.inspector import Inspector
from studio.ui.panels.node_health import NodeHealthView
from studio.ui.panels.palette import Palette
from studio.ui.panels.problems import Problems
from studio.ui.stepping_out import StepsOut

NARROW = 1000  # below this the palette folds, and the canvas keeps room to work in
LEAST_MIDDLE = 320
DRAWER = "model.drawer"
FOLDED, OPEN = "folded", "open"


class ModelPage(QWidget):
    """Arranges its parts and joins their signals; each part follows the document by itself."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page.model")
        self.setAccessibleName(tr("Model"))
        self._context = context
        self._wants_palette: bool | None = None
        self.stage = CanvasStage(context)
        self.canvas = self.stage.canvas
        self.drawing = SaveDrawing(context, self.canvas)
        self.analysis = Analysis(context, self)
        self._middle = QStackedWidget()
        self._middle.setMinimumWidth(LEAST_MIDDLE)  # what lies beside the drawing may want more
        self.compare = Compare(context, self)
        for part in (self.stage, self.analysis.view, self.compare.view):
            self._middle.addWidget(part)
        shelf = BlockShelf(parent=self)
        self.layers = Palette(shelf=shelf)
        self.blocks = BlockFiles(context, self.canvas, self.layers, shelf)
        self.inspector = Inspector(context.document, context.selection)
        self.keyboard = ModelKeyboard(context, self.canvas, self.inspector)
        self.left = LeftColumn(self.layers, self.keyboard.outline, context.settings)
        self.backbones = BackboneChoice(context, self)
        self.problems = Problems(context.document)
        self.curves = CurvesOfRun(context)
        self.drawer = Drawer()
        self._loss_tab = self.drawer.add_tab(tr("Loss curve"), self.curves)
        self._problems_tab = self.drawer.add_tab(tr("Problems"), self.problems)
        self.marks = marks = CardMarks(self.canvas.picture, context.document, self)
        self.health_view, self.cost_view = NodeHealthView(), CostView()
        self.health = HealthOfRun(context, self.canvas.picture, marks, self.health_view)
        self.cost = CostOfNetwork(context, self.canvas.picture, marks, self.cost_view)
        self.code_tabs = CodeTabs(context, self.drawer, self.canvas)
        self._lay_out()
        self._connect()
        self._on_counted()
        self._on_document_changed()
        self._on_runs_changed()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._wants_palette is None:
            self._show_palette(event.size().width() >= NARROW)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """The page hands the keyboard to the canvas, or to what covers it.

        As a proxy, Tab would miss the left column.
        """
        super().focusInEvent(event)
        taker: QWidget = self.canvas
        if self.analysis.is_open:
            taker = self.analysis.view.layers
        elif self.compare.is_open:
            taker = self.compare.view.table
        taker.setFocus(event.reason())

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._middle, 1)
        middle.addWidget(self.drawer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(_edged(self.left, is_left=True))
        row.addLayout(middle, 1)
        row.addWidget(_edged(self.inspector, is_left=False))
        self.inspector.node.add_below(self.health_view)
        self.inspector.network.add_below(self.cost_view)
        self.stage.tools.add_first(HeatButton(self.cost))
        is_open = self._context.settings.window_text(DRAWER) == OPEN
        self.drawer.fold(not is_open, moves=False)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.cost.show(True)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.cost.show(False)

    def _connect(self) -> None:
        context, canvas = self._context, self.canvas
        self.layers.layer_wanted.connect(self._on_layer_wanted)
        self.inspector.node_wanted.connect(self._on_node_wanted)
        self.inspector.node.folder_wanted.connect(self.backbones.ask)
        self.stage.look.changed.connect(self.marks.settle)  # pictures make cards grow
        self.stage.look.changed.connect(canvas.frame_again)
        self.cost_view.node_wanted.connect(self._on_node_wanted)
        self.problems.place_wanted.connect(context.navigation.show_place)
        self.problems.counted.connect(self._on_counted)
        self.drawer.folded.connect(self._on_folded)
        self.stage.palette_button.clicked.connect(self._on_palette_clicked)
        self.stage.inspector_button.clicked.connect(self._on_inspector_clicked)
        for key, act in (("arrange", canvas.arrange), ("fit", canvas.fit)):
            context.actions[key].triggered.connect(self._uncover_canvas)
            context.actions[key].triggered.connect(act)
        context.actions["analyze"].triggered.connect(self._on_analyze)
        self.stage.look.changed.connect(self._on_look_changed)
        context.actions["compare"].triggered.connect(self._on_compare)
        for beside in (self.analysis, self.compare):
            beside.closed.connect(self._show_drawing)
        self.analysis.place_wanted.connect(self._on_finding_wanted)
        context.navigation.place_wanted.connect(self._on_place_wanted)
        context.runs.started.connect(self._on_run_started)
        context.document.changed.connect(self._on_document_changed)
        context.past.changed.connect(self._on_runs_changed)
        canvas.refused.connect(context.navigation.say_problem)
        for panel in (self.left, self.drawer):
            StepsOut(panel).stepped_out.connect(self._show_drawing)
        self.keyboard.canvas_wanted.connect(self._uncover_canvas)
        self.keyboard.inspector_wanted.connect(self._on_inspector_wanted)
        self.keyboard.outline_wanted.connect(self._on_outline_wanted)
        self.keyboard.outline.node_taken.connect(canvas.block_editor.reveal)

    @Slot()
    def _on_look_changed(self) -> None:
        found = self.stage.look.found
        self.inspector.show_glimpses(found.nodes if found is not None else {})

    @Slot()
    def _on_analyze(self) -> None:
        self._context.navigation.go_to("model")
        if self.analysis.is_open:
            self._show_drawing()
            return
        self.compare.close()
        self._middle.setCurrentWidget(self.analysis.view)
        self.analysis.open()

    @Slot()
    def _on_compare(self) -> None:
        self._context.navigation.go_to("model")
        if self.compare.is_open:
            self._show_drawing()
            return
        self.analysis.close()
        self._middle.setCurrentWidget(self.compare.view)
        self.compare.open()

    @Slot()
    def _show_drawing(self) -> None:
        self.analysis.close()
        self.compare.close()
        self._middle.setCurrentWidget(self.stage)
        self.canvas.setFocus()

    @Slot(object)
    def _on_finding_wanted(self, place: Place) -> None:
        self._show_drawing()
        self._context.navigation.show_place(place)

    @Slot()
    def _uncover_canvas(self) -> None:
        """What is done on the canvas is to be seen there."""
        if self.analysis.is_open or self.compare.is_open:
            self._show_drawing()

    @Slot(str)
    def _on_layer_wanted(self, layer: str) -> None:
        self._uncover_canvas()
        self.canvas.place_layer(layer)

    @Slot(str)
    def _on_node_wanted(self, node_id: str) -> None:
        """The very node, even where a closed block hides it."""
        self._uncover_canvas()
        self.canvas.block_editor.reveal(node_id)
        self._context.selection.choose((node_id,))
        self.canvas.show_node(node_id)

    @Slot(object)
    def _on_place_wanted(self, place: Place) -> None:
        self._uncover_canvas()
        if place.kind == "node" and place.key in self._context.document.project.graph.nodes:
            self._on_node_wanted(place.key)
            self.canvas.setFocus()

    @Slot()
    def _on_counted(self) -> None:
        has_errors = self._context.document.report.obstacle is not None
        self.drawer.show_count(
            self._problems_tab, self.problems.count, "problem" if has_errors else "attention"
        )

    @Slot()
    def _on_document_changed(self) -> None:
        self._on_counted()
        is_empty = len(self._context.document.project.graph) == 0
        reason = tr("The network has no layers yet.") if is_empty else ""
        for key in ("arrange", "fit", "analyze"):
            self._context.actions.set_reason(key, reason)

    @Slot()
    def _on_runs_changed(self) -> None:
        self._context.actions.set_reason("compare", self.compare.reason)

    @Slot()
    def _on_run_started(self) -> None:
        self.drawer.show_tab(self._loss_tab)

    @Slot(bool)
    def _on_folded(self, is_folded: bool) -> None:
        self._context.settings.set_window_text(DRAWER, FOLDED if is_folded else OPEN)

    @Slot()
    def _on_palette_clicked(self) -> None:
        self._wants_palette = self.left.isHidden()
        self._show_palette(self._wants_palette)
        if self._wants_palette and self._is_narrow:
            self._show_inspector(False)

    @Slot()
    def _on_inspector_clicked(self) -> None:
        is_shown = self.inspector.isHidden()
        self._show_inspector(is_shown)
        if is_shown and self._is_narrow:
            self._show_palette(False)

    @Slot()
    def _on_inspector_wanted(self) -> None:
        if self.inspector.isHidden():
            self._on_inspector_clicked()

    @Slot()
    def _on_outline_wanted(self) -> None:
        self.left.show_panel(OUTLINE)
        if self.left.isHidden():
            self._on_palette_clicked()
        self.left.outline.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def _is_narrow(self) -> bool:
        """Where both sides would leave no room to work between them, one makes way."""
        return self.width() < NARROW

    def _show_inspector(self, is_shown: bool) -> None:
        self.inspector.setVisible(is_shown)
        words = tr("Hide the inspector") if is_shown else tr("Show the inspector")
        _point(self.stage.inspector_button, "chevron-right" if is_shown else "chevron-left", words)

    def _show_palette(self, is_shown: bool) -> None:
        self.left.setVisible(is_shown)
        words = tr("Hide the layers") if is_shown else tr("Show the layers")
        _point(self.stage.palette_button, "chevron-left" if is_shown else "chevron-right", words)


def _edged(panel: QWidget, *, is_left: bool) -> QWidget:
    set_ground(panel, "surface", "right" if is_left else "left")
    return panel


def _point(button: IconButton, icon_name: str, words: str) -> None:
    button.set_icon(icon_name)
    button.setToolTip(words)
    button.setAccessibleName(words)
