"""A drawer below a page: tabs with their panels, folded away and opened again."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.words import tr
from studio.ui.controls import IconButton, Tag, TagTone, set_ground
from studio.ui.theme import EASING, NORMAL_MS, SPACE_2, SPACE_4, Theme, font

OPEN_HEIGHT = 220
HEAD_HEIGHT = 40


class Drawer(QWidget):
    """Tabs along the upper edge; what they show lies below and can be folded away.

    Signals:
        folded(is_folded): a person opened or closed it.
    """

    folded = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("drawer")
        set_ground(self, "surface", "top")
        self.tabs, self._stack = QTabBar(), QStackedWidget()
        self.fold_button = IconButton("chevron-up", tr("Open the drawer"))
        self._heights: list[int] = []
        self._is_folded = True
        self._movement: QVariantAnimation | None = None
        self._lay_out()
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.tabs.installEventFilter(self)
        self.fold_button.clicked.connect(self._on_fold_clicked)

    @property
    def is_folded(self) -> bool:
        """True while only the tabs can be seen."""
        return self._is_folded

    def add_tab(self, title: str, panel: QWidget, height: int = OPEN_HEIGHT) -> int:
        """Adds a panel under a title; gives its number. It is so high where the page has room."""
        self._heights.append(height)
        self._stack.addWidget(panel)
        return self.tabs.addTab(title)

    def show_tab(self, number: int) -> None:
        """Brings a panel to the front."""
        self._make_room()
        self.tabs.setCurrentIndex(number)

    def show_count(self, number: int, count: int, tone: TagTone) -> None:
        """Shows a count beside a title, and none for nothing."""
        tag = self.tabs.tabButton(number, QTabBar.ButtonPosition.RightSide)
        if not isinstance(tag, Tag):
            tag = Tag()
            self.tabs.setTabButton(number, QTabBar.ButtonPosition.RightSide, tag)
        tag.setText(str(count))
        tag.set_tone(tone)
        tag.setVisible(count > 0)
        tag.resize(tag.sizeHint() if count > 0 else QSize())
        self.tabs.setTabText(number, self.tabs.tabText(number))  # its width is worked out anew

    def fold(self, is_folded: bool, *, moves: bool = True) -> None:
        """Folds it away, or opens it."""
        if is_folded == self._is_folded:
            return
        self._is_folded = is_folded
        words = tr("Open the drawer") if is_folded else tr("Fold the drawer away")
        self.fold_button.set_icon("chevron-up" if is_folded else "chevron-down")
        self.fold_button.setToolTip(words)
        self.fold_button.setAccessibleName(words)
        self._grow_to(0 if is_folded else self._height(), moves=moves and self.isVisible())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on a tab opens a drawer that is folded away."""
        if (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and self._is_folded
            and self.tabs.tabAt(event.position().toPoint()) >= 0
        ):
            self._on_fold_clicked()
        return False

    def _lay_out(self) -> None:
        self.tabs.setFont(font(is_strong=True))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)  # there is always room, also for a count
        self.tabs.setAccessibleName(tr("Drawer"))
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        head = QHBoxLayout()
        head.setContentsMargins(SPACE_4, 0, SPACE_2, 0)
        head.addWidget(self.tabs)
        head.addStretch(1)
        head.addWidget(self.fold_button)
        self._head = QWidget()
        self._head.setLayout(head)
        self._head.setFixedHeight(HEAD_HEIGHT)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 1, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self._head)
        rows.addWidget(self._stack)
        self._stack.setFixedHeight(0)
        self._stack.hide()

    def _make_room(self) -> None:
        """Tabs that were shown since get their width: Qt says nothing of them, and would scroll."""
        self.tabs.updateGeometry()
        head = self._head.layout()
        assert head is not None
        head.activate()

    @Slot()
    def _on_fold_clicked(self) -> None:
        self.fold(not self._is_folded)
        self.folded.emit(self._is_folded)

    @Slot(int)
    def _on_tab_changed(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        if not self._is_folded and self._stack.height() != self._height():
            self._grow_to(self._height(), moves=self.isVisible())

    def _height(self) -> int:
        """That of the panel in front, and half of the page at most."""
        number = self.tabs.currentIndex()
        wanted = self._heights[number] if 0 <= number < len(self._heights) else OPEN_HEIGHT
        page = self.parentWidget()
        most = wanted if page is None else max(OPEN_HEIGHT, page.height() // 2 - HEAD_HEIGHT)
        return min(wanted, most)

    def _grow_to(self, height: int, *, moves: bool) -> None:
        self._stop()
        self._stack.show()
        duration = Theme.current().duration(NORMAL_MS) if moves else 0
        if duration == 0:
            self._settle(height)
            return
        self._movement = QVariantAnimation(self)
        self._movement.setStartValue(self._stack.height())
        self._movement.setEndValue(height)
        self._movement.setDuration(duration)
        self._movement.setEasingCurve(EASING)
        self._movement.valueChanged.connect(self._stack.setFixedHeight)
        self._movement.finished.connect(self._on_grown)
        self._movement.start()

    @Slot()
    def _on_grown(self) -> None:
        self._stop()
        self._settle(0 if self._is_folded else self._height())

    def _settle(self, height: int) -> None:
        self._stack.setFixedHeight(height)
        self._stack.setVisible(height > 0)

    def _stop(self) -> None:
        if self._movement is not None:
            self._movement.stop()
            self._movement.deleteLater()
            self._movement = None
