"""The shelves: everything that can be chosen, by key."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from studio.core.catalogue import (
    activation,
    attention,
    augmentation,
    causal,
    choosing,
    cleaning,
    comparing,
    convolution,
    custom,
    embedding,
    ends,
    fractional_pooling,
    initializations,
    linear,
    losses,
    merging,
    metrics,
    normalization,
    optimizers,
    ordering,
    padding,
    pooling,
    positions,
    pretrained,
    pretrained_texts,
    recurrent,
    regularization,
    reshaping,
    resizing,
    schedules,
    signal,
    sources,
    transformer,
    transposed,
)
from studio.core.catalogue.entry import AugmentationEntry, CleaningEntry, Entry, LayerEntry

E = TypeVar("E", bound=Entry)


def shelf(*groups: tuple[E, ...]) -> Mapping[str, E]:
    """Entries by key, in the order in which they are shown. A key stands once."""
    entries = [entry for group in groups for entry in group]
    by_key = {entry.key: entry for entry in entries}
    assert len(by_key) == len(entries), "two entries share a key"
    return MappingProxyType(by_key)


LAYERS: Mapping[str, LayerEntry] = shelf(
    ends.ENTRIES,
    linear.ENTRIES,
    embedding.ENTRIES,
    convolution.ENTRIES,
    causal.ENTRIES,
    transposed.ENTRIES,
    pooling.ENTRIES,
    fractional_pooling.ENTRIES,
    normalization.ENTRIES,
    activation.ENTRIES,
    choosing.ENTRIES,
    regularization.ENTRIES,
    recurrent.ENTRIES,
    attention.ENTRIES,
    transformer.ENTRIES,
    positions.ENTRIES,
    reshaping.ENTRIES,
    ordering.ENTRIES,
    padding.ENTRIES,
    resizing.ENTRIES,
    merging.ENTRIES,
    comparing.ENTRIES,
    signal.ENTRIES,
    sources.ENTRIES,
    custom.ENTRIES,
    pretrained.ENTRIES,
    pretrained_texts.ENTRIES,
)
OPTIMIZERS = shelf(optimizers.ENTRIES)
LOSSES = shelf(losses.ENTRIES)
SCHEDULES = shelf(schedules.ENTRIES)
INITIALIZATIONS = shelf(initializations.ENTRIES)
METRICS = shelf(metrics.ENTRIES)
CLEANING: Mapping[str, CleaningEntry] = shelf(cleaning.ENTRIES)
AUGMENTATION: Mapping[str, AugmentationEntry] = shelf(augmentation.ENTRIES)
