"""Finding nodes of a network by what a person types: name, layer, setting or shape."""

import re
from collections.abc import Mapping

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import FAMILIES, Signal
from studio.core.catalogue.usual import ALSO_CALLED
from studio.core.design.graph import Graph, Node
from studio.core.shapes import show
from studio.core.words import tr

_TIMES = re.compile(r"(?<=\d)\s*[x*×]\s*(?=\d)")  # noqa: RUF001 - the sign that shapes are shown with
_THIN = "\u2009"


def found_nodes(graph: Graph, signals: Mapping[str, Signal], words: str) -> tuple[str, ...]:
    """The nodes that have every word typed, in the order in which data run through them.

    A size is typed as ``3x3`` or ``32 × 26 × 26``; a setting by its name or its value, or
    both, as ``dropout 0.5``.
    """
    typed = _plain(words).split()
    if not typed:
        return ()
    order = graph.order()
    rest = tuple(i for i in graph.nodes if i not in set(order))
    return tuple(
        i for i in (*order, *rest) if _has_all(_told(graph.nodes[i], signals.get(i)), typed)
    )


def _has_all(told: str, typed: list[str]) -> bool:
    return all(_has(told, word) for word in typed)


def _has(told: str, word: str) -> bool:
    """True where the word stands there; a number only as a whole, or 3 would find 32."""
    if word[0].isdigit():
        return re.search(rf"(?<![\d.]){re.escape(word)}(?![\d.])", told) is not None
    return word in told


def _told(node: Node, signal: Signal | None) -> str:
    """All that can be said of a node, in small letters."""
    entry = LAYERS.get(node.layer)
    parts = [node.name, node.layer]
    if entry is not None:
        parts += [tr(entry.title), entry.torch, tr(FAMILIES[entry.family])]
        parts += [ALSO_CALLED.get(entry.key, "")]
        for param in entry.params:
            value = node.params.get(param.key, param.default)
            if value not in ("", ()):
                parts += [f"{tr(param.label)} {param.key} {param.show(value)}"]
    if signal is not None:
        parts.append(show(signal.shape))
    return _plain(" | ".join(parts))


def _plain(text: str) -> str:
    return _TIMES.sub("x", text.replace(_THIN, "").casefold())
