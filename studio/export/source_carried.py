"""What a source file carries behind its code, so that it comes back as the same drawing.

Lines of comment: the graph as in a project file, packed, and a digest of every part of the code
that the drawing hangs on. Where a digest no longer fits, the code was edited, and it is the code
that counts.
"""

import ast
import base64
import binascii
import hashlib
import json
import re
import textwrap
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.core.design.graph import Graph
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.plain import list_of, object_of, text_of
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr

VERSION = 1
MARK = "# studio-drawing"
LARGEST = 64 << 20  # bytes unpacked
WIDTH = 92
_HEAD = """

# The drawing that this file was written from: with these lines it opens in Studio as it was.
# Change the code above freely: what was changed there is read from the code.
"""
_LINES = re.compile(rf"^{MARK} (\d+) ([0-9a-f]{{16}})\r?\n((?:# [\w+/=-]+\r?\n?)+)", re.MULTILINE)
_KEYS = frozenset({"graph", "names", "ends", "parts", "steps", "code"})
NETWORK = "Network"


@dataclass(frozen=True, slots=True)
class Carried:
    """What was found behind the code.

    `names` are the variables of the nodes, by their ids, and `ends` the Outputs in the order of
    the answers. Digests: `parts` of what makes each attribute of the network, `steps` of what
    each variable is set to, `code` of every class and function.
    """

    graph: Graph
    names: Mapping[str, str]
    ends: tuple[str, ...]
    parts: Mapping[str, str]
    steps: Mapping[str, str]
    code: Mapping[str, str]


def carried(text: str, graph: Graph, names: Mapping[str, str], ends: Sequence[str] = ()) -> str:
    """The lines to put behind a code that was written of a graph."""
    tree = ast.parse(text)
    found = {
        "graph": graph_to_json(graph),
        "names": dict(names),
        "ends": list(ends),
        "parts": part_digests(tree),
        "steps": step_digests(tree),
        "code": class_digests(tree),
    }
    plain = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    packed = base64.b64encode(zlib.compress(plain, 9)).decode("ascii")
    lines = "\n".join(f"# {line}" for line in textwrap.wrap(packed, WIDTH))
    return f"{_HEAD}{MARK} {VERSION} {_digest(packed.encode('ascii'))}\n{lines}\n"


def carried_in(text: str) -> Carried | None:
    """What a file carries, or None where it carries nothing; StudioError where it is damaged."""
    match = _LINES.search(text)
    if match is None:
        return None
    if int(match[1]) > VERSION:
        raise _from_later()
    packed = "".join(line.removeprefix("# ").strip() for line in match[3].splitlines())
    if _digest(packed.encode("ascii")) != match[2]:
        raise _damaged()
    parts = object_of(_unpacked(packed), tr("The drawing in the file"), _KEYS)
    ends = tuple(text_of(one, tr("An Output")) for one in list_of(parts["ends"], tr("Outputs")))
    digests = [_texts(parts[key]) for key in ("parts", "steps", "code")]
    return Carried(graph_from_json(parts["graph"]), _texts(parts["names"]), ends, *digests)


def without_carried(text: str) -> str:
    """The code alone."""
    return _LINES.sub("", text)


def class_digests(tree: ast.Module) -> dict[str, str]:
    """A digest of each class and function of a file, by its name: comments do not count."""
    kinds = (ast.ClassDef, ast.FunctionDef)
    return {part.name: digest_of(part) for part in tree.body if isinstance(part, kinds)}


def part_digests(tree: ast.Module) -> dict[str, str]:
    """A digest of all statements that make each attribute of the network."""
    found: dict[str, str] = {}
    for name, statements in makings(tree).items():
        found[name] = _digest("".join(map(ast.dump, statements)).encode("utf-8"))
    return found


def step_digests(tree: ast.Module) -> dict[str, str]:
    """A digest of what each variable is set to as the network runs."""
    found: dict[str, str] = {}
    for statement in body_of(method_of(tree, "forward")):
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            found[statement.targets[0].id] = digest_of(statement.value)
    return found


def makings(tree: ast.Module) -> dict[str, list[ast.stmt]]:
    """The statements of the network's making, by the attribute that they are about."""
    found: dict[str, list[ast.stmt]] = {}
    for statement in body_of(method_of(tree, "__init__")):
        name = _attribute_in(statement)
        if name:
            found.setdefault(name, []).append(statement)
    return found


def method_of(tree: ast.Module, method: str) -> ast.FunctionDef | None:
    """A method of the network."""
    kinds = (one for one in tree.body if isinstance(one, ast.ClassDef) and one.name == NETWORK)
    methods = (one for kind in kinds for one in kind.body if isinstance(one, ast.FunctionDef))
    return next((one for one in methods if one.name == method), None)


def body_of(method: ast.FunctionDef | None) -> list[ast.stmt]:
    """Its statements; none where there is none."""
    return [] if method is None else method.body


def digest_of(part: ast.AST) -> str:
    """A digest of what code does: layout and comments do not count, docstrings do."""
    return _digest(ast.dump(part).encode("utf-8"))


def _attribute_in(statement: ast.stmt) -> str:
    """The first attribute of self that a statement names."""
    for part in ast.walk(statement):
        owner = part.value if isinstance(part, ast.Attribute) else None
        if isinstance(part, ast.Attribute) and isinstance(owner, ast.Name) and owner.id == "self":
            return part.attr
    return ""


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]


def _unpacked(packed: str) -> object:
    try:
        opened = zlib.decompressobj()
        plain = opened.decompress(base64.b64decode(packed, validate=True), LARGEST)
        if opened.unconsumed_tail or not opened.eof:
            raise _damaged()
        return json.loads(plain)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        raise _damaged() from None


def _texts(data: object) -> dict[str, str]:
    if not isinstance(data, dict) or not all(isinstance(one, str) for one in data.values()):
        raise _damaged()
    return {str(key): str(value) for key, value in data.items()}


def _damaged() -> StudioError:
    return refuse(
        tr("The lines from which Studio would draw the network again are damaged."),
        tr("Delete the lines below “studio-drawing”: then the code itself is read."),
        place=Place("file"),
        code="damaged-drawing",
    )


def _from_later() -> StudioError:
    return refuse(
        tr("The file was written by a newer version of Studio."),
        tr("Open it with that version, or a later one."),
        place=Place("file"),
        code="newer-version",
    )
