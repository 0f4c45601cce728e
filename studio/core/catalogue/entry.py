"""Entry and its kinds: what every thing that can be chosen declares about itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal, TypeAlias

from studio.core.params import Param, Value, Values, defaults
from studio.core.problems import Fix, Problem
from studio.core.shapes import Shape
from studio.core.words import tr

TaskKind = Literal["classes", "numbers", "sequences", "images", "masks"]
Decoding = Literal["together", "alone"]
Family = Literal[
    "ends",
    "linear",
    "convolution",
    "pooling",
    "normalization",
    "activation",
    "regularization",
    "recurrent",
    "attention",
    "reshaping",
    "merging",
    "signal",
    "source",
    "custom",
    "pretrained",
]
FAMILIES: Mapping[Family, str] = {
    "ends": "Input and output",
    "linear": "Linear",
    "convolution": "Convolution",
    "pooling": "Pooling",
    "normalization": "Normalization",
    "activation": "Activation",
    "regularization": "Regularization",
    "recurrent": "Recurrent",
    "attention": "Attention",
    "reshaping": "Reshaping",
    "merging": "Merging",
    "signal": "Signal",
    "source": "Constants and noise",
    "custom": "Custom",
    "pretrained": "Pretrained",
}
MANY = 64

Argument: TypeAlias = Value | None
Arguments: TypeAlias = Mapping[str, Argument]


@dataclass(frozen=True, slots=True)
class Signal:
    """What runs along an edge: the shape of one sample, without the batch.

    `categories` is 0 for numbers; else the values are whole numbers from 0 below it,
    which only an embedding understands.
    """

    shape: Shape
    categories: int = 0


@dataclass(frozen=True, slots=True)
class LayerCall:
    """A layer where it stands: its name on the canvas, what it gets, its checked values.

    `ports` says at which port each input arrives, in their order; empty where they are the
    first ones without a gap.
    """

    name: str
    inputs: tuple[Signal, ...]
    values: Values
    ports: tuple[int, ...] = ()

    @property
    def shape(self) -> Shape:
        """The shape of the first input."""
        return self.inputs[0].shape

    def at(self, port: int) -> Signal | None:
        """What arrives at that port, or None where no wire ends there."""
        ports = self.ports or tuple(range(len(self.inputs)))
        return dict(zip(ports, self.inputs, strict=True)).get(port)

    def whole(self, key: str) -> int:
        """A value of kind whole."""
        value = self.values[key]
        assert isinstance(value, int)
        return value

    def sizes(self, key: str) -> tuple[int, ...]:
        """A value of kind sizes or shape."""
        value = self.values[key]
        assert isinstance(value, tuple)
        return tuple(int(part) for part in value)

    def text(self, key: str) -> str:
        """A value of kind choice or text."""
        return str(self.values[key])

    def is_on(self, key: str) -> bool:
        """A value of kind switch."""
        return bool(self.values[key])


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be chosen: a stable key, words for it, and its params."""

    key: str
    title: str
    help: str
    params: tuple[Param, ...] = ()

    def param(self, key: str) -> Param:
        """The param of that key."""
        return next(param for param in self.params if param.key == key)

    def defaults(self) -> dict[str, Value]:
        """The default of each param."""
        return defaults(self.params)


def no_weights(_call: LayerCall) -> int:
    """The weight count of a layer that learns nothing."""
    return 0


def nothing_inside(_call: LayerCall, _is_learning: bool) -> int:
    """Of a layer that holds hardly more than what it gives."""
    return 0


def no_arguments(_call: LayerCall) -> Arguments:
    """For a torch module that is made without arguments."""
    return {}


def passed(*keys: str) -> Callable[[LayerCall], Arguments]:
    """For a torch module that takes those params as they are, by their keys."""

    def arguments(call: LayerCall) -> Arguments:
        return {key: call.values[key] for key in keys}

    return arguments


def same_shape(call: LayerCall) -> Shape | Problem:
    """The shape rule of a layer that changes each number on its own."""
    return call.shape


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerEntry(Entry):
    """One layer, whole.

    `arity` is the least and most number of inputs; a layer that takes up to MANY gets
    them as one list. `shape` gives the output shape, or a Problem without a place (the
    node is filled in by the shape flow). `weights` is the number of trainable numbers.
    `badge` is a template over the params for the line on the node. `torch` names the
    module class, in torch.nn or else in engine/modules.py; `torch_for` overrides it where
    the class depends on the input. `end` marks the two ends of a network. `units_param`
    is the param that sets the size of the last axis, where one does; `gives_probabilities`
    marks a layer after which a loss over scores is wrong. `takes_indices` says that every
    input may be the numbers of categories, `index_ports` which inputs alone may be (such as
    the tokens that say where padding stands); `keeps_indices` that categories come out as
    they go in. `ports` names the inputs where they differ in what they are for. `cannot` lists
    the keys of the FORMATS that cannot carry it. `is_pretrained` marks one whose weights come from
    files: it is frozen when it is placed, and then works as it will when it answers.
    `wants_plain_pictures` asks Inputs that lead to it for pictures as values from 0 to 1.
    `inside` is how many numbers of one sample it holds inside itself, beside what it gives,
    where they are many: while its weights are learnt, or without that.
    """

    family: Family
    shape: Callable[[LayerCall], Shape | Problem] = same_shape
    weights: Callable[[LayerCall], int] = no_weights
    inside: Callable[[LayerCall, bool], int] = nothing_inside
    arguments: Callable[[LayerCall], Arguments] = no_arguments
    torch: str = ""
    torch_for: Callable[[LayerCall], str] | None = None
    arity: tuple[int, int] = (1, 1)
    badge: str = ""
    takes_indices: bool = False
    index_ports: tuple[int, ...] = ()
    keeps_indices: bool = False
    ports: tuple[str, ...] = ()
    end: Literal["input", "output"] | None = None
    units_param: str = ""
    gives_probabilities: bool = False
    cannot: tuple[str, ...] = ()
    is_pretrained: bool = False
    wants_plain_pictures: bool = False

    def torch_name(self, call: LayerCall) -> str:
        """The module class for this call."""
        return self.torch_for(call) if self.torch_for else self.torch

    def takes_categories(self, port: int) -> bool:
        """True where that input may be the numbers of categories."""
        return self.takes_indices or port in self.index_ports

    def badge_of(self, values: Values) -> str:
        """The line on the node: ``32 filters, 3 × 3``. Params the badge does not name stay out."""
        shown = {p.key: p.show(values.get(p.key, p.default)) for p in self.params}
        return tr(self.badge, **shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleaningEntry(Entry):
    """One step of a repair recipe.

    `kinds` are the kinds of column it works on (empty: on whole rows). `stage`: "read" changes
    how values are read, "rows" leaves rows out, "values" is fitted on the training part and
    travels inside the model.
    """

    kinds: tuple[str, ...] = ()
    stage: Literal["read", "rows", "values"]
    is_for_series: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AugmentationEntry(Entry):
    """One way to vary the samples of the training part; `kinds` are those of model inputs.

    `function` names the function in engine/variations.py, which takes the params by their keys.
    `needs_own_tokens` marks one that knows the special tokens of our own tokenizers alone.
    """

    kinds: tuple[str, ...]
    function: str
    needs_own_tokens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimizerEntry(Entry):
    """One optimizer: `torch` names the class in torch.optim; params go to it by their key.

    `learning_rate` is what suits it when a person has set none; `is_fused_on` lists the
    device kinds on which torch has a fused step for it. `pairs` are the arguments that are
    made of two params. `looks_again` marks one that computes a batch several times for a
    step, `matrices_only` one that takes nothing but weights of two directions (the others
    are left to AdamW), `sets_own_steps` one for which the learning rate is only a beginning.
    """

    torch: str
    learning_rate: float
    is_fused_on: tuple[str, ...] = ()
    pairs: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    looks_again: bool = False
    matrices_only: bool = False
    sets_own_steps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LossEntry(Entry):
    """One loss: `fits` are the tasks it suits; `torch` names the class in torch.nn.

    `decoding` is how scores that it trained become probabilities: of all "together", or each
    "alone" and its share of all. `weighs_classes` says that rare classes can count more in it;
    `counts` that it wants numbers that are counts, from 0; `aligns` that it finds by itself
    which step of a sequence says which token, so there may be more steps than tokens.
    `spreads` says that the network gives for each number how far it may be off as well;
    `compares` that of two classes it gives one number: a distance, or a likeness.
    """

    fits: tuple[TaskKind, ...]
    torch: str
    decoding: Decoding = "together"
    weighs_classes: bool = False
    counts: bool = False
    aligns: bool = False
    spreads: bool = False
    compares: Literal["", "distance", "likeness"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricEntry(Entry):
    """One figure: the tasks it suits, whether more is better, how it is shown.

    `torchmetrics` names the function in torchmetrics.functional; `unit` is "share"
    (0 to 1), "target" (the target's own unit) or "" for a plain number. `aligned` is True
    for one that suits only a loss that aligns, False for one that does not suit it; `of_texts`
    marks one of finished texts, which is worked out when a model is evaluated. `of_intervals`
    suits only a loss that spreads.
    """

    fits: tuple[TaskKind, ...]
    torchmetrics: str
    aligned: bool | None = None
    of_texts: bool = False
    of_intervals: bool = False
    is_more_better: bool
    unit: Literal["share", "target", ""] = ""


def refused(message: str, hint: str, *, code: str, fix: Fix | None = None) -> Problem:
    """What a shape rule returns where it cannot go on; the shape flow adds the place."""
    return Problem(message, hint, code=code, fix=fix)


def insert_before(layer: str, label: str, **params: Value) -> Fix:
    """A fix that puts a layer into the wire before the node; the shape flow adds which node."""
    return Fix("insert_before", label, {"layer": layer, "params": params})


def set_param(key: str, value: Value, label: str) -> Fix:
    """A fix that gives one setting of the node another value; the shape flow adds which node."""
    return Fix("set_param", label, {"key": key, "value": value})


def placed(problem: Problem, **changes: object) -> Problem:
    """The problem with its place and the missing arguments of its fix filled in."""
    place = changes.pop("place", problem.place)
    fix = problem.fix
    if fix is not None:
        fix = replace(fix, arguments={**changes, **fix.arguments})
    return replace(problem, place=place, fix=fix)  # type: ignore[arg-type]
