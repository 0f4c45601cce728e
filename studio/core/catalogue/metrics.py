"""Figures of how good a network is: which tasks each fits, and which way is better."""

from studio.core.catalogue.entry import MetricEntry

ENTRIES = (
    MetricEntry(
        key="accuracy",
        title="Accuracy",
        torchmetrics="accuracy",
        fits=("classes",),
        is_more_better=True,
        unit="share",
        help="The share of rows that got the right class. Misleads when one class is rare.",
    ),
    MetricEntry(
        key="f1",
        title="F1",
        torchmetrics="f1_score",
        fits=("classes",),
        is_more_better=True,
        unit="share",
        help="Precision and recall in one, averaged over the classes; of the rarer class "
        "where there are two. Use it when classes are of unequal size.",
    ),
    MetricEntry(
        key="rmse",
        title="RMSE",
        torchmetrics="mean_squared_error",
        fits=("numbers",),
        is_more_better=False,
        unit="target",
        help="The typical distance to the right number; large misses count more.",
    ),
    MetricEntry(
        key="mae",
        title="MAE",
        torchmetrics="mean_absolute_error",
        fits=("numbers",),
        is_more_better=False,
        unit="target",
        help="The mean distance to the right number.",
    ),
    MetricEntry(
        key="r2",
        title="R²",
        torchmetrics="r2_score",
        fits=("numbers",),
        is_more_better=True,
        help="1 is perfect; 0 is no better than always saying the mean.",
    ),
    MetricEntry(
        key="token_accuracy",
        title="Right tokens",
        torchmetrics="accuracy",
        fits=("sequences",),
        is_more_better=True,
        unit="share",
        help="The share of tokens that are right at their place; padding does not count.",
    ),
    MetricEntry(
        key="exact",
        title="Whole texts right",
        torchmetrics="exact_match",
        fits=("sequences",),
        is_more_better=True,
        unit="share",
        help="The share of texts that are right from the first token to the last.",
    ),
)
