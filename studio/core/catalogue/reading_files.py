"""Import settings of pictures, sounds and clips: what a person may choose, as Params."""

from collections.abc import Mapping

from studio.core.params import Param, choice, switch, whole

LARGEST_SIDE = 1024
GREY, COLOUR = "1", "3"

_KIND = choice(
    "kind",
    "Take",
    "image",
    {"image": "Pictures", "sound": "Sounds", "video": "Clips"},
    help="What is taken where there are several kinds of files. Folders of numbered pictures "
    "can be clips or pictures.",
)
_SKIP = switch(
    "skip_broken",
    "Leave out broken ones",
    True,
    help="Files that cannot be read are left out and counted. Otherwise the first is an error.",
)
_PICTURES = (
    whole(
        "height",
        "Height",
        28,
        at_most=LARGEST_SIDE,
        unit="pixels",
        help="All pictures are brought to this height.",
    ),
    whole(
        "width",
        "Width",
        28,
        at_most=LARGEST_SIDE,
        unit="pixels",
        help="All pictures are brought to this width.",
    ),
    choice(
        "channels",
        "Colour",
        GREY,
        {GREY: "Grey", COLOUR: "Red, green, blue"},
        help="Grey pictures need a third of the numbers.",
    ),
)
# By the kind of the samples.
READING_FILES: Mapping[str, tuple[Param, ...]] = {
    "image": (_KIND, *_PICTURES, _SKIP),
    "sound": (_KIND, _SKIP),
    "video": (_KIND, *_PICTURES, _SKIP),
}
