"""Keys for blocks, and for what is bypassed or muted."""

from typing import TYPE_CHECKING

from studio.core.design.blocks import block_around
from studio.core.words import tr
from studio.ui.canvas.key_rows import BLOCKS, CanvasKey, some_nodes

if TYPE_CHECKING:
    from studio.ui.canvas.view import CanvasView


def a_block(canvas: "CanvasView") -> str:
    """A block must be selected, or something in one."""
    return "" if canvas.block_editor.chosen else tr("Select a block, or a layer in one, first.")


def a_repeated_block(canvas: "CanvasView") -> str:
    """A block that is repeated must be selected."""
    block = canvas.editor.graph.blocks.get(canvas.block_editor.chosen)
    return "" if block is not None and block.repeats > 1 else tr("Select a repeated block first.")


def in_a_block(canvas: "CanvasView") -> str:
    """Something in a block must be selected."""
    graph = canvas.editor.graph
    has_any = any(block_around(graph, i) for i in canvas.selection.nodes)
    return "" if has_any else tr("Select a layer in a block first.")


def any_block(canvas: "CanvasView") -> str:
    """There must be a block."""
    return "" if canvas.editor.graph.blocks else tr("The network has no blocks yet.")


BLOCKING = (
    CanvasKey(
        "group", BLOCKS, "Group to a block", ("Ctrl+G",), lambda canvas: canvas.group(), some_nodes
    ),
    CanvasKey(
        "ungroup",
        BLOCKS,
        "Ungroup the block",
        ("Ctrl+Shift+G",),
        lambda canvas: canvas.block_editor.ungroup(),
        a_block,
    ),
    CanvasKey(
        "fold",
        BLOCKS,
        "Open or close the block",
        ("O",),
        lambda canvas: canvas.fold_chosen(),
        a_block,
    ),
    CanvasKey(
        "write_out",
        BLOCKS,
        "Draw the repeats of the block",
        (),
        lambda canvas: canvas.block_editor.write_out(),
        a_repeated_block,
    ),
    CanvasKey(
        "save_block",
        BLOCKS,
        "Save to palette",
        ("Ctrl+Shift+B",),
        lambda canvas: canvas.save_block(),
        a_block,
    ),
    CanvasKey(
        "save_block_file",
        BLOCKS,
        "Save the block as a file…",
        (),
        lambda canvas: canvas.ask_block_file(),
        a_block,
    ),
    CanvasKey(
        "take_out",
        BLOCKS,
        "Take out of the block",
        ("Shift+O",),
        lambda canvas: canvas.block_editor.take_out(),
        in_a_block,
    ),
    CanvasKey(
        "open_all",
        BLOCKS,
        "Open all blocks",
        (),
        lambda canvas: canvas.block_editor.fold_all(is_open=True),
        any_block,
    ),
    CanvasKey(
        "close_all",
        BLOCKS,
        "Close all blocks",
        (),
        lambda canvas: canvas.block_editor.fold_all(is_open=False),
        any_block,
    ),
    CanvasKey(
        "bypass",
        BLOCKS,
        "Bypass, or take in again",
        ("Ctrl+B",),
        lambda canvas: canvas.block_editor.set_state("bypassed"),
        some_nodes,
    ),
    CanvasKey(
        "mute",
        BLOCKS,
        "Mute, or take in again",
        ("Ctrl+M",),
        lambda canvas: canvas.block_editor.set_state("muted"),
        some_nodes,
    ),
)
