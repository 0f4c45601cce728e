"""What can be wrong with how texts are split by the tokenizer of a pretrained network."""

from collections.abc import Iterator

from studio.core.design.dataset import DatasetSpec
from studio.core.problems import Fix, Place, Problem
from studio.core.words import tr

LEAST_LENGTH = 4  # the two tokens around a text, and two of it


def text_problems(spec: DatasetSpec) -> Iterator[Problem]:
    """A text that is asked for, and a length that leaves no room."""
    used = (column.kind for column in spec.columns if column.role != "ignore")
    if spec.text.tokenizer != "file" or "text" not in used:
        return
    told = next((one for one in spec.model_outputs() if one.task == "sequences"), None)
    if told is not None:
        yield Problem(
            tr(
                "{name} is a text to be told, and the tokenizer of a pretrained network is there "
                "for texts that are read.",
                name=told.name,
            ),
            tr(
                "Let tokens be words, characters or parts of words, which are learnt from the data."
            ),
            place=Place("column", told.columns[0]),
            code="told-by-file",
            fix=Fix("set_text", tr("Let tokens be words"), {"tokenizer": "word"}),
        )
    if spec.text.length < LEAST_LENGTH:
        yield Problem(
            tr(
                "Texts are cut at {count} {count|token|tokens}, two of which stand around each "
                "text. Expected: {least} or more.",
                count=spec.text.length,
                least=LEAST_LENGTH,
            ),
            tr("Set a greater length for the texts."),
            place=Place("data"),
            code="no-room-for-text",
            fix=Fix("set_text", tr("Set the length to 32"), {"length": 32}),
        )
