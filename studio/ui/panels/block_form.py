"""One block in the inspector: its name, how often it is repeated, and the settings it shows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.catalogue import LAYERS
from studio.core.design import edits
from studio.core.design.block import MOST_REPEATS, PLAIN_TINT, TINTS, Block, Exposed
from studio.core.design.block_edits import why_not_repeat, with_block
from studio.core.design.blocks import contents, exits_of
from studio.core.design.folding_blocks import folded
from studio.core.design.graph import Graph
from studio.core.design.report import NodeReport
from studio.core.params import Param, Value, choice, whole
from studio.core.problems import StudioError
from studio.core.shapes import show
from studio.core.words import tr
from studio.ui.controls import Button, Rule, Tag, label
from studio.ui.counts import counted, share_in_words
from studio.ui.document import Document
from studio.ui.editors import TitleEdit
from studio.ui.fields import Form, form
from studio.ui.panels.expose_menu import ExposeMenu
from studio.ui.panels.facts import Facts
from studio.ui.theme import SPACE_2, SPACE_3
from studio.ui.tints import TINT_NAMES

TIMES, COLOR = "repeats", "color"
_TIMES = whole(
    TIMES,
    "Repeated",
    1,
    at_least=1,
    at_most=MOST_REPEATS,
    help="So many copies stand behind one another, each with weights of its own. What comes out "
    "of one goes into the next.",
)
_COLOR = choice(COLOR, "Colour", PLAIN_TINT, dict(TINT_NAMES))
_NOTHING_KNOWN = NodeReport()


class BlockForm(QWidget):
    """Shows one block and hands every change to the document."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._block = ""
        self._exposed: tuple[Exposed, ...] = ()
        self._params: tuple[Param, ...] = ()  # another layer may have others under the same key
        self.name = TitleEdit(tr("Name"))
        self.fold = Button(tr("Open the block"))
        self.times = form((_TIMES, _COLOR), self)
        self.settings: Form | None = None
        self.choice = ExposeMenu(self)
        self.choose = Button(tr("Choose settings to show"), "link")
        self.hint = label("", size="small", tone="soft", wraps=True)
        self.facts = Facts()
        self._settings = QVBoxLayout()
        self._lay_out()
        self.name.renamed.connect(self._on_renamed)
        self.fold.clicked.connect(self._on_folded)
        self.choose.clicked.connect(self._on_choose)
        self.choice.toggled.connect(self._on_toggled)
        self.times.edited.connect(self._on_edited_block)
        self.times.finished.connect(self._on_finished)

    def show_block(self, block_id: str) -> None:
        """Shows a block as the document has it."""
        if block_id != self._block:
            self._document.end_merge()
        self._block = block_id
        graph = self._document.project.graph
        block = graph.blocks[block_id]
        if not (self.name.hasFocus() and self.name.isModified()):
            self.name.show_title(block.name)
        self.fold.setText(tr("Close the block") if block.is_open else tr("Open the block"))
        self._show_times(graph, block)
        self._show_settings(graph, block)
        self.facts.show_facts(self._facts(graph, block))

    def _lay_out(self) -> None:
        self.name.setObjectName("block.name")
        self.fold.setObjectName("block.fold")
        self.choose.setObjectName("block.choose")
        top = QHBoxLayout()
        top.setSpacing(SPACE_2)
        top.setContentsMargins(0, 0, SPACE_2, 0)  # the field has an inset of its own
        top.addWidget(self.name, 1)
        top.addWidget(Tag(tr("Block"), "accent"))
        head = QVBoxLayout(self)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(SPACE_3)
        head.addLayout(top)
        rows = QVBoxLayout()
        rows.setContentsMargins(SPACE_2, 0, SPACE_2, 0)
        rows.setSpacing(SPACE_3)
        head.addLayout(rows, 1)
        for part in (self.fold, self.times, Rule(), label(tr("Settings"), is_strong=True)):
            rows.addWidget(part)
        rows.addWidget(self.hint)
        rows.addLayout(self._settings)
        links = QHBoxLayout()
        links.addWidget(self.choose)
        links.addStretch(1)
        rows.addLayout(links)
        rows.addWidget(Rule())
        rows.addWidget(label(tr("Shapes and cost"), is_strong=True))
        rows.addWidget(self.facts)
        rows.addStretch(1)

    def _show_times(self, graph: Graph, block: Block) -> None:
        field = self.times.fields[TIMES]
        field.show_value(block.repeats)
        self.times.fields[COLOR].show_value(block.color)
        field.set_reason(why_not_repeat(graph, block.id) if block.repeats == 1 else "")

    def _show_settings(self, graph: Graph, block: Block) -> None:
        """A field for each setting that the block shows, of whichever layer it is."""
        names = {node.id: node.name for node in graph}
        exposed = tuple(
            replace(one, label=one.label or names.get(one.node, "")) for one in block.exposed
        )
        params = tuple(_params(graph, exposed))
        if (exposed, params) != (self._exposed, self._params) or self.settings is None:
            self._exposed, self._params = exposed, params
            self._draw_settings()
        if self.settings is not None:
            self.settings.show_values(dict(_values(graph, exposed)))
        self.hint.setText(tr("Settings of the layers inside that are changed often."))
        self.hint.setVisible(not exposed)

    def _draw_settings(self) -> None:
        if self.settings is not None:
            self._settings.removeWidget(self.settings)
            self.settings.hide()
            self.settings.deleteLater()
        self.settings = form(self._params, self)
        self.settings.edited.connect(self._on_edited)
        self.settings.finished.connect(self._on_finished)
        self._settings.addWidget(self.settings)

    def _facts(self, graph: Graph, block: Block) -> tuple[tuple[str, str], ...]:
        report = self._document.report.nodes
        held = contents(graph, block.id)
        known = [report.get(i, _NOTHING_KNOWN) for i in held]
        weights = sum(one.weights for one in known)
        ends = [report.get(i, _NOTHING_KNOWN).outcome for i in exits_of(graph, held)]
        gives = ", ".join(show(end.shape) for end in ends if end is not None)
        return (
            (tr("Goes out"), gives or "–"),
            (tr("Layers"), counted(len(held))),
            (tr("Parameters"), counted(weights)),
            (tr("Share of all"), share_in_words(weights, self._document.report.parameters)),
            (tr("Problems"), counted(sum(len(one.problems) for one in known))),
        )

    def _on_edited(self, key: str, value: Value) -> None:
        one = next((one for one in self._exposed if key_of(one) == key), None)
        node = self._document.project.graph.nodes.get(one.node) if one is not None else None
        if one is None or node is None:
            return
        words = tr(LAYERS[node.layer].param(one.key).label)
        self._document.apply_to_graph(
            partial(edits.set_param, node_id=one.node, key=one.key, value=value),
            tr("Change {setting} of {name}", setting=words, name=node.name),
            merge_key=f"{one.node} {one.key}",
        )

    def _on_edited_block(self, key: str, value: Value) -> None:
        block = self._the_block()
        tint = next((tint for tint in TINTS if tint == value), None)
        if block is None:
            return
        if key == COLOR and tint is not None:
            self._change(replace(block, color=tint), tr("Change the colour"))
        elif isinstance(value, int):
            self._repeat(block, value)

    def _repeat(self, block: Block, value: int) -> None:
        try:
            graph = with_block(self._document.project.graph, replace(block, repeats=value))
        except StudioError as refusal:
            self.times.fields[TIMES].show_error(str(refusal.problem))
            return
        words = tr("Repeat {name}", name=block.name)
        self._document.apply_to_graph(lambda _graph: graph, words, merge_key=f"{block.id} {TIMES}")

    @Slot(str)
    def _on_finished(self, _key: str) -> None:
        self._document.end_merge()

    @Slot(str)
    def _on_renamed(self, name: str) -> None:
        block = self._the_block()
        if block is not None:
            self._change(replace(block, name=name), tr("Rename"))
            self.name.show_title(self._document.project.graph.blocks[block.id].name)

    @Slot()
    def _on_folded(self) -> None:
        block = self._the_block()
        if block is not None:
            graph = folded(self._document.project.graph, block.id, is_open=not block.is_open)
            words = tr("Close the block") if block.is_open else tr("Open the block")
            self._document.end_merge()
            self._document.apply_to_graph(lambda _graph: graph, words)

    @Slot()
    def _on_choose(self) -> None:
        block = self._the_block()
        if block is not None:
            self.choice.show_block(self._document.project.graph, block)
            self.choice.popup(self.choose.mapToGlobal(self.choose.rect().bottomLeft()))

    @Slot(str, str)
    def _on_toggled(self, node_id: str, key: str) -> None:
        """Shows a setting of a layer on the block, or takes it away again."""
        block = self._the_block()
        if block is None:
            return
        kept = tuple(one for one in block.exposed if (one.node, one.key) != (node_id, key))
        if kept == block.exposed:
            kept = (*kept, Exposed(node_id, key))
        self._change(replace(block, exposed=kept), tr("Choose settings to show"))

    def _change(self, block: Block, words: str) -> None:
        self._document.end_merge()
        self._document.apply_to_graph(lambda graph: with_block(graph, block), words)

    def _the_block(self) -> Block | None:
        return self._document.project.graph.blocks.get(self._block)


def key_of(one: Exposed) -> str:
    """The key of the field of a setting: each layer has its own."""
    return f"{one.node}.{one.key}"


def _params(graph: Graph, exposed: tuple[Exposed, ...]) -> Iterator[Param]:
    for one in exposed:
        param = LAYERS[graph.nodes[one.node].layer].param(one.key)
        words = tr("{setting} of {name}", setting=tr(param.label), name=one.label)
        yield replace(param, key=key_of(one), label=words)


def _values(graph: Graph, exposed: tuple[Exposed, ...]) -> Iterator[tuple[str, Value]]:
    for one in exposed:
        node = graph.nodes[one.node]
        values: Mapping[str, Value] = {**LAYERS[node.layer].defaults(), **node.params}
        yield key_of(one), values[one.key]
