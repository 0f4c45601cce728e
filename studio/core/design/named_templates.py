"""The templates that have a name: the networks of the textbooks, and those of famous papers."""

from dataclasses import replace

from studio.core.design import picture_networks as pictures
from studio.core.design import sequence_networks as sequences
from studio.core.design.dataset import DatasetSpec
from studio.core.design.template import Template, branched
from studio.core.design.template_networks import dense
from studio.core.design.training import TrainingSpec

LARGEST_PLAIN = 10.0  # numbers up to here are learnt from as they are


def in_own_units(dataset: DatasetSpec) -> DatasetSpec:
    """Small numbers as they are: then weight and bias are those of the line itself."""
    used = [dataset.found(c.name) for c in (*dataset.inputs(), *dataset.targets())]
    ends = [end for found in used if found for end in (found.low, found.high)]
    if any(end is None or abs(end) > LARGEST_PLAIN for end in ends):
        return dataset
    return replace(dataset, scaling="none", scales_target=False)


# The settings under which pictures are learnt in few epochs.
_PICTURES = TrainingSpec(
    "adamw",
    {"weight_decay": 0.05},
    learning_rate=0.004,
    schedule="one_cycle",
    batch_size=64,
    epochs=8,
)
_CAREFUL = replace(_PICTURES, learning_rate=0.001)

TEXTBOOK = (
    Template(
        "line-fit",
        "Fit a line",
        "Which line goes through the points?",
        "One number in, one out, and nothing between: a weight and a bias, found by steepest "
        "descent (SGD).",
        "table",
        "numbers",
        "line",
        branched(dense()),
        TrainingSpec("sgd", learning_rate=0.01, epochs=100, batch_size=32),
        "textbook",
        takes=("table",),
        prepare=in_own_units,
    ),
    Template(
        "dense-100",
        "Dense network 64-64",
        "Which of ten kinds are these 100 numbers?",
        "Two layers of 64 units sort rows of about a hundred numbers into classes.",
        "table",
        "classes",
        "hundred",
        branched(dense(64, 64)),
        TrainingSpec(epochs=15, patience=5),
        "textbook",
        takes=("table",),
    ),
    Template(
        "dense-1000",
        "Dense network 128-64",
        "Which of ten kinds are these 1,000 numbers?",
        "Layers of 128 and 64 units sort rows of a thousand numbers. Train it again with SGD, "
        "momentum and RMSprop, and compare the runs in one plot.",
        "table",
        "classes",
        "thousand",
        branched(dense(128, 64)),
        TrainingSpec(epochs=10),
        "textbook",
        takes=("table",),
    ),
    Template(
        "convolution-classic",
        "Convolution, pooling, dropout",
        "What does a first convolution see?",
        "The network of every course: 32 filters, max pooling, dropout, a line of 64 units. "
        "Large photos are brought to 128 pixels; set another size where they were opened.",
        "images",
        "classes",
        "shapes",
        pictures.classic,
        TrainingSpec(learning_rate=0.0005, epochs=8),
        "textbook",
        takes=("image",),
    ),
    Template(
        "residual-images",
        "Small residual network",
        "What do deeper convolutions see?",
        "Convolutions with ways past them, so that depth does not hinder learning.",
        "images",
        "classes",
        "shapes",
        pictures.residual(),
        replace(_PICTURES, learning_rate=0.01, epochs=10),
        "textbook",
        takes=("image",),
    ),
    Template(
        "speech-commands",
        "Spectrogram, convolution, memory",
        "Which word is spoken?",
        "Sounds as a picture of pitches, 32 filters, and a memory (LSTM) that reads it from "
        "both ends.",
        "sound",
        "classes",
        "sounds",
        sequences.speech_commands,
        TrainingSpec(learning_rate=0.002, schedule="one_cycle", epochs=15),
        "textbook",
        takes=("sound",),
    ),
    Template(
        "translate-transformer",
        "Translation transformer",
        "How does a transformer translate?",
        "An encoder reads the sentence, a decoder writes the other one; each word looks at "
        "all that matter to it.",
        "pairs",
        "sequences",
        "phrases",
        sequences.translation_transformer,
        TrainingSpec(learning_rate=0.001, schedule="one_cycle", clip=1.0, epochs=10, batch_size=64),
        "textbook",
        takes=("text",),
    ),
    Template(
        "texts-lstm",
        "Texts by a memory",
        "What does a text say, word by word?",
        "A memory (LSTM) reads a text from both ends and sorts it into classes.",
        "text",
        "classes",
        "reviews",
        sequences.text_memory,
        TrainingSpec(learning_rate=0.002, epochs=8, patience=3, clip=1.0),
        "textbook",
        takes=("text",),
    ),
    Template(
        "texts-attention",
        "Texts by attention",
        "Which words of a text matter?",
        "Words look at one another; those that matter most decide on the class.",
        "text",
        "classes",
        "reviews",
        sequences.text_attention,
        TrainingSpec(epochs=10, patience=3),
        "textbook",
        takes=("text",),
    ),
    Template(
        "forecast-tcn",
        "Forecast by convolutions",
        "How does it go on, seen from further back?",
        "A temporal convolution network: each layer looks twice as far back as the one before.",
        "series",
        "numbers",
        "demand",
        sequences.forecast_convolution,
        TrainingSpec(learning_rate=0.003, schedule="one_cycle", epochs=12, batch_size=64),
        "textbook",
        takes=("series",),
        purpose="forecast",
    ),
)
NAMED = (
    Template(
        "resnet-18",
        "ResNet-18",
        "What does ResNet-18 see?",
        "Eighteen layers with ways past them (He et al. 2015): 11 million weights.",
        "images",
        "classes",
        "shapes",
        pictures.resnet18,
        replace(_CAREFUL, epochs=5),
        "by name",
        takes=("image",),
    ),
    Template(
        "resnet-50",
        "ResNet-50",
        "What does ResNet-50 see?",
        "Fifty layers in bottlenecks, with ways past them (He et al. 2015): 24 million weights. "
        "A step takes seconds without a graphics card.",
        "images",
        "classes",
        "shapes",
        pictures.resnet50,
        replace(_CAREFUL, epochs=5),
        "by name",
        takes=("image",),
    ),
    Template(
        "mobilenet-v2",
        "MobileNetV2",
        "What does MobileNetV2 see?",
        "Narrow, wide, narrow: few weights, made for telephones (Sandler et al. 2018).",
        "images",
        "classes",
        "shapes",
        pictures.mobilenet,
        replace(_PICTURES, epochs=8),
        "by name",
        takes=("image",),
    ),
    Template(
        "vgg-11",
        "VGG-11",
        "What does VGG-11 see?",
        "Plain convolutions of 3 × 3, one behind the other, and two wide layers (Simonyan and "
        "Zisserman 2014).",
        "images",
        "classes",
        "shapes",
        pictures.vgg11,
        replace(_CAREFUL, learning_rate=0.0005, epochs=6),
        "by name",
        takes=("image",),
    ),
    Template(
        "vit-tiny",
        "ViT-tiny",
        "What does a vision transformer see?",
        "A picture cut into patches that are read like words (Dosovitskiy et al. 2020). It "
        "wants many pictures.",
        "images",
        "classes",
        "shapes",
        pictures.vision_transformer,
        replace(_CAREFUL, learning_rate=0.0005, clip=1.0, epochs=10),
        "by name",
        takes=("image",),
    ),
    Template(
        "language-lstm",
        "Language model with a memory",
        "Which word comes next?",
        "Two layers of memory (LSTM) tell the next word of a text, and write on from a beginning.",
        "pairs",
        "sequences",
        "remarks",
        sequences.language_memory,
        TrainingSpec(learning_rate=0.003, schedule="one_cycle", clip=1.0, epochs=8, batch_size=64),
        "by name",
        takes=("text",),
        rebuilds=True,
    ),
)
