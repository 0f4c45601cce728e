"""How common the commonest class is: what a network must beat to have learnt anything."""

from studio.core.design.dataset import DatasetSpec

RARE = 0.2  # of the commonest class: fewer rows than that, and a class is easily passed over


def commonest_share(dataset: DatasetSpec) -> float | None:
    """The share of the most frequent class among the known ones; None for numbers."""
    counts = dataset.label_counts()
    total = sum(counts)
    return max(counts) / total if total else None


def rarest_share(dataset: DatasetSpec) -> float | None:
    """How many rows the rarest class has, as a share of the commonest; None for numbers."""
    counts = [count for count in dataset.label_counts() if count]
    return min(counts) / max(counts) if len(counts) > 1 else None
