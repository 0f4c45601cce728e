"""LearningForm: how the weights of one node begin, rest, are held small, or are shared."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.catalogue import INITIALIZATIONS
from studio.core.catalogue.initializations import DEFAULT
from studio.core.design.graph import Graph, Node
from studio.core.design.learning import PENALTIES, Learning
from studio.core.design.sharing import owner_of, sharers, sharing, with_learning
from studio.core.params import Param, Value, choice, switch
from studio.core.words import tr
from studio.ui.controls import Button, label
from studio.ui.document import Document
from studio.ui.fields import ChoiceField, Form, field_for, form
from studio.ui.theme import SPACE_3

OWN = ""
START = choice(
    "start",
    "Weights begin as",
    DEFAULT,
    {key: entry.title for key, entry in INITIALIZATIONS.items()},
    help="What the weights are before the first step.",
)
FROZEN = switch(
    "is_frozen",
    "Frozen",
    False,
    help="The weights stay as they are, and so do the running figures of a norm.",
)
SHARES = choice(
    "shares",
    "Weights",
    OWN,
    {OWN: "Its own"},
    help="Layers of the same kind with the same settings can share their weights: two inputs "
    "are then looked at in the same way.",
)


class LearningForm(QWidget):
    """What is set for the weights of a node; folded in while nothing is."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("node.learning")
        self._document = document
        self._node = ""
        self.starts: dict[str, Form] = {}
        self.fold = Button(tr("Learning"), "link", icon_name="chevron-right")
        self.fold.setObjectName("node.learning.fold")
        self.fold.setCheckable(True)
        self.fold.setAccessibleDescription(
            tr("How the weights of this layer begin, whether they learn, and with whom shared.")
        )
        self.shares = field_for(SHARES)
        self.start = field_for(START)
        self.plain = form((FROZEN, *PENALTIES))
        self.about = label("", size="small", tone="soft", wraps=True)
        self._lay_out()
        self.fold.toggled.connect(self._on_fold_toggled)
        self.shares.edited.connect(self._on_shares_edited)
        self.start.edited.connect(self._on_start_edited)
        self.plain.edited.connect(self._on_plain_edited)
        self.plain.finished.connect(self._on_finished)

    def show_node(self, node_id: str, *, has_weights: bool) -> None:
        """Shows a node as the document has it; nothing for one that has no weights."""
        graph = self._document.project.graph
        node = graph.nodes[node_id]
        self.setVisible(has_weights or not node.learning.is_plain)
        if node_id != self._node:
            self._node = node_id
            self.fold.setChecked(not node.learning.is_plain)
        self._show_learning(graph, node)

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(SPACE_3)
        head = QHBoxLayout()
        head.addWidget(self.fold)
        head.addStretch(1)
        rows.addLayout(head)
        self._content = QWidget()
        self._rows = QVBoxLayout(self._content)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(SPACE_3)
        self._start_rows = QVBoxLayout()
        self._rows.addWidget(self.shares)
        self._rows.addWidget(self.start)
        self._rows.addLayout(self._start_rows)
        self._rows.addWidget(self.about)
        self._rows.addWidget(self.plain)
        self._content.hide()
        rows.addWidget(self._content)

    def _show_learning(self, graph: Graph, node: Node) -> None:
        learning = node.learning
        has_own = not learning.shares
        assert isinstance(self.shares, ChoiceField)
        self.shares.set_choices(_others(graph, node), {})
        self.shares.show_value(learning.shares)
        self.start.show_value(learning.start)
        self.plain.show_values(
            {"is_frozen": learning.is_frozen, "l1": learning.l1, "l2": learning.l2}
        )
        self.start.setVisible(has_own)
        self.plain.setVisible(has_own)
        self._show_start(learning)
        self.about.setText(_about(graph, node))

    def _show_start(self, learning: Learning) -> None:
        entry = INITIALIZATIONS.get(learning.start)
        if entry is not None and entry.params and entry.key not in self.starts:
            made = form(entry.params)
            made.edited.connect(partial(self._on_start_param_edited, entry.key))
            made.finished.connect(self._on_finished)
            self.starts[entry.key] = made
            self._start_rows.addWidget(made)
        for key, shown in self.starts.items():
            shown.setVisible(key == learning.start and not learning.shares)
            if key == learning.start:
                shown.show_values({**INITIALIZATIONS[key].defaults(), **learning.start_params})

    def _change(self, text: str, merge_key: str, **changes: object) -> None:
        node_id = self._node
        node = self._document.project.graph.nodes.get(node_id)
        if node is None:
            return
        learning = replace(node.learning, **changes)  # type: ignore[arg-type]
        self._document.apply_to_graph(
            lambda graph: with_learning(graph, node_id, learning),
            tr("Change {setting} of {name}", setting=text, name=node.name),
            merge_key=f"{node_id} learning {merge_key}",
        )

    @Slot(bool)
    def _on_fold_toggled(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        self.fold.set_icon("chevron-down" if is_open else "chevron-right")

    @Slot(object)
    def _on_shares_edited(self, value: Value) -> None:
        node_id = self._node
        if node_id not in self._document.project.graph.nodes:
            return
        self._document.end_merge()
        text = tr("Share weights") if value else tr("Give weights of its own")
        self._document.apply_to_graph(lambda graph: sharing(graph, node_id, str(value)), text)

    @Slot(object)
    def _on_start_edited(self, value: Value) -> None:
        self._document.end_merge()
        self._change(tr(START.label), "start", start=str(value), start_params={})

    def _on_start_param_edited(self, start: str, key: str, value: Value) -> None:
        node = self._document.project.graph.nodes.get(self._node)
        if node is None or node.learning.start != start:
            return  # a list that stayed open over another beginning
        params = {**node.learning.start_params, key: value}
        self._change(tr(INITIALIZATIONS[start].param(key).label), key, start_params=params)

    @Slot(str, object)
    def _on_plain_edited(self, key: str, value: Value) -> None:
        param: Param = self.plain.fields[key].param
        self._change(tr(param.label), key, **{key: value})

    @Slot(str)
    def _on_finished(self, _key: str) -> None:
        self._document.end_merge()


def _others(graph: Graph, node: Node) -> Mapping[str, str]:
    """The nodes whose weights a node could share, by id: owners of the same layer."""
    found = {OWN: tr("Its own")}
    for other in graph:
        is_owner = owner_of(graph.nodes, other.id) == other.id
        if other.layer == node.layer and other.id != node.id and is_owner:
            found[other.id] = tr("Those of {name}", name=other.name)
    return found


def _about(graph: Graph, node: Node) -> str:
    owner = graph.nodes.get(node.learning.shares)
    if owner is not None:
        return tr("What is set for these weights is set at {name}.", name=owner.name)
    with_it = [graph.nodes[one].name for one in sharers(graph.nodes, node.id)]
    entry = INITIALIZATIONS.get(node.learning.start)
    says = tr(entry.help) if entry is not None and entry.torch else ""
    shared = tr("Shared with {names}.", names=", ".join(with_it)) if with_it else ""
    return " ".join(part for part in (says, shared) if part)
