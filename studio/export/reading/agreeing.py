"""Agreeing: whether a layer that was found gives the numbers that the code gave."""

from collections.abc import Iterable, Mapping

import torch
from torch import Tensor, nn

from studio.core.catalogue import LAYERS
from studio.core.catalogue.entry import MANY
from studio.export.reading.layers import Found, Setting
from studio.export.reading.recurrent import KINDS
from studio.export.reading.steps import Held, Step, Wanted
from studio.export.reading.traced import Trace
from studio.export.settings_source import kind_of

CLOSE, FAINT = 1e-3, 1e-5  # relative to the number, and for those near 0


class Agreement:
    """Compares layers with what was seen while the code ran."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __call__(self, step: Step, found: Found, wanted: Wanted, place: Setting) -> bool:
        """True where it gives the same, or where its weights cannot be put beside those there."""
        if step.is_layer and wanted.kind == step.kind:
            return True  # the very same class with the same settings
        expected = self._expected(step, wanted)
        given = [None if name is None else self._given(name) for name in wanted.sources]
        if expected is None or any(
            one is not None and not isinstance(one, Tensor) for one in given
        ):
            return True
        entry = LAYERS[found.layer]
        call = place.call({**entry.defaults(), **found.values})
        made = kind_of(entry.torch_name(call))(**entry.arguments(call)).eval()
        if not _filled(made, self._weights(step, wanted)):
            return True
        with torch.no_grad():
            answer = made(given) if entry.arity[1] == MANY else made(*given)
        said = _said_by(given, expected)
        if said is not None and isinstance(answer, Tensor) and answer.shape == expected.shape:
            return is_close(answer[said], expected[said])
        return is_close(answer, expected)

    def _given(self, name: str) -> object:
        """What came in; a mask of padding as numbers that are 0 there."""
        value = self._trace.values.get(name)
        is_mask = isinstance(value, Tensor) and value.dtype == torch.bool
        return ~value if is_mask and isinstance(value, Tensor) else value

    def _expected(self, step: Step, wanted: Wanted) -> Tensor | None:
        seen = self._trace.values.get(step.name)
        if isinstance(seen, tuple) and seen and isinstance(seen[0], Tensor):
            if step.kind in KINDS and not wanted.settings.get("gives_sequence", True):
                return _last_of(seen[0], bool(wanted.settings.get("bidirectional")))
            return seen[0]
        return seen if isinstance(seen, Tensor) else None

    def _weights(self, step: Step, wanted: Wanted) -> list[Tensor]:
        """In their order: those of the module, or those that a function was given."""
        module = self._trace.modules.get(step.name)
        if module is not None:
            return _as_here(module.state_dict(), wanted.kind)
        names = [one.name for one in _held_in((step.takes, tuple(step.settings.values())))]
        found = (self._trace.values.get(name) for name in names)
        return [one for one in found if isinstance(one, Tensor)]


def _as_here(weights: Mapping[str, Tensor], kind: str) -> list[Tensor]:
    """Weights of torch's attention as the house keeps them.

    What joins the heads comes first; where another sequence is asked, the question has its own,
    and key and value have theirs together.
    """
    places = {name: place for place, name in enumerate(weights)}
    whole = {name: places[_attention_of(name, weights)] for name in weights}
    names = sorted(weights, key=lambda name: (whole[name], "out_proj" not in name))
    found: list[Tensor] = []
    for name in names:
        one = weights[name]
        asks_another = kind == "CrossAttention" or "multihead_attn" in name
        if "in_proj" in name and asks_another:
            own = len(one) // 3
            found += [one[:own], one[own:]]
        elif name.endswith("k_proj_weight"):
            found.append(torch.cat([one, weights[name.replace("k_proj", "v_proj")]]))
        elif not name.endswith("v_proj_weight"):
            found.append(one)
    return found


def _attention_of(name: str, weights: Mapping[str, Tensor]) -> str:
    """The first weight of the attention that this one belongs to, or itself."""
    for part in ("out_proj.", "in_proj_", "q_proj_", "k_proj_", "v_proj_"):
        before, found, _ = name.rpartition(part)
        if found:
            return next(one for one in weights if one.startswith(before))
    return name


def _last_of(steps: Tensor, is_both_ways: bool) -> Tensor | None:
    """The last step forwards, and of the other half the first."""
    if not is_both_ways:
        return steps[:, -1]
    half = steps.shape[-1] // 2
    return torch.cat([steps[:, -1, :half], steps[:, 0, half:]], dim=1)


def _filled(made: nn.Module, weights: Iterable[Tensor]) -> bool:
    """Puts the weights in, each where its sizes fit; False where some are left without."""
    left = list(weights)
    with torch.no_grad():
        for name, own in made.state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            at = next((n for n, one in enumerate(left) if one.numel() == own.numel()), None)
            if at is None:
                return False
            own.copy_(left.pop(at).reshape(own.shape))
    return True


def _held_in(value: object) -> list[Held]:
    if isinstance(value, Held):
        return [value]
    if isinstance(value, list | tuple):
        return [found for one in value for found in _held_in(one)]
    return []


def _said_by(given: Iterable[object], expected: Tensor) -> Tensor | None:
    """Which steps are no padding: what stands at padding is nobody's, and differs."""
    masks = (one for one in given if isinstance(one, Tensor) and one.dtype == torch.bool)
    return next((one for one in masks if one.shape == expected.shape[: one.dim()]), None)


def is_close(answer: object, expected: Tensor) -> bool:
    """Whether these are the same numbers, as far as the order of sums lets them be."""
    if not isinstance(answer, Tensor) or answer.shape != expected.shape:
        return False
    return torch.allclose(answer.float(), expected.float(), CLOSE, FAINT, equal_nan=True)
