"""How values become samples: steps of a recipe, lengths of texts, sounds, clips and windows."""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from studio.core.params import Values

Tokenizer = Literal["word", "character", "byte_pair", "file"]
Purpose = Literal["forecast", "classify", "rebuild"]
SplitMethod = Literal["random", "group", "time", "column"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a recipe: a key of the catalogue's CLEANING or AUGMENTATION, with its values.

    `columns` are those it works on; for augmentation the names of model inputs. Empty: all
    that it fits.
    """

    key: str
    columns: tuple[str, ...] = ()
    params: Values = field(default_factory=lambda: MappingProxyType({}))
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class TextSpec:
    """How texts become numbers: `length` token numbers each, cut or padded at the front.

    `vocabulary` is the most different tokens that are known, the special ones included:
    0 padding, 1 unknown, 2 start, 3 end. "file" is the tokenizer of the pretrained network in
    `folder`, whose file has the sha256 `digest`: it pads and cuts at the end, with tokens and
    numbers of its own.
    """

    tokenizer: Tokenizer = "word"
    vocabulary: int = 8000
    length: int = 32
    lowercase: bool = True
    folder: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class SoundSpec:
    """Sounds are brought to `rate` samples a second and cut or filled up to `seconds`."""

    rate: int = 16_000
    seconds: float = 1.0

    @property
    def samples(self) -> int:
        """How many numbers one sound is."""
        return max(1, round(self.rate * self.seconds))


@dataclass(frozen=True, slots=True)
class ClipSpec:
    """Video clips are sampled to so many frames, spread evenly."""

    frames: int = 8


@dataclass(frozen=True, slots=True)
class SeriesSpec:
    """How a table becomes windows of a time series.

    `time` is the column that orders the rows ("" keeps the order of the file), `group` the
    column that tells one machine from another (""  none). A sample is `window` rows; each
    next one starts `stride` rows later. forecast: the targets of the `horizon` rows after
    it, targets being inputs too. classify: the target in its last row. rebuild: the
    window itself, so that what cannot be rebuilt stands out.
    """

    time: str = ""
    group: str = ""
    purpose: Purpose = "forecast"
    window: int = 48
    horizon: int = 1
    stride: int = 1


@dataclass(frozen=True, slots=True)
class SplitSpec:
    """How rows are dealt to the three parts; training takes what the other two leave.

    `validation` and `test` are shares of all rows, from 0 to 0.9 together. Where the
    source brings a test part of its own (IDX, train and test folders), `test` is not used
    and that part stands. `method`: random; group (all rows with the same value of `column`
    in one part); time (the latest rows by `column`, or by the order of the file, are test
    and before them validation); column (its values name the part). With `folds` of 2 or
    more, the validation part is the fold number `fold` (from 0) of what is not test. Where
    rows are drawn, at random or from what a column or the source leaves open, all with the
    same value of the column `together` come to one part ("" where there is none).
    """

    validation: float = 0.15
    test: float = 0.15
    is_stratified: bool = True
    seed: int = 0
    method: SplitMethod = "random"
    column: str = ""
    folds: int = 0
    fold: int = 0
    together: str = ""

    @property
    def training(self) -> float:
        """The share of the training part."""
        return 1.0 - self.validation - self.test

    @property
    def keeps_together(self) -> bool:
        """True where the column `together` counts: by group and by time others do its work."""
        return bool(self.together) and self.method in ("random", "column")


@dataclass(frozen=True, slots=True)
class Joined:
    """A second source, whose columns stand beside those of the first.

    Rows are matched by `key` here and `other_key` there; both empty: row by row.
    """

    source: str
    path: str
    settings: Values = field(default_factory=lambda: MappingProxyType({}))
    key: str = ""
    other_key: str = ""
    size: int = 0
    sha256: str = ""
