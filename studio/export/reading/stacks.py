"""Stacks: in which modules of the network a call stands, as torch wrote it down beside the call."""

from dataclasses import dataclass

from torch import fx

PLAIN = "torch.nn.modules."


@dataclass(frozen=True, slots=True)
class Within:
    """A module around a call: `key` is another one each time that it is called."""

    key: str
    path: str
    kind: str

    @property
    def plain_kind(self) -> str:
        """The bare name of a class of torch; empty for one of somebody's own."""
        return self.kind.rpartition(".")[2] if self.kind.startswith(PLAIN) else ""


def around(node: fx.Node) -> list[Within]:
    """The modules around a call, the outermost first."""
    found = node.meta.get("nn_module_stack", {})
    return [Within(str(key), path, _name_of(kind)) for key, (path, kind) in found.items()]


def stands_in(node: fx.Node, path: str) -> bool:
    """Whether the module at `path` is one of those around it."""
    return any(one.path == path for one in around(node))


def _name_of(kind: object) -> str:
    if isinstance(kind, type):
        return f"{kind.__module__}.{kind.__qualname__}"
    return str(kind)
