"""ONNX: a model as one file that ONNX Runtime loads without torch, with its card inside."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import torch

from studio.core.catalogue.formats import BATCH, OPSET
from studio.core.words import tr
from studio.export.captured import REFUSALS, captured, kinds_of, silenced
from studio.export.making import Making, cannot_export

if TYPE_CHECKING:
    import onnx

CARD = "card"
_LOGGER = "torch.onnx"


def onnx_bytes(making: Making) -> bytes:
    """The file's bytes: inputs and outputs bear the names of the card."""
    inputs = making.names("inputs")
    outputs = apart(making.names("outputs"), inputs)
    opset, batch = making.setting(OPSET), making.setting(BATCH)
    with silenced():
        program = captured(making.plain, making.raws, kinds_of(making), batch=batch)
    return _with_card(written(program, inputs, outputs, opset), making.card_text, opset)


def written(
    program: torch.export.ExportedProgram, inputs: list[str], outputs: list[str], opset: int
) -> bytes:
    """A program as ONNX. StudioError with code ``cannot-export`` where it has no operators."""
    with silenced(), _quiet(), TemporaryDirectory() as folder:
        try:
            found = torch.onnx.export(
                program,
                input_names=inputs,
                output_names=outputs,
                opset_version=opset,
                dynamo=True,
                verbose=False,
            )
            assert found is not None
            path = Path(folder) / "model.onnx"
            found.save(str(path), external_data=False)
        except (*REFUSALS, torch.onnx.OnnxExporterError) as reason:
            raise cannot_export("ONNX", str(reason)) from None
        return path.read_bytes()


def apart(names: list[str], taken: list[str]) -> list[str]:
    """Names of which none is one of those taken."""
    found: list[str] = []
    for name in names:
        while name in taken or name in found:
            name = tr("{name} (answer)", name=name)  # noqa: PLW2901 - longer until it is free
        found.append(name)
    return found


def opset_of(data: bytes) -> int:
    """The version of ONNX's own operators that a file asks for."""
    versions = [one.version for one in _read(data).opset_import if one.domain in ("", "ai.onnx")]
    return max(versions, default=0)


def _with_card(data: bytes, card: str, opset: int) -> bytes:
    """The same file with the card, read back and found to be whole and of the right version."""
    import onnx

    if opset_of(data) != opset:
        raise cannot_export("ONNX", f"opset {opset_of(data)} instead of {opset}")
    model = _read(data)
    model.metadata_props.add(key=CARD, value=card)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _read(data: bytes) -> "onnx.ModelProto":
    import onnx

    return onnx.load_model_from_string(data)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without lines about libraries that are not there and operators that are written twice."""
    loggers = [logging.getLogger(name) for name in (_LOGGER, "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
