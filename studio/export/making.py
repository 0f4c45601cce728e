"""Making: what every format is made from, and what comes of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from torch import Tensor, fx

from studio.core.params import Values
from studio.core.problems import Place, StudioError, refuse
from studio.core.run.results import RunRecord
from studio.core.words import tr
from studio.data.arrays import Fitted
from studio.engine.writing import Writer
from studio.export.deployed import deployed
from studio.export.plain_inputs import plain_input

Card: TypeAlias = Mapping[str, object]
# The bytes of a file, or those of all files of a folder by their names.
Made: TypeAlias = bytes | Mapping[str, bytes]
CARD = "card.json"


@dataclass
class Making:
    """One export: the run and its folder, the card, and a few real rows of each input.

    `settings` are the checked params of the format.
    """

    record: RunRecord
    fitted: Fitted
    folder: Path
    card: Card
    raws: tuple[Tensor, ...]
    settings: Values = field(default_factory=dict)

    @cached_property
    def module(self) -> fx.GraphModule:
        """The model that checks what it is given."""
        return deployed(self.record.project, self.fitted, self.folder)

    @cached_property
    def plain(self) -> fx.GraphModule:
        """The same without conditions on what it is given, for formats that know none."""
        found = deployed(self.record.project, self.fitted, self.folder, takes=plain_input)
        for part in found.modules():
            if isinstance(part, Writer):
                part.stops_early = False  # whether all rows have ended hangs on the rows
        return found

    @property
    def card_text(self) -> str:
        """The card as it stands in a file."""
        return json.dumps(self.card, ensure_ascii=False, allow_nan=False)

    def setting(self, key: str) -> int:
        """A whole number among the settings; 0 where the format has none of that name."""
        found = self.settings.get(key, 0)
        return found if isinstance(found, int) else 0

    def names(self, side: str) -> list[str]:
        """What the card calls its inputs or outputs."""
        parts = self.card[side]
        assert isinstance(parts, list)
        return [part["name"] for part in parts]


Maker: TypeAlias = Callable[[Making], Made]


def cannot_export(title: str, detail: str) -> StudioError:
    """The refusal where a format cannot be made of a network."""
    return refuse(
        tr("The network cannot be written as {format}.", format=title),
        tr("Choose another format. The details say what is in the way."),
        place=Place("file"),
        code="cannot-export",
        detail=detail,
    )
