"""The gestures of edges: drawn from either end, picked up from a full input, cut, selected."""

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from typing_extensions import override

from studio.core.design import edits
from studio.core.design.graph import Edge, Graph
from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.canvas.drawn_wire import DrawnWire
from studio.ui.canvas.geometry import Port
from studio.ui.canvas.gestures import Gesture, Pointer, Stage, loose_end
from studio.ui.canvas.refusals import PaleCards, refusing


class Connect(Gesture):
    """Draws an edge from a port, or picks one up.

    Before it is let go, a port that refuses says why, and so does a layer that could not work
    with what the edge brings.
    """

    cursor = Qt.CursorShape.CrossCursor
    pans_at_border = True

    def __init__(self, stage: Stage, port: Port, picked_up: Edge | None = None) -> None:
        super().__init__(stage)
        self._port = port
        self._picked_up = picked_up
        self._marked: Port | None = None
        self._edge: Edge | None = None
        self._is_refused = False
        self._has_left = picked_up is not None
        self._is_drawn = False

    @override
    def start(self, at: Pointer) -> None:
        self._wire = DrawnWire(self.stage.picture, self._port)
        self._refusing = PaleCards(self.stage.picture)
        if self._picked_up is not None:
            self.stage.picture.edge_items[self._picked_up].setVisible(False)
        self.move(at)

    @override
    def move(self, at: Pointer) -> None:
        target = self._target_at(at.scene)
        self._look(target)
        if not self._is_drawn and self._home_at(at.scene) is None:
            self._is_drawn = self._has_left = True
            self._refusing.show(refusing(self._graph_without(), self._port))
        end = self._point(target) if self._edge and target else at.scene
        self._wire.lead_to(end, is_refused=self._is_refused)

    @override
    def finish(self, at: Pointer) -> None:
        edge, is_refused = self._edge, self._is_refused
        has_left = self._has_left and self._home_at(at.scene) is None
        was_on_card = self._target_at(at.scene) is not None
        self._clean_up()
        if edge is not None and edge == self._picked_up:
            return  # put back where it was
        if edge is not None and not is_refused:
            self.stage.editor.connect(edge, instead_of=self._picked_up)
        elif self._picked_up is not None:
            self.stage.editor.disconnect(self._picked_up)
        elif has_left and not was_on_card:
            self.stage.ask_layer(loose_end(self._port, at.scene, self.stage))

    @override
    def cancel(self) -> None:
        self._clean_up()

    def _look(self, target: Port | None) -> None:
        if target == self._marked and target is not None:
            return
        self._unmark()
        self._edge, self._is_refused = None, False
        if target is None:
            self.stage.say("")
            return
        self._edge = self._edge_to(target)
        reason = self._reason(self._edge)
        self._is_refused = reason is not None
        self._marked = target
        self.stage.picture.node_items[target.node].mark_port(target, is_refused=self._is_refused)
        if reason is not None:
            self.stage.say(reason.message)
        else:
            self._promise(self._edge)

    def _promise(self, edge: Edge) -> None:
        """Shows what goes when the edge comes, and says what its target would say against it."""
        replaced = self._replaced_by(edge)
        self._wire.replaces(replaced)
        doubt = self.stage.editor.doubt_of(edge, instead_of=self._picked_up)
        if doubt is not None:
            self.stage.say(doubt.message, is_refusal=False)
        elif replaced is not None:
            name = self.stage.editor.graph.nodes[replaced.source].name
            self.stage.say(tr("Replaces the wire from {name}", name=name), is_refusal=False)
        else:
            self.stage.say("")

    def _replaced_by(self, edge: Edge) -> Edge | None:
        """The wire that is at the input now, unless it is this one or the one picked up."""
        there = [e for e in self.stage.editor.graph.incoming(edge.target) if e.port == edge.port]
        return next((e for e in there if e not in (edge, self._picked_up)), None)

    def _reason(self, edge: Edge) -> Problem | None:
        return edits.why_not_connect(self._graph_without(), edge)

    def _graph_without(self) -> Graph:
        """The network without the edge that was picked up."""
        graph = self.stage.editor.graph
        return graph if self._picked_up is None else edits.disconnect(graph, self._picked_up)

    def _edge_to(self, target: Port) -> Edge:
        if self._port.side == "output":
            return Edge(self._port.node, target.node, target.index)
        return Edge(target.node, self._port.node, self._port.index)

    def _target_at(self, point: QPointF) -> Port | None:
        """The port meant: the one under the pointer, else the best one of the card there."""
        picture = self.stage.picture
        port = picture.port_at(point)
        if port is not None and port.side != self._port.side:
            return port
        node_id = picture.node_at(point)
        if node_id is None or node_id == picture.view.card(self._port.node):
            return None
        return self._best_port(node_id)

    def _best_port(self, node_id: str) -> Port | None:
        if node_id in self.stage.editor.graph.blocks:
            return self._port_of_block(node_id)
        if self._port.side == "input":
            return Port(node_id, "output")
        signal = self.stage.picture.signal_of(self._port.node)
        categories = signal.categories if signal is not None else 0
        free = edits.port_for(self.stage.editor.graph, node_id, categories)
        return Port(node_id, "input", free or 0)

    def _port_of_block(self, block_id: str) -> Port | None:
        """What a closed block gives, or the first of its inputs that nothing feeds yet."""
        view = self.stage.picture.view
        if self._port.side == "input":
            return Port(view.exits[block_id], "output") if view.exits[block_id] else None
        fed = {(edge.target, edge.port) for edge in self.stage.editor.graph.edges}
        firsts = [group[0] for group in view.inlets[block_id]]
        free = [one for one in firsts if (one.node, one.port) not in fed]
        meant = next(iter((*free, *firsts)), None)
        return Port(meant.node, "input", meant.port) if meant is not None else None

    def _home_at(self, point: QPointF) -> Port | None:
        port = self.stage.picture.port_at(point)
        return port if port == self._port else None

    def _point(self, port: Port) -> QPointF:
        return self.stage.picture.node_items[port.node].point_of(port)

    def _unmark(self) -> None:
        items = self.stage.picture.node_items
        self._wire.replaces(None)
        if self._marked is not None and self._marked.node in items:
            items[self._marked.node].mark_port(None)
        self._marked = None

    def _clean_up(self) -> None:
        self._unmark()
        self.stage.say("")
        self._wire.remove()
        self._refusing.show(frozenset())
        if self._picked_up is not None and self._picked_up in self.stage.picture.edge_items:
            self.stage.picture.edge_items[self._picked_up].setVisible(True)


class PressEdge(Gesture):
    """Selects an edge; with Alt held it is taken away."""

    def __init__(self, stage: Stage, edge: Edge) -> None:
        super().__init__(stage)
        self._edge = edge

    @override
    def finish(self, at: Pointer) -> None:
        picture = self.stage.picture
        if at.held & Qt.KeyboardModifier.AltModifier:
            self.stage.editor.disconnect(self._edge)
            return
        if at.is_adding:
            chosen, this = picture.chosen_edges, frozenset({self._edge})
            picture.choose_edges(chosen ^ this if at.is_toggling else chosen | this)
            return
        self.stage.selection.choose(())
        picture.choose_edges((self._edge,))


def picked_up(stage: Stage, port: Port) -> tuple[Port, Edge | None]:
    """The edge at a full input as it is picked up, and the end that stays."""
    edges = [e for e in stage.editor.graph.incoming(port.node) if e.port == port.index]
    if port.side != "input" or not edges:
        return port, None
    return replace(port, node=edges[0].source, side="output", index=0), edges[0]
