"""ExposeMenu: the settings of all layers in a block, to be shown on the block itself or not."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from studio.core.catalogue import LAYERS
from studio.core.design.block import Block
from studio.core.design.blocks import contents
from studio.core.design.graph import Graph
from studio.core.words import tr


class ExposeMenu(QMenu):
    """A menu with one part for each layer, and a tick beside what is shown.

    Signals:
        toggled(node_id, key): a setting is to be shown, or not any more.
    """

    toggled = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("block.settings")
        self.setAccessibleName(tr("Settings of the layers in the block"))

    def show_block(self, graph: Graph, block: Block) -> None:
        """Lists the settings of the layers of a block."""
        self.clear()
        shown = {(one.node, one.key) for one in block.exposed}
        for node_id in contents(graph, block.id):
            entry = LAYERS.get(graph.nodes[node_id].layer)
            if entry is None or not entry.params:
                continue
            part = self.addMenu(graph.nodes[node_id].name)
            for param in entry.params:
                action = QAction(tr(param.label), part)
                action.setObjectName(f"block.settings.{node_id}.{param.key}")
                action.setCheckable(True)
                action.setChecked((node_id, param.key) in shown)
                action.triggered.connect(partial(self._on_triggered, node_id, param.key))
                part.addAction(action)

    def _on_triggered(self, node_id: str, key: str, _is_checked: bool = False) -> None:
        self.toggled.emit(node_id, key)
