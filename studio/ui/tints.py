"""The colours that a person can give to blocks, frames and notes, with their names."""

from studio.core.design.block import Tint

TINT_NAMES: tuple[tuple[Tint, str], ...] = (
    ("series.7", "Grey"),
    ("series.1", "Blue"),
    ("series.2", "Teal"),
    ("series.4", "Green"),
    ("series.5", "Orange"),
    ("series.3", "Purple"),
)
