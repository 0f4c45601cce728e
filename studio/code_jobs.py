"""What a person may wait for about code: the source of a drawing, and drawings out of code."""

from pathlib import Path

from studio.core.design.dataset import DatasetSpec
from studio.core.design.imported import CODE, PROGRAM, Imported
from studio.core.design.network_code import NetworkCode
from studio.core.design.project import Project
from studio.core.problems import Place, StudioError, refuse
from studio.core.words import tr

LARGEST = 32 << 20  # bytes of a Python file that is read
IMPORTED = (CODE, PROGRAM)


def network_code(project: Project) -> NetworkCode:
    """The drawing as Python; StudioError with what is in the way. Imports torch."""
    from studio.export.network_source import network_source

    return network_source(project)


def read_code(path: Path) -> Imported | None:
    """The drawing in a Python file that Studio wrote, which is not run.

    None where the file is another's: then it takes `run_code`, and a person's word for it.
    """
    if path.suffix.lower() == PROGRAM:
        return None
    try:
        if path.exists() and not path.is_file():
            raise _no_file(path)
        if path.stat().st_size > LARGEST:
            raise _too_large(path)
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
    except OSError as reason:
        raise _cannot_read(path, reason) from None
    from studio.export.source_carried import MARK, NETWORK

    if MARK not in text and f"class {NETWORK}(" not in text:
        return None  # without loading torch for it
    from studio.export.reading.own import read_own

    return read_own(text, path.name)


def run_code(path: Path, dataset: DatasetSpec | None = None, name: str = "") -> Imported:
    """The drawing of a network in a file that the person trusts: it is run, in a process apart.

    The network is tried with rows as the data has them, where data are given. `name` is that of
    the network, where the file holds several.
    """
    from studio.export.reading.answer import Row
    from studio.export.reading.opening import open_trusted

    inputs = () if dataset is None else dataset.model_inputs()
    return open_trusted(path, name=name, rows=[Row(one.shape) for one in inputs])


def _no_file(path: Path) -> StudioError:
    """A folder, or a pipe that nothing may ever come out of."""
    return refuse(
        tr("{file} is no file that can be read.", file=path.name),
        tr("Choose a Python file, or a program of torch.export (.pt2)."),
        place=Place("file", str(path)),
        code="no-file",
    )


def _too_large(path: Path) -> StudioError:
    return refuse(
        tr("{file} is larger than {most} MB.", file=path.name, most=LARGEST >> 20),
        tr("Choose the file that holds the network alone."),
        place=Place("file", str(path)),
        code="too-large",
    )


def _cannot_read(path: Path, reason: OSError) -> StudioError:
    return refuse(
        tr("{file} cannot be read: {reason}.", file=path.name, reason=reason.strerror or reason),
        tr("Look whether it is there, and whether you may read it."),
        place=Place("file", str(path)),
        code="cannot-read",
    )
