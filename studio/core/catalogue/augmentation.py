"""The ways to vary the samples of the training part: pictures, clips, sounds, windows, texts."""

from studio.core.catalogue.entry import AugmentationEntry
from studio.core.params import Param, number

PICTURES = ("image", "video")


def _share(key: str, label: str, default: float, most: float, help: str) -> Param:  # noqa: A002
    return number(key, label, default, at_least=0.0, at_most=most, help=help)


def _chance(what: str) -> Param:
    help_text = f"The share of the pictures that are {what}: 0.5 is every other one."
    return _share("chance", "Share", 0.5, 1.0, help_text)


FLIP_HORIZONTAL = AugmentationEntry(
    key="flip_horizontal",
    title="Flip left and right",
    help="Mirrors some pictures. Use it where left and right mean the same: parts, plants and "
    "animals, but not letters.",
    kinds=PICTURES,
    function="flip_horizontal",
    params=(_chance("mirrored"),),
)
FLIP_VERTICAL = AugmentationEntry(
    key="flip_vertical",
    title="Flip upside down",
    help="Turns some pictures upside down. Use it where there is no up and down, as with parts "
    "seen from above.",
    kinds=PICTURES,
    function="flip_vertical",
    params=(_chance("turned upside down"),),
)
ROTATE = AugmentationEntry(
    key="rotate",
    title="Rotate",
    help="Turns each picture about its middle by a small angle; corners that come free are filled "
    "from the edge. Use it where a camera or a part may stand askew.",
    kinds=PICTURES,
    function="rotate",
    params=(
        _share("degrees", "Degrees", 10.0, 180.0, "The largest angle, to the left and the right."),
    ),
)
SHIFT = AugmentationEntry(
    key="shift",
    title="Shift",
    help="Moves each picture a little in any direction; what comes free is filled from the edge. "
    "Use it where the object is not always in the middle.",
    kinds=PICTURES,
    function="shift",
    params=(_share("share", "Distance", 0.1, 0.5, "The farthest move, as a share of the side."),),
)
ZOOM = AugmentationEntry(
    key="zoom",
    title="Zoom",
    help="Makes each picture a little larger or smaller about its middle. Use it where the object "
    "is sometimes near and sometimes far.",
    kinds=PICTURES,
    function="zoom",
    params=(_share("share", "Amount", 0.1, 0.5, "The strongest change: 0.1 is a tenth."),),
)
CROP = AugmentationEntry(
    key="crop",
    title="Crop",
    help="Cuts a part out of each picture, anywhere, and stretches it to the full size. Use it "
    "where a part of the object is enough to tell it.",
    kinds=PICTURES,
    function="crop",
    params=(_share("share", "Cut off", 0.2, 0.8, "The most to cut off, as a share of the side."),),
)
BRIGHTNESS = AugmentationEntry(
    key="brightness",
    title="Brightness",
    help="Makes each picture brighter or darker; black stays black. Use it where the light changes "
    "from picture to picture.",
    kinds=PICTURES,
    function="brightness",
    params=(_share("amount", "Amount", 0.2, 0.9, "The strongest change: 0.2 is a fifth."),),
)
CONTRAST = AugmentationEntry(
    key="contrast",
    title="Contrast",
    help="Makes the differences within each picture stronger or weaker. Use it where some "
    "pictures are dull and others harsh.",
    kinds=PICTURES,
    function="contrast",
    params=(_share("amount", "Amount", 0.2, 0.9, "The strongest change: 0.2 is a fifth."),),
)
PIXEL_NOISE = AugmentationEntry(
    key="pixel_noise",
    title="Noise in pictures",
    help="Adds grain, as of a camera in the dark. Use it where pictures come from weak cameras, "
    "or where the network learns the training pictures by heart.",
    kinds=PICTURES,
    function="pixel_noise",
    params=(
        _share("amount", "Amount", 0.05, 0.5, "The strongest grain, as a share of full white."),
    ),
)
ERASE = AugmentationEntry(
    key="erase",
    title="Erase a patch",
    help="Covers a rectangle of each picture with its mean colour. Use it so that the network does "
    "not rest on one detail alone.",
    kinds=PICTURES,
    function="erase",
    params=(_share("share", "Size", 0.3, 0.9, "The longest side, as a share of the picture's."),),
)
SOUND_SHIFT = AugmentationEntry(
    key="sound_shift",
    title="Shift sounds in time",
    help="Lets each sound begin a little earlier or later, with silence where nothing is left. "
    "Use it where the moment of the sound means nothing.",
    kinds=("sound",),
    function="sound_shift",
    params=(_share("share", "Distance", 0.1, 0.5, "The farthest move, as a share of the length."),),
)
SOUND_NOISE = AugmentationEntry(
    key="sound_noise",
    title="Noise in sounds",
    help="Adds hiss to each sound. Use it where the machine will listen in a louder place than "
    "the recordings were made in.",
    kinds=("sound",),
    function="sound_noise",
    params=(
        _share("amount", "Amount", 0.1, 2.0, "The loudest hiss, as a share of the sound's level."),
    ),
)
GAIN = AugmentationEntry(
    key="gain",
    title="Loudness",
    help="Makes each sound louder or softer; it never goes beyond full level. Use it where the "
    "distance to the microphone changes.",
    kinds=("sound",),
    function="gain",
    params=(_share("decibels", "Decibels", 6.0, 40.0, "The strongest change; 6 is twofold."),),
)
SOUND_MASK = AugmentationEntry(
    key="sound_mask",
    title="Silence a stretch",
    help="Silences a stretch of each sound. Use it so that the network does not rest on one "
    "moment alone.",
    kinds=("sound",),
    function="sound_mask",
    params=(_share("share", "Length", 0.15, 0.9, "The longest stretch, as a share of the whole."),),
)
JITTER = AugmentationEntry(
    key="jitter",
    title="Jitter",
    help="Adds a little noise to the numbers of each window. Use it where sensors are noisy, or "
    "where the network learns the training windows by heart.",
    kinds=("series",),
    function="jitter",
    params=(
        _share("amount", "Amount", 0.05, 1.0, "How much, as a share of each column's deviation."),
    ),
)
STRENGTH = AugmentationEntry(
    key="strength",
    title="Weaker or stronger",
    help="Makes the ups and downs of each window weaker or stronger, about its mean. Use it where "
    "the pattern counts and not its size.",
    kinds=("series",),
    function="strength",
    params=(_share("amount", "Amount", 0.1, 0.9, "The strongest change: 0.1 is a tenth."),),
)
SERIES_SHIFT = AugmentationEntry(
    key="series_shift",
    title="Shift windows in time",
    help="Moves each window a few rows earlier or later, and repeats its first or last row where "
    "nothing is left. Use it where windows are told apart, but not to forecast.",
    kinds=("series",),
    function="series_shift",
    params=(_share("share", "Distance", 0.1, 0.5, "The farthest move, as a share of the window."),),
)
SERIES_MASK = AugmentationEntry(
    key="series_mask",
    title="Hide a stretch",
    help="Puts the window's mean in the place of some rows. Use it where sensors fail for a while, "
    "and so that the network does not rest on one moment alone.",
    kinds=("series",),
    function="series_mask",
    params=(
        _share("share", "Length", 0.15, 0.9, "The longest stretch, as a share of the window."),
    ),
)
DROP_WORDS = AugmentationEntry(
    key="drop_words",
    title="Leave out words",
    help="Makes some words of each text unknown. Use it so that the network does not rest on a few "
    "words, and is used to words that it has never seen.",
    kinds=("text",),
    function="drop_words",
    needs_own_tokens=True,
    params=(_share("share", "Share", 0.1, 0.9, "How many of the words: 0.1 is one in ten."),),
)

# What moves what is to be seen: a mask, or a picture to be given again, does not move along.
MOVING = ("flip_horizontal", "flip_vertical", "rotate", "shift", "zoom", "crop")

ENTRIES: tuple[AugmentationEntry, ...] = (
    FLIP_HORIZONTAL,
    FLIP_VERTICAL,
    ROTATE,
    SHIFT,
    ZOOM,
    CROP,
    BRIGHTNESS,
    CONTRAST,
    PIXEL_NOISE,
    ERASE,
    SOUND_SHIFT,
    SOUND_NOISE,
    GAIN,
    SOUND_MASK,
    JITTER,
    STRENGTH,
    SERIES_SHIFT,
    SERIES_MASK,
    DROP_WORDS,
)
