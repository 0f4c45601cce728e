"""What a stored dataset says about its data must hold together: nothing later looks again."""

from collections.abc import Iterator, Sequence

from studio.core.design.dataset import ColumnSummary, DatasetSpec, DatasetSummary
from studio.core.design.shaping import SeriesSpec
from studio.core.problems import StudioError, refuse
from studio.core.words import tr

MOST_PIXELS = 2**27  # of one picture, all channels together
# Far more than the Data page offers: what lies beyond would only fill the memory.
MOST_TOKENS, LARGEST_VOCABULARY = 100_000, 1_000_000
MOST_SECONDS, LARGEST_RATE, MOST_SAMPLES = 86_400, 768_000, 2**27
MOST_FRAMES = 10_000
MOST_ROWS = 1_000_000  # of a window, and to come after it


def require_sound(dataset: DatasetSpec) -> None:
    """StudioError for the first thing that contradicts another."""
    for fault in _faults(dataset):
        raise _refused(fault)


def _faults(dataset: DatasetSpec) -> Iterator[str]:
    if dataset.source and not dataset.path:
        yield tr("the data have no path")
    if any("\0" in path for path in (dataset.path, *(one.path for one in dataset.joined))):
        yield tr("the path of the data holds a character that no path can hold")
    yield from _repeated(tr("the column"), [column.name for column in dataset.columns])
    yield from _faults_of_sizes(dataset)
    if dataset.summary is not None:
        yield from _faults_of_summary(dataset.summary)


def _faults_of_sizes(dataset: DatasetSpec) -> Iterator[str]:
    """What samples are cut to; each is checked before any product of two is."""
    text, sound, series = dataset.text, dataset.sound, dataset.series or SeriesSpec()
    for name, value, least, most in (
        (tr("the length of texts in tokens"), text.length, 1, MOST_TOKENS),
        (tr("the vocabulary of texts"), text.vocabulary, 4, LARGEST_VOCABULARY),
        (tr("the length of sounds in seconds"), sound.seconds, 0, MOST_SECONDS),
        (tr("the rate of sounds"), sound.rate, 1, LARGEST_RATE),
        (tr("the number of frames of clips"), dataset.clips.frames, 1, MOST_FRAMES),
        (tr("the number of rows in a window"), series.window, 1, MOST_ROWS),
        (tr("the number of rows to come"), series.horizon, 1, MOST_ROWS),
        (tr("the number of rows to the next window"), series.stride, 1, MOST_ROWS),
    ):
        if not least <= value <= most:
            yield tr(
                "{name} is {value}, which is not between {least} and {most}",
                name=name,
                value=value,
                least=least,
                most=f"{most:,}",
            )
    if sound.samples > MOST_SAMPLES:
        yield tr("each sound would be {count} samples long", count=f"{sound.samples:,}")


def _faults_of_summary(summary: DatasetSummary) -> Iterator[str]:
    if not 0 <= summary.own_test_rows <= max(summary.rows, 0) or summary.rows < 0:
        yield tr("the number of rows is {rows}", rows=summary.rows)
    yield from _repeated(tr("the column"), [column.name for column in summary.columns])
    for column in summary.columns:
        yield from _faults_of_column(column, summary.rows)


def _faults_of_column(column: ColumnSummary, rows: int) -> Iterator[str]:
    name = column.name
    if column.kind in ("image", "video") and not _is_shape(column.shape):
        yield tr("the shape of {column} is {shape}", column=name, shape=column.shape)
    yield from _repeated(tr("the category of {column}", column=name), column.categories)
    if len(column.categories) != len(column.counts):
        yield tr("the categories of {column} and their counts differ in number", column=name)
    if len(column.edges) != (len(column.bars) + 1 if column.bars else 0):
        yield tr("the bars of {column} and their edges do not fit together", column=name)
    if column.unread and not 0 <= min(column.unread) <= max(column.unread) < rows:
        yield tr("{column} names rows that are not there", column=name)
    if not 0 <= column.missing <= rows or column.distinct < 0:
        yield tr("{column} has {missing} missing values", column=name, missing=column.missing)


def _is_shape(sizes: Sequence[int]) -> bool:
    if len(sizes) != 3 or min(sizes) < 1:
        return False
    return sizes[0] * sizes[1] * sizes[2] <= MOST_PIXELS


def _repeated(what: str, names: Sequence[str]) -> Iterator[str]:
    if len(set(names)) == len(names):
        return
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield tr("{what} {name} stands twice", what=what, name=name[:60])
        seen.add(name)


def _refused(fault: str) -> StudioError:
    return refuse(
        tr("What the project says about its data cannot be: {fault}.", fault=fault),
        tr("Open the data again, or restore the file from a copy."),
        code="unsound-dataset",
    )
