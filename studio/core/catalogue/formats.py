"""The kinds of file in which a model can leave the house, and what each of them cannot carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from studio.core.catalogue.entry import Entry
from studio.core.params import whole

OPSET, BATCH = "opset", "batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatEntry(Entry):
    """One format: `suffix` is empty for a folder; `why` says why it cannot carry some layers.

    `holds` names the formats of the files that lie inside of it.
    """

    suffix: str = ""
    why: str = ""
    holds: tuple[str, ...] = ()

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder of files."""
        return not self.suffix


_OF_ONNX = (
    whole(
        OPSET,
        "ONNX operators",
        18,
        at_least=18,
        at_most=23,
        help="The version of ONNX's operators. A newer one needs a newer program to run it; 18 "
        "runs nearly everywhere.",
    ),
    whole(
        BATCH,
        "Rows at a time",
        0,
        at_least=0,
        at_most=4096,
        help="0 takes any number of rows, and pictures of any size. Another number fixes all "
        "sizes in the ONNX file, which compilers for small chips ask for.",
    ),
)
_ENTRIES = (
    FormatEntry(
        "torchscript",
        "TorchScript",
        "One file that runs in C++ with LibTorch and in Python with torch. Choose it where a "
        "machine in C++ is to ask the model.",
        suffix=".pt",
        why="TorchScript has no words for what this layer does.",
    ),
    FormatEntry(
        "onnx",
        "ONNX",
        "One file that runs with ONNX Runtime in C#, Java, JavaScript, C++ and Python. Choose it "
        "for phones, browsers and machines without torch.",
        params=_OF_ONNX,
        suffix=".onnx",
        why="ONNX has no operator that does the same as this layer.",
    ),
    FormatEntry(
        "pt2",
        "Exported program",
        "One file that torch loads without the code of the network. Choose it to go on with the "
        "newest tools of PyTorch.",
        suffix=".pt2",
        why="torch.export cannot write down this layer for every batch size.",
    ),
    FormatEntry(
        "source",
        "Python source",
        "A folder with the network as readable Python and its weights as safetensors. Choose it "
        "to go on in code.",
        why="This layer has no code that could stand in a file of its own.",
    ),
    FormatEntry(
        "bundle",
        "Bundle",
        "A folder with everything: the model, samples, a program that answers a CSV file and one "
        "that serves answers over HTTP. Choose it to hand the model to somebody.",
        params=_OF_ONNX,
        why="One of the files in the bundle cannot carry this layer.",
        holds=("torchscript", "onnx"),
    ),
)
FORMATS: Mapping[str, FormatEntry] = MappingProxyType({entry.key: entry for entry in _ENTRIES})
