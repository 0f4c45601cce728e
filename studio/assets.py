"""The one way to a file of resources/: from the source tree, from a wheel or from a bundle.

What the files mean is known to those who ask; nothing is parsed here.
"""

import functools
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Where the file or folder ``resources/<parts>`` lies; it need not exist."""
    return _root().joinpath(*parts)


def text(*parts: str) -> str:
    """What the text file ``resources/<parts>`` holds."""
    return path(*parts).read_text(encoding="utf-8")


@functools.cache
def _root() -> Path:
    candidates = _candidates()
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        "Studio's own files are missing. Looked in: " + ", ".join(map(str, candidates))
    )


def _candidates() -> tuple[Path, ...]:
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        return (Path(bundle) / "studio" / "_resources", Path(bundle) / "resources")
    return (_PACKAGE / "_resources", _PACKAGE.parent / "resources")
