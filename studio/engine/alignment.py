"""Alignment: a loss and a reading for scores of frames whose tokens stand nobody knows where.

Connectionist temporal classification (Graves et al. 2006): each frame tells a token or, with
the padding token, nothing; the same token in neighbouring frames is one.
"""

import torch
from torch import Tensor, nn
from typing_extensions import override

from studio.engine.losses import PADDING

# Where single characters that stand for tokens begin: beyond all that have a meaning.
_FIRST_CHARACTER = 0xF0000


class AlignmentLoss(nn.Module):
    """The loss of scores [N, F, V] for tokens [N, T]: the mean over the known tokens.

    A text that has more tokens than there are frames cannot be told and counts nothing.
    """

    @override
    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        rows, frames = outputs.shape[:2]
        lengths = (targets != PADDING).sum(dim=1)
        total: Tensor = nn.functional.ctc_loss(
            torch.log_softmax(outputs, dim=-1).transpose(0, 1),
            targets,
            torch.full((rows,), frames, dtype=torch.int64, device=outputs.device),
            lengths,
            blank=PADDING,
            reduction="sum",
            zero_infinity=True,
        )
        return total / lengths.sum().clamp(min=1)


def collapsed(best: Tensor) -> Tensor:
    """The best token of each frame [N, F] as texts [N, F]: once each, padded at the end."""
    before = torch.cat([torch.full_like(best[:, :1], PADDING), best[:, :-1]], dim=1)
    is_told = (best != PADDING) & (best != before)
    places = torch.where(is_told, is_told.cumsum(dim=1) - 1, best.shape[1])
    found = torch.full((len(best), best.shape[1] + 1), PADDING, device=best.device)
    return found.scatter(1, places, best)[:, :-1]


def fitted_to(texts: Tensor, length: int) -> Tensor:
    """Texts [N, F] cut, or padded at the end, to a length."""
    missing = max(0, length - texts.shape[1])
    return nn.functional.pad(texts[:, :length], (0, missing), value=PADDING)


def as_characters(tokens: Tensor, end: int) -> list[str]:
    """Each text [N, T] as one character for each token before `end` and padding."""
    found = []
    for row in tokens.tolist():
        known = row[: row.index(end)] if end in row else row
        found.append("".join(chr(_FIRST_CHARACTER + one) for one in known if one != PADDING))
    return found
