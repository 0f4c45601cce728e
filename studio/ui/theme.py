"""Theme: colours by meaning, sizes, type and motion. The only file that knows a colour."""

import json
import re
from collections.abc import Mapping
from typing import ClassVar, Literal

from PySide6.QtCore import QEasingCurve, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from studio import assets

ThemeChoice = Literal["system", "light", "dark"]
FontSize = Literal["smallest", "small", "body", "heading", "figure", "title"]

UNIT = 4
SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6 = 4, 8, 12, 16, 24
FIELD_HEIGHT = 32
ROW_HEIGHT = 28
RADIUS, CARD_RADIUS = 7, 9
HAIRLINE = 1
ICON_SIZE = 20
SMALL_ICON_SIZE = 16
RAIL_WIDTH = 88
TOP_BAR_HEIGHT = 52
STATUS_HEIGHT = 28
PALETTE_WIDTH = 216
INSPECTOR_WIDTH = 288
DISABLED_OPACITY = 0.45

FONT_PIXELS: Mapping[FontSize, int] = {
    "smallest": 11,
    "small": 12,
    "body": 13,
    "heading": 15,
    "figure": 20,
    "title": 26,
}
FAST_MS, NORMAL_MS = 120, 180
EASING = QEasingCurve.Type.OutCubic
FAMILIES = ("Inter", "WenQuanYi Micro Hei")
FONT_FILES = ("Inter-Regular.otf", "Inter-SemiBold.otf", "wqy-microhei.ttc")

_TOKEN = re.compile(r"@([a-z_]+)")


class Theme(QObject):
    """The look in use. Widgets ask it when they paint, and repaint on `changed`.

    Signals:
        changed(): colours are others.
    """

    changed = Signal()
    _current: ClassVar["Theme | None"] = None

    def __init__(self) -> None:
        super().__init__()
        self._choice: ThemeChoice = "system"
        self._name = ""
        self._colors: dict[str, QColor] = {}
        self._hex: dict[str, str] = {}
        self.has_motion = True
        self._use("light")

    @classmethod
    def current(cls) -> "Theme":
        """The one theme of the program."""
        if cls._current is None:
            cls._current = cls()
        return cls._current

    @property
    def name(self) -> str:
        """Light or dark, in lower case: which file of resources/themes."""
        return self._name

    @property
    def is_dark(self) -> bool:
        """True for the dark theme."""
        return self._name == "dark"

    def color(self, token: str) -> QColor:
        """The colour of a meaning: ``accent``, ``text_soft``, ``family.convolution``."""
        return QColor(self._colors[token])

    def color_name(self, token: str) -> str:
        """The same as ``#rrggbb``, for rich text and plots."""
        return self._hex[token]

    def choose(self, choice: ThemeChoice) -> None:
        """Shows light, dark, or what the system prefers (light where it says nothing)."""
        self._choice = choice
        self._use(_system_name() if choice == "system" else choice)

    def duration(self, milliseconds: int = NORMAL_MS) -> int:
        """How long a movement takes: nothing where the person wants no motion."""
        return milliseconds if self.has_motion else 0

    def dress(self, app: QApplication) -> None:
        """Fonts, palette and style sheet for the whole program, now and after each change."""
        load_fonts()
        app.setStyle("Fusion")
        app.setFont(font())
        self._paint(app)
        self.changed.connect(self._on_changed)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def _use(self, name: str) -> None:
        if name == self._name:
            return
        self._name = name
        self._hex = json.loads(assets.text("themes", f"{name}.json"))
        self._colors = {token: QColor(value) for token, value in self._hex.items()}
        self.changed.emit()

    def _on_changed(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._paint(app)

    def _on_system_changed(self) -> None:
        self.choose(self._choice)

    def _paint(self, app: QApplication) -> None:
        app.setPalette(_palette(self._colors))
        app.setStyleSheet(_TOKEN.sub(self._token, assets.text("themes", "studio.qss")))

    def _token(self, match: re.Match[str]) -> str:
        return self._hex.get(match[1], match[0])


def font(size: FontSize = "body", *, is_strong: bool = False, is_tabular: bool = False) -> QFont:
    """The program's typeface; `is_tabular` for figures that stand below each other."""
    made = QFont(list(FAMILIES))
    made.setPixelSize(FONT_PIXELS[size])
    made.setWeight(QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if is_tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def load_fonts() -> None:
    """Makes the carried typefaces known to Qt; once is enough."""
    if FAMILIES[0] in QFontDatabase.families():
        return
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(assets.path("fonts", name)))


def _system_name() -> str:
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"


def _palette(colors: Mapping[str, QColor]) -> QPalette:
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, colors[token])
    for role in (
        QPalette.ColorRole.Text,
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, colors["text_disabled"])
    return palette


_ROLES: Mapping[QPalette.ColorRole, str] = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "window",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "on_accent",
    QPalette.ColorRole.Highlight: "accent",
    QPalette.ColorRole.HighlightedText: "on_accent",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.PlaceholderText: "text_soft",
    QPalette.ColorRole.ToolTipBase: "text",
    QPalette.ColorRole.ToolTipText: "surface",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "line_strong",
    QPalette.ColorRole.Shadow: "shadow",
}
