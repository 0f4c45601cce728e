"""Project files: JSON, versioned, read strictly, written whole or not at all."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from studio.core.design.budget import budget_from_json, budget_to_json
from studio.core.design.dataset import DatasetSpec
from studio.core.design.former import with_columns
from studio.core.design.graph_json import graph_from_json, graph_to_json
from studio.core.design.project import Project
from studio.core.design.summary_check import require_sound
from studio.core.design.training import TrainingSpec
from studio.core.plain import LARGEST_FILE, dump, from_plain, object_of, parse, to_plain
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr

FORMAT = "studio-project"
VERSION = 1
SUFFIX = ".studio"
SAMPLE = "sample"
SQL = "sql"
PLACELESS = (SAMPLE, SQL)  # their path is the key of a sample, or the address of a database
_KEYS = frozenset({"format", "version", "dataset", "graph", "training"})
_OPTIONAL_KEYS = frozenset({"budget"})


def read_project(path: Path) -> Project:
    """The project in a file; StudioError, with the file as its place, for anything wrong."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise OSError(tr("it is a device or a pipe"))
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as reason:
        raise refuse(
            tr(
                "The project {path} cannot be opened: {reason}.",
                path=path,
                reason=reason.strerror or reason,
            ),
            tr("Check that it is there and that you may read it."),
            place=Place("file", str(path)),
            code="cannot-read",
        ) from None
    try:
        return project_from_json(
            parse(data, tr("The project {name}", name=path.name)), path.absolute().parent
        )
    except StudioError as error:
        if error.problem.place.kind != "project":
            raise
        raise StudioError(replace(error.problem, place=Place("file", str(path)))) from None


def write_project(project: Project, path: Path) -> None:
    """Writes the project whole or not at all; StudioError where that cannot be done."""
    try:
        data = dump(to_json(project, path.absolute().parent))
    except UnicodeEncodeError:
        raise refuse(
            tr(
                "The path of the data holds bytes that are no text: {path!r}.",
                path=project.dataset.path,
            ),
            tr("Give the file or its folder another name."),
            place=Place("file", str(path)),
            code="bad-name",
        ) from None
    write_atomically(path, data)


def to_json(project: Project, folder: Path | None = None) -> dict[str, object]:
    """The project as plain values, its data by a path relative to `folder` where given."""
    dataset = to_plain(project.dataset)
    if folder is not None:
        if project.dataset.path and project.dataset.source not in PLACELESS:
            dataset["path"] = _relative(project.dataset.path, folder)
        dataset["joined"] = [
            {**to_plain(one), "path": _relative(one.path, folder)} for one in project.dataset.joined
        ]
    return {
        "format": FORMAT,
        "version": VERSION,
        "dataset": dataset,
        "graph": graph_to_json(project.graph),
        "training": to_plain(project.training),
        **budget_to_json(project.budget),
    }


def project_from_json(data: object, folder: Path | None = None) -> Project:
    """The project out of plain values; its data path made absolute from `folder`."""
    where = tr("The project")
    version = data.get("version") if isinstance(data, dict) else None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise refuse(
            tr("The file is not a project of Studio."),
            tr("Open it as data instead, or choose a .studio file."),
            code="not-a-project",
        )
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        raise refuse(
            tr(
                "The project was written by a newer version of Studio (file version "
                "{version}, known here: {known}).",
                version=version,
                known=VERSION,
            ),
            tr("Open it with that version. It is left as it is."),
            code="newer-version",
        )
    if version != VERSION or isinstance(version, bool):
        raise refuse(
            tr("The project has no version that is known."),
            tr("Restore the file from a copy."),
            code="unknown-version",
        )
    parts = object_of(data, where, _KEYS, _OPTIONAL_KEYS)
    dataset = from_plain(DatasetSpec, with_columns(parts["dataset"]), tr("The dataset"))
    require_sound(dataset)
    return Project(
        _with_absolute_path(dataset, folder),
        graph_from_json(parts["graph"]),
        from_plain(TrainingSpec, parts["training"], tr("The training settings")),
        budget_from_json(parts.get("budget", {})),
    )


def write_atomically(path: Path, data: bytes) -> None:
    """Writes beside the target, flushes to the disk and replaces: the old file or the new one.

    StudioError where the disk is full or the folder cannot be written to.
    """
    handle, temporary = -1, ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:60]}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode_of(path))
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as reason:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        raise refuse(
            tr(
                "{path} could not be written: {reason}.",
                path=path,
                reason=reason.strerror or reason,
            ),
            tr(
                "Choose another folder, or make room on the disk. "
                "What was there before is untouched."
            ),
            place=Place("file", str(path)),
            code="cannot-write",
        ) from None


def _mode_of(path: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return 0o644


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened; the file itself is safe
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _relative(path: str, folder: Path) -> str:
    try:
        relative = os.path.relpath(path, folder)
    except ValueError:  # another drive of Windows
        return path
    return PurePosixPath(Path(relative)).as_posix()


def _with_absolute_path(dataset: DatasetSpec, folder: Path | None) -> DatasetSpec:
    if folder is None or not dataset.path:
        return dataset
    joined = tuple(replace(one, path=os.path.normpath(folder / one.path)) for one in dataset.joined)
    if dataset.source in PLACELESS:
        return replace(dataset, joined=joined)
    return replace(dataset, path=os.path.normpath(folder / dataset.path), joined=joined)
