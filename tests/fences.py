"""The rules of the house as functions from source text to complaints; they read, and run nothing.

`tests/test_architecture.py` holds every file of studio/ against them.
"""

import ast
import graphlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
VAGUE_NAMES = {"base", "common", "helpers", "manager", "misc", "utils"}
ANYWHERE = {"typing_extensions"}
# Rows that speak of the files beside the packages, which are no room together.
ROOTS = {"studio", "studio.core", "studio.ui"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")


@dataclass(frozen=True)
class Module:
    """One file of the package: its dotted name and its text."""

    name: str
    source: str
    tree: ast.Module = field(repr=False)

    @classmethod
    def made_of(cls, name: str, source: str) -> "Module":
        return cls(name, source, ast.parse(source))


@dataclass(frozen=True)
class Room:
    """What a part of the house may import: of ours, from outside, and inside functions only."""

    ours: tuple[str, ...] = ()
    foreign: frozenset[str] = frozenset()
    late: tuple[str, ...] = ()


@dataclass(frozen=True)
class Import:
    """One imported name; late means inside a function or for the type checker alone."""

    target: str
    line: int
    is_late: bool


def modules_of_studio() -> dict[str, Module]:
    """Every module of the package, by its dotted name."""
    found = {}
    for path in sorted((ROOT / "studio").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module.made_of(name, path.read_text(encoding="utf-8"))
    return found


# Who may import whom


def imports_of(module: Module, known: Iterable[str]) -> Iterator[Import]:
    """What a module imports; ``from a import b`` is ``a.b`` where that is a module."""
    names = set(known)
    for node, is_late in _walk_imports(module.tree, is_late=False):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, is_late)
        else:
            source = node.module or ""
            for alias in node.names:
                whole = f"{source}.{alias.name}"
                yield Import(whole if whole in names else source, node.lineno, is_late)


def _walk_imports(
    node: ast.AST, *, is_late: bool
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, is_late
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for part in child.body:
                yield from _walk_imports(ast.Module([part], []), is_late=True)
            for part in child.orelse:
                yield from _walk_imports(ast.Module([part], []), is_late=is_late)
        else:
            yield from _walk_imports(child, is_late=is_late or isinstance(child, FUNCTIONS))


def room_of(name: str, table: Mapping[str, Room]) -> str | None:
    """The row of the table that speaks of a module: the longest that fits."""
    rows = [row for row in table if is_within(name, row)]
    return max(rows, key=len, default=None)


def is_within(name: str, place: str) -> bool:
    """Whether a module is the place or lies in it; ``place.*`` means its own files alone."""
    if place.endswith(".*"):
        return name.rpartition(".")[0] == place[:-2]
    return name == place or name.startswith(place + ".")


def forbidden_imports(
    module: Module, table: Mapping[str, Room], known: Iterable[str]
) -> Iterator[str]:
    """The imports that the table does not allow to this module."""
    row = room_of(module.name, table)
    if row is None:
        yield f"{module.name} stands in no row of the table"
        return
    room = table[row]
    for found in dict.fromkeys(imports_of(module, known)):
        allowed = room.ours + (room.late if found.is_late else ())
        if not _is_allowed(found.target, module.name, row, allowed, room.foreign):
            late = " inside a function" if found.is_late else ""
            yield f"{module.name}:{found.line} may not import {found.target}{late}"


def _is_allowed(
    target: str, name: str, row: str, allowed: tuple[str, ...], foreign: frozenset[str]
) -> bool:
    top = target.partition(".")[0]
    if top == "studio":
        own = is_within(target, row) and row not in ROOTS
        return own or target == "studio" or any(is_within(target, place) for place in allowed)
    is_allowed_library = top in foreign | ANYWHERE or any(top == place for place in allowed)
    return top in sys.stdlib_module_names or is_allowed_library


def circle_of(modules: Mapping[str, Module]) -> list[str]:
    """The modules that import one another at module level in a ring, or nothing."""
    graph = {
        module.name: {
            found.target
            for found in imports_of(module, modules)
            if not found.is_late and found.target in modules and found.target != module.name
        }
        for module in modules.values()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def relative_imports(module: Module) -> Iterator[str]:
    """Imports that begin with a dot."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"{module.name}:{node.lineno} imports relatively"


# Sizes and names


def too_long(module: Module) -> Iterator[str]:
    """Files and functions that should be divided."""
    lines = module.source.count("\n")
    if lines > LONGEST_FILE:
        yield f"{module.name} has {lines} lines, more than {LONGEST_FILE}"
    for node in ast.walk(module.tree):
        if isinstance(node, FUNCTIONS):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{module.name}:{node.lineno} {node.name} has {length} lines"


def vague_name(module: Module) -> Iterator[str]:
    """A module whose name says nothing."""
    if module.name.rpartition(".")[2] in VAGUE_NAMES:
        yield f"{module.name}: name the thing"


def missing_docstrings(module: Module) -> Iterator[str]:
    """Public things that say nothing about themselves; overrides speak through their base."""
    if module.source.strip() and ast.get_docstring(module.tree) is None:
        yield f"{module.name} has no docstring"
    for where, node in _public_things(module.tree, module.name):
        if ast.get_docstring(node) is None:
            yield f"{where}:{node.lineno} {node.name} has no docstring"


def _public_things(
    tree: ast.Module | ast.ClassDef, where: str
) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in tree.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
        if node.name.startswith("_") or marks & {"override", "overload", "setter"}:
            continue
        yield where, node
        if isinstance(node, ast.ClassDef):
            yield from _public_things(node, f"{where}.{node.name}")


# The doors


def broad_excepts(module: Module, doors: Iterable[str]) -> Iterator[str]:
    """Places that catch everything, outside of the doors where that is the task."""
    if any(is_within(module.name, door) for door in doors):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type):
            yield f"{module.name}:{node.lineno} catches everything"


def _is_broad(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    names = {node.id for node in ast.walk(caught) if isinstance(node, ast.Name)}
    return bool(names & {"Exception", "BaseException"})


def calls_outside(module: Module, doors: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Calls of methods that only their doors may make; without a door, nobody may."""
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        allowed = doors.get(node.func.attr)
        if allowed is not None and not any(is_within(module.name, door) for door in allowed):
            yield f"{module.name}:{node.lineno} calls {node.func.attr}()"


def plain_writes(module: Module, doors: Iterable[str]) -> Iterator[str]:
    """Files opened for writing in place: a fall of the power would leave half of them."""
    if any(is_within(module.name, door) for door in doors):
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _is_write(node):
            yield f"{module.name}:{node.lineno} writes a file in place"


def _is_write(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if name in {"write_text", "write_bytes"}:
        return True
    # The first argument of the function is a name, that of the method is a mode.
    places = call.args[1:2] if isinstance(call.func, ast.Name) else call.args[:2]
    modes = [*places, *(word.value for word in call.keywords if word.arg == "mode")]
    return name == "open" and any(
        isinstance(mode, ast.Constant)
        and isinstance(mode.value, str)
        and re.fullmatch(r"[rbt+]*[wax][bt+]*", mode.value) is not None
        for mode in modes
    )


def named_colours(module: Module, doors: Iterable[str]) -> Iterator[str]:
    """Colours written as numbers outside of the theme."""
    if any(is_within(module.name, door) for door in doors):
        return
    for text, line in _texts(module):
        if COLOUR.search(text):
            yield f"{module.name}:{line} names a colour: {text!r}"


def named_layers(module: Module, keys: Iterable[str], doors: Iterable[str]) -> Iterator[str]:
    """Keys of layers outside of the catalogue: a sign of a field that an entry lacks."""
    if any(is_within(module.name, door) for door in doors):
        return
    wanted = set(keys)
    for text, line in _texts(module):
        if text in wanted:
            yield f"{module.name}:{line} names the layer {text!r}"


def _texts(module: Module) -> Iterator[tuple[str, int]]:
    """The texts of a module, without what is there for a reader or for the type checker."""
    skipped = set(map(id, _docstrings(module.tree))) | set(map(id, _literals(module.tree)))
    for node in ast.walk(module.tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        if id(node) not in skipped:
            yield node.value, node.lineno


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _literals(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Literal"):
            yield from ast.walk(node.slice)


def complaints(modules: Iterable[Module], rule: Callable[[Module], Iterator[str]]) -> str:
    """What a rule has to say about the modules, one complaint a line."""
    return "\n".join(complaint for module in modules for complaint in rule(module))
