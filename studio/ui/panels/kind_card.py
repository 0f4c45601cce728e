"""KindCard: how texts, sounds, clips or windows become samples; every field is an edit."""

from studio.core.design.dataset import DatasetSpec
from studio.core.design.project import Project
from studio.core.words import tr
from studio.ui.cards import Card
from studio.ui.controls import put_away
from studio.ui.document import Document
from studio.ui.fields import Form, form
from studio.ui.panels.dataset_edits import with_dataset_changed
from studio.ui.panels.kind_params import (
    TITLES,
    Part,
    params_of,
    parts_of,
    reasons_of,
    values_of,
    with_values,
)


class KindCard(Card):
    """One form of the dataset: of its texts, sounds, clips or windows. Hidden where there is none.

    Undo takes back a whole field, however many letters were typed.
    """

    def __init__(self, document: Document, part: Part) -> None:
        super().__init__(tr(TITLES[part]))
        self.setObjectName(f"data.{part}")
        self._document, self._part = document, part
        self._form: Form | None = None
        self._names: tuple[str, ...] = ()
        document.changed.connect(self.refresh)
        self._show(document.project.dataset)

    def refresh(self, before: Project, after: Project) -> None:
        """Shows what has changed."""
        if before.dataset is not after.dataset:
            self._show(after.dataset)

    def _show(self, dataset: DatasetSpec) -> None:
        is_used = self._part in parts_of(dataset)
        self.setVisible(is_used)
        if not is_used:
            return
        params = params_of(self._part, dataset)
        names = tuple(choice.key for param in params for choice in param.choices)
        if self._form is None or names != self._names:
            self._names = names
            self._fit(form(params))
        assert self._form is not None
        self._form.show_values(values_of(self._part, dataset))
        for key, reason in reasons_of(self._part, dataset).items():
            self._form.fields[key].set_reason(reason)

    def _fit(self, made: Form) -> None:
        if self._form is not None:
            put_away(self._form)
        self._form = made
        self.body.addWidget(made)
        made.edited.connect(self._on_edited)
        made.finished.connect(self._on_finished)

    def _on_edited(self, key: str, value: object) -> None:
        assert self._form is not None
        words = tr("Change {field}", field=tr(self._form.fields[key].param.label).lower())
        self._document.apply(
            with_dataset_changed(
                lambda dataset: with_values(self._part, dataset, {key: value})  # type: ignore[dict-item]
            ),
            words,
            f"{self._part} {key}",
        )

    def _on_finished(self, _key: str) -> None:
        self._document.end_merge()
