"""Which of the layers that fit at a place a person most likely wants: the best ones first."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import Signal
from studio.core.catalogue.following import (
    FIRST,
    FOR_CATEGORIES,
    FOR_RANK,
    FOR_SMALL_PICTURES,
    SMALL_PICTURE,
    usual_after,
)
from studio.core.catalogue.usual import USUAL
from studio.core.design.fitting import Fit
from studio.core.design.graph import Graph
from studio.core.shapes import Shape

# How much each thing counts: what is asked for, what was drawn here before, what the catalogue
# says, what the shape says, what was used lately, what is used much at all.
_ANSWER, _HABIT, _USUAL, _SMALL = 100.0, 15.0, 20.0, 24.0
_SHAPE, _RECENT, _MUCH = 12.0, 6.0, 4.0
_KIN, _ALIKE = 40.0, 30.0  # where another layer stood: of its family, of what it gave
_MOST_HABIT = 3
_PICTURE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is known of the place: the graph, the nodes before and after it, what comes in there.

    `instead_of` is the node whose place is taken, `gives` what comes out of that now.
    `recent` are keys of layers that the person placed lately, the newest first; `answers` the
    shapes that are asked of the network and that no Output takes yet.
    """

    graph: Graph = field(default_factory=Graph)
    before: str = ""
    after: str = ""
    signal: Signal | None = None
    instead_of: str = ""
    gives: Signal | None = None
    recent: Sequence[str] = ()
    answers: Sequence[Shape] = ()


def ranked(fits: Mapping[str, Fit], place: Setting) -> tuple[str, ...]:
    """The keys of the layers: those that fit by how likely they are, then the others by name."""
    scores = dict(likeliness(place))
    for key in fits if place.instead_of else ():
        scores[key] = scores.get(key, 0.0) + _likeness(fits[key], key, place)
    return tuple(
        sorted(
            fits,
            key=lambda key: (
                bool(fits[key].reason),
                0.0 if fits[key].reason else -scores.get(key, 0.0),
            ),
        )
    )


def _likeness(fit: Fit, key: str, place: Setting) -> float:
    """How much a layer is like the one whose place it takes: of its family, of its shape."""
    node = place.graph.nodes[place.instead_of]
    entry = LAYERS.get(node.layer)
    is_kin = entry is not None and LAYERS[key].family == entry.family
    is_alike = fit.signal is not None and fit.signal == place.gives
    return _KIN * is_kin + _ALIKE * is_alike


def likeliness(place: Setting) -> Mapping[str, float]:
    """A number for each layer that anything speaks for: the larger, the likelier."""
    scores: dict[str, float] = defaultdict(float)
    for weight, keys in _said(place):
        for number, key in enumerate(dict.fromkeys(keys)):
            scores[key] += weight * (1.0 - number / (len(keys) + 1))
    for key, count in _habits(place).items():
        scores[key] += _HABIT * min(count, _MOST_HABIT)
    return scores


def _said(place: Setting) -> tuple[tuple[float, Sequence[str]], ...]:
    node = place.graph.nodes.get(place.before)
    entry = LAYERS.get(node.layer) if node is not None else None
    is_answer = place.signal is not None and place.signal.shape in place.answers
    return (
        (_ANSWER, _outputs() if is_answer and entry is not None and entry.end is None else ()),
        (_USUAL, usual_after(entry.key, entry.family) if entry is not None else ()),
        (_USUAL, _usual_before(place)),
        (_SHAPE, _for_shape(place)),
        (_SMALL, _for_small(place.signal)),
        (_RECENT, place.recent),
        (_MUCH, USUAL),
    )


def _usual_before(place: Setting) -> Sequence[str]:
    """The layers after which the node that follows usually comes."""
    node = place.graph.nodes.get(place.after)
    if node is None:
        return ()
    found = {e.key: usual_after(e.key, e.family) for e in LAYERS.values()}
    places = {key: keys.index(node.layer) for key, keys in found.items() if node.layer in keys}
    much = {key: number for number, key in enumerate(USUAL)}
    return sorted(places, key=lambda key: (key not in much, places[key], much.get(key, 0)))


def _for_shape(place: Setting) -> Sequence[str]:
    signal = place.signal
    if signal is None:
        return FIRST if not place.graph.nodes else ()
    if signal.categories:
        return FOR_CATEGORIES
    return FOR_RANK.get(len(signal.shape), ())


def _for_small(signal: Signal | None) -> Sequence[str]:
    shape = signal.shape if signal is not None else ()
    is_small = len(shape) == _PICTURE and max(shape[1:]) <= SMALL_PICTURE
    return FOR_SMALL_PICTURES if is_small else ()


def _habits(place: Setting) -> Mapping[str, int]:
    """How often each layer follows the same layer in this network; its ends are no habit."""
    node = place.graph.nodes.get(place.before)
    if node is None:
        return {}
    nodes = place.graph.nodes
    return Counter(
        nodes[edge.target].layer
        for edge in place.graph.edges
        if nodes[edge.source].layer == node.layer and nodes[edge.target].layer not in _outputs()
    )


def _outputs() -> tuple[str, ...]:
    return tuple(entry.key for entry in LAYERS.values() if entry.end == "output")
