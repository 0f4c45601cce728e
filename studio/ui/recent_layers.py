"""RecentLayers: which layers the person placed lately, kept between starts."""

from studio.core.catalogue import LAYERS
from studio.ui.settings import Settings

KEPT = "layers.recent"
MOST = 8


class RecentLayers:
    """Keys of layers, the newest first. Without settings it remembers until the window closes."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings
        kept = settings.window_text(KEPT).split() if settings is not None else []
        self._keys = tuple(key for key in kept if key in LAYERS)[:MOST]

    @property
    def keys(self) -> tuple[str, ...]:
        """The layers placed last."""
        return self._keys

    def use(self, key: str) -> None:
        """A layer was placed."""
        self._keys = (key, *(other for other in self._keys if other != key))[:MOST]
        if self._settings is not None:
            self._settings.set_window_text(KEPT, " ".join(self._keys))
