"""One node in the inspector: its name, what it is for, its settings, shapes and cost."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.catalogue import LAYERS
from studio.core.catalogue.ends import OUTPUT, OUTPUT_BEAMS
from studio.core.catalogue.entry import FAMILIES, LayerEntry
from studio.core.design import edits
from studio.core.design.cost import Cost, costs_of
from studio.core.design.dataset import DatasetSpec
from studio.core.design.fixes import apply_fix
from studio.core.design.graph import Graph, Node
from studio.core.design.report import NodeReport, Report
from studio.core.params import Value
from studio.core.problems import Problem
from studio.core.shapes import show
from studio.core.words import tr
from studio.ui.cards import Note, NoteTone
from studio.ui.controls import Button, Rule, Tag, label
from studio.ui.counts import bytes_in_words, counted, share_in_words
from studio.ui.document import Document
from studio.ui.editors import TitleEdit
from studio.ui.fields import ColumnsField, Form, form
from studio.ui.panels.facts import Facts
from studio.ui.panels.learning_form import LearningForm
from studio.ui.theme import SPACE_2, SPACE_3

_NOTHING_KNOWN = NodeReport()


class NodeForm(QWidget):
    """Shows one node and hands every change to the document.

    Signals:
        network_wanted(): the person wants to see the whole network again.
        folder_wanted(node_id, key): a folder is to be chosen for a setting of a node.
    """

    network_wanted = Signal()
    folder_wanted = Signal(str, str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._node = ""
        self._forms: dict[str, Form] = {}
        self._problems: tuple[Problem, ...] = ()
        self.back = Button(tr("Whole network"), "link", icon_name="chevron-left")
        self.name = TitleEdit(tr("Name"))
        self.family = Tag("", "accent")
        self.help = label("", size="small", tone="soft", wraps=True)
        self.learning = LearningForm(document)
        self.facts = Facts()
        self._notes, self._settings, self._below = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._lay_out()
        self.back.clicked.connect(self.network_wanted)
        self.name.renamed.connect(self._on_renamed)

    def add_below(self, widget: QWidget) -> None:
        """Puts something else about the node under its figures."""
        self._below.addWidget(widget)

    def show_node(self, node_id: str) -> None:
        """Shows a node as the document has it."""
        if node_id != self._node:
            self._document.end_merge()
        self._node = node_id
        graph, report = self._document.project.graph, self._document.report
        node = graph.nodes[node_id]
        entry = LAYERS.get(node.layer)
        if not (self.name.hasFocus() and self.name.isModified()):
            self.name.show_title(node.name)
        self.family.setText(tr(FAMILIES[entry.family]) if entry else tr("Unknown"))
        self.help.setText(tr(entry.help) if entry else "")
        self._show_form(node, entry)
        self._show_problems(report.nodes.get(node_id, _NOTHING_KNOWN).problems)
        known = report.nodes.get(node_id, _NOTHING_KNOWN)
        self.learning.show_node(node_id, has_weights=bool(known.weights))
        costs = costs_of(self._document.project)
        self.facts.show_facts((*_facts(graph, report, node_id), *_cost(costs.get(node_id))))

    def _lay_out(self) -> None:
        self.name.setObjectName("node.name")
        top = QHBoxLayout()
        top.setSpacing(SPACE_2)
        top.setContentsMargins(0, 0, SPACE_2, 0)  # the field has an inset of its own
        top.addWidget(self.name, 1)
        top.addWidget(self.family)
        head = QVBoxLayout(self)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(SPACE_3)
        back = QHBoxLayout()
        back.setContentsMargins(SPACE_2, 0, 0, 0)
        back.addWidget(self.back)
        back.addStretch(1)
        head.addLayout(back)
        head.addLayout(top)
        rows = QVBoxLayout()
        rows.setContentsMargins(SPACE_2, 0, SPACE_2, 0)
        rows.setSpacing(SPACE_3)
        head.addLayout(rows, 1)
        rows.addWidget(self.help)
        self._notes.setSpacing(SPACE_2)
        rows.addLayout(self._notes)
        rows.addLayout(self._settings)
        rows.addWidget(self.learning)
        rows.addWidget(Rule())
        rows.addWidget(label(tr("Shapes and cost"), is_strong=True))
        rows.addWidget(self.facts)
        rows.addLayout(self._below)
        rows.addStretch(1)

    def _show_form(self, node: Node, entry: LayerEntry | None) -> None:
        for layer, other in self._forms.items():
            other.setVisible(layer == node.layer)
        if entry is None or not entry.params:
            return
        if node.layer not in self._forms:
            self._add_form(entry)
        shown = self._forms[node.layer]
        for field in shown.fields.values():
            if isinstance(field, ColumnsField):
                names = tuple(column.name for column in self._document.project.dataset.inputs())
                field.set_names(names)
        if entry.key == OUTPUT.key:
            shown.fields[OUTPUT_BEAMS].set_reason(_why_no_beams(self._document.project.dataset))
        shown.show_values(_values(node, entry))

    def _add_form(self, entry: LayerEntry) -> None:
        made = form(entry.params, self)
        made.edited.connect(partial(self._on_edited, entry.key))
        made.finished.connect(self._on_finished)
        made.folder_wanted.connect(self._on_folder_wanted)
        self._forms[entry.key] = made
        self._settings.addWidget(made)

    def _show_problems(self, problems: tuple[Problem, ...]) -> None:
        if problems == self._problems:
            return
        self._problems = problems
        while (item := self._notes.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for problem in problems:
            self._notes.addWidget(self._note(problem))

    def _note(self, problem: Problem) -> Note:
        tone: NoteTone = "problem" if problem.is_error else "attention"
        if problem.fix is None:
            return Note(str(problem), tone)
        return Note(
            problem.message, tone, link=problem.fix.label, act=lambda: self._apply_fix(problem)
        )

    def _apply_fix(self, problem: Problem) -> None:
        fix = problem.fix
        assert fix is not None
        self._document.end_merge()
        self._document.apply(lambda project: apply_fix(project, fix), fix.label)

    def _on_edited(self, layer: str, key: str, value: Value) -> None:
        node_id = self._node
        node = self._document.project.graph.nodes.get(node_id)
        if node is None or node.layer != layer:
            return  # a list that stayed open over another selection
        words = tr(LAYERS[node.layer].param(key).label)
        self._document.apply_to_graph(
            lambda graph: edits.set_param(graph, node_id, key, value),
            tr("Change {setting} of {name}", setting=words, name=node.name),
            merge_key=f"{node_id} {key}",
        )

    @Slot(str)
    def _on_folder_wanted(self, key: str) -> None:
        self.folder_wanted.emit(self._node, key)

    @Slot(str)
    def _on_finished(self, _key: str) -> None:
        self._document.end_merge()

    @Slot(str)
    def _on_renamed(self, name: str) -> None:
        node_id = self._node
        if node_id not in self._document.project.graph.nodes:
            return
        self._document.end_merge()
        self._document.apply_to_graph(
            lambda graph: edits.rename(graph, node_id, name), tr("Rename")
        )
        self.name.show_title(self._document.project.graph.nodes[node_id].name)


def _why_no_beams(dataset: DatasetSpec) -> str:
    outputs = dataset.model_outputs()
    is_written = not outputs or any(one.task == "sequences" for one in outputs)
    return "" if is_written else tr("Only an answer that is a text is searched for.")


def _values(node: Node, entry: LayerEntry) -> Mapping[str, Value]:
    """What the fields show: a value that a file brought and that is not allowed is not."""
    values = entry.defaults()
    for param in entry.params:
        if param.key in node.params:
            try:
                values[param.key] = param.check(node.params[param.key])
            except ValueError:
                continue
    return values


def _facts(graph: Graph, report: Report, node_id: str) -> tuple[tuple[str, str], ...]:
    known = report.nodes.get(node_id, _NOTHING_KNOWN)
    comes_in = [_shape(report, edge.source) for edge in graph.incoming(node_id)]
    facts = [(tr("Comes in"), ", ".join(comes_in))] if comes_in else []
    return (
        *facts,
        (tr("Goes out"), _shape(report, node_id)),
        (tr("Parameters"), counted(known.weights)),
        (tr("Share of all"), share_in_words(known.weights, report.parameters)),
    )


def _cost(cost: Cost | None) -> tuple[tuple[str, str], ...]:
    """What one sample costs there."""
    if cost is None:
        return ()
    counted_adds = counted(cost.multiply_adds) if cost.is_whole else "–"
    return (
        (tr("Multiply-adds"), counted_adds),
        (tr("Memory of one sample"), bytes_in_words(cost.memory)),
    )


def _shape(report: Report, node_id: str) -> str:
    signal = report.nodes.get(node_id, _NOTHING_KNOWN).signal
    return show(signal.shape) if signal else "–"
