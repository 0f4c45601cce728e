"""Layers that make a series, an image or a clip smaller: max, average, LP, adaptive, global."""

from collections.abc import Callable
from typing import Literal

from studio.core.catalogue.entry import (
    Arguments,
    LayerCall,
    LayerEntry,
    passed,
    refused,
    set_param,
)
from studio.core.catalogue.expectations import missing_channels, wrong_rank
from studio.core.params import Param, choice, sizes, switch, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape, pooled_size, show
from studio.core.words import tr

Kind = Literal["max", "avg"]
HIGHEST_POWER = 8
CLIP = 3
TITLES: dict[Kind, str] = {"max": "Max pool", "avg": "Average pool"}
ADAPTIVE_TITLES: dict[Kind, str] = {
    "max": "Adaptive max pool",
    "avg": "Adaptive avg pool",
}
SUBJECTS = {
    1: "a series (channels × steps)",
    2: "an image (channels × height × width)",
    3: "a clip (channels × frames × height × width)",
}
MEAN, MAX = "mean", "max"
STEPS, PLACES = "steps", "places"
KEEPS: dict[Kind, str] = {"max": "the largest number", "avg": "the mean"}
USES: dict[Kind, str] = {
    "max": "Use it after a convolution, to keep what was found and forget exactly where.",
    "avg": "Use it where all that is seen should count, not only the strongest.",
}
ADAPTIVE_USE = (
    "Use it before a Linear, so that any size fits; "
    "size 1 sums up everything in one number a channel."
)


def _pool(kind: Kind, directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"{kind}_pool{directions}d",
        title=f"{TITLES[kind]} {directions}D",
        family="pooling",
        help=f"Slides a window over {SUBJECTS[directions]} and keeps {KEEPS[kind]} in it. "
        f"{USES[kind]}",
        params=(*_params(directions), *_params_of(kind, directions)),
        # AvgPool3d of torch wants a window that fits without its border, too.
        shape=_shape_rule(directions, counts_padding_out=(kind, directions) == ("avg", 3)),
        arguments=passed(*_KEYS, *(param.key for param in _params_of(kind, directions))),
        torch=f"{kind.capitalize()}Pool{directions}d",
        badge="{kernel_size}",
    )


def _lp_pool(directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"lp_pool{directions}d",
        title=f"LP pool {directions}D",
        family="pooling",
        help=f"Slides a window over {SUBJECTS[directions]} and keeps the root of the sum of "
        "powers in it. Use it between the two others: the higher the power, the more the largest "
        "number counts.",
        params=(_POWER, *_window_params(directions), _CEIL),
        shape=_lp_shape_rule(directions),
        arguments=_lp_arguments,
        torch=f"LPPool{directions}d",
        badge="power {norm_type}, {kernel_size}",
    )


def _adaptive_pool(kind: Kind, directions: int) -> LayerEntry:
    return LayerEntry(
        key=f"adaptive_{kind}_pool{directions}d",
        title=f"{ADAPTIVE_TITLES[kind]} {directions}D",
        family="pooling",
        help=f"Divides {SUBJECTS[directions]} into as many parts as you want and keeps "
        f"{KEEPS[kind]} of each. {ADAPTIVE_USE}",
        params=(sizes("output_size", "Size", 1, directions, help="The size that comes out."),),
        shape=_adaptive_shape_rule(directions),
        arguments=_adaptive_max_arguments if kind == "max" else passed("output_size"),
        torch=f"Adaptive{kind.capitalize()}Pool{directions}d",
        torch_for=_adaptive_max_torch if kind == "max" else None,
        badge="to {output_size}",
    )


_CEIL = switch(
    "ceil_mode",
    "Count the rest",
    False,
    help="Where the last window reaches over the end, it counts with what it sees.",
)
_POWER = whole(
    "norm_type",
    "Power",
    2,
    at_most=HIGHEST_POWER,
    help="1 is the sum, 2 the root of the sum of squares.",
)
_KEYS = ("kernel_size", "stride", "padding", "ceil_mode")


def _window_params(directions: int) -> tuple[Param, ...]:
    return (
        sizes("kernel_size", "Window", 2, directions, help="How much is summed up in one number."),
        sizes("stride", "Stride", 2, directions, help="How far the window moves at each step."),
    )


def _params(directions: int) -> tuple[Param, ...]:
    return (
        *_window_params(directions),
        sizes(
            "padding",
            "Padding",
            0,
            directions,
            at_least=0,
            help="How much empty border to add; at most half the window.",
        ),
        _CEIL,
    )


def _params_of(kind: Kind, directions: int) -> tuple[Param, ...]:
    if kind == "avg":
        words = "The zeros of the border count in the mean; else only what lies within."
        return (switch("count_include_pad", "Count the border", True, help=words),)
    words = "The distance between the numbers that a window sees. 1 is side by side."
    return (sizes("dilation", "Dilation", 1, directions, help=words),)


def _shape_rule(
    directions: int, *, counts_padding_out: bool
) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        problem = missing_channels(call, directions) or _padding_too_large(call)
        if problem is not None:
            return problem
        found = _pooled(call)
        is_fitting = min(found) > 0 and not (counts_padding_out and _is_wider(call))
        return (
            (call.shape[0], *found) if is_fitting else _window_too_large(call, counts_padding_out)
        )

    return shape


def _lp_shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        problem = missing_channels(call, directions) or _odd_power(call)
        if problem is not None:
            return problem
        found = _pooled(call)
        # LPPool3d of torch is made of AvgPool3d, which wants a window that fits.
        is_fitting = min(found) > 0 and not (directions == CLIP and _is_wider(call))
        return (call.shape[0], *found) if is_fitting else _window_too_large(call, False)

    return shape


def _lp_arguments(call: LayerCall) -> Arguments:
    """Of a series, torch takes the window as a plain number."""
    window, stride = call.sizes("kernel_size"), call.sizes("stride")
    is_series = len(window) == 1
    return {
        "norm_type": call.whole("norm_type"),
        "kernel_size": window[0] if is_series else window,
        "stride": stride[0] if is_series else stride,
        "ceil_mode": call.is_on("ceil_mode"),
    }


def _odd_power(call: LayerCall) -> Problem | None:
    """An odd power may sum up to less than 0, which has no root."""
    power = call.whole("norm_type")
    if power == 1 or power % 2 == 0:
        return None
    return refused(
        tr(
            "{name} takes the power {power}, of which sums may have no root.",
            name=call.name,
            power=power,
        ),
        tr("Choose 1 or an even power."),
        code="odd-power",
        fix=set_param("norm_type", power - 1, tr("Set the power to {power}", power=power - 1)),
    )


def _pooled(call: LayerCall) -> tuple[int, ...]:
    settings = zip(
        call.shape[1:], _reaches(call), call.sizes("stride"), _padding(call), strict=True
    )
    is_rest_counted = call.is_on("ceil_mode")
    return tuple(
        pooled_size(size, window=reach, stride=stride, padding=padding, ceil=is_rest_counted)
        for size, reach, stride, padding in settings
    )


def _padding(call: LayerCall) -> tuple[int, ...]:
    return call.sizes("padding") if "padding" in call.values else (0,) * len(call.shape[1:])


def _dilation(call: LayerCall) -> tuple[int, ...]:
    return call.sizes("dilation") if "dilation" in call.values else (1,) * len(call.shape[1:])


def _reaches(call: LayerCall) -> tuple[int, ...]:
    """How far a window reaches in each direction, gaps included."""
    windows = zip(call.sizes("kernel_size"), _dilation(call), strict=True)
    return tuple(dilation * (window - 1) + 1 for window, dilation in windows)


def _padding_too_large(call: LayerCall) -> Problem | None:
    windows, given = call.sizes("kernel_size"), call.sizes("padding")
    fitting = tuple(
        min(padding, window // 2) for window, padding in zip(windows, given, strict=True)
    )
    if fitting == given:
        return None
    return refused(
        tr(
            "{name} adds a border of {padding}, but its window is {window}.",
            name=call.name,
            padding=show(given),
            window=show(windows),
        ),
        tr("Keep the padding at half the window or less."),
        code="padding-too-large",
        fix=set_param(
            "padding", fitting, tr("Set the padding to {padding}", padding=show(fitting))
        ),
    )


def _is_wider(call: LayerCall) -> bool:
    """True where the window is larger than the input without its border."""
    sizes_and_windows = zip(call.shape[1:], call.sizes("kernel_size"), strict=True)
    return any(window > size for size, window in sizes_and_windows)


def _window_too_large(call: LayerCall, counts_padding_out: bool) -> Problem:
    settings = zip(
        call.sizes("kernel_size"), _dilation(call), call.shape[1:], _padding(call), strict=True
    )
    fitting = tuple(
        min(window, (size + (0 if counts_padding_out else 2 * padding) - 1) // dilation + 1)
        for window, dilation, size, padding in settings
    )
    return refused(
        tr(
            "{name} looks at {window}, but gets {size}.",
            name=call.name,
            window=show(_reaches(call)),
            size=show(call.shape[1:]),
        ),
        tr("Make the window smaller, or leave this layer out."),
        code="kernel-too-large",
        fix=set_param(
            "kernel_size", fitting, tr("Set the window to {window}", window=show(fitting))
        ),
    )


def _adaptive_shape_rule(directions: int) -> Callable[[LayerCall], Shape | Problem]:
    def shape(call: LayerCall) -> Shape | Problem:
        wanted = (call.shape[0], *call.sizes("output_size"))
        return missing_channels(call, directions) or wanted

    return shape


def _is_uneven(call: LayerCall) -> bool:
    pairs = zip(call.shape[1:], call.sizes("output_size"), strict=False)
    return any(size % wanted for size, wanted in pairs)


def _adaptive_max_torch(call: LayerCall) -> str:
    """Torch's own where windows are even: other formats know no adaptive pooling but that."""
    directions = len(call.sizes("output_size"))
    kind = "UnevenMaxPool" if _is_uneven(call) else "AdaptiveMaxPool"
    return f"{kind}{directions}d"


def _adaptive_max_arguments(call: LayerCall) -> Arguments:
    wanted = call.sizes("output_size")
    if _is_uneven(call):
        return {"size": call.shape[1:], "output_size": wanted}
    return {"output_size": wanted}


def _global_shape(call: LayerCall) -> Shape | Problem:
    if len(call.shape) > 1:
        return call.shape[1:] if call.text("over") == STEPS else call.shape[:1]
    wanted = tr("a sequence, or channels of a series or an image")
    return wrong_rank(call, wanted, (1, *call.shape))


def _global_arguments(call: LayerCall) -> Arguments:
    return {"is_max": call.text("keeps") == MAX, "is_over_steps": call.text("over") == STEPS}


GLOBAL_POOL = LayerEntry(
    key="global_pool",
    title="Global pool",
    family="pooling",
    help="Sums up a whole sequence, or each channel of a series, an image or a clip, by its mean "
    "or its largest number. Use it before a Linear, on texts after an Embedding and on images "
    "after the last convolution.",
    params=(
        choice(
            "keeps",
            "Keeps",
            MAX,
            {MAX: "Largest", MEAN: "Mean"},
            help="The largest number tells that something was there, the mean how much of it.",
        ),
        choice(
            "over",
            "Over",
            PLACES,
            {PLACES: "Each channel", STEPS: "All steps"},
            help="Each channel: one number is left of each channel, which is the first size. "
            "All steps: one step is left of steps × numbers.",
        ),
    ),
    shape=_global_shape,
    arguments=_global_arguments,
    torch="GlobalPool",
    badge="{keeps}, {over}",
)

ENTRIES = (
    _pool("max", 1),
    _pool("max", 2),
    _pool("max", 3),
    _pool("avg", 1),
    _pool("avg", 2),
    _pool("avg", 3),
    _lp_pool(1),
    _lp_pool(2),
    _lp_pool(3),
    _adaptive_pool("avg", 1),
    _adaptive_pool("avg", 2),
    _adaptive_pool("avg", 3),
    _adaptive_pool("max", 1),
    _adaptive_pool("max", 2),
    _adaptive_pool("max", 3),
    GLOBAL_POOL,
)
