"""Block and Remark: which nodes belong together, and what a person wrote beside them."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

MOST_REPEATS = 1000
DEEPEST_BLOCK = 16
# So many are read from a file, so no more are drawn: what was saved can be opened again.
MOST_NODES = 20_000
MOST_BLOCKS = 2_000
MOST_REMARKS = 5_000

Tint: TypeAlias = Literal[
    "series.1",
    "series.2",
    "series.3",
    "series.4",
    "series.5",
    "series.6",
    "series.7",
    "series.8",
]
TINTS: tuple[Tint, ...] = get_args(Tint)
PLAIN_TINT: Tint = "series.7"

Area: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Exposed:
    """A param of a member that stands on the block itself, under a label of its own."""

    node: str
    key: str
    label: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Inlet:
    """An input of a member, by its port."""

    node: str
    port: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Nodes that are one thing to a person: drawn as one card, or open as a frame around them.

    `members` are the nodes directly inside, in no other block; those of the blocks inside it
    say so by their `parent`. Repeated, so many copies stand behind one another, each with
    weights of its own. `inlets` are groups of inputs that take the same thing, which
    could not be told by the edges while nothing feeds them. `color` is a token of the theme.
    """

    id: str
    name: str
    members: tuple[str, ...] = ()
    parent: str = ""
    is_open: bool = True
    repeats: int = 1
    exposed: tuple[Exposed, ...] = ()
    inlets: tuple[tuple[Inlet, ...], ...] = ()
    color: Tint = PLAIN_TINT


RemarkKind: TypeAlias = Literal["frame", "note"]


@dataclass(frozen=True, slots=True)
class Remark:
    """A frame behind cards, with a title, or a note beside them. The network knows nothing of it.

    `area` is left, top, width and height in scene units; `color` is a token of the theme.
    """

    id: str
    kind: RemarkKind
    text: str
    area: Area
    color: Tint = PLAIN_TINT
