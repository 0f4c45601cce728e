"""BackboneChoice: asks for the folder of a pretrained network and gives it to a layer."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from studio import jobs
from studio.core.design import edits
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.dialogs.file_dialog import FileDialog


class BackboneChoice(QObject):
    """Reads the folder off the window's thread; what it says is one edit that can be undone."""

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._folder = Path.home()

    @Slot(str, str)
    def ask(self, node_id: str, key: str) -> None:
        """Opens the dialog for a setting of a node."""
        dialog = FileDialog(
            tr("Folder of a pretrained network"),
            self._folder,
            lambda path: self.take(node_id, key, path),
            self._window,
        )
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.open()

    def take(self, node_id: str, key: str, folder: Path) -> None:
        """Reads a folder for a setting of a node; what is wrong with it is said."""
        self._folder = folder.parent
        self._context.background.run(
            jobs.read_backbone,
            str(folder),
            done=lambda text: self._put(node_id, key, text),
            failed=self._context.navigation.say_problem,
            key=f"backbone {node_id}",
        )

    def _put(self, node_id: str, key: str, text: str) -> None:
        document = self._context.document
        node = document.project.graph.nodes.get(node_id)
        if node is None:
            return  # it was taken away while the folder was read
        document.end_merge()
        document.apply_to_graph(
            lambda graph: edits.set_param(graph, node_id, key, text),
            tr("Choose the network of {name}", name=node.name),
        )
