"""Finding: the networks that a person's file holds. Runs the file: in the child process alone."""

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from torch import nn

NAME = "opened_file"


@dataclass(slots=True)
class Holding:
    """What a file holds: networks by name, and those that cannot be made.

    `needing` are the arguments that they want, `failing` what they raised.
    """

    networks: dict[str, nn.Module] = field(default_factory=dict)
    needing: dict[str, str] = field(default_factory=dict)
    failing: dict[str, Exception] = field(default_factory=dict)


def loaded(path: Path) -> ModuleType:
    """The file, run as Python runs a module. Whatever it raises is raised.

    One that belongs to a package is run as that part of it, so that it finds the others.
    """
    root, name = path.parent, NAME
    while (root / "__init__.py").is_file():
        name = f"{root.name}.{path.stem}" if name == NAME else f"{root.name}.{name}"
        root = root.parent
    sys.path.insert(0, str(path.parent))
    sys.path.insert(0, str(root))
    if name != NAME:
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(NAME, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)
    return module


def networks_in(module: ModuleType) -> Holding:
    """Networks that were made in the file, else its classes that can be made without arguments.

    Those that are only parts of others are left out.
    """
    made = {k: v for k, v in vars(module).items() if isinstance(v, nn.Module)}
    if made:
        return Holding(_whole(made))
    found = Holding()
    for name, kind in _classes(module).items():
        needed = _needed(kind)
        if needed:
            found.needing[name] = ", ".join(needed)
            continue
        try:
            found.networks[name] = kind()
        except Exception as reason:  # noqa: BLE001 - another of the file may be made all the same
            found.failing[name] = reason
    found.networks = _whole(found.networks)
    return found


def inputs_of(network: nn.Module) -> int:
    """How many inputs it cannot go without; one where that cannot be said."""
    return len(_needed(network.forward)) or 1


def _classes(module: ModuleType) -> dict[str, type[nn.Module]]:
    return {
        name: kind
        for name, kind in vars(module).items()
        if isinstance(kind, type)
        and issubclass(kind, nn.Module)
        and kind.__module__ == module.__name__
        and kind.forward is not nn.Module.forward
    }


def _needed(call: Callable[..., object]) -> list[str]:
    """The arguments without which it cannot be called."""
    empty = inspect.Parameter.empty
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [
        name
        for name, one in inspect.signature(call).parameters.items()
        if one.default is empty and one.kind not in several
    ]


def _whole(networks: dict[str, nn.Module]) -> dict[str, nn.Module]:
    """Less those of which another has one inside."""
    inner: set[type[nn.Module]] = set()
    for network in networks.values():
        inner |= {type(part) for part in network.modules() if part is not network}
    kept = {name: one for name, one in networks.items() if type(one) not in inner}
    return kept or networks
