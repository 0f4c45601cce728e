"""How much memory a step of training needs, and what is said where the machine has less."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import LayerCall, Signal
from studio.core.design.graph import Graph, Node
from studio.core.design.inputs import outputs_of, place_of
from studio.core.design.project import Project
from studio.core.design.training import AUTO
from studio.core.problems import Fix, Problem, Severity
from studio.core.shapes import size_of
from studio.core.words import tr

BYTES = 4  # of a number
COPIES_KEPT = 2  # of each weight there are at least two: itself and its slope
COPIES_LIKELY = 4  # and most optimizers remember two more numbers for it
SHARE_FREE = 0.8  # of the memory; the rest is for the system, the program and the data
# What these give need not be kept: it is worked out a few samples at a time, or in place.
_PASSING = frozenset({"convolution", "activation", "regularization", "reshaping", "ends"})
_HERE = (AUTO, "cpu")


@dataclass(slots=True)
class Machine:
    """What is known of the machine: bytes of memory, 0 where nobody has said so."""

    memory: int = 0


MACHINE = Machine()  # the program tells it once, when it starts


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes: what surely and what likely is needed, by node for one sample and for its weights.

    Of weights that do not learn (`frozen`) there is one copy, without slopes.
    """

    weights: Mapping[str, int]
    samples: Mapping[str, int]
    surely_each: int
    frozen: frozenset[str] = frozenset()

    def likely(self, batch: int) -> int:
        """All weights with what the optimizer remembers; all that the nodes give, kept for slopes.

        The largest of it is there twice, as its slope comes back.
        """
        each = sum(self.samples.values()) + max(self.samples.values(), default=0)
        return self._copied(COPIES_LIKELY) + batch * each

    def surely(self, batch: int) -> int:
        """The weights with their slopes, and the largest single thing that has to be kept."""
        return self._copied(COPIES_KEPT) + batch * self.surely_each

    def of(self, node_id: str, batch: int) -> int:
        """What one node needs."""
        copies = 1 if node_id in self.frozen else COPIES_LIKELY
        return copies * self.weights[node_id] + batch * self.samples[node_id]

    def costliest(self, batch: int) -> str:
        """The node that needs most."""
        return max(self.samples, key=lambda node_id: self.of(node_id, batch))

    def _copied(self, copies: int) -> int:
        once = sum(self.weights[node_id] for node_id in self.frozen)
        return copies * (sum(self.weights.values()) - once) + once


def need_of(
    graph: Graph,
    signals: Mapping[str, Signal],
    weights: Mapping[str, int],
    calls: Mapping[str, LayerCall] = MappingProxyType({}),
) -> Need:
    """What the nodes that lead to an Output need.

    What a layer holds inside itself while it works is counted where its entry knows it
    (`inside`); what was read of the data is left out, of which only as much is held as there is
    room for.
    """
    leading = graph.ancestors(node.id for node in outputs_of(graph))
    known = [node for node in graph if node.id in leading and node.id in signals]
    samples = {node.id: BYTES * size_of(signals[node.id].shape) for node in known}
    frozen = frozenset(node.id for node in known if node.learning.is_frozen)
    kept = [samples[node.id] for node in known if LAYERS[node.layer].family not in _PASSING]
    own = {node.id: BYTES * weights.get(node.id, 0) for node in known}
    for node in known:
        if node.id in calls:
            held = LAYERS[node.layer].inside(calls[node.id], node.id not in frozen)
            samples[node.id] += BYTES * held
    return Need(own, samples, max(kept, default=0), frozen)


def memory_problems(
    project: Project,
    signals: Mapping[str, Signal],
    weights: Mapping[str, int],
    calls: Mapping[str, LayerCall] = MappingProxyType({}),
) -> Iterator[Problem]:
    """A warning where a step would hardly fit, an error where it cannot."""
    batch, training = project.training.batch_size, project.training
    if not MACHINE.memory or training.device not in _HERE or batch < 1:
        return
    need = need_of(project.graph, signals, weights, calls)
    if not need.samples or need.likely(batch) <= SHARE_FREE * MACHINE.memory:
        return
    node = project.graph.nodes[need.costliest(batch)]
    is_sure = need.surely(batch) > MACHINE.memory
    yield _too_much(node, need, batch, Severity.ERROR if is_sure else Severity.WARNING)


def _too_much(node: Node, need: Need, batch: int, severity: Severity) -> Problem:
    fitting = _fitting_batch(need, batch)
    hint = tr("Make {name} or what comes into it smaller.", name=node.name)
    fix = None
    if fitting:
        hint = tr(
            "Set the batch size to {count}, or make {name} smaller.", count=fitting, name=node.name
        )
        label = tr("Set the batch size to {count}", count=fitting)
        fix = Fix("set_training", label, {"key": "batch_size", "value": fitting})
    message = tr(
        "A step of training needs about {need} of memory, and this machine has {memory}. "
        "{name} takes most of it, {share}.",
        need=_shown(need.likely(batch)),
        memory=_shown(MACHINE.memory),
        name=node.name,
        share=_shown(need.of(node.id, batch)),
    )
    return Problem(message, hint, severity, place_of(node), "too-much-memory", fix)


def _fitting_batch(need: Need, batch: int) -> int:
    """The largest power of two below the batch size that fits, or 0."""
    sizes = [2**power for power in range(batch.bit_length()) if 2**power < batch]
    limit = SHARE_FREE * MACHINE.memory
    return max((size for size in sizes if need.likely(size) <= limit), default=0)


def _shown(count: int) -> str:
    """Bytes as a person reads them: 3.2 GB."""
    for size, unit in ((10**12, "TB"), (10**9, "GB")):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count / 10**6:.3g} MB"
