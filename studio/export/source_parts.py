"""Source parts: the code of the house's own layers, with all that it hangs on."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType

from torch import nn

HOUSE = "studio."
_SHOWING = "extra_repr"
_TO_TOOLS = re.compile(r"\s+# (?:noqa|type: ignore).*$", re.MULTILINE)


class Clippings:
    """Imports and definitions in the order in which Python wants them.

    Without `keeps_making` what made a class is left out: its settings stand where it is used.
    """

    def __init__(self, *, keeps_making: bool = False) -> None:
        self.imports: set[str] = set()
        self.definitions: dict[str, str] = {}
        self._keeps_making = keeps_making

    def add(self, name: str, module: ModuleType) -> None:
        """A name that stands at the top of a module, with everything that it uses."""
        code = inspect.getsource(module)
        tree = ast.parse(code)
        for part in tree.body:
            if name in _bound(part):
                self._add_part(name, part, module, code)

    def _add_part(self, name: str, part: ast.stmt, module: ModuleType, code: str) -> None:
        if isinstance(part, ast.Import):
            self.imports.add(ast.unparse(part))
        elif isinstance(part, ast.ImportFrom) and not (part.module or "").startswith(HOUSE):
            alias = next(one for one in part.names if (one.asname or one.name) == name)
            self.imports.add(ast.unparse(ast.ImportFrom(part.module, [alias], part.level)))
        elif isinstance(part, ast.ImportFrom):
            self.add(name, sys.modules[str(part.module)])
        elif name not in self.definitions:
            kept = self._kept(part) if _is_layer(name, module) else part
            self.definitions[name] = ""  # so that what calls itself is added once
            for used in _names_in(kept, annotations=self._keeps_making):
                if used != name and used in vars(module):
                    self.add(used, module)
            del self.definitions[name]
            self.definitions[name] = _TO_TOOLS.sub("", _text_of(kept, code))

    def _kept(self, part: ast.stmt) -> ast.stmt:
        assert isinstance(part, ast.ClassDef)
        return _as_used(part) if self._keeps_making else _forward_alone(part)


def _is_layer(name: str, module: ModuleType) -> bool:
    found = getattr(module, name)
    return isinstance(found, type) and issubclass(found, nn.Module)


def _bound(part: ast.stmt) -> set[str]:
    """The names that a statement at the top of a file gives a meaning."""
    if isinstance(part, ast.Import | ast.ImportFrom):
        return {alias.asname or alias.name.partition(".")[0] for alias in part.names}
    if isinstance(part, ast.FunctionDef | ast.ClassDef):
        return {part.name}
    targets = part.targets if isinstance(part, ast.Assign) else [getattr(part, "target", None)]
    return {
        node.id
        for target in targets
        if target is not None
        for node in ast.walk(target)
        if isinstance(node, ast.Name)
    }


def _as_used(part: ast.ClassDef) -> ast.ClassDef:
    """How it is made and what it does, without how it shows itself to a reader of its settings."""
    methods = {one.name: one for one in part.body if isinstance(one, ast.FunctionDef)}
    for method in methods.values():
        method.decorator_list = [one for one in method.decorator_list if not _is_override(one)]
    used = set(methods) - {_SHOWING}
    if "forward" in methods:
        used = {"__init__", "forward"} | _reached(["__init__", "forward"], methods)
    return _with(part, used)


def _is_override(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Name) and decorator.id == "override"


def _forward_alone(part: ast.ClassDef) -> ast.ClassDef:
    methods = {one.name: one for one in part.body if isinstance(one, ast.FunctionDef)}
    making = _reached(["__init__"], methods)
    making.add("__init__")
    reached = _reached([name for name in methods if name not in making], methods)
    return _with(part, reached)


def _with(part: ast.ClassDef, methods: set[str]) -> ast.ClassDef:
    """The class with these of its methods alone."""
    body = [one for one in part.body if not isinstance(one, ast.FunctionDef) or one.name in methods]
    kept = ast.ClassDef(part.name, part.bases, part.keywords, body, part.decorator_list)
    return ast.copy_location(kept, part)


def _reached(names: list[str], methods: Mapping[str, ast.FunctionDef]) -> set[str]:
    """The methods that these call, and they themselves."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in methods and name not in found:
            found.add(name)
            inner = ast.walk(methods[name])
            waiting += [node.attr for node in inner if isinstance(node, ast.Attribute)]
    return found - {"__init__"}


def _names_in(part: ast.AST, *, annotations: bool = False) -> Iterator[str]:
    """The names that are looked up when the code runs: those of `annotations` where asked for."""
    for field, value in ast.iter_fields(part):
        if field in ("annotation", "returns") and not annotations:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.Name):
                yield child.id
            if isinstance(child, ast.AST):
                yield from _names_in(child, annotations=annotations)


def _text_of(part: ast.stmt, code: str) -> str:
    if not isinstance(part, ast.ClassDef):
        return ast.get_source_segment(code, part) or ast.unparse(part)
    lines = code.splitlines()
    bases = [ast.unparse(base) for base in part.bases]
    head = f"class {part.name}({', '.join(bases)}):"
    parts = [_lines_of(one, lines) for one in part.body]
    return "\n\n".join([f"{head}\n{parts[0]}", *parts[1:]]) if parts else f"{head}\n    pass"


def _lines_of(part: ast.stmt, lines: list[str]) -> str:
    """The lines as they were written, with comments and decorators."""
    first = min([part.lineno, *(d.lineno for d in getattr(part, "decorator_list", []))])
    return "\n".join(lines[first - 1 : part.end_lineno])
