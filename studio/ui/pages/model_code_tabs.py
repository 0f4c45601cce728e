"""The tabs of the Model page's drawer that are about code: the network's own, and an import."""

from PySide6.QtCore import QObject, Slot

from studio.core.design.imported import Imported
from studio.core.words import tr
from studio.ui.canvas.view import CanvasView
from studio.ui.context import Context
from studio.ui.pages.model_code import CodeOfNetwork
from studio.ui.panels.drawer import Drawer
from studio.ui.panels.import_report import ImportReport

CODE_HEIGHT = 340


class CodeTabs(QObject):
    """Adds the tabs, and shows each when it is asked for."""

    def __init__(self, context: Context, drawer: Drawer, canvas: CanvasView) -> None:
        super().__init__(drawer)
        self._context, self._drawer, self._canvas = context, drawer, canvas
        self.code, self.report = CodeOfNetwork(context), ImportReport()
        self._code_tab = drawer.add_tab(tr("Code"), self.code, CODE_HEIGHT)
        self._report_tab = drawer.add_tab(tr("Import"), self.report)
        self._show_report_tab(False)
        context.actions["code"].triggered.connect(self._on_code)
        context.importing.imported.connect(self._on_imported)
        context.document.replaced.connect(self._on_replaced)
        self.code.node_wanted.connect(canvas.show_node)
        self.report.place_wanted.connect(context.navigation.show_place)
        self.report.closed.connect(self._on_report_closed)

    @Slot()
    def _on_code(self) -> None:
        """The same key opens it, and puts it away again."""
        is_shown = not self._drawer.is_folded and self.code.isVisible()
        self._context.navigation.go_to("model")
        if is_shown:
            self._drawer.fold(True)
            self._canvas.setFocus()
            return
        self._bring(self._code_tab)
        self.code.text.setFocus()

    @Slot(object)
    def _on_imported(self, found: Imported) -> None:
        self.report.show_report(found)
        self._show_report_tab(True)
        self._bring(self._report_tab)

    @Slot()
    def _on_report_closed(self) -> None:
        self._drawer.fold(True)
        self._show_report_tab(False)
        self._canvas.setFocus()

    @Slot()
    def _on_replaced(self) -> None:
        """Another project: what was said of an import no longer holds."""
        self._show_report_tab(False)

    def _bring(self, number: int) -> None:
        self._drawer.show_tab(number)
        self._drawer.fold(False)

    def _show_report_tab(self, is_shown: bool) -> None:
        tabs = self._drawer.tabs
        if not is_shown and tabs.currentIndex() == self._report_tab:
            tabs.setCurrentIndex(self._code_tab)
        tabs.setTabVisible(self._report_tab, is_shown)
