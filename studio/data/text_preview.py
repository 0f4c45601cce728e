"""Some texts of a dataset with the tokens that they become, for a screen."""

import numpy as np

from studio.core.design.dataset import DatasetSpec
from studio.core.design.previews import Cell, TablePreview, TextPreview
from studio.data.join import material_of
from studio.data.preview import preview_of_frame
from studio.data.sources import preview
from studio.data.text import Ids, fit_tokenizer, token_ids
from studio.data.tokenizer import PADDING, UNKNOWN
from studio.data.tokenizer_json import Known, known

_LEARNT_FROM = 2000


def text_preview(spec: DatasetSpec, rows: int, start: int) -> TextPreview:
    """Texts of the first text column as the model would take them, padded and cut.

    The tokenizer is fitted on the first 2,000 rows and those that are shown; the model's own
    will know the texts of the whole training part.
    """
    name = _text_column(spec)
    if not name:
        return TextPreview()
    head, shown = _cells(spec, _LEARNT_FROM, 0), _cells(spec, rows, start)
    texts = [_text(cell) for cell in _column(shown, name)]
    learnt_from = [*(_text(cell) for cell in _column(head, name)), *texts]
    tokenizer = fit_tokenizer(learnt_from, spec.text)
    ids = token_ids(tokenizer, texts, spec.text.length)
    names = {int(i): known(tokenizer).tokenizer.id_to_token(int(i)) or "" for i in np.unique(ids)}
    target = spec.targets()[0].name if spec.targets() else ""
    return TextPreview(
        tuple(texts),
        tuple(tuple(names[i] for i in row) for row in ids.tolist()),
        tuple(tuple(row) for row in _as_shown(ids, known(tokenizer)).tolist()),
        tuple(_text(cell) for cell in _column(shown, target)),
    )


def _as_shown(ids: Ids, tokenizer: Known) -> Ids:
    """With padding and the unknown token at 0 and 1, wherever the tokenizer has them."""
    if not tokenizer.is_of_file:
        return ids
    is_special = (ids == tokenizer.padding, ids == tokenizer.unknown)
    return np.select(is_special, (PADDING, UNKNOWN), ids + UNKNOWN + 1)


def _text_column(spec: DatasetSpec) -> str:
    """The first text that is an input, else the first that is used at all."""
    texts = [c for c in spec.columns if c.kind == "text" and c.role != "ignore"]
    ranked = sorted(texts, key=lambda choice: choice.role != "input")
    return ranked[0].name if ranked else ""


def _cells(spec: DatasetSpec, rows: int, start: int) -> TablePreview:
    """Some rows of all columns, also where rows are shown as pictures or sounds."""
    found = preview(spec, rows, start)
    if isinstance(found, TablePreview):
        return found
    return preview_of_frame(material_of(spec).frame, rows, start)


def _column(found: TablePreview, name: str) -> list[Cell]:
    if name not in found.columns:
        return []
    place = found.columns.index(name)
    return [row[place] for row in found.rows]


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
