"""Checkpoints: best and last weights and all that a run needs to go on, whole on the disk."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

import safetensors
import safetensors.torch
from torch import Tensor, nn

from studio.core.design.storage import write_atomically
from studio.core.plain import dump, from_plain, parse, to_plain
from studio.core.problems import Place, StudioError, refuse
from studio.core.run.archive import BEST, LAST, RESUME
from studio.core.words import tr
from studio.data.arrays import Fitted
from studio.engine.former import fitted_of_version_1, fitted_of_version_2
from studio.engine.schedule import Watched
from studio.engine.ways import Way

FITTED = "fitted.json"
FITTED_VERSION = 3
FORMAT, VERSION = "studio-run", 1
ABOUT = "studio"
SHORTEST_GAP = 2.0  # seconds between two writings: a tiny epoch is shorter than a disk's flush
LONGEST_GAP = 60.0  # seconds of work that a kill may cost
LARGEST_SHARE = 0.05  # of the time that writing may take


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a run stands: `epoch` (from 1) with `step` of its steps done, and the best so far.

    `watched` is what a schedule that watches the loss has seen, `way` how the run is computed
    where that was tried out or set: one that goes on goes on in the same way.
    """

    epoch: int = 1
    step: int = 0
    best_epoch: int = 0
    best_loss: float | None = None
    epochs_without_better: int = 0
    seconds: float = 0.0
    watched: Watched = Watched()
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything a run needs to go on from a moment, as plain tensors and facts.

    The names begin with model, best, optimizer, random or epoch.
    """

    facts: Facts
    tensors: dict[str, Tensor] = field(default_factory=dict)

    def group(self, name: str) -> dict[str, Tensor]:
        """The tensors of a group, by the rest of their name."""
        prefix = f"{name}."
        return {
            key.removeprefix(prefix): tensor
            for key, tensor in self.tensors.items()
            if key.startswith(prefix)
        }


class Keeper:
    """Writes the checkpoints of one run, often enough and not more often."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written = time.monotonic()
        self._gap = SHORTEST_GAP
        folder.mkdir(parents=True, exist_ok=True)
        for litter in folder.glob(".*.safetensors.*"):  # of a process that was killed
            litter.unlink(missing_ok=True)

    def is_due(self) -> bool:
        """True where an epoch's end should be kept."""
        return time.monotonic() - self._written >= self._gap

    def is_overdue(self) -> bool:
        """True where even the middle of an epoch should be kept."""
        return time.monotonic() - self._written >= max(LONGEST_GAP, self._gap)

    def keep_best(self, weights: dict[str, Tensor], epoch: int) -> Path:
        """Writes the best weights."""
        return self._write(BEST, weights, {"epoch": epoch})

    def keep_last(self, weights: dict[str, Tensor], epoch: int) -> Path:
        """Writes the weights of now."""
        return self._write(LAST, weights, {"epoch": epoch})

    def keep_all(self, snapshot: Snapshot) -> Path:
        """Writes what the run needs to go on, in one file."""
        began = time.monotonic()
        path = self._write(RESUME, snapshot.tensors, {"facts": to_plain(snapshot.facts)})
        self._written = time.monotonic()
        taken = self._written - began
        self._gap = min(LONGEST_GAP, max(SHORTEST_GAP, taken / LARGEST_SHARE))
        return path

    def _write(self, name: str, tensors: dict[str, Tensor], about: dict[str, object]) -> Path:
        path = self.folder / name
        plain = {key: tensor.detach().cpu().contiguous() for key, tensor in tensors.items()}
        # One text, since several would be written in another order each time: the same
        # weights are to be the same bytes.
        text = json.dumps({"format": FORMAT, "version": VERSION, **about}, allow_nan=False)
        write_atomically(path, safetensors.torch.save(plain, {ABOUT: text}))
        return path


def read_snapshot(folder: Path) -> Snapshot:
    """What a run of that folder needs to go on; StudioError where it cannot be read."""
    tensors, about = _read(folder / RESUME)
    return Snapshot(from_plain(Facts, about.get("facts"), tr("The state of the run")), tensors)


def load_weights(model: nn.Module, path: Path) -> None:
    """Puts weights of a file into the model; StudioError where they are of another network."""
    put_weights(model, _read(path)[0], path)


def read_weights(path: Path) -> dict[str, Tensor]:
    """The weights in a file, by their names in the model; StudioError where it cannot be read."""
    return _read(path)[0]


def put_weights(model: nn.Module, weights: dict[str, Tensor], path: Path) -> None:
    """Puts weights into the model; `path` is where they are from, for the message."""
    own = model.state_dict()
    if {k: t.shape for k, t in own.items()} != {k: t.shape for k, t in weights.items()}:
        raise refuse(
            tr("The weights in {path} belong to another network.", path=path),
            tr("Use the project as it was for that run, or train again."),
            place=Place("file", str(path)),
            code="other-weights",
        )
    model.load_state_dict(weights)


def write_fitted(fitted: Fitted, folder: Path) -> None:
    """Keeps with the run how its inputs are prepared, so that export and predict need no data."""
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / FITTED, dump({"version": FITTED_VERSION, "fitted": to_plain(fitted)}))


def read_fitted(folder: Path) -> Fitted:
    """How the inputs of a run are prepared; StudioError where that cannot be read.

    Files of version 1, when there were rows of a table or images and nothing else, and of
    version 2, when a model had one output, are read.
    """
    path = folder / FITTED
    what = tr("The preparation of the run")
    try:
        data = parse(path.read_bytes(), what)
    except OSError as reason:
        raise _unreadable(path, str(reason.strerror or reason)) from None
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(data, dict) or version not in (1, 2, FITTED_VERSION):
        raise _unreadable(path, tr("it is of another version"))
    former = {1: fitted_of_version_1, 2: fitted_of_version_2}.get(version)
    if former is not None:
        return former(data.get("fitted"), what)
    return from_plain(Fitted, data.get("fitted"), what)


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, object]]:
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            text = (file.metadata() or {}).get(ABOUT, "{}")
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - no dict
    except (OSError, safetensors.SafetensorError) as reason:
        raise _unreadable(path, str(reason)) from None
    about = parse(text.encode(), str(path))
    if not isinstance(about, dict) or (about.get("format"), about.get("version")) != (
        FORMAT,
        VERSION,
    ):
        raise _unreadable(path, tr("it is no checkpoint of this version of Studio"))
    return tensors, about


def _unreadable(path: Path, reason: str) -> StudioError:
    return refuse(
        tr("{path} cannot be read: {reason}.", path=path, reason=reason.rstrip(".")),
        tr("Train again, or take another run."),
        place=Place("file", str(path)),
        code="cannot-read",
    )
