"""Where the program keeps what is its own on this machine: preferences and recovery files."""

import os
from pathlib import Path

import platformdirs

NAME = "Studio"


def preferences_folder() -> Path:
    """The folder of the preferences; it need not exist."""
    own = _own_home()
    return own if own else Path(platformdirs.user_config_dir(NAME, appauthor=False))


def recovery_folder() -> Path:
    """The folder of recovery files and of the runs of unsaved projects; it need not exist."""
    own = _own_home()
    data = own if own else Path(platformdirs.user_data_dir(NAME, appauthor=False))
    return data / "recovery"


def _own_home() -> Path | None:
    """One folder for everything, where the person (or a test) asks for it."""
    given = os.environ.get("STUDIO_HOME")
    return Path(given) if given else None
