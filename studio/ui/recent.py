"""What the start page shows of a recent project: is it still there, when, and its last curve."""

from dataclasses import dataclass
from pathlib import Path

from studio import jobs
from studio.core.problems import StudioError
from studio.core.run.history import LOSS, Curve, History
from studio.core.run.wording import figure_words, metric_title

MOST_POINTS = 60


@dataclass(frozen=True, slots=True)
class RecentProject:
    """A project on the start page. `curve` is its last run's loss, `figure` how good it was."""

    path: Path
    is_there: bool
    modified: float = 0.0
    curve: tuple[float, ...] = ()
    figure: str = ""


def look_at(paths: tuple[Path, ...]) -> tuple[RecentProject, ...]:
    """Looks at each project's file and its last run; for a thread, as disks may be slow."""
    return tuple(_look_at(path) for path in paths)


def _look_at(path: Path) -> RecentProject:
    try:
        modified = path.stat().st_mtime
    except OSError:
        return RecentProject(path, is_there=False)
    folder = jobs.runs_folder_of(path)
    try:
        records = jobs.runs(folder) if folder.is_dir() else ()
        if not records:
            return RecentProject(path, is_there=True, modified=modified)
        history = History()
        history.add_all(jobs.run_events(folder, records[-1].run))
    except StudioError:
        return RecentProject(path, is_there=True, modified=modified)
    figures = {key: value for key, value in records[-1].figures.items() if key != LOSS}
    words = (f"{metric_title(key)} {figure_words(value)}" for key, value in figures.items())
    return RecentProject(
        path, is_there=True, modified=modified, curve=_points(history), figure=next(words, "")
    )


def _points(history: History) -> tuple[float, ...]:
    curve = history.validation.get(LOSS) or history.training.get(LOSS) or Curve()
    step = max(1, len(curve) // MOST_POINTS)
    return tuple(curve.y[::step])
