"""What the keys do in the outline, as one table: the same letters as on the canvas."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from studio.core.words import tr
from studio.ui.deeds import Deed

if TYPE_CHECKING:
    from studio.ui.panels.outline import Outline

Act: TypeAlias = "Callable[[Outline], object]"
GROUP = "Outline"


@dataclass(frozen=True, slots=True)
class OutlineKey:
    """One row: its words and keys, what it does, and whether it wants a node to do it with."""

    key: str
    words: str
    keys: tuple[str, ...]
    act: Act
    wants_node: bool = True


def act_for(event: QKeyEvent) -> "Act | None":
    """What a key press does, or None where the list itself knows it."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return _BY_KEY.get(QKeyCombination(held, Qt.Key(event.key())).toCombined())


def deeds_of(outline: "Outline") -> Iterator[Deed]:
    """The table for the overview of keys."""
    for row in TABLE:
        yield Deed(
            f"outline.{row.key}",
            tr(GROUP),
            tr(row.words),
            row.keys,
            partial(row.act, outline),
            is_listed=False,
        )
    yield Deed(
        "outline.fold", tr(GROUP), tr("Unfold or fold a block"), ("Right", "Left"), is_listed=False
    )


TABLE = (
    OutlineKey("add", "Add a layer after it…", ("A", "Ins"), lambda o: o.ask_layer(), False),
    OutlineKey("insert", "Insert a layer behind…", ("I",), lambda o: o.ask_behind()),
    OutlineKey("connect", "Connect or disconnect…", ("C",), lambda o: o.ask_wire()),
    OutlineKey("inputs", "Choose what it takes from", ("T",), lambda o: o.go_to_inputs()),
    OutlineKey(
        "parameters", "Change the settings", ("Return", "Enter"), lambda o: o.ask_parameters()
    ),
    OutlineKey("replace", "Replace by…", ("R",), lambda o: o.ask_replacement()),
    OutlineKey("rename", "Rename", ("F2",), lambda o: o.rename_current()),
    OutlineKey("earlier", "Move earlier", ("Alt+Up",), lambda o: o.move_current(-1)),
    OutlineKey("later", "Move later", ("Alt+Down",), lambda o: o.move_current(1)),
    OutlineKey("delete", "Delete", ("Del", "Backspace"), lambda o: o.edits.delete_chosen()),
    OutlineKey(
        "delete_and_reconnect",
        "Delete and reconnect",
        ("Ctrl+Del", "Ctrl+Backspace"),
        lambda o: o.edits.delete_chosen(is_reconnected=True),
    ),
    OutlineKey("copy", "Copy", ("Ctrl+C",), lambda o: o.edits.copy()),
    OutlineKey("cut", "Cut", ("Ctrl+X",), lambda o: o.edits.cut()),
    OutlineKey("paste", "Paste", ("Ctrl+V",), lambda o: o.paste(), False),
    OutlineKey("duplicate", "Duplicate", ("Ctrl+D",), lambda o: o.edits.duplicate()),
    OutlineKey("select_all", "Select all", ("Ctrl+A",), lambda o: o.edits.choose_all(), False),
)
_BY_KEY: Mapping[int, Act] = {
    QKeySequence(keys)[0].toCombined(): row.act  # type: ignore[index]
    for row in TABLE
    for keys in row.keys
}
