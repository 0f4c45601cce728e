"""Comparison: the drawing of a past run beside today's, what differs coloured, settings below."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGraphicsView,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from studio.core.design.project import Project
from studio.core.run.comparison import Change, Difference
from studio.core.words import tr
from studio.ui.canvas.scene import CanvasScene
from studio.ui.controls import Elided, IconButton, Swatch, label, set_ground
from studio.ui.document import Document
from studio.ui.editors import Combo
from studio.ui.selection import Selection
from studio.ui.theme import ROW_HEIGHT, SPACE_1, SPACE_2, SPACE_3, SPACE_4, Theme, font

NODE = Qt.ItemDataRole.UserRole
COLORS: Mapping[Change, str] = {"changed": "attention", "added": "good", "removed": "problem"}
WORDS: Mapping[Change, str] = {"changed": "changed", "added": "new", "removed": "gone"}
OUTLINE, ROUND, AROUND = 3.0, 11.0, 3.0
TAG_WIDTH, TAG_HEIGHT = 64.0, 18.0
TAG_MOST = 1.6  # times as large as life, where the drawing is seen from afar
LEAST_ZOOM, MOST_ZOOM, LARGEST_FIT = 0.05, 2.0, 1.0
ZOOM_STEP = 1.0015
MARGIN = 32.0
LEAST_RUN_WIDTH, RUN_WIDTH = 140, 280
TABLE_HEIGHT = 196
_TAKING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class Drawing(QGraphicsView):
    """A drawing to be looked at, not changed; nodes that differ are outlined and named so.

    Signals:
        went(middle, zoom): the person went elsewhere: scene point and factor.
    """

    went = Signal(object, float)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._document = Document(self)
        self._canvas = CanvasScene(self._document, Selection(self._document), self)
        self.setScene(self._canvas)
        self._changes: Mapping[str, Change] = {}
        self._marked = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._is_following = False
        self._paint_ground()
        Theme.current().changed.connect(self._paint_ground)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self._tell)

    @property
    def project(self) -> Project:
        """What is shown."""
        return self._document.project

    @property
    def changes(self) -> Mapping[str, Change]:
        """Which nodes are outlined, and as what."""
        return self._changes

    def show_project(self, project: Project, changes: Mapping[str, Change]) -> None:
        """Shows a drawing, and which of its nodes differ."""
        self._changes = changes
        if project is not self._document.project:
            self._document.open_project(project, None)
            around = self._canvas.content().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)
            self._canvas.setSceneRect(around)
        self.viewport().update()

    def fit(self) -> None:
        """Shows all of it, no larger than life."""
        area = self._canvas.sceneRect()
        if area.isEmpty() or self.viewport().width() < 2:
            return
        room = self.viewport().rect()
        zoom = min(room.width() / area.width(), room.height() / area.height(), LARGEST_FIT)
        self._zoom_to(max(LEAST_ZOOM, zoom))
        self.centerOn(area.center())

    def mark(self, node_id: str) -> None:
        """Brings a node into sight, where it is drawn here."""
        item = self._canvas.node_items.get(node_id)
        if item is not None:
            self.centerOn(item.sceneBoundingRect().center())

    def follow(self, middle: object, zoom: float) -> None:
        """Goes where the other drawing went."""
        self._is_following = True
        self._zoom_to(zoom)
        self.centerOn(middle)  # type: ignore[call-overload]
        self._is_following = False

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        zoom = self.transform().m11() * ZOOM_STEP ** event.angleDelta().y()
        self._zoom_to(min(MOST_ZOOM, max(LEAST_ZOOM, zoom)))
        self._tell()
        event.accept()

    @override
    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        for node_id, change in self._changes.items():
            item = self._canvas.node_items.get(node_id)
            if item is not None:
                _outline(painter, item.card.translated(item.pos()), change)

    def _zoom_to(self, zoom: float) -> None:
        self.resetTransform()
        self.scale(zoom, zoom)
        self._canvas.show_zoom(zoom)

    def _tell(self) -> None:
        if not self._is_following:
            middle = self.mapToScene(self.viewport().rect().center())
            self.went.emit(middle, self.transform().m11())

    def _paint_ground(self) -> None:
        self.setBackgroundBrush(Theme.current().color("canvas"))
        self.viewport().update()


class ComparisonView(QWidget):
    """Stands in the place of the canvas while it is asked for.

    Signals:
        run_wanted(run): another run is to be compared with.
        closed(): the drawing is wanted back.
    """

    run_wanted = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("comparison")
        self.setAccessibleName(tr("Comparison with a run"))
        set_ground(self, "window")
        self.runs = Combo()
        self.runs.setObjectName("comparison.run")
        self.runs.setAccessibleName(tr("The run to compare with"))
        self.runs.setMinimumWidth(LEAST_RUN_WIDTH)
        self.runs.setMaximumWidth(RUN_WIDTH)
        self.state = Elided(size="small", tone="soft")
        self.close_button = IconButton("close", tr("Back to the drawing (Esc)"))
        self.close_button.setObjectName("comparison.close")
        self.then, self.now = Drawing("comparison.then"), Drawing("comparison.now")
        self.then_title, self.now_title = (label("", size="small", is_strong=True) for _ in "12")
        self.table = DifferenceTable()
        self._is_fitted = False
        self._lay_out()
        self.then.went.connect(self.now.follow)
        self.now.went.connect(self.then.follow)
        self.runs.activated.connect(self._on_run_chosen)
        self.close_button.clicked.connect(self.closed)
        self.table.node_wanted.connect(self._on_node_wanted)

    def show_runs(self, runs: Sequence[tuple[str, str]], chosen: str) -> None:
        """The runs that can be compared with: words and id of each, newest first."""
        self.runs.clear()
        for words, run in runs:
            self.runs.addItem(words, run)
        self.runs.setCurrentIndex(max(0, self.runs.findData(chosen)))

    def show_drawings(
        self,
        then: tuple[str, Project, Mapping[str, Change]],
        now: tuple[str, Project, Mapping[str, Change]],
    ) -> None:
        """Title, project and what differs, of the run and of today."""
        for view, title, (words, project, changes) in (
            (self.then, self.then_title, then),
            (self.now, self.now_title, now),
        ):
            title.setText(words)
            view.setAccessibleName(words)
            view.show_project(project, changes)
        if not self._is_fitted:
            self.fit()

    def fit(self) -> None:
        """Shows all of both, at the same size: beside or below each other, whichever is larger."""
        way = self._larger_way()
        if way != self._both.orientation():
            self._both.setOrientation(way)
            self._both.setSizes([1, 1])  # shares, not pixels
        self.then.fit()
        self.now.fit()
        zoom = min(self.then.transform().m11(), self.now.transform().m11())
        for view in (self.then, self.now):
            view.follow(view.sceneRect().center(), zoom)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(SPACE_3)
        head.addWidget(label(tr("Today beside"), size="heading", is_strong=True))
        head.addWidget(self.runs, 2)
        head.addWidget(self.state, 1)
        for change, token in COLORS.items():
            part = QHBoxLayout()
            part.setSpacing(SPACE_1)
            part.addWidget(Swatch(token))
            part.addWidget(label(tr(WORDS[change]), size="small", tone="soft"))
            head.addLayout(part)
        head.addWidget(self.close_button)
        self._both = QSplitter(Qt.Orientation.Vertical)
        self._both.setChildrenCollapsible(False)
        for title, view in ((self.then_title, self.then), (self.now_title, self.now)):
            self._both.addWidget(_titled(title, view))
        self.table.setFixedHeight(TABLE_HEIGHT)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_4)
        rows.setSpacing(SPACE_3)
        rows.addLayout(head)
        rows.addWidget(self._both, 1)
        rows.addWidget(self.table)

    def _larger_way(self) -> Qt.Orientation:
        """Drawings in many short rows are seen larger beside each other, long ones below."""
        room, areas = self._both.size(), (self.then.sceneRect(), self.now.sceneRect())
        wide = max(area.width() for area in areas) or 1.0
        high = max(area.height() for area in areas) or 1.0
        beside = min(room.width() / 2 / wide, room.height() / high)
        below = min(room.width() / wide, room.height() / 2 / high)
        return Qt.Orientation.Horizontal if beside > below else Qt.Orientation.Vertical

    def _on_run_chosen(self, index: int) -> None:
        self.run_wanted.emit(str(self.runs.itemData(index)))

    def _on_node_wanted(self, node_id: str) -> None:
        self.then.mark(node_id)
        self.now.mark(node_id)


class DifferenceTable(QTableWidget):
    """What was and what is, in groups: scores, layers, training, data.

    Signals:
        node_wanted(node_id): the row of a layer became the current one, or was taken.
    """

    node_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, 4, parent)
        self.setObjectName("comparison.table")
        self.setAccessibleName(tr("What differs"))
        self.setFont(font("small", is_tabular=True))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.currentItemChanged.connect(self._on_current_changed)
        self._on_theme_changed()
        Theme.current().changed.connect(self._on_theme_changed)

    def show_groups(self, then: str, groups: Sequence[tuple[str, Sequence[Difference]]]) -> None:
        """A row for each difference; `then` is the title of the run's column."""
        for column, words in enumerate((tr("About"), tr("What"), then, tr("Today"))):
            head = QTableWidgetItem(words)
            head.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self.setHorizontalHeaderItem(column, head)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        rows = [(title, one) for title, differences in groups for one in differences]
        self.setRowCount(len(rows))
        before = ""
        for number, (title, one) in enumerate(rows):
            about = title if title != before else ""
            before = title
            for column, words in enumerate((about, one.name, one.then, one.now)):
                item = QTableWidgetItem(words)
                item.setData(NODE, one.node)
                item.setToolTip(words)
                if column == 0:
                    item.setForeground(self._soft)
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, title)
                self.setItem(number, column, item)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _TAKING and self.currentItem() is not None:
            self._on_current_changed(self.currentItem())
        else:
            super().keyPressEvent(event)

    def _on_current_changed(self, item: QTableWidgetItem | None) -> None:
        if item is not None and item.data(NODE):
            self.node_wanted.emit(item.data(NODE))

    def _on_theme_changed(self) -> None:
        self._soft: QColor = Theme.current().color("text_soft")


def _titled(title: QWidget, view: QWidget) -> QWidget:
    part = QWidget()
    rows = QVBoxLayout(part)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(SPACE_1)
    title.setContentsMargins(SPACE_2, 0, 0, 0)
    rows.addWidget(title)
    rows.addWidget(view, 1)
    return part


def _outline(painter: QPainter, card: QRectF, change: Change) -> None:
    """A frame round a card and a word at its corner: never colour alone."""
    color = Theme.current().color(COLORS[change])
    around = card.adjusted(-AROUND, -AROUND, AROUND, AROUND)
    painter.setPen(QPen(color, OUTLINE))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(around, ROUND, ROUND)
    size = min(max(1.0, 1.0 / painter.worldTransform().m11()), TAG_MOST)
    painter.save()
    painter.translate(around.right() - SPACE_2, around.top() + TAG_HEIGHT / (2 * size))
    painter.scale(size, size)
    tag = QRectF(-TAG_WIDTH, -TAG_HEIGHT, TAG_WIDTH, TAG_HEIGHT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(tag, TAG_HEIGHT / 2, TAG_HEIGHT / 2)
    painter.setPen(Theme.current().color("surface"))
    painter.setFont(font("smallest", is_strong=True))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, tr(WORDS[change]))
    painter.restore()
