"""Layers that hear, and travel in the model: spectrogram, mel scale, decibels, cepstrum."""

from studio.core.catalogue.entry import Arguments, LayerCall, LayerEntry, refused, set_param
from studio.core.catalogue.expectations import wrong_rank
from studio.core.params import choice, number, whole
from studio.core.problems import Problem
from studio.core.shapes import Shape, convolved_size, size_of
from studio.core.words import tr

POWER, MAGNITUDE = "power", "magnitude"
FIRST, LAST = "first", "last"
LONGEST_WINDOW = 65_536
LARGEST_RATE = 768_000

WINDOW = (
    whole(
        "n_fft",
        "Window",
        512,
        at_least=2,
        at_most=LONGEST_WINDOW,
        unit="samples",
        help="How many samples are heard at once. Longer windows tell tones apart better, "
        "shorter ones tell moments apart better.",
    ),
    whole(
        "hop",
        "Hop",
        160,
        at_most=LONGEST_WINDOW,
        unit="samples",
        help="How far the window moves from one frame to the next; "
        "160 at 16 000 samples a second is a hundredth of a second.",
    ),
)


def _sound_frames(call: LayerCall) -> int | Problem:
    """How many windows fit when half of one is added at both ends."""
    if len(call.shape) != 1:
        return wrong_rank(call, tr("a sound: one line of samples"), (size_of(call.shape),))
    window = call.whole("n_fft")
    return convolved_size(
        call.shape[0], kernel=window, stride=call.whole("hop"), padding=window // 2
    )


def _spectrogram_shape(call: LayerCall) -> Shape | Problem:
    frames = _sound_frames(call)
    if isinstance(frames, Problem):
        return frames
    return (1, call.whole("n_fft") // 2 + 1, frames)


def _spectrogram_arguments(call: LayerCall) -> Arguments:
    return {
        "n_fft": call.whole("n_fft"),
        "hop": call.whole("hop"),
        "is_power": call.text("gives") == POWER,
    }


def _mel_shape(call: LayerCall) -> Shape | Problem:
    frames = _sound_frames(call)
    if isinstance(frames, Problem):
        return frames
    return _no_band(call) or (1, call.whole("mels"), frames)


def _no_band(call: LayerCall) -> Problem | None:
    low, high, half = _number(call, "f_min"), _number(call, "f_max"), call.whole("rate") / 2
    if high > half:
        return refused(
            tr(
                "{name} listens up to {high} Hz, but a sound of {rate} {rate|sample|samples} a "
                "second "
                "holds nothing above {half} Hz.",
                name=call.name,
                high=f"{high:g}",
                rate=call.whole("rate"),
                half=f"{half:g}",
            ),
            tr("Set the highest frequency to 0: that is half the sample rate."),
            code="no-band",
            fix=set_param("f_max", 0.0, tr("Listen up to half the sample rate")),
        )
    if low < (high or half):
        return None
    return refused(
        tr(
            "{name} listens from {low} Hz to {high} Hz, which is nothing.",
            name=call.name,
            low=f"{low:g}",
            high=f"{high or half:g}",
        ),
        tr("Make the lowest frequency smaller than the highest."),
        code="no-band",
        fix=set_param("f_min", 0.0, tr("Listen from 0 Hz")),
    )


def _mel_arguments(call: LayerCall) -> Arguments:
    return {
        "n_fft": call.whole("n_fft"),
        "hop": call.whole("hop"),
        "mels": call.whole("mels"),
        "f_min": _number(call, "f_min"),
        "f_max": _number(call, "f_max") or call.whole("rate") / 2,
        "rate": call.whole("rate"),
    }


def _number(call: LayerCall, key: str) -> float:
    value = call.values[key]
    assert isinstance(value, int | float)
    return float(value)


def _decibel_arguments(call: LayerCall) -> Arguments:
    return {
        "factor": 10.0 if call.text("takes") == POWER else 20.0,
        "lowest": _number(call, "lowest"),
    }


def _log_arguments(call: LayerCall) -> Arguments:
    return {"scale": _number(call, "scale")}


def _cepstrum_shape(call: LayerCall) -> Shape | Problem:
    if len(call.shape) != 3:
        shape = (1, *call.shape) if len(call.shape) == 2 else None
        return wrong_rank(call, tr("a spectrogram: channels × bands × frames"), shape)
    wanted, bands = call.whole("coefficients"), call.shape[1]
    if wanted <= bands:
        return (call.shape[0], wanted, call.shape[2])
    return refused(
        tr(
            "{name} takes {wanted} {wanted|coefficient|coefficients}, but gets {bands} "
            "{bands|band|bands}.",
            name=call.name,
            wanted=wanted,
            bands=bands,
        ),
        tr("Take as many as there are bands, or fewer."),
        code="too-many-coefficients",
        fix=set_param("coefficients", bands, tr("Take {bands}", bands=bands)),
    )


def _cepstrum_arguments(call: LayerCall) -> Arguments:
    return {"bands": call.shape[1], "coefficients": call.whole("coefficients")}


def _delta_arguments(call: LayerCall) -> Arguments:
    # Torch counts the batch as 0, so the first size of a row is 1 there.
    return {"reach": call.whole("reach"), "axis": 1 if call.text("along") == FIRST else -1}


SPECTROGRAM = LayerEntry(
    key="spectrogram",
    title="Spectrogram",
    family="signal",
    help="Shows how loud each frequency of a sound is at each moment, as an image of one channel "
    "(frequencies × frames); windows have soft edges (Hann), and half a window of silence is added "
    "at both ends. Use it on sounds and vibrations, with a To decibels and convolutions behind it.",
    params=(
        *WINDOW,
        choice(
            "gives",
            "Gives",
            POWER,
            {POWER: "Power", MAGNITUDE: "Magnitude"},
            help="The strength of each frequency, or its square.",
        ),
    ),
    shape=_spectrogram_shape,
    arguments=_spectrogram_arguments,
    torch="Spectrogram",
    badge="window {n_fft}, hop {hop}",
)
MEL_SPECTROGRAM = LayerEntry(
    key="mel_spectrogram",
    title="Mel spectrogram",
    family="signal",
    help="A spectrogram whose frequencies are gathered in bands as an ear hears them: narrow for "
    "low tones, wide for high ones (HTK formula). Use it for speech and other sounds, "
    "with a To decibels and convolutions behind it.",
    params=(
        *WINDOW,
        whole("mels", "Bands", 64, at_most=512, help="How many bands come out."),
        number(
            "f_min",
            "Lowest frequency",
            0.0,
            at_least=0.0,
            at_most=LARGEST_RATE,
            help="Where the lowest band begins, in Hz.",
        ),
        number(
            "f_max",
            "Highest frequency",
            0.0,
            at_least=0.0,
            at_most=LARGEST_RATE,
            help="Where the highest band ends, in Hz; 0 is half the sample rate.",
        ),
        whole(
            "rate",
            "Sample rate",
            16_000,
            at_most=LARGEST_RATE,
            unit="Hz",
            help="How many samples a second the sounds have: that of the data.",
        ),
    ),
    shape=_mel_shape,
    arguments=_mel_arguments,
    torch="MelSpectrogram",
    badge="{mels} {mels|band|bands}, hop {hop}",
)
TO_DECIBELS = LayerEntry(
    key="to_decibels",
    title="To decibels",
    family="signal",
    help="Turns power or magnitude into decibels, so that soft and loud stand side by side as they "
    "are heard. Use it right after a spectrogram.",
    params=(
        choice(
            "takes",
            "Takes",
            POWER,
            {POWER: "Power", MAGNITUDE: "Magnitude"},
            help="What the layer before it gives.",
        ),
        number(
            "lowest",
            "Lowest",
            -80.0,
            at_least=-200.0,
            at_most=0.0,
            help="What counts as silence, in decibels: everything softer becomes this.",
        ),
    ),
    arguments=_decibel_arguments,
    torch="Decibels",
    badge="from {lowest} dB",
)
LOG = LayerEntry(
    key="logarithm",
    title="Logarithm",
    family="signal",
    help="Makes large numbers small and keeps small ones, their signs too: log(1 + scale × size). "
    "Use it where a few numbers are a thousand times the others.",
    params=(
        number(
            "scale",
            "Scale",
            1.0,
            at_least=0.000001,
            at_most=1_000_000_000.0,
            help="What the numbers are multiplied with before; more for numbers far below 1.",
        ),
    ),
    arguments=_log_arguments,
    torch="Logarithm",
    badge="scale {scale}",
)
CEPSTRUM = LayerEntry(
    key="cepstrum",
    title="Cepstrum (MFCC)",
    family="signal",
    help="Says with a few numbers how the bands of a spectrogram rise and fall at each moment "
    "(cosine transform along the bands). Use it after a Mel spectrogram and To decibels, to get "
    "the MFCCs that small speech networks take.",
    params=(
        whole(
            "coefficients",
            "Coefficients",
            12,
            at_most=512,
            help="How many numbers are kept for each moment; 12 or 13 are usual for speech.",
        ),
    ),
    shape=_cepstrum_shape,
    arguments=_cepstrum_arguments,
    torch="Cepstrum",
    badge="{coefficients} {coefficients|number|numbers}",
)
DELTA = LayerEntry(
    key="delta",
    title="Delta",
    family="signal",
    help="How fast each number changes from frame to frame (the regression formula of HTK). "
    "Use it beside a spectrogram or a series, joined by a Concatenate.",
    params=(
        whole(
            "reach",
            "Reach",
            2,
            at_most=100,
            help="How many frames before and after are compared.",
        ),
        choice(
            "along",
            "Along",
            LAST,
            {LAST: "Frames (last size)", FIRST: "Steps (first size)"},
            help="Along which size time runs: the last of a spectrogram, "
            "the first of a sequence of steps.",
        ),
    ),
    arguments=_delta_arguments,
    torch="Delta",
    badge="reach {reach}",
)

ENTRIES = (SPECTROGRAM, MEL_SPECTROGRAM, TO_DECIBELS, LOG, CEPSTRUM, DELTA)
