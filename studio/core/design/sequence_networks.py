"""Networks for what comes one after another: speech, texts, translations, series, ratings."""

from studio.core.catalogue.ends import AS_INDEX, AS_PREVIOUS
from studio.core.design.dataset import DatasetSpec
from studio.core.design.drawing import Drawing
from studio.core.design.features import ModelInput
from studio.core.design.graph import Graph
from studio.core.design.template_networks import BRANCHES, dense, network
from studio.core.words import tr

MELS = 40
WINDOW_SECONDS, HOP_SECONDS = 0.032, 0.01
PAIR = 2  # who, and what


def speech_commands(dataset: DatasetSpec) -> Graph:
    """Spectrogram, convolution 32, max pooling, a memory of 64 both ways, dropout, 64, classes."""
    drawing = Drawing()
    x, mels, frames = _spectrogram(drawing, dataset)
    x = _convolved(drawing, x, 32)
    x = drawing.add("max_pool2d", x)
    x = _as_steps(drawing, x, frames // 2)
    x = drawing.add("lstm", x, hidden_size=64, bidirectional=True)
    x = drawing.add("dropout", x, p=0.5)
    x = drawing.add("relu", drawing.add("linear", x, out_features=64))
    return _ended(drawing, x, dataset)


def speech_to_text(dataset: DatasetSpec) -> Graph:
    """Spectrogram, convolutions, a memory both ways, and for each moment a letter or none."""
    drawing = Drawing()
    x, mels, frames = _spectrogram(drawing, dataset)
    for filters in (32, 32):
        x = _convolved(drawing, x, filters)
        x = drawing.add("max_pool2d", x, kernel_size=(2, 1), stride=(2, 1))
    x = _as_steps(drawing, x, frames)
    x = drawing.add("dropout", x, p=0.3)
    x = drawing.add("lstm", x, hidden_size=128, bidirectional=True, gives="sequence")
    x = drawing.add("dropout", x, p=0.3)
    return _ended(drawing, x, dataset)


def translation_memory(dataset: DatasetSpec) -> Graph:
    """One memory reads, another writes and looks back (Sutskever 2014, Bahdanau 2015)."""
    drawing = Drawing()
    source = drawing.input(*_texts(dataset))
    begun = drawing.input(form=AS_PREVIOUS, name=tr("Written so far"))
    x = drawing.add("embedding", source, embedding_dim=256)
    x = drawing.add("lstm", x, hidden_size=256, gives="sequence")
    x = drawing.add("dropout", x, p=0.2)
    memory = drawing.add("lstm", x, hidden_size=256, gives="sequence")
    y = drawing.add("embedding", begun, embedding_dim=256)
    y = drawing.add("lstm", y, hidden_size=256, gives="sequence")
    seen = drawing.add("additive_attention", y, memory, source, units=128)
    y = drawing.add("concatenate", y, seen, axis=2)
    y = drawing.add("dropout", y, p=0.2)
    y = drawing.add("lstm", y, hidden_size=256, gives="sequence")
    return _ended(drawing, y, dataset)


def translation_transformer(dataset: DatasetSpec) -> Graph:
    """A transformer that reads and one that writes (Vaswani et al. 2017)."""
    drawing = Drawing()
    source = drawing.input(*_texts(dataset))
    begun = drawing.input(form=AS_PREVIOUS, name=tr("Written so far"))
    with drawing.block(tr("Reads"), color="series.1"):
        x = _placed_words(drawing, source, 256)
        memory = drawing.add("transformer_encoder", x, source, num_layers=2, heads=8, hidden=512)
    with drawing.block(tr("Writes"), color="series.3"):
        y = _placed_words(drawing, begun, 256)
        y = drawing.add("transformer_decoder", y, memory, source, num_layers=2, heads=8, hidden=512)
    return _ended(drawing, y, dataset)


def language_transformer(dataset: DatasetSpec) -> Graph:
    """A small GPT (Radford et al. 2018): each token looks at those before it."""
    drawing = Drawing()
    begun = drawing.input(form=AS_PREVIOUS, name=tr("Written so far"))
    with drawing.block(tr("Words and places"), color="series.1"):
        x = drawing.add("embedding", begun, embedding_dim=128, std=0.02)
        x = drawing.add("learnt_positions", x)
        x = drawing.add("dropout", x, p=0.1)
    with drawing.block(tr("Looks back"), 3, color="series.3"):
        x = drawing.add("transformer_encoder_layer", x, heads=4, hidden=512, causal=True)
    return _ended(drawing, drawing.add("layer_norm", x), dataset)


def language_memory(dataset: DatasetSpec) -> Graph:
    """A memory that tells the next token of a text."""
    drawing = Drawing()
    x = drawing.add("embedding", drawing.input(form=AS_PREVIOUS), embedding_dim=128)
    x = drawing.add("lstm", x, hidden_size=256, num_layers=2, dropout=0.2, gives="sequence")
    return _ended(drawing, x, dataset)


def text_memory(dataset: DatasetSpec) -> Graph:
    """A memory that reads a text word by word, both ways."""
    drawing = Drawing()
    x = drawing.add("embedding", drawing.input(), embedding_dim=64)
    x = drawing.add("dropout", x, p=0.3)
    x = drawing.add("lstm", x, hidden_size=64, bidirectional=True)
    return _ended(drawing, drawing.add("dropout", x, p=0.5), dataset)


def text_attention(dataset: DatasetSpec) -> Graph:
    """Words look at one another, and the text is what counts most of them."""
    drawing = Drawing()
    source = drawing.input()
    with drawing.block(tr("Words and places"), color="series.1"):
        x = drawing.add("dropout", _placed_words(drawing, source, 64), p=0.3)
    with drawing.block(tr("Looks at all words"), color="series.3"):
        seen = drawing.add("self_attention", x, source, heads=4)
        x = drawing.add("layer_norm", drawing.add("add", x, seen))
    x = drawing.add("attention_pooling", x, source, units=64)
    return _ended(drawing, drawing.add("dropout", x, p=0.5), dataset)


def forecast_convolution(dataset: DatasetSpec) -> Graph:
    """A temporal convolution (Bai et al. 2018): each layer looks twice as far back."""
    drawing, filters = Drawing(), 32
    x = drawing.add("transpose", drawing.input())
    window = dataset.series.window if dataset.series else 1
    reach, given = 1, 0
    while reach < window:
        with drawing.block(tr("Looks back by {reach}", reach=reach), color="series.1"):
            x = _looking_back(drawing, x, reach, given, filters)
        given, reach = filters, reach * 2
    x = drawing.add("slice", x, axis=2, start=window, stop=window)
    return _ended(drawing, drawing.add("flatten", x), dataset)


def _looking_back(drawing: Drawing, x: str, reach: int, given: int, filters: int) -> str:
    """A convolution that sees `reach` steps back, and a way past it."""
    inner = drawing.add("causal_conv1d", x, out_channels=filters, kernel_size=3, dilation=reach)
    inner = drawing.add("dropout", drawing.add("relu", inner), p=0.1)
    is_same = given == filters
    past = x if is_same else drawing.add("conv1d", x, out_channels=filters, kernel_size=1)
    return drawing.add("add", inner, past)


def recommending(dataset: DatasetSpec) -> Graph:
    """Who and what alone by their agreement; with more known beside them, a dense network."""
    kinds = [f.kind for one in dataset.model_inputs() for f in one.features]
    if kinds == ["identifier"] * PAIR:
        return ratings(dataset)
    return network(dataset, BRANCHES, dense(64, dropout=0.2))


def readings(dataset: DatasetSpec) -> Graph:
    """Three lines of 128, 64 and 32, each normalized, for readings of which few tell a failure."""
    drawing = Drawing()
    x = drawing.input()
    for units in (128, 64, 32):
        x = drawing.add("linear", x, out_features=units)
        x = drawing.add("relu", drawing.add("batch_norm", x))
    return _ended(drawing, drawing.add("dropout", x, p=0.1), dataset)


def ratings(dataset: DatasetSpec) -> Graph:
    """Two embeddings and how well they agree, with what each brings alone (Koren et al. 2009)."""
    drawing = Drawing()
    names = [
        f.source for one in dataset.model_inputs() for f in one.features if f.kind == "identifier"
    ]
    sides, alone = [], []
    for name in names[:PAIR]:
        given = drawing.input(name, form=AS_INDEX)
        tastes = drawing.add("embedding", given, embedding_dim=8, std=0.05)
        sides.append(drawing.add("flatten", tastes))
        alone.append(
            drawing.add("flatten", drawing.add("embedding", given, embedding_dim=1, std=0.01))
        )
    agreed = drawing.add("dot", *sides)
    x = drawing.add("add", agreed, *alone)
    x = drawing.add("learnt_shift", x)
    drawing.output(x)
    return drawing.graph()


def _placed_words(drawing: Drawing, source: str, width: int) -> str:
    x = drawing.add("embedding", source, embedding_dim=width, std=width**-0.5)
    return drawing.add("sinusoidal_positions", x)


def _spectrogram(drawing: Drawing, dataset: DatasetSpec) -> tuple[str, int, int]:
    """The logarithm of a mel spectrogram, how high it is and how long."""
    sound = dataset.sound
    window = _power_of_two(sound.rate * WINDOW_SECONDS)
    hop = max(1, min(round(sound.rate * HOP_SECONDS), window // 2))
    mels = max(4, min(MELS, window // 8))
    x = drawing.add(
        "mel_spectrogram", drawing.input(), n_fft=window, hop=hop, mels=mels, rate=sound.rate
    )
    x = drawing.add("batch_norm", drawing.add("logarithm", x))
    return x, mels, sound.samples // hop + 1


def _convolved(drawing: Drawing, x: str, filters: int) -> str:
    x = drawing.add("conv2d", x, out_channels=filters, kernel_size=3, padding=1)
    return drawing.add("relu", drawing.add("batch_norm", x))


def _as_steps(drawing: Drawing, x: str, frames: int) -> str:
    """Filters x heights x frames to frames x numbers."""
    x = drawing.add("transpose", x, first=1, second=3)
    return drawing.add("reshape", x, shape=(frames, -1))


def _texts(dataset: DatasetSpec) -> tuple[str, ...]:
    source: ModelInput | None = next((m for m in dataset.model_inputs() if m.kind == "text"), None)
    return (source.feature.source,) if source else ()


def _ended(drawing: Drawing, x: str, dataset: DatasetSpec) -> Graph:
    drawing.output(drawing.add("linear", x, out_features=max(1, dataset.outputs())))
    return drawing.graph()


def _power_of_two(size: float) -> int:
    return max(16, 1 << (max(1, round(size)) - 1).bit_length())
