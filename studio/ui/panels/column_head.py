"""ColumnHead: the tall heads of a table: name, kind, role, bars and what is missing."""

from typing import Literal, TypeAlias

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QAbstractScrollArea, QHeaderView, QMenu, QWidget
from typing_extensions import override

from studio.core.design.dataset import (
    COLUMN_KINDS,
    COLUMN_ROLES,
    ColumnSummary,
    DatasetSpec,
)
from studio.core.words import tr
from studio.ui.icons import pixmap
from studio.ui.panels.column_words import KINDS, ROLES, Words, kind_refusal
from studio.ui.panels.heads import Heads
from studio.ui.panels.histogram import bar_rects, paint_bars
from studio.ui.theme import SPACE_1, SPACE_2, SPACE_3, Theme, font

What: TypeAlias = Literal["kind", "role"]
Stop: TypeAlias = tuple[int, What]
WHATS: tuple[What, What] = ("kind", "role")

NAME_TOP, NAME_HEIGHT = SPACE_2, 20
CHIP_TOP, CHIP_HEIGHT, CHIP_ICON = 32, 20, 14
BARS_TOP, BARS_HEIGHT = 60, 32
FOOT_TOP, FOOT_HEIGHT = 94, 18
HEAD_HEIGHT = 118
LEAST_WIDTH, USUAL_WIDTH, MOST_WIDTH = 96, 164, 480
MARK_HEIGHT = 2


class ColumnHead(QHeaderView):
    """Heads that tell what each column holds; a click on a chip changes its kind or role.

    Left and Right walk along the chips, Return opens the menu of the one with the ring.

    Signals:
        kind_chosen(name, kind), role_chosen(name, role): the person chose from a menu.
        column_chosen(name): the person clicked on, or walked to, a column.
    """

    kind_chosen = Signal(str, str)
    role_chosen = Signal(str, str)
    column_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setObjectName("columns")
        self.setAccessibleName(tr("Columns: kind and role"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSectionsClickable(True)
        self.setMouseTracking(True)
        self.setMinimumSectionSize(LEAST_WIDTH)
        self.setMaximumSectionSize(MOST_WIDTH)
        self.setDefaultSectionSize(USUAL_WIDTH)
        self.heads = Heads()
        self._chosen = -1
        self._stop: Stop = (0, "kind")
        self._hovered: Stop | None = None
        self._fonts: dict[str, QFont] = {
            "name": font("body", is_strong=True),
            "chip": font("smallest", is_strong=True),
            "foot": font("smallest", is_tabular=True),
        }
        self._metrics = {key: QFontMetrics(face) for key, face in self._fonts.items()}
        self.sectionClicked.connect(self._on_section_clicked)
        Theme.current().changed.connect(self._on_theme_changed)

    def show_dataset(self, dataset: DatasetSpec, *, are_known: bool = True) -> None:
        """Shows the columns of a dataset as the person chose them.

        With `are_known` unset there are no kinds and roles yet, and nothing to choose.
        """
        self.heads = Heads(dataset, are_known=are_known)
        self._stop = (min(self._stop[0], max(0, len(self.heads) - 1)), self._stop[1])
        self.viewport().update()

    def fill(self, column: ColumnSummary) -> None:
        """Shows what is known of a column while the others are still being looked at."""
        place = self.heads.fill(column)
        if place >= 0:
            self.updateSection(place)

    def choose(self, name: str) -> None:
        """Marks the column of that name; none where there is none."""
        self._chosen = self.heads.place(name)
        self.viewport().update()

    def show_column(self, column: int) -> None:
        """Scrolls the table, so that the column can be seen."""
        table = self.parent()
        left = self.sectionViewportPosition(column)
        beyond = left + self.sectionSize(column) - self.viewport().width()
        shift = left if left < 0 else max(0, beyond)
        if isinstance(table, QAbstractScrollArea) and shift:
            bar = table.horizontalScrollBar()
            bar.setValue(bar.value() + shift)

    def is_ignored(self, column: int) -> bool:
        """True where the network does not see the column."""
        return column < len(self.heads) and self.heads.choices[column].role == "ignore"

    def chip(self, column: int, what: What) -> QRect:
        """Where a chip stands in the viewport."""
        left = self.sectionViewportPosition(column) + SPACE_2
        right = left + self.sectionSize(column) - 2 * SPACE_2
        kind = self._chip_width(column, "kind")
        if what == "kind":
            return QRect(left, CHIP_TOP, min(kind, right - left), CHIP_HEIGHT)
        start = left + kind + SPACE_1
        width = min(self._chip_width(column, "role"), max(0, right - start))
        return QRect(start, CHIP_TOP, width, CHIP_HEIGHT)

    def open_menu(self, column: int, what: What) -> QMenu:
        """Shows the menu of a chip, with the present choice ticked."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choice = self.heads[column].choice
        present = choice.kind if what == "kind" else choice.role
        signal = self.kind_chosen if what == "kind" else self.role_chosen
        for key in COLUMN_KINDS if what == "kind" else COLUMN_ROLES:
            words = KINDS[key] if key in KINDS else ROLES[key]  # type: ignore[index]
            action = menu.addAction(tr(words.title))
            action.setToolTip(tr(words.help))
            action.setCheckable(True)
            action.setChecked(key == present)
            action.triggered.connect(lambda _on=False, key=key: signal.emit(choice.name, key))
            if what == "kind":
                self._refuse(action, column, words)
        menu.setToolTipsVisible(True)
        menu.popup(
            self.viewport().mapToGlobal(self.chip(column, what).bottomLeft() + QPoint(0, SPACE_1))
        )
        return menu

    def _refuse(self, action: QAction, column: int, words: Words) -> None:
        """A kind that the column cannot have is disabled and says why."""
        kind = next(kind for kind in COLUMN_KINDS if KINDS[kind] is words)
        if why := kind_refusal(kind, self.heads.found_kind(column)):
            action.setEnabled(False)
            action.setToolTip(why)

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEAD_HEIGHT)

    @override
    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        if logicalIndex >= len(self.heads):
            return
        painter.save()
        painter.setClipRect(rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, logicalIndex)
        self._paint_name(painter, rect, logicalIndex)
        for what in WHATS if self.heads.are_known else ():
            self._paint_chip(painter, logicalIndex, what)
        self._paint_bars(painter, rect, logicalIndex)
        painter.restore()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        stop = self._stop_at(event.position().toPoint())
        if stop is None or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._stop = stop
        self._tell(stop[0])
        self.open_menu(*stop)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hovered = self._stop_at(event.position().toPoint())
        if hovered != self._hovered:
            self._hovered = hovered
            self.viewport().update()
        if hovered is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is not None and self._has_chips:
            self._walk(by)
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Down)
            and self._has_chips
        ):
            self.open_menu(*self._stop)
        else:
            super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    @property
    def _has_chips(self) -> bool:
        return len(self.heads) > 0 and self.heads.are_known

    def _walk(self, by: int) -> None:
        column, what = self._stop
        place = len(WHATS) * column + WHATS.index(what) + by
        place = min(max(place, 0), len(WHATS) * len(self.heads) - 1)
        self._stop = (place // len(WHATS), WHATS[place % len(WHATS)])
        self.show_column(self._stop[0])
        self._tell(self._stop[0])

    def _tell(self, column: int) -> None:
        head = self.heads[column]
        self.setAccessibleDescription(
            tr(
                "{name}: {kind}, {role}",
                name=head.choice.name,
                kind=tr(head.words("kind").title),
                role=tr(head.words("role").title),
            )
        )
        self.column_chosen.emit(head.choice.name)
        self.viewport().update()

    def _stop_at(self, point: QPoint) -> Stop | None:
        column = self.logicalIndexAt(point)
        if not 0 <= column < len(self.heads) or not self.heads.are_known:
            return None
        return next(
            ((column, what) for what in WHATS if self.chip(column, what).contains(point)), None
        )

    def _chip_width(self, column: int, what: What) -> int:
        words = self.heads[column].words(what)
        icon = CHIP_ICON + SPACE_1 if words.icon else 0
        return self._metrics["chip"].horizontalAdvance(tr(words.title)) + icon + 2 * SPACE_2

    def _paint_ground(self, painter: QPainter, rect: QRect, column: int) -> None:
        theme = Theme.current()
        is_chosen = column == self._chosen
        painter.fillRect(rect, theme.color("hover" if is_chosen else "surface"))
        line = theme.color("line")
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, line)
        painter.fillRect(rect.right(), rect.top(), 1, rect.height(), line)
        if is_chosen:
            painter.fillRect(
                rect.left(),
                rect.bottom() - MARK_HEIGHT + 1,
                rect.width(),
                MARK_HEIGHT,
                theme.color("accent"),
            )

    def _paint_name(self, painter: QPainter, rect: QRect, column: int) -> None:
        head, theme = self.heads[column], Theme.current()
        room = rect.adjusted(SPACE_2, 0, -SPACE_2, 0)
        ignored = head.choice.role == "ignore"
        painter.setPen(theme.color("text_soft" if ignored else "text"))
        self._write(
            painter,
            QRect(room.left(), NAME_TOP, room.width(), NAME_HEIGHT),
            "name",
            head.choice.name,
        )
        painter.setPen(theme.color("attention_text" if head.has_missing else "text_soft"))
        self._write(
            painter, QRect(room.left(), FOOT_TOP, room.width(), FOOT_HEIGHT), "foot", head.foot
        )

    def _paint_chip(self, painter: QPainter, column: int, what: What) -> None:
        theme, area = Theme.current(), self.chip(column, what)
        words = self.heads[column].words(what)
        is_ringed = self.hasFocus() and self._stop == (column, what)
        is_hovered = self._hovered == (column, what)
        edge = "accent" if is_ringed else "line_strong" if is_hovered else words.ground
        painter.setPen(QPen(theme.color(edge), 2.0 if is_ringed else 1.0))
        painter.setBrush(theme.color(words.ground))
        painter.drawRoundedRect(
            QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), CHIP_HEIGHT / 2, CHIP_HEIGHT / 2
        )
        left = area.left() + SPACE_2
        if words.icon:
            painter.drawPixmap(
                left,
                area.top() + (CHIP_HEIGHT - CHIP_ICON) // 2,
                pixmap(words.icon, words.ink, CHIP_ICON),
            )
            left += CHIP_ICON + SPACE_1
        painter.setPen(theme.color(words.ink))
        self._write(
            painter,
            QRect(left, area.top(), area.right() - left - SPACE_1, CHIP_HEIGHT),
            "chip",
            tr(words.title),
        )

    def _paint_bars(self, painter: QPainter, rect: QRect, column: int) -> None:
        head = self.heads[column]
        area = QRectF(
            rect.left() + SPACE_2, BARS_TOP, rect.width() - SPACE_2 - SPACE_3, BARS_HEIGHT
        )
        token = (
            "line_strong"
            if head.choice.role == "ignore"
            else ("good" if head.choice.role in ("target", "both") else "accent")
        )
        paint_bars(painter, bar_rects(head.bars, area), Theme.current().color(token))

    def _write(self, painter: QPainter, room: QRect, face: str, text: str) -> None:
        painter.setFont(self._fonts[face])
        painter.drawText(
            room,
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self._metrics[face].elidedText(text, Qt.TextElideMode.ElideRight, max(0, room.width())),
        )

    def _on_section_clicked(self, column: int) -> None:
        if column < len(self.heads) and self.heads.are_known:
            self._stop = (column, "kind")
            self._tell(column)

    def _on_theme_changed(self) -> None:
        self.viewport().update()
