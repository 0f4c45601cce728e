"""How many rows there are to learn from: not those without a target, nor those that are broken."""

from collections.abc import Iterable

from studio.core.design.dataset import ColumnKind, DatasetSpec

READ_FROM_FILES: frozenset[ColumnKind] = frozenset({"image", "sound", "video"})


def unread_rows(spec: DatasetSpec) -> frozenset[int]:
    """Which rows (from 0) have no picture, sound or clip that can be read, for some input."""
    names = _files(spec)
    columns = spec.summary.columns if spec.summary is not None else ()
    return frozenset(row for column in columns if column.name in names for row in column.unread)


def broken_rows(spec: DatasetSpec) -> int:
    """How many rows these are: they are left out.

    At least so many where a project from before they were kept tells only their number.
    """
    return max(len(unread_rows(spec)), _most_missing(spec, _files(spec)))


def readable_rows(spec: DatasetSpec) -> int:
    """All rows but the broken ones; 0 while nothing is known of the data."""
    return spec.summary.rows - broken_rows(spec) if spec.summary is not None else 0


def usable_rows(spec: DatasetSpec) -> int:
    """The rows that are dealt to the parts: those that can be read and have each target."""
    if spec.summary is None:
        return 0
    targets = (column.name for column in spec.targets())
    return spec.summary.rows - max(broken_rows(spec), _most_missing(spec, targets))


def _files(spec: DatasetSpec) -> frozenset[str]:
    return frozenset(c.name for c in spec.inputs() if c.kind in READ_FROM_FILES)


def _most_missing(spec: DatasetSpec, names: Iterable[str]) -> int:
    wanted = set(names)
    columns = spec.summary.columns if spec.summary is not None else ()
    return max((column.missing for column in columns if column.name in wanted), default=0)
