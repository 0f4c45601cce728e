"""StepLooks: what an open repair changes, and what variations make of a sample, when looked at."""

from PySide6.QtCore import QObject

from studio import jobs
from studio.core.design.dataset import DatasetSpec
from studio.core.design.previews import Varied
from studio.core.design.profile import BeforeAfter
from studio.core.problems import Problem
from studio.ui.background import Background
from studio.ui.panels.data_side import DataSide

EFFECT_KEY, VARIANTS_KEY = "data.effect", "data.variants"
COUNT = 10


class StepLooks(QObject):
    """Asks anew where the steps, or what they work on, have changed."""

    def __init__(self, side: DataSide, background: Background) -> None:
        super().__init__(side)
        self._side, self._background = side, background
        self._dataset = DatasetSpec()
        self._shown: dict[str, object] = {}
        side.recipe.step_opened.connect(self.refresh)
        side.tab_changed.connect(self.refresh)

    def show(self, dataset: DatasetSpec) -> None:
        """The steps of this dataset are shown from here on."""
        self._dataset = dataset
        self.refresh()

    def refresh(self) -> None:
        """Asks for what the shown tab needs, unless that is there."""
        if self._side.tab == "recipe":
            self._look_at_effect()
        elif self._side.tab == "augmentation":
            self._look_at_variants()

    def _look_at_effect(self) -> None:
        number, dataset = self._side.recipe.open_step, self._dataset
        is_there = 0 <= number < len(dataset.recipe)
        if not is_there or not dataset.recipe[number].is_on:
            self._background.cancel(EFFECT_KEY)
            self._shown.pop(EFFECT_KEY, None)
            self._side.effect.show_trouble("")
            return
        if self._is_new(EFFECT_KEY, (dataset.recipe, number, dataset.columns, dataset.split)):
            self._side.effect.show_waiting()
            self._background.run(
                jobs.before_after,
                dataset,
                number,
                key=EFFECT_KEY,
                done=self._on_effect,
                failed=lambda problem: self._side.effect.show_trouble(str(problem)),
            )

    def _look_at_variants(self) -> None:
        dataset = self._dataset
        if not any(step.is_on for step in dataset.augmentation):
            self._background.cancel(VARIANTS_KEY)
            self._shown.pop(VARIANTS_KEY, None)
            self._side.variants.show_trouble("")
            return
        if self._is_new(VARIANTS_KEY, (dataset.augmentation, dataset.columns, dataset.split)):
            self._side.variants.show_waiting()
            self._background.run(
                jobs.variants,
                dataset,
                "",
                0,
                COUNT,
                key=VARIANTS_KEY,
                done=self._on_variants,
                failed=self._on_no_variants,
            )

    def _is_new(self, key: str, wanted: object) -> bool:
        dataset = self._dataset
        whole = (dataset.path, dataset.sha256, str(dataset.settings), dataset.series, wanted)
        is_new = self._shown.get(key) != whole
        self._shown[key] = whole
        return is_new

    def _on_effect(self, effect: BeforeAfter) -> None:
        self._side.effect.show_effect(effect)

    def _on_variants(self, varied: Varied) -> None:
        self._side.variants.show_variants(varied)

    def _on_no_variants(self, problem: Problem) -> None:
        self._side.variants.show_trouble(str(problem))
