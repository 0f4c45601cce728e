"""TorchScript: a module as one file that LibTorch loads without Python, with its card inside.

TorchScript is deprecated (house decision 1): its warnings are silenced here and nowhere else.
"""

import io
import warnings

import torch
from torch import Tensor, fx, nn

from studio.export.deployed import RAW
from studio.export.making import CARD, Making, cannot_export


def torchscript_bytes(making: Making) -> bytes:
    """The file's bytes. Real rows show a second way where the first fails."""
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        _silence()
        compiled = _compiled(making.module, making.raws)
        torch.jit.save(compiled, buffer, _extra_files={CARD: making.card_text})
    return buffer.getvalue()


def _compiled(module: fx.GraphModule, raws: tuple[Tensor, ...]) -> nn.Module:
    try:
        scripted: nn.Module = torch.jit.script(module)
    except (RuntimeError, TypeError, OSError, NotImplementedError) as unscriptable:
        return _traced(module, raws, str(unscriptable))
    return scripted


def _traced(module: fx.GraphModule, raws: tuple[Tensor, ...], reason: str) -> nn.Module:
    """Recorded from one call. What takes raw batches stays scripted: any size is welcome."""
    had_fast_path = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # its answers differ from call to call
    try:
        for place in range(len(raws)):
            raw: nn.Module = torch.jit.script(module.get_submodule(f"{RAW}_{place}"))
            module.add_module(f"{RAW}_{place}", raw)
        # Checked by the proof, with more rows and other batches than torch would take.
        traced: nn.Module = torch.jit.trace(  # type: ignore[no-untyped-call]
            module, tuple(raw[:2] for raw in raws), check_trace=False
        )
    except (RuntimeError, TypeError) as untraceable:
        raise cannot_export("TorchScript", f"{reason}\n\n{untraceable}") from None
    finally:
        torch.backends.mha.set_fastpath_enabled(had_fast_path)
    return traced


def _silence() -> None:
    warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*torch\\.jit.*")
    # Of an annotation in torch's own GraphModule, which no call of the network reads.
    warnings.filterwarnings("ignore", category=UserWarning, message=".*instance-level annotations")
    # Of names that pretrained networks still have for older programs, all of which torch reads.
    warnings.filterwarnings("ignore", category=FutureWarning, message=".*is_gradient_checkpointing")
    # Sizes that a recording takes for fixed are those that the raw inputs see to.
    warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)  # type: ignore[attr-defined]
