"""What layers over sequences expect: steps × numbers, tokens for the padding, heads that fit."""

from studio.core.catalogue.entry import LayerCall, refused, set_param
from studio.core.catalogue.expectations import wrong_rank
from studio.core.problems import Problem
from studio.core.shapes import Shape, show
from studio.core.words import tr


def missing_sequence(call: LayerCall) -> Problem | None:
    """A Problem where the first input is not steps × numbers."""
    if len(call.shape) == 2:
        return None
    return wrong_rank(call, tr("a sequence: steps × numbers"), as_sequence(call.shape))


def as_sequence(shape: Shape) -> Shape | None:
    """A line is read number by number, an image of one channel row by row."""
    if len(shape) == 1:
        return (shape[0], 1)
    return shape[1:] if len(shape) == 3 and shape[0] == 1 else None


def missing_memory(call: LayerCall) -> Problem | None:
    """A Problem where the second input, which is asked, is not steps × numbers."""
    shape = call.inputs[1].shape
    if len(shape) == 2:
        return None
    return refused(
        tr(
            "{name} expects a sequence as its memory: steps × numbers, but gets {shape}.",
            name=call.name,
            shape=show(shape),
        ),
        tr("Wire its second input to a layer that gives a whole sequence."),
        code="wrong-rank",
    )


def wrong_tokens(call: LayerCall, port: int, steps: int) -> Problem | None:
    """A Problem where the tokens at that port cannot say which of the steps are padding."""
    signal = call.at(port)
    if signal is None:
        return None
    if signal.categories == 0:
        return refused(
            tr(
                "{name} expects tokens at input {port}, to see where padding stands, "
                "but gets plain numbers.",
                name=call.name,
                port=port + 1,
            ),
            tr("Wire it to the Input that gives the tokens, or remove the wire."),
            code="needs-tokens",
        )
    if signal.shape == (steps,):
        return None
    return refused(
        tr(
            "{name} expects one token for each of {steps} {steps|step|steps} at input {port}, "
            "but gets {shape}.",
            name=call.name,
            steps=steps,
            port=port + 1,
            shape=show(signal.shape),
        ),
        tr("Wire it to the tokens from which the steps were made, or remove the wire."),
        code="lengths-differ",
    )


def uneven_heads(call: LayerCall, *, is_rotary: bool = False) -> Problem | None:
    """A Problem where the heads do not divide the width, or leave heads that cannot be turned."""
    width, heads = call.shape[-1], call.whole("heads")
    if width % heads == 0 and not (is_rotary and width // heads % 2):
        return None
    if is_rotary and width % 2:
        return refused(
            tr(
                "{name} turns pairs of numbers, but gets {width} a step.",
                name=call.name,
                width=width,
            ),
            tr("Give it an even width, or leave the positions to a layer before it."),
            code="odd-width",
            fix=set_param("positions", "none", tr("Leave out the positions")),
        )
    unit = 2 if is_rotary else 1
    fitting = max(n for n in range(1, heads + 1) if width % (n * unit) == 0)
    return refused(
        tr(
            "{name} splits {width} {width|number|numbers} a step among {heads} "
            "{heads|head|heads}, which leaves a rest.",
            name=call.name,
            width=width,
            heads=heads,
        )
        if width % heads
        else tr(
            "{name} turns pairs of numbers, but gives {size} to each of its {heads} "
            "{heads|head|heads}.",
            name=call.name,
            heads=heads,
            size=width // heads,
        ),
        tr("Choose a number of heads that divides the width, or another width before it."),
        code="uneven-heads",
        fix=set_param("heads", fitting, tr("Set heads to {heads}", heads=fitting)),
    )
