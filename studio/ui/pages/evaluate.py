"""EvaluatePage: how good the trained model is on one part, and which rows it errs on."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from studio import jobs
from studio.core.design.dataset import DatasetSpec
from studio.core.design.previews import Preview
from studio.core.problems import Problem
from studio.core.run.mistakes import rows_behind, worst_rows
from studio.core.run.results import Evaluation
from studio.core.run.wording import count_words
from studio.core.words import tr
from studio.ui.cards import Card, EmptyState, Note
from studio.ui.context import Context
from studio.ui.controls import Button, label
from studio.ui.pages.evaluate_texts import TextSide
from studio.ui.panels.behind import RowsBehind
from studio.ui.panels.beside import BesideCard
from studio.ui.panels.evaluation import ClassTable, EvaluationFigures
from studio.ui.panels.matrix import ConfusionMatrix
from studio.ui.panels.run_choice import RunChoice
from studio.ui.sample_words import sample_noun
from studio.ui.switches import Segments
from studio.ui.theme import SPACE_3, SPACE_4, SPACE_6

EVALUATION_KEY, ROWS_KEY = "evaluation", "rows behind"
UPPER_SHARE, LOWER_SHARE = 3, 2
MOST_ROWS = 200
LEAST_SIDE = 372
OVER_TIME_SHARE, MAIN_SHARE, SIDE_SHARE = 5, 3, 2


class EvaluatePage(QWidget):
    """Asks for the evaluation when it is seen, and shows it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page.evaluate")
        self.setAccessibleName(tr("Evaluate"))
        self._context = context
        self.evaluation: Evaluation | None = None
        self.outputs: Segments | None = None
        self._all: tuple[Evaluation, ...] = ()
        self._asked: tuple[str, str] | None = None
        self.choice = RunChoice(context.past)
        self.part = Segments(
            [("test", tr("Test")), ("validation", tr("Validation")), ("training", tr("Training"))],
            tr("Part of the data"),
        )
        self.part.setObjectName("field.part")
        self.state = label(size="small", tone="soft")
        self.trouble = Note("", "problem")
        self.remarks = Note("", "attention")
        self.remarks.setObjectName("evaluate.remarks")
        self.figures = EvaluationFigures()
        self.matrix = ConfusionMatrix(context.theme)
        self.classes = ClassTable()
        self.beside = BesideCard()
        self.rows = RowsBehind(context.theme)
        self.texts = TextSide(context)
        self._plot_place = Card(tr("Answers against truths"))
        go = Button(tr("Go to Train"))
        go.clicked.connect(self._on_go_clicked)
        self.empty = EmptyState(
            "evaluate",
            tr("Nothing to evaluate yet"),
            tr(
                "Train the network first. Its figures, its mistakes and the rows behind them "
                "appear here."
            ),
            button=go,
        )
        self._lay_out()
        self._listen()
        self._show_stack()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.rows.leave()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        self._stack = QStackedWidget()
        content = QWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(content)
        outer.addWidget(self._stack)
        sides = QHBoxLayout(content)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(SPACE_4)
        rows = QVBoxLayout()
        rows.setSpacing(SPACE_4)
        sides.addLayout(rows, 3)
        sides.addWidget(self.texts, 1)
        rows.addLayout(self._choices())
        rows.addWidget(self.trouble)
        rows.addWidget(self.remarks)
        rows.addWidget(self.figures)
        self._upper_place = QWidget()
        self._upper_place.setLayout(self._upper())
        rows.addWidget(self._upper_place, UPPER_SHARE)
        rows.addWidget(self.rows, LOWER_SHARE)
        rows.addStretch(0)
        self.trouble.hide()
        self._show_nothing()

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        row.addWidget(self.choice)
        row.addWidget(self.part)
        row.addWidget(self.state)
        row.addStretch(1)
        self._choice_row = row
        return row

    def _upper(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_4)
        self._matrix_card = Card(tr("What was taken for what"))
        self._matrix_card.header.addWidget(
            label(tr("down: the truth · across: the answer"), size="small", tone="soft")
        )
        self._matrix_card.body.addWidget(self.matrix, 1)
        row.addWidget(self._matrix_card, MAIN_SHARE)
        self._over_time_place = QWidget()
        self._over_time_row = QVBoxLayout(self._over_time_place)
        self._over_time_row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._over_time_place, OVER_TIME_SHARE)
        row.addWidget(self._plot_place, MAIN_SHARE)
        row.addWidget(self.beside, MAIN_SHARE)
        row.addWidget(self.classes, SIDE_SHARE)
        self.classes.setMinimumWidth(LEAST_SIDE)
        return row

    def _listen(self) -> None:
        context = self._context
        context.past.changed.connect(self._on_past_changed)
        context.files.opened.connect(self._on_opened)
        self.part.chosen.connect(self._ask)
        self.matrix.cell_chosen.connect(self._on_cell_chosen)
        self.rows.row_chosen.connect(self._on_sample_chosen)

    def _show_stack(self) -> None:
        has_run = self._context.past.in_use is not None
        self._stack.setCurrentIndex(1 if has_run else 0)

    @Slot()
    def _ask(self) -> None:
        """Evaluates the run in use on the chosen part, unless that is shown already."""
        record, part = self._context.past.in_use, self.part.key
        if record is None or not self.isVisible() or self._asked == (record.run, part):
            return
        self._asked = (record.run, part)
        self.state.setText(tr("Evaluating…"))
        self._context.background.run(
            jobs.evaluate,
            self._context.past.folder,
            record.run,
            part,
            done=self._show,
            failed=self._refuse,
            key=EVALUATION_KEY,
        )

    def _show(self, evaluation: Evaluation) -> None:
        self.texts.show_run(self._context.past.in_use)
        self._all = (evaluation, *evaluation.others)
        self.state.setText("")
        self.trouble.hide()
        self._show_remarks(evaluation.problems)
        self._offer_outputs([one.output for one in self._all])
        self._show_one(evaluation)

    def _offer_outputs(self, names: list[str]) -> None:
        """Where the network answers several things, a choice of what is looked at."""
        if self.outputs is not None:
            self.outputs.hide()
            self.outputs.deleteLater()
            self.outputs = None
        if len(names) > 1:
            self.outputs = Segments([(name, name) for name in names], tr("Output"))
            self.outputs.setObjectName("field.output")
            self.outputs.chosen.connect(self._on_output_chosen)
            self._choice_row.insertWidget(2, self.outputs)

    def _show_one(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        is_classes = evaluation.task == "classes"
        self.figures.show()
        self.figures.show_evaluation(evaluation, self._sample())
        self._matrix_card.setVisible(is_classes)
        self.classes.setVisible(bool(evaluation.per_class))
        self.beside.setVisible(bool(evaluation.pictures))
        self._upper_place.setVisible(evaluation.task != "sequences")
        self._plot_place.setVisible(evaluation.task == "numbers")
        self._over_time_place.setVisible(evaluation.task == "numbers" and self._is_series())
        self.rows.show()
        if evaluation.per_class:
            self.classes.show_evaluation(evaluation)
        if evaluation.pictures:
            self.beside.show_evaluation(evaluation)
        if is_classes:
            self.matrix.show_evaluation(evaluation)
        elif evaluation.task == "numbers":
            self._show_plot(evaluation)
        self._show_worst(evaluation)

    def _show_remarks(self, problems: tuple[Problem, ...]) -> None:
        """What is to be known about these figures, such as that the data have changed since."""
        is_wrong = any(problem.is_error for problem in problems)
        self.remarks.set_text(
            "\n".join(str(problem) for problem in problems), "problem" if is_wrong else "attention"
        )
        self.remarks.setVisible(bool(problems))

    def _show_plot(self, evaluation: Evaluation) -> None:
        if not hasattr(self, "plot"):
            # pyqtgraph takes its time to import: not before there is something to draw.
            from studio.ui.panels.plots import AnswerPlot

            self.plot = AnswerPlot(self._context.theme)
            self.plot.row_chosen.connect(self._on_row_chosen)
            self._plot_place.body.addWidget(self.plot, 1)
        self.plot.show_evaluation(evaluation)
        if self._is_series():
            self._show_over_time(evaluation)

    def _show_over_time(self, evaluation: Evaluation) -> None:
        if not hasattr(self, "over_time"):
            from studio.ui.panels.answers_over_time import AnswersOverTime

            self.over_time = AnswersOverTime(self._context.theme)
            self._over_time_row.addWidget(self.over_time)
        self.over_time.show_evaluation(evaluation, is_rebuilt=self._is_rebuilt())

    def _is_rebuilt(self) -> bool:
        record = self._context.past.in_use
        series = record.project.dataset.series if record else None
        return series is not None and series.purpose == "rebuild"

    def _is_series(self) -> bool:
        record = self._context.past.in_use
        return record is not None and record.project.dataset.series is not None

    def _show_worst(self, evaluation: Evaluation) -> None:
        is_classes = evaluation.task == "classes"
        title = (
            tr("The mistakes it was surest of")
            if is_classes
            else tr("The windows that could be rebuilt least")
            if self._is_rebuilt()
            else tr("The pictures furthest from the truth")
            if evaluation.pictures
            else tr("The texts whose next words it told worst")
            if self.texts.goes_on
            else tr("The texts with the most mistakes")
            if evaluation.task == "sequences"
            else tr("The answers furthest from the truth")
        )
        self._show_rows(worst_rows(evaluation), title)

    def _show_rows(self, found: tuple[int, ...], title: str) -> None:
        """Fetches the raw rows at the first of these places and shows them."""
        evaluation, record = self.evaluation, self._context.past.in_use
        if evaluation is None or record is None:
            return
        places = found[:MOST_ROWS]
        if not places:
            self.rows.show_nothing(title, tr("There are none."))
            return
        self.rows.show_title(title, _count_words(len(found), len(places), self._sample(len(found))))
        positions = tuple(evaluation.positions[place] for place in places)
        self.texts.show_row(positions[0])
        self._context.background.run(
            jobs.samples_at,
            record.project.dataset,
            positions,
            done=lambda samples: self._show_samples(evaluation, places, samples),
            failed=self._refuse,
            key=ROWS_KEY,
        )

    def _show_samples(
        self, evaluation: Evaluation, places: tuple[int, ...], samples: Preview
    ) -> None:
        if evaluation is self.evaluation:
            self.rows.show_samples(evaluation, places, samples)

    def _refuse(self, problem: Problem) -> None:
        self.state.setText("")
        self.trouble.set_text(str(problem), "problem")
        self.trouble.show()
        if self.evaluation is None or self._asked != (self.evaluation.run, self.evaluation.part):
            self._show_nothing()

    def _show_nothing(self) -> None:
        """No empty frames: before the first answer there is only what can be chosen."""
        cards = (
            self.figures,
            self._matrix_card,
            self._plot_place,
            self.classes,
            self.beside,
            self.rows,
            self.remarks,
        )
        for part in (*cards, self._over_time_place):
            part.hide()

    def _sample(self, count: int = 0) -> str:
        record = self._context.past.in_use
        return sample_noun(record.project.dataset if record else DatasetSpec(), count)

    @Slot()
    def _on_past_changed(self) -> None:
        self._show_stack()
        self._ask()

    @Slot()
    def _on_opened(self) -> None:
        self.evaluation = self._asked = None
        self._show_nothing()
        self.texts.show_run(None)
        self._context.background.cancel(EVALUATION_KEY)
        self._context.background.cancel(ROWS_KEY)
        self._show_stack()

    @Slot(str)
    def _on_output_chosen(self, name: str) -> None:
        self._show_one(next(one for one in self._all if one.output == name))

    @Slot(int, int)
    def _on_cell_chosen(self, truth: int, answer: int) -> None:
        evaluation = self.evaluation
        if evaluation is None:
            return
        names = evaluation.labels[truth], evaluation.labels[answer]
        title = (
            tr("{truth}, taken for {answer}", truth=names[0], answer=names[1])
            if (truth != answer)
            else tr("{truth}, recognized", truth=names[0])
        )
        self._show_rows(rows_behind(evaluation, truth, answer), title)

    @Slot(int)
    def _on_sample_chosen(self, place: int) -> None:
        if self.evaluation is not None:
            self.texts.show_row(self.evaluation.positions[place])

    @Slot(int)
    def _on_row_chosen(self, place: int) -> None:
        if self.evaluation is not None:
            number = self.evaluation.rows[place]
            self._show_rows((place,), tr("Row {number}", number=number))

    @Slot()
    def _on_go_clicked(self) -> None:
        self._context.navigation.go_to("train")


def _count_words(total: int, shown: int, sample: str) -> str:
    if total > shown:
        return tr(
            "the first {shown} of {total} {sample}",
            shown=shown,
            total=count_words(total),
            sample=sample,
        )
    return tr("{total} {sample}", total=count_words(total), sample=sample)
