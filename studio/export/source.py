"""Source: a model as readable Python with its weights beside it, which needs no Studio."""

import operator
import sys
from collections.abc import Iterator, Mapping
from typing import TypeAlias

import torch
from torch import fx, nn

from studio.core.design.effective import effective
from studio.core.words import tr
from studio.engine.build import model_ends, part_name
from studio.export.making import CARD, Making, cannot_export
from studio.export.settings_source import NO_SETTINGS, settings_of
from studio.export.source_carried import carried
from studio.export.source_parts import HOUSE, Clippings

WEIGHTS = "model.safetensors"
CODE = "model.py"
_HOLDERS = (nn.ModuleList, nn.Sequential, nn.ModuleDict)
_SIGNS: Mapping[object, str] = {
    operator.add: "+",
    operator.sub: "-",
    operator.mul: "*",
    operator.truediv: "/",
    operator.pow: "**",
    operator.neg: "-",
}
Names: TypeAlias = Mapping[nn.Module, str]
_KEPT_OUT = frozenset(vars(nn.Module())) | {"training"}

_HEAD = '''"""{title}

Written by Studio. `load()` gives the model with its trained weights; it takes raw values, as
card.json says, and gives answers.
"""

from __future__ import annotations

'''
_BARE = '''

def bare(kind, **settings):
    """A layer with its settings; its weights are loaded afterwards."""
    made = kind.__new__(kind)
    nn.Module.__init__(made)
    for name, value in settings.items():
        setattr(made, name, value)
    return made
'''
_LOAD = '''

def load(folder=Path(__file__).parent):
    """The model with its trained weights."""
    model = Deployed()
    model.load_state_dict(load_file(Path(folder) / "{weights}"))
    return model.requires_grad_(False).eval()
'''
_EXAMPLE = '''"""Loads the model and asks it what card.json holds as samples."""

import base64
import json
from pathlib import Path

import torch

from model import load

FOLDER = Path(__file__).parent


def tensor(value, dtype):
    """One sample of the card as a batch of one."""
    kind = getattr(torch, dtype)
    if isinstance(value, dict):
        raw = torch.frombuffer(bytearray(base64.b64decode(value["base64"])), dtype=kind)
        return raw.reshape([1, *value["shape"]])
    return torch.tensor([_numbers(value)], dtype=kind)


def _numbers(value):
    if isinstance(value, list):
        return [_numbers(one) for one in value]
    return float("nan") if value is None else value


def main():
    """Prints the answer to each sample."""
    card = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    model = load()
    for sample in card["samples"]:
        given = sample["input"]
        parts = card["inputs"]
        values = [given] if len(parts) == 1 else [given[part["name"]] for part in parts]
        print(model(*(tensor(v, part["dtype"]) for v, part in zip(values, parts))))


if __name__ == "__main__":
    main()
'''


def source_files(making: Making) -> dict[str, bytes]:
    """All files by their names."""
    import safetensors.torch

    state = {name: one.contiguous().clone() for name, one in making.module.state_dict().items()}
    code = code_of(making.module, tr("A trained model as plain PyTorch."))
    texts = {
        CODE: f"{code}{_carried(making, code)}",
        "example.py": _EXAMPLE,
        CARD: making.card_text,
        "README.md": _readme(),
        "requirements.txt": "torch\nsafetensors\n",
    }
    files = {name: text.encode("utf-8") for name, text in texts.items()}
    return {**files, WEIGHTS: safetensors.torch.save(state)}


def _carried(making: Making, code: str) -> str:
    """The drawing, as it is carried behind the code."""
    project = making.record.project
    graph = effective(project.graph)
    names = {node.id: part_name(node.id) for node in graph}
    ends = tuple(node.id for node in model_ends(graph, project.dataset))
    return carried(code, project.graph, names, ends)


def code_of(module: fx.GraphModule, title: str) -> str:
    """The whole code of a module that is made of graphs and of layers of torch and the house."""
    clippings, names = Clippings(), _names_of_graphs(module)
    clippings.imports |= {
        "import torch",
        "from torch import nn",
        "from pathlib import Path",
        "from safetensors.torch import load_file",
    }
    for part in module.modules():
        if type(part).__module__.startswith(HOUSE):
            clippings.add(type(part).__name__, sys.modules[type(part).__module__])
    graphs = [_class_of(part, names) for part in reversed(list(names))]
    imports = "\n".join(sorted(clippings.imports))
    parts = [*clippings.definitions.values(), *graphs]
    body = "\n\n\n".join(parts)
    return (
        f"{_HEAD.format(title=title)}{imports}\n{_BARE}\n\n{body}\n{_LOAD.format(weights=WEIGHTS)}"
    )


def _names_of_graphs(module: nn.Module) -> dict[nn.Module, str]:
    """For each part that is a graph a name of its own."""
    found: dict[nn.Module, str] = {}
    for part in module.modules():
        if isinstance(part, fx.GraphModule):
            name, taken = type(part).__name__, set(found.values())
            number = 2
            while name in taken:
                name, number = f"{type(part).__name__}{number}", number + 1
            found[part] = name
    return found


def _class_of(module: nn.Module, names: Names) -> str:
    assert isinstance(module, fx.GraphModule)
    lines = [f"class {names[module]}(nn.Module):", "    def __init__(self):"]
    lines.append("        super().__init__()")
    for name, part in module.named_children():
        lines += [f"        {line}" for line in _made(f"self.{name}", part, names)]
    given = [node.name for node in module.graph.nodes if node.op == "placeholder"]
    lines += ["", f"    def forward(self, {', '.join(given)}):"]
    lines += [f"        {line}" for line in _steps(module.graph)]
    return "\n".join(lines)


def _steps(graph: fx.Graph) -> Iterator[str]:
    for node in graph.nodes:
        given = ", ".join(_shown(one) for one in node.args)
        match node.op:
            case "call_module":
                yield f"{node.name} = self.{node.target}({given})"
            case "call_function" if node.target is operator.getitem:
                yield f"{node.name} = {_shown(node.args[0])}[{_shown(node.args[1])}]"
            case "call_function":
                yield f"{node.name} = {_called(node)}"
            case "output":
                yield f"return {given}"
            case "placeholder":
                continue
            case _:
                raise _unwritable(str(node))


def _called(node: fx.Node) -> str:
    """The call of one of Python's signs, or of a function of torch."""
    parts = [_shown(one) for one in node.args]
    if node.target in _SIGNS:
        parts = [f"({one})" if one.startswith("-") else one for one in parts]
        return f" {_SIGNS[node.target]} ".join(parts) if len(parts) > 1 else f"-{parts[0]}"
    parts += [f"{key}={_shown(value)}" for key, value in node.kwargs.items()]
    name = getattr(node.target, "__name__", "")
    for home, functions in (("torch", torch), ("nn.functional", nn.functional)):
        if getattr(functions, name, None) is node.target:
            return f"{home}.{name}({', '.join(parts)})"
    raise _unwritable(str(node))


def _shown(value: object) -> str:
    if isinstance(value, fx.Node):
        return value.name
    if isinstance(value, list | tuple):
        return _listed(value, [_shown(one) for one in value])
    return _plain(value)


def _listed(value: object, parts: list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(parts)}]"
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def _made(target: str, part: nn.Module, names: Names) -> Iterator[str]:
    """The lines that make a part and all that lies in it."""
    if part in names:
        yield f"{target} = {names[part]}()"
        return
    holder = next((kind for kind in _HOLDERS if isinstance(part, kind)), None)
    if holder is not None and type(part).forward is holder.forward:
        yield f"{target} = nn.{holder.__name__}()"
        inner = f"{target.removeprefix('self.').replace('.', '_')}_part"
        for name, child in part.named_children():
            yield from _made(inner, child, names)
            yield f'{target}.add_module("{name}", {inner})'
        return
    if not type(part).__module__.startswith(HOUSE):
        if getattr(nn, type(part).__name__, None) is not type(part):
            raise _unwritable(type(part).__name__)
        yield f"{target} = nn.{type(part).__name__}({_arguments(part)})"
        return
    plain = {key: value for key, value in vars(part).items() if key not in _KEPT_OUT}
    settings = "".join(f", {key}={_plain(value)}" for key, value in plain.items())
    yield f"{target} = bare({type(part).__name__}{settings})"
    for name, buffer in part.named_buffers(recurse=False):
        yield f'{target}.register_buffer("{name}", {_empty(buffer)})'
    for name, weight in part._parameters.items():  # noqa: SLF001 - those left out too
        made = "None" if weight is None else f"nn.Parameter({_empty(weight)})"
        yield f'{target}.register_parameter("{name}", {made})'
    for name, child in part.named_children():
        yield from _made(f"{target}.{name}", child, names)


def _arguments(part: nn.Module) -> str:
    """What torch's own layer is made with, as it remembers it, where that is not the usual."""
    found = []
    for name, setting in settings_of(type(part)).items():
        value = getattr(part, name, setting.default)
        if name in part._parameters:  # noqa: SLF001 - a weight is there or not
            value = value is not None
        if hasattr(part, name) and name not in NO_SETTINGS and value != setting.default:
            found.append(f"{name}={_plain(value)}")
    if isinstance(part, nn.RNN):  # takes it apart from the others
        found.append(f"nonlinearity={part.nonlinearity!r}")
    return ", ".join(found)


def _empty(tensor: torch.Tensor) -> str:
    return f"torch.empty({tuple(tensor.shape)}, dtype={tensor.dtype})"


def _plain(value: object) -> str:
    if isinstance(value, float) and not abs(value) < float("inf"):
        return f'float("{value}")'
    if isinstance(value, bool | int | float | str | None):
        return repr(value)
    if isinstance(value, list | tuple):
        return _listed(value, [_plain(one) for one in value])
    raise _unwritable(repr(value))


def _unwritable(what: str) -> Exception:
    return cannot_export(tr("Python source"), what)


def _readme() -> str:
    return tr(
        "# A trained model as plain PyTorch\n\n`model.py` holds the network as readable Python, "
        "`model.safetensors` its weights, `card.json` what it takes and gives.\n\n"
        "```\npip install -r requirements.txt\npython example.py\n```\n"
    )
