"""Finds: everything that *find anything* can find, and which of it a person means."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import FAMILIES, LayerEntry
from studio.core.catalogue.usual import ALSO_CALLED
from studio.core.design.edits import GAP, NODE_SIZE, add_node
from studio.core.design.graph import Graph, Position
from studio.core.design.training import TRAINING_PARAMS
from studio.core.problems import Place
from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.deeds import Deed
from studio.ui.settings import PREFERENCES
from studio.ui.stages import STAGES

MOST_SHOWN = 12
NO_MATCH = 99
LEAST_INSIDE = 4  # letters that may stand inside a word; fewer find too much
LEAST_SPELLED = 3  # letters that may stand apart, in their order
_DISABLED_BEHIND = 0.5


@dataclass(frozen=True, slots=True)
class Find:
    """One thing that can be found: its words, what kind of thing it is, and what it does.

    `name` is the same every time, so that what was used lately can be remembered; `also` are
    other words for it. With a `reason` it cannot be done now.
    """

    name: str
    title: str
    kind: str
    icon: str
    act: Callable[[], object]
    keys: str = ""
    reason: str = ""
    also: str = ""


def everything(context: Context) -> tuple[Find, ...]:
    """All that there is now."""
    return (
        *_actions(context),
        *_pages(context),
        *(_of_deed(deed) for deed in context.actions.deeds if deed.is_listed),
        *(_of_project(context) if context.files.is_open else ()),
        *_preferences(context),
    )


def best(finds: Sequence[Find], text: str, recent: Sequence[str]) -> tuple[Find, ...]:
    """What matches every word typed, best first; of what matches alike, what was used lately."""
    typed = text.casefold().split()
    ages = {name: age for age, name in enumerate(recent)}
    ranked = [(max((_rank(find, word) for word in typed), default=0.0), find) for find in finds]
    kept = [(rank, find) for rank, find in ranked if rank < NO_MATCH]
    kept.sort(
        key=lambda pair: (
            pair[0] + (_DISABLED_BEHIND if pair[1].reason else 0.0),
            ages.get(pair[1].name, len(ages)),
        )
    )
    return tuple(find for _rank_, find in kept)[:MOST_SHOWN]


def shown_keys(keys: str) -> str:
    """Keys as this system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return QKeySequence(keys).toString(native)


def _rank(find: Find, word: str) -> float:
    title, also = find.title.casefold(), find.also.casefold()
    if title.startswith(word):
        return 0
    if any(part.startswith(word) for part in title.split()):
        return 1
    if word in title and len(word) >= LEAST_INSIDE:
        return 2
    if any(part.startswith(word) for part in also.split()):
        return 3
    if find.kind.casefold().startswith(word):
        return 4
    return 5 if _is_spelled_in(word, title) else NO_MATCH


def _is_spelled_in(word: str, title: str) -> bool:
    """True where the letters stand in the title in this order: ``svas`` in Save as."""
    letters = iter(title)
    return len(word) >= LEAST_SPELLED and all(letter in letters for letter in word)


def _actions(context: Context) -> Iterator[Find]:
    for entry, action in context.actions:
        if entry.is_listed:
            reason = "" if action.isEnabled() else action.statusTip() or tr("Not possible now.")
            yield Find(
                f"action.{entry.key}",
                action.text().rstrip("…"),
                tr("action"),
                entry.icon,
                action.trigger,
                shown_keys(entry.shortcuts[0]) if entry.shortcuts else "",
                reason,
            )


def _pages(context: Context) -> Iterator[Find]:
    for stage in STAGES if context.files.is_open else ():
        keys = context.actions[f"page_{stage.key}"].shortcut()
        shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
        act = _going(context, stage.key)
        yield Find(f"page.{stage.key}", tr(stage.title), tr("stage"), stage.icon, act, shown)


def _of_deed(deed: Deed) -> Find:
    keys = shown_keys(deed.keys[0]) if deed.keys else ""
    title = deed.words.rstrip("…")
    return Find(deed.key, title, tr("canvas"), "keyboard", deed.act, keys, deed.why_not())


def _of_project(context: Context) -> Iterator[Find]:
    project = context.document.project
    for node in project.graph:
        entry = LAYERS.get(node.layer)
        also = tr(entry.title) if entry is not None else ""
        act = _choosing(context, node.id)
        yield Find(f"node.{node.id}", node.name, tr("node"), "node", act, also=also)
    for column in project.dataset.columns:
        act = _showing(context, Place("column", column.name))
        yield Find(f"column.{column.name}", column.name, tr("column"), "columns", act)
    for param in TRAINING_PARAMS:
        act = _showing(context, Place("field", param.key))
        yield Find(f"setting.{param.key}", tr(param.label), tr("setting"), "settings", act)
    for layer in LAYERS.values():
        words = tr("Add {layer}", layer=tr(layer.title))
        family, also = tr(FAMILIES[layer.family]), ALSO_CALLED.get(layer.key, "")
        act = _adding(context, layer)
        yield Find(f"layer.{layer.key}", words, family, "plus", act, also=also)


def _preferences(context: Context) -> Iterator[Find]:
    act = context.actions["preferences"].trigger
    for param in PREFERENCES:
        name = f"preference.{param.key}"
        yield Find(name, tr(param.label), tr("preference"), "settings", act)


def _going(context: Context, page: str) -> Callable[[], object]:
    return lambda: context.navigation.page_wanted.emit(page)


def _showing(context: Context, place: Place) -> Callable[[], object]:
    return lambda: context.navigation.show_place(place)


def _choosing(context: Context, node_id: str) -> Callable[[], object]:
    def choose() -> None:
        context.navigation.show_place(Place("node", node_id))
        context.selection.choose((node_id,))

    return choose


def _adding(context: Context, layer: LayerEntry) -> Callable[[], object]:
    def add() -> None:
        added: list[str] = []

        def edit(graph: Graph) -> Graph:
            after, node_id = add_node(graph, layer.key, _free_place(graph))
            added.append(node_id)
            return after

        context.document.apply_to_graph(edit, tr("Add {layer}", layer=tr(layer.title)))
        context.navigation.show_place(Place("node", added[-1]))
        context.selection.choose(added[-1:])

    return add


def _free_place(graph: Graph) -> Position:
    """To the right of everything, in the row of the one that is furthest there."""
    if not graph.positions:
        return 0.0, 0.0
    x, y = max(graph.positions.values())
    return x + NODE_SIZE[0] + GAP, y
