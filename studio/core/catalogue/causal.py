"""Layers that look back along a series: the causal convolution."""

from studio.core.catalogue.convolution import FILTERS, GROUPS, uneven_groups
from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry
from studio.core.catalogue.expectations import missing_channels
from studio.core.params import switch, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape

MOST = 1024


def _shape(call: LayerCall) -> Shape | Problem:
    problem = missing_channels(call, 1) or uneven_groups(call)
    return problem or (call.whole("out_channels"), call.shape[1])


def _weights(call: LayerCall) -> int:
    seen = call.shape[0] // call.whole("groups") * call.whole("kernel_size")
    return call.whole("out_channels") * (seen + call.is_on("bias"))


def _arguments(call: LayerCall) -> Arguments:
    return {
        "in_channels": call.shape[0],
        "out_channels": call.whole("out_channels"),
        "kernel_size": call.whole("kernel_size"),
        "dilation": call.whole("dilation"),
        "groups": call.whole("groups"),
        "bias": call.is_on("bias"),
    }


CAUSAL_CONVOLUTION = LayerEntry(
    key="causal_conv1d",
    title="Causal convolution",
    family="convolution",
    help="Slides small filters along a series (channels × steps) so that each step sees itself and "
    "earlier ones only; the length is kept. Use it to forecast, several on one another with the "
    "dilation doubled each time (temporal convolution).",
    params=(
        FILTERS,
        whole("kernel_size", "Kernel", 3, at_most=MOST, help="How many steps a filter sees."),
        whole(
            "dilation",
            "Dilation",
            1,
            at_most=65_536,
            help="The distance between the steps that a filter sees. 1 is side by side.",
        ),
        GROUPS,
        switch("bias", "Bias", True, help="Adds a learnt number to each filter."),
    ),
    shape=_shape,
    weights=_weights,
    arguments=_arguments,
    torch="CausalConv1d",
    badge="{out_channels} {out_channels|filter|filters}, {kernel_size}",
)

ENTRIES = (CAUSAL_CONVOLUTION,)
