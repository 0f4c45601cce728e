"""Operations: the layers that a step of code stands for, in the words of torch or the house.

A function with weights is the layer that would hold them; what torch does in one call may take
several layers, one behind the other. What is plain arithmetic becomes a formula.
"""

from collections.abc import Callable, Mapping, Sequence

from studio.core.expression import INPUT_NAMES
from studio.core.shapes import Shape
from studio.core.words import tr
from studio.export.reading.adapted import adapted
from studio.export.reading.functions import FORMULAS, JOINING, PASSING, PLAIN, REDUCING
from studio.export.reading.joining import side_by_side
from studio.export.reading.slicing import (
    axis_of,
    bound,
    indexed,
    rank_of,
    selected,
    sliced,
    source,
)
from studio.export.reading.steps import Held, Step, Taken, Unknown, Wanted
from studio.export.reading.weighing import WEIGHING
from studio.export.settings_source import kind_of, settings_of

Shapes = Mapping[str, Shape]
Chain = list[Wanted]
EXACT = 2**53  # whole numbers below it are written without a point


def layers_of(step: Step, shapes: Shapes) -> Chain:
    """What stands for a step, in order; empty where it gives its first input as it is.

    The first takes what the step takes, each other the one before it (as the source ``""``).
    `shapes` are those of all that came before, without the batch. Unknown where nothing does.
    """
    if step.is_layer:
        return adapted(step, shapes)
    name = step.kind
    if name in PASSING:
        return []
    for made in (_special, _weighing, _plain, _joined, _formula):
        found = made(step, shapes)
        if found is not None:
            return found
    raise Unknown(tr("no layer here does that, and it is no plain arithmetic."))


def _plain(step: Step, _shapes: Shapes) -> Chain | None:
    if step.kind not in PLAIN:
        return None
    kind, names = PLAIN[step.kind]
    given = bound(step, f"input {names}")
    known = settings_of(kind_of(kind))
    settings = {k: v for k, v in given.items() if k in known and v not in ([], ())}
    return [Wanted(kind, settings, (source(step.takes[0]),))]


def _weighing(step: Step, shapes: Shapes) -> Chain | None:
    reader = WEIGHING.get(step.kind)
    if reader is None:
        return None
    names, make = reader
    given = bound(step, names)
    if not any(isinstance(one, Held) for one in given.values()):
        return None
    return make(given, shapes)


def _joined(step: Step, shapes: Shapes) -> Chain | None:
    """Two of one shape: a layer of the house. What torch would stretch is left to a formula."""
    if step.kind not in JOINING or step.settings:
        return None
    names = [one.name for one in step.takes if isinstance(one, Taken)]
    if len(names) != 2 or len(step.takes) != 2:  # noqa: PLR2004 - both sides
        return None
    if shapes.get(names[0]) != shapes.get(names[1]):
        return None
    return [Wanted(JOINING[step.kind], {}, tuple(names))]


def _formula(step: Step, _shapes: Shapes) -> Chain | None:
    text = FORMULAS.get(step.kind)
    takes = list(step.takes)
    if step.kind in ("add", "sub") and set(step.settings) == {"alpha"}:
        text = f"{{0}} {'+' if step.kind == 'add' else '-'} {step.settings['alpha']} * {{1}}"
    elif step.kind in ("clamp", "clip"):
        text, takes = _clamped(bound(step, "input min max"))
    elif step.kind in REDUCING or step.kind in ("softmax", "cumsum"):
        text, takes = _along_last(step, _shapes)
    elif step.settings and set(step.settings) - {"other", "input"}:
        return None
    return None if text is None else [_written(text, takes)]


def _clamped(given: Mapping[str, object]) -> tuple[str, list[object]]:
    low, high = given.get("min"), given.get("max")
    takes = [given["input"], *(one for one in (low, high) if one is not None)]
    if low is not None and high is not None:
        return "clip({0}, {1}, {2})", takes
    return ("max({0}, {1})" if high is None else "min({0}, {1})"), takes


def _along_last(step: Step, shapes: Shapes) -> tuple[str | None, list[object]]:
    given = bound(step, "input dim keepdim")
    rank = len(shapes.get(source(step.takes[0]), ()))
    axes = given.get("dim")
    axis = axes[0] if isinstance(axes, list | tuple) and len(axes) == 1 else axes
    if axis not in (-1, rank):
        return None, []
    if step.kind in REDUCING:
        has_rest = given.get("keepdim") is True
        return (f"{REDUCING[step.kind]}({{0}})" if has_rest else None), [step.takes[0]]
    return f"{step.kind}({{0}})", [step.takes[0]]


def _written(text: str, takes: Sequence[object]) -> Wanted:
    """The formula with letters for what it takes; the same input is one letter."""
    sources: list[str] = []
    parts = []
    for one in takes:
        if isinstance(one, bool) or not isinstance(one, Taken | int | float):
            raise Unknown(tr("It takes something that is not worked out from the input."))
        if isinstance(one, Taken):
            if one.name not in sources:
                sources.append(one.name)
            parts.append(INPUT_NAMES[sources.index(one.name)])
        else:
            number = int(one) if float(one).is_integer() and abs(one) < EXACT else one
            parts.append(f"({number!r})" if one < 0 else repr(number))
    if not sources:
        raise Unknown(tr("It takes something that is not worked out from the input."))
    return Wanted("", {}, tuple(sources), text=text.format(*parts))


def _special(step: Step, shapes: Shapes) -> Chain | None:
    maker = _SPECIAL.get(step.kind)
    return None if maker is None else maker(step, shapes)


def _flattened(step: Step, shapes: Shapes) -> Chain:
    rank = rank_of(step, shapes)
    given = bound(step, "input start_dim end_dim")
    first, last = axis_of(given.get("start_dim", 0), rank), axis_of(given.get("end_dim", -1), rank)
    name = source(step.takes[0])
    if first == 1 and last == rank:
        return [Wanted("Flatten", {}, (name,))]
    return [Wanted("Flatten", {"start_dim": first, "end_dim": last}, (name,))]


def _viewed(step: Step, _shapes: Shapes) -> Chain:
    if step.gives is None:
        raise Unknown(tr("Which sizes come out can only be seen when it runs."))
    name = source(step.takes[0])
    if len(step.gives) == 1:
        return [Wanted("Flatten", {}, (name,))]
    return [Wanted("Reshape", {"shape": step.gives}, (name,))]


def _transposed(step: Step, shapes: Shapes) -> Chain:
    rank = rank_of(step, shapes)
    given = bound(step, "input dim0 dim1")
    first, second = sorted((axis_of(given["dim0"], rank), axis_of(given["dim1"], rank)))
    return [Wanted("Transpose", {"first": first, "second": second}, (source(step.takes[0]),))]


def _permuted(step: Step, shapes: Shapes) -> Chain:
    rank = rank_of(step, shapes)
    given = step.settings.get("dims", step.takes[1:])
    listed = given if isinstance(given, list | tuple) else (given,)
    order = listed[0] if len(listed) == 1 and isinstance(listed[0], list | tuple) else listed
    found = [one + rank + 1 if isinstance(one, int) and one < 0 else one for one in order]
    if not found or found[0] != 0:
        raise Unknown(tr("It works across the rows of a batch, which no layer does."))
    return [Wanted("Permute", {"order": tuple(found[1:])}, (source(step.takes[0]),))]


def _resqueezed(kind: str) -> Callable[[Step, Shapes], Chain]:
    def made(step: Step, shapes: Shapes) -> Chain:
        rank = rank_of(step, shapes) + (kind == "Unsqueeze")
        given = bound(step, "input dim")
        if "dim" not in given:
            raise Unknown(tr("Along which axis it works is not a plain number."))
        one = given["dim"]
        axis = one[0] if isinstance(one, list | tuple) and len(one) == 1 else one
        return [Wanted(kind, {"axis": axis_of(axis, rank)}, (source(step.takes[0]),))]

    return made


def _pooled(step: Step, shapes: Shapes) -> Chain | None:
    """A mean or largest number over all places of a picture, or over all steps."""
    rank, given = rank_of(step, shapes), bound(step, "input dim keepdim")
    axes = given.get("dim")
    listed = axes if isinstance(axes, list | tuple) else [axes]
    if not listed or not all(isinstance(one, int) for one in listed):
        return None
    found = sorted(axis_of(one, rank) for one in listed)
    is_max, name = step.kind == "amax", source(step.takes[0])
    is_places, is_steps = found == list(range(2, rank + 1)), found == [1] and rank == 2  # noqa: PLR2004
    if given.get("keepdim") is True:
        if not is_places or not 2 <= rank <= 4:  # noqa: PLR2004 - a series, an image, a clip
            return None
        kind = f"Adaptive{'Max' if is_max else 'Avg'}Pool{rank - 1}d"
        return [Wanted(kind, {"output_size": (1,) * (rank - 1)}, (name,))]
    if not (is_places or is_steps):
        return None
    return [Wanted("GlobalPool", {"is_max": is_max, "is_over_steps": is_steps}, (name,))]


def _product(step: Step, _shapes: Shapes) -> Chain:
    names = tuple(source(one) for one in step.takes)
    return [Wanted("MatrixProduct", {"transpose_second": False}, names)]


def _padded(step: Step, shapes: Shapes) -> Chain:
    given = bound(step, "input pad mode value")
    sizes, rank = given["pad"], rank_of(step, shapes)
    mode = str(given.get("mode") or "constant")
    if not isinstance(sizes, list | tuple) or not 2 <= rank <= 4:  # noqa: PLR2004
        raise Unknown(tr("A border is known around a series, an image or a clip."))
    whole = (*sizes, *[0] * (2 * (rank - 1) - len(sizes)))
    if len(whole) != 2 * (rank - 1):
        raise Unknown(tr("A border is known around a series, an image or a clip."))
    kinds = {"reflect": "Reflection", "replicate": "Replication", "circular": "Circular"}
    kind = f"{kinds.get(mode, 'Constant')}Pad{rank - 1}d"
    value = {"value": float(given.get("value") or 0.0)} if mode == "constant" else {}  # type: ignore[arg-type]
    return [Wanted(kind, {"padding": whole, **value}, (source(step.takes[0]),))]


def _resized(step: Step, shapes: Shapes) -> Chain:
    if step.gives is None:
        raise Unknown(tr("Which sizes come out can only be seen when it runs."))
    given = bound(step, "input size scale_factor mode align_corners")
    mode = str(given.get("mode") or "nearest")
    for word in ("nearest", "bilinear", "linear", "trilinear", "bicubic"):
        mode = word if f"_{word}" in step.kind else mode
    settings: dict[str, object] = {"size": step.gives[1:], "mode": mode}
    if mode != "nearest":
        align = given.get("align_corners")
        if step.kind != "interpolate":
            align = bound(step, "input size align").get("align")
        settings["align_corners"] = bool(align)
    return [Wanted("Upsample", settings, (source(step.takes[0]),))]


_SPECIAL: Mapping[str, Callable[[Step, Shapes], Chain | None]] = {
    "flatten": _flattened,
    "view": _viewed,
    "reshape": _viewed,
    "_unsafe_view": _viewed,
    "unflatten": _viewed,
    "transpose": _transposed,
    "swapaxes": _transposed,
    "swapdims": _transposed,
    "permute": _permuted,
    "squeeze": _resqueezed("Squeeze"),
    "unsqueeze": _resqueezed("Unsqueeze"),
    "cat": side_by_side("Concatenate"),
    "concat": side_by_side("Concatenate"),
    "concatenate": side_by_side("Concatenate"),
    "stack": side_by_side("Stack"),
    "mean": _pooled,
    "amax": _pooled,
    "matmul": _product,
    "bmm": _product,
    "pad": _padded,
    "constant_pad_nd": lambda step, shapes: _padded(_constant(step), shapes),
    "interpolate": _resized,
    "upsample_nearest1d": _resized,
    "upsample_nearest2d": _resized,
    "upsample_nearest3d": _resized,
    "upsample_linear1d": _resized,
    "upsample_bilinear2d": _resized,
    "upsample_trilinear3d": _resized,
    "upsample_bicubic2d": _resized,
    "getitem": indexed,
    "select": selected,
    "slice": sliced,
}


def _constant(step: Step) -> Step:
    given = bound(step, "input pad value")
    takes = (given["input"], given["pad"], "constant", given.get("value", 0.0))
    return Step(step.name, step.kind, takes, gives=step.gives)
