"""Categories and identifiers that only the test part has: nothing can be learnt about them."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from studio.core.design.dataset import Feature
from studio.core.problems import Place, Problem, Severity
from studio.core.words import tr
from studio.data.arrays import Positions
from studio.data.inputs import Encoded

_SHOWN = 5


def only_in_test(found: Encoded, parts: Mapping[str, Positions]) -> tuple[Problem, ...]:
    """A note for each column with values that the training part has not seen."""
    problems = []
    for one, rows in zip(found.model_inputs, found.inputs, strict=True):
        if rows.held is None or one.kind != "table":
            continue
        for place, feature in enumerate(one.features):
            if feature.kind not in ("category", "identifier"):
                continue
            problem = _of_column(feature, rows.held[:, place], parts)
            problems.extend([problem] if problem else [])
    return tuple(problems)


def _of_column(
    feature: Feature, values: NDArray[np.float32], parts: Mapping[str, Positions]
) -> Problem | None:
    seen = np.unique(values[parts["training"]])
    tested = values[np.concatenate([parts["validation"], parts["test"]])]
    is_strange = ~np.isin(tested, seen) & (tested >= 0)
    strange = np.unique(tested[is_strange]).astype(np.int64)
    if not len(strange):
        return None
    return Problem(
        tr(
            "{count} {count|value|values} of {name} {count|is|are} in the validation or test part "
            "only ({values}), in "
            "{rows} {rows|row|rows}. Nothing is learnt about them.",
            count=len(strange),
            name=feature.source,
            values=", ".join(feature.categories[i][:30] for i in strange[:_SHOWN]),
            rows=int(is_strange.sum()),
        ),
        tr("Add rows with these values, or merge rare categories."),
        Severity.NOTE,
        Place("column", feature.source),
        "only-in-test",
    )
