"""How common the commonest class is: what a network must beat to have learnt anything."""

from studio.core.design.dataset import DatasetSpec


def commonest_share(dataset: DatasetSpec) -> float | None:
    """The share of the most frequent class among the known ones; None for numbers."""
    counts = _counts(dataset)
    total = sum(counts)
    return max(counts) / total if total else None


def _counts(dataset: DatasetSpec) -> tuple[int, ...]:
    if dataset.summary is None or dataset.task() != "classes":
        return ()
    if dataset.summary.kind == "images":
        return dataset.summary.label_counts
    column = dataset.summary.column(dataset.targets()[0].name)
    return column.counts if column else ()
