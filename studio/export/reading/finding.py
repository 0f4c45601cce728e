"""Finding: the networks that a person's file holds. Runs the file: in the child process alone."""

import importlib.util
import inspect
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from torch import nn

NAME = "opened_file"


@dataclass(slots=True)
class Holding:
    """What a file holds: networks by name, and why others cannot be made."""

    networks: dict[str, nn.Module] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


def loaded(path: Path) -> ModuleType:
    """The file, run as Python runs a module. Whatever it raises is raised."""
    spec = importlib.util.spec_from_file_location(NAME, path)
    assert spec is not None
    assert spec.loader is not None
    sys.path.insert(0, str(path.parent))
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
            found.reasons[name] = ", ".join(needed)
        else:
            found.networks[name] = kind()
    found.networks = _whole(found.networks)
    return found


def _classes(module: ModuleType) -> dict[str, type[nn.Module]]:
    return {
        name: kind
        for name, kind in vars(module).items()
        if isinstance(kind, type)
        and issubclass(kind, nn.Module)
        and kind.__module__ == NAME
        and kind.forward is not nn.Module.forward
    }


def _needed(kind: type[nn.Module]) -> list[str]:
    """The arguments without which it cannot be made."""
    empty = inspect.Parameter.empty
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [
        name
        for name, one in inspect.signature(kind).parameters.items()
        if one.default is empty and one.kind not in several
    ]


def _whole(networks: dict[str, nn.Module]) -> dict[str, nn.Module]:
    """Less those of which another has one inside."""
    inner: set[type[nn.Module]] = set()
    for network in networks.values():
        inner |= {type(part) for part in network.modules() if part is not network}
    kept = {name: one for name, one in networks.items() if type(one) not in inner}
    return kept or networks
