"""How a run looks in a terminal while it goes on: a progress bar, or its events as JSON lines."""

from typing import Self

from studio.core.run.events import (
    EpochDone,
    HealthSeen,
    Note,
    RunEnded,
    RunEvent,
    RunStarted,
    StepDone,
    event_to_json,
)
from studio.core.words import tr
from studio.terminal import figures_line, write_json


class EventLines:
    """Each event as one line of JSON on standard output; the health of nodes is for the window."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        return None

    def show(self, event: RunEvent) -> None:
        """Writes the event."""
        if not isinstance(event, HealthSeen):
            write_json(event_to_json(event))


class EventProgress:
    """A progress bar on standard error where that is a terminal, and a line for each epoch."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        console = Console(stderr=True)
        self._progress: Progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[loss]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=None, loss="", visible=False)
        self._steps = 0
        self._epochs = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._progress.stop()

    def show(self, event: RunEvent) -> None:
        """Moves the bar, or prints a line above it."""
        if isinstance(event, StepDone):
            self._on_step(event)
        elif isinstance(event, EpochDone):
            self._on_epoch(event)
        elif isinstance(event, RunStarted):
            self._on_started(event)
        elif isinstance(event, Note):
            self._print(event.text)
        elif isinstance(event, RunEnded):
            self._on_ended(event)

    def _on_started(self, event: RunStarted) -> None:
        self._steps, self._epochs = event.steps_per_epoch, event.epochs
        self._print(
            tr(
                "Run {run} on {device}. Parameters: {parameters}, epochs: {epochs}, "
                "steps in each: {steps}.",
                run=event.run,
                device=event.device,
                parameters=f"{event.parameters:,}",
                epochs=event.epochs,
                steps=f"{event.steps_per_epoch:,}",
            )
        )
        self._progress.update(
            self._task,
            total=event.epochs * event.steps_per_epoch,
            completed=(event.first_epoch - 1) * event.steps_per_epoch,
            visible=True,
        )

    def _on_step(self, event: StepDone) -> None:
        self._progress.update(
            self._task,
            completed=(event.epoch - 1) * self._steps + event.step,
            description=tr("Epoch {epoch} of {epochs}", epoch=event.epoch, epochs=self._epochs),
            loss=tr("loss {loss:.4f}", loss=event.loss),
        )

    def _on_epoch(self, event: EpochDone) -> None:
        shown = event.validation or event.training
        self._print(
            tr(
                "Epoch {epoch}: training loss {loss:.4f}; validation: {figures}; {speed} samples/s",
                epoch=event.epoch,
                loss=event.training["loss"],
                figures=figures_line(shown),
                speed=f"{event.samples_per_second:,.0f}",
            )
        )

    def _on_ended(self, event: RunEnded) -> None:
        words = {
            "completed": tr("Done."),
            "stopped": tr("Stopped; the run is kept and can go on with --resume."),
            "failed": tr("Failed."),
        }
        self._print(words[event.outcome])

    def _print(self, text: str) -> None:
        self._progress.console.print(text, highlight=False, markup=False, soft_wrap=True)
