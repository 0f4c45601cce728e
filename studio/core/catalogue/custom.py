"""The layer that a person writes: a formula over its inputs."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused
from studio.core.expression import (
    INPUT_NAMES,
    BadExpression,
    Part,
    SizesDiffer,
    inputs_named,
    parsed,
    shape_of,
)
from studio.core.params import Param
from studio.core.problems import Problem
from studio.core.shapes import Shape
from studio.core.words import tr


def _shape(call: LayerCall) -> Shape | Problem:
    try:
        tree = parsed(call.text("expression"))
        _check_inputs(tree, call)
        shapes = tuple(
            signal.shape if (signal := call.at(port)) else () for port in range(len(INPUT_NAMES))
        )
        found = shape_of(tree, shapes)
    except BadExpression as reason:
        return _refused(call, reason)
    return found


def _check_inputs(tree: Part, call: LayerCall) -> None:
    for port in sorted(inputs_named(tree)):
        if call.at(port) is None:
            raise BadExpression(
                tr(
                    "The formula names {name}, but no wire ends at that input.",
                    name=INPUT_NAMES[port],
                )
            )


def _refused(call: LayerCall, reason: BadExpression) -> Problem:
    if reason.place:
        message = tr(
            "The formula of {name}, letter {place}: {reason}",
            name=call.name,
            place=reason.place,
            reason=str(reason),
        )
    else:
        message = tr("The formula of {name}: {reason}", name=call.name, reason=str(reason))
    return refused(
        message,
        tr("Write it with + - * / ^, brackets and functions, such as: relu(a) + 0.5 * b."),
        code="formula-sizes" if isinstance(reason, SizesDiffer) else "bad-formula",
    )


def _arguments(call: LayerCall) -> Arguments:
    ports = call.ports or tuple(range(len(call.inputs)))
    return {"expression": call.text("expression"), "inputs": max(ports) + 1}


EXPRESSION = LayerEntry(
    key="expression",
    title="Formula",
    family="custom",
    help="Works out a formula over its inputs, number by number. Use it where no other layer "
    "does what you need: a * sigmoid(b), log1p(abs(a)), a / (1 + mean(a)).",
    params=(
        Param(
            "expression",
            "Formula",
            "formula",
            "a",
            "The inputs are called a, b, c and so on. There are + - * / ^, brackets, pi, and these "
            "functions: abs, exp, log, log1p, sqrt, square, sign, sin, cos, tan, tanh, sigmoid, "
            "relu, softplus, round, floor, ceil, min(a, b), max(a, b), clip(a, low, high), and "
            "along the last size sum, mean, largest, smallest, softmax, cumsum.",
        ),
    ),
    shape=_shape,
    arguments=_arguments,
    torch="Expression",
    arity=(1, len(INPUT_NAMES)),
    ports=tuple(INPUT_NAMES),
    badge="{expression}",
)

ENTRIES = (EXPRESSION,)
