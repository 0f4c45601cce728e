"""Reading: the first rows under other import settings at once, and which sheets a file has."""

from PySide6.QtCore import QObject

from studio import jobs
from studio.core.design.dataset import DatasetSpec, TablePreview
from studio.core.params import Values
from studio.ui.background import Background
from studio.ui.panels.data_table import DataTable
from studio.ui.panels.dataset import DatasetPanel

LOOK_KEY, SHEETS_KEY = "data.first_look", "data.sheets"
WITH_SHEETS = ("excel", "sqlite")
CHUNK = 200


class Reading(QObject):
    """While a table is read again, its first rows stand in the table already."""

    def __init__(self, panel: DatasetPanel, table: DataTable, background: Background) -> None:
        super().__init__(panel)
        self._panel, self._table, self._background = panel, table, background
        self._dataset = DatasetSpec()
        self._is_changed = False

    def show(self, dataset: DatasetSpec) -> None:
        """Other data are open: asks for their sheets where the file may have several."""
        self._dataset, self._is_changed = dataset, False
        self._panel.show_tables(())
        if dataset.settings.get("format") in WITH_SHEETS:
            self._background.run(
                jobs.tables_in, dataset.path, key=SHEETS_KEY, done=self._panel.show_tables
            )

    def look(self, dataset: DatasetSpec, settings: Values) -> None:
        """Shows the first rows as these settings read them, as soon as they are there."""
        if dataset.source == "table":
            self._background.run(
                jobs.first_look, dataset.path, settings, key=LOOK_KEY, done=self._on_looked
            )

    def end(self) -> None:
        """All is read, or it was left: the table shows what is open."""
        self._background.cancel(LOOK_KEY)
        if self._is_changed:
            self._is_changed = False
            self._table.show_dataset(self._dataset, is_read_anew=True)

    def _on_looked(self, preview: TablePreview) -> None:
        self._is_changed = True
        self._table.show_first_look(preview)
