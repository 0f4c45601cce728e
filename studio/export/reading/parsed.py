"""Parsed: the steps of a network's own code, read from its text. Nothing of it is run."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from studio.core.words import tr
from studio.export.reading.steps import Step, Taken, Walk
from studio.export.settings_source import kind_of, settings_of
from studio.export.source_carried import body_of, makings, method_of

FUNCTIONS = ("torch", "nn.functional", "functional", "F", "torch.nn.functional")
_SIGNS: Mapping[type[ast.operator], str] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "truediv",
    ast.Pow: "pow",
    ast.MatMult: "matmul",
}


class Unreadable(Exception):  # noqa: N818 - of a person's code, not a fault
    """What stands in a line cannot be read without running it."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(tr("line {line}: {what}", line=line, what=what))
        self.line = line


@dataclass(frozen=True, slots=True)
class Written:
    """A statement of the network: its variable, what it is set to, and the steps of that."""

    variable: str
    value: ast.expr
    steps: tuple[Step, ...]


@dataclass(slots=True)
class Text:
    """The network's `forward` as it stands: its arguments, statements, and what it gives."""

    inputs: tuple[str, ...]
    statements: list[Written] = field(default_factory=list)
    outputs: tuple[str, ...] = ()
    last: tuple[Step, ...] = ()

    def walk(self) -> Walk:
        """All of it, in order."""
        steps = [step for one in self.statements for step in one.steps]
        return Walk(self.inputs, (*steps, *self.last), self.outputs)


def parsed(tree: ast.Module) -> Text:
    """What the class Network does; Unreadable where it does more than set variables in a row."""
    method = method_of(tree, "forward")
    if method is None:
        raise Unreadable(1, tr("there is no class Network with a forward"))
    return _Reader(tree).text(method)


def example_rows(tree: ast.Module) -> list[tuple[tuple[int, ...], int]]:
    """The sizes of a row at each input, and its categories, as `example` makes them."""
    method = next(
        (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "example"), None
    )
    returned = [one for one in body_of(method) if isinstance(one, ast.Return)]
    if not returned or not isinstance(returned[0].value, ast.Tuple):
        return []
    found = [_row(one) for one in returned[0].value.elts]
    return [one for one in found if one is not None]


def _row(call: ast.expr) -> tuple[tuple[int, ...], int] | None:
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    whole = [ast.unparse(one) for one in call.args]
    numbers = [
        int(one)
        for one in " ".join(whole).replace("(", " ").replace(")", " ").replace(",", " ").split()
        if one.isdigit()
    ]
    if call.func.attr == "randint":
        return tuple(numbers[1:]), numbers[0]
    return tuple(numbers), 0


class _Reader:
    """Reads one network."""

    def __init__(self, tree: ast.Module) -> None:
        self._makings = makings(tree)
        self._names: dict[str, str] = {}
        self._steps: list[Step] = []
        self._count = 0
        self._line = 0

    def text(self, method: ast.FunctionDef) -> Text:
        inputs = tuple(one.arg for one in method.args.args[1:])
        self._names = {name: name for name in inputs}
        found = Text(inputs)
        for statement in method.body:
            self._line = statement.lineno
            self._read(statement, found)
        if not found.outputs:
            raise Unreadable(method.lineno, tr("forward gives nothing back"))
        return found

    def _read(self, statement: ast.stmt, found: Text) -> None:
        self._steps = []
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.statements.append(self._set(name, value))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found.statements.append(self._set(name, value))
            case ast.AugAssign(target=ast.Name(id=name), op=sign, value=value):
                both = ast.BinOp(ast.Name(name), sign, value, lineno=self._line)
                found.statements.append(self._set(name, both))
            case ast.Return(value=ast.Tuple(elts=parts)):
                found.outputs = tuple(self._answer(part) for part in parts)
                found.last = tuple(self._steps)
            case ast.Return(value=ast.expr() as value):
                found.outputs = (self._answer(value),)
                found.last = tuple(self._steps)
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                return
            case _:
                raise Unreadable(self._line, ast.unparse(statement).splitlines()[0][:60])

    def _set(self, name: str, value: ast.expr) -> Written:
        found = self._value(value)
        if not isinstance(found, Taken):
            raise Unreadable(self._line, ast.unparse(value)[:60])
        if not self._steps:  # another name for the same
            found = self._step("identity", (found,), {}, value)
        if self._steps[-1].name == found.name:
            own = name if name not in self._names.values() else f"{name}@{self._line}"
            self._steps[-1] = replace(self._steps[-1], name=own)
            found = Taken(own)
        self._names[name] = found.name
        return Written(name, value, tuple(self._steps))

    def _answer(self, value: ast.expr) -> str:
        found = self._value(value)
        if isinstance(found, Taken):
            return found.name
        raise Unreadable(self._line, ast.unparse(value)[:60])

    def _value(self, value: ast.expr) -> object:
        match value:
            case ast.Name(id=name) if name in self._names:
                return Taken(self._names[name])
            case ast.Constant(value=plain):
                return plain
            case ast.Tuple(elts=parts):
                return tuple(self._value(part) for part in parts)
            case ast.List(elts=parts):
                return [self._value(part) for part in parts]
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                found = self._value(inner)
                if isinstance(found, int | float):
                    return -found
                return self._step("neg", (found,), {}, value)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
                both = (self._value(left), self._value(right))
                return self._step(_SIGNS[type(sign)], both, {}, value)
            case ast.Subscript(value=inner, slice=index):
                return self._step("getitem", (self._value(inner), self._index(index)), {}, value)
            case ast.Call():
                return self._call(value)
        raise Unreadable(self._line, ast.unparse(value)[:60])

    def _index(self, index: ast.expr) -> object:
        match index:
            case ast.Tuple(elts=parts):
                return tuple(self._index(part) for part in parts)
            case ast.Slice(lower=low, upper=high, step=stride):
                bounds = (None if one is None else self._value(one) for one in (low, high, stride))
                return slice(*bounds)
        return self._value(index)

    def _call(self, call: ast.Call) -> object:
        takes = tuple(self._value(one) for one in call.args)
        given = {str(one.arg): self._value(one.value) for one in call.keywords}
        match call.func:
            case ast.Attribute(value=ast.Name(id="self"), attr=part):
                kind, settings = self._made(part)
                step = Step("", kind, takes, settings, is_layer=True, part=part)
                return self._add(step, call)
            case ast.Attribute(value=owner, attr=name) if ast.unparse(owner) in FUNCTIONS:
                return self._step(name, takes, given, call)
            case ast.Attribute(value=owner, attr=name):
                return self._step(name, (self._value(owner), *takes), given, call)
        raise Unreadable(self._line, ast.unparse(call)[:60])

    def _made(self, part: str) -> tuple[str, dict[str, object]]:
        """The class of a part, and what it is made with."""
        for statement in self._makings.get(part, ()):
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
                return made_by(statement.value)
        raise Unreadable(self._line, f"self.{part}")

    def _step(
        self, kind: str, takes: tuple[object, ...], given: Mapping[str, object], at: ast.expr
    ) -> Taken:
        return self._add(Step("", kind, takes, dict(given)), at)

    def _add(self, step: Step, at: ast.expr) -> Taken:
        self._count += 1
        name = f"step@{self._count}"
        words = ast.unparse(at)[:80]
        self._steps.append(replace(step, name=name, words=words, line=self._line))
        return Taken(name)


def made_by(call: ast.Call) -> tuple[str, dict[str, object]]:
    """The class that a call makes, and the settings by their names."""
    name = ast.unparse(call.func).removeprefix("torch.").removeprefix("nn.")
    try:
        kind = kind_of(name)
        given = [ast.literal_eval(_plain(one)) for one in call.args]
        named = {str(one.arg): ast.literal_eval(_plain(one.value)) for one in call.keywords}
    except (AttributeError, ValueError):
        raise Unreadable(call.lineno, ast.unparse(call)[:60]) from None
    return name, {**dict(zip(settings_of(kind), given, strict=False)), **named}


def _plain(value: ast.expr) -> ast.expr:
    """``float("inf")`` as a number."""
    match value:
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str() as text)]):
            return ast.Constant(float(text))
    return value
