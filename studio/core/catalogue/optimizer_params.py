"""The params that many optimizers have in common."""

from types import MappingProxyType

from studio.core.params import Param, number

FUSED = ("cpu", "cuda", "mps")
BETA_PAIR = MappingProxyType({"betas": ("beta1", "beta2")})
BETAS = (
    number(
        "beta1",
        "Beta 1",
        0.9,
        at_least=0.0,
        at_most=0.9999,
        help="How long the direction is remembered.",
    ),
    number(
        "beta2",
        "Beta 2",
        0.999,
        at_least=0.0,
        at_most=0.999999,
        help="How long the size of steps is remembered.",
    ),
)


def weight_decay(default: float = 0.0) -> Param:
    """How much weights shrink by themselves."""
    return number(
        "weight_decay",
        "Weight decay",
        default,
        at_least=0.0,
        at_most=1.0,
        help="Pulls weights towards zero, against learning by heart.",
    )


def epsilon(default: float = 1e-8) -> Param:
    """What keeps a division safe."""
    return number(
        "eps",
        "Epsilon",
        default,
        above=0.0,
        at_most=1.0,
        help="A small number that keeps the division safe.",
    )


def remembered(key: str, label: str, default: float, help: str) -> Param:  # noqa: A002
    """A share below 1 of what was before."""
    return number(key, label, default, at_least=0.0, at_most=0.9999, help=help)
