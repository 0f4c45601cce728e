"""Stages: the five steps from data to export, and how far the project is in each."""

from dataclasses import dataclass
from typing import Literal

from studio.core.design.project import Project
from studio.core.design.report import Report
from studio.core.problems import Problem
from studio.core.words import tr
from studio.ui.navigation import PageKey

StageState = Literal["", "done", "attention", "running"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step: its page, its word, and where the page's class is (imported when first shown)."""

    key: PageKey
    title: str
    icon: str
    page: tuple[str, str]
    help: str


STAGES = (
    Stage(
        "data",
        "Data",
        "data",
        ("studio.ui.pages.data", "DataPage"),
        "Open data, choose what each column is for, and deal the rows to three parts.",
    ),
    Stage("model", "Model", "model", ("studio.ui.pages.model", "ModelPage"), "Draw the network."),
    Stage(
        "train",
        "Train",
        "train",
        ("studio.ui.pages.train", "TrainPage"),
        "Choose how to train, and watch the loss fall.",
    ),
    Stage(
        "evaluate",
        "Evaluate",
        "evaluate",
        ("studio.ui.pages.evaluate", "EvaluatePage"),
        "See how good the trained model is, and on which rows it errs.",
    ),
    Stage(
        "export",
        "Export",
        "export",
        ("studio.ui.pages.export", "ExportPage"),
        "Hand the trained model to a machine that needs no Studio.",
    ),
)
STATE_WORDS: dict[StageState, str] = {
    "": "",
    "done": "done",
    "attention": "needs attention",
    "running": "running",
}
_DATA_PLACES = {"data", "column", "file"}


def state_of(
    stage: PageKey, project: Project, report: Report, *, is_running: bool, has_model: bool
) -> tuple[StageState, str]:
    """How far a stage is, and why in a sentence."""
    if stage == "data":
        return _data_state(project, report)
    if stage == "model":
        return _model_state(project, report)
    if stage == "train" and is_running:
        return "running", tr("A run is going on.")
    if stage == "train" and has_model:
        return "done", tr("There is a trained model.")
    return "", ""


def _data_state(project: Project, report: Report) -> tuple[StageState, str]:
    if project.dataset.is_empty:
        return "", ""
    problem = _first(report, is_about_data=True)
    return ("attention", problem.message) if problem else ("done", tr("The data are ready."))


def _model_state(project: Project, report: Report) -> tuple[StageState, str]:
    if not project.graph:
        return "", ""
    problem = _first(report, is_about_data=False)
    return ("attention", problem.message) if problem else ("done", tr("The network is whole."))


def _first(report: Report, *, is_about_data: bool) -> Problem | None:
    places = _DATA_PLACES if is_about_data else {"node", "edge", "project"}
    return next((p for p in report.problems if p.is_error and p.place.kind in places), None)
