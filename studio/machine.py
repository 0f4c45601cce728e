"""What this machine has: memory, a screen that answers and the libraries that a window needs.

Needs the standard library alone and no package of the program, because it is asked before
anything is installed. What torch can use is known to ``engine/devices.py``.
"""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterable
from typing import NamedTuple


class Library(NamedTuple):
    """A shared library, and the Debian package that brings it."""

    soname: str
    package: str


# Found one at a time on a machine with nothing graphical on it.
OFFSCREEN = (
    Library("libglib-2.0.so.0", "libglib2.0-0"),
    Library("libgthread-2.0.so.0", "libglib2.0-0"),
    Library("libGL.so.1", "libgl1"),
    Library("libEGL.so.1", "libegl1"),
    Library("libX11.so.6", "libx11-6"),
    Library("libxkbcommon.so.0", "libxkbcommon0"),
    Library("libdbus-1.so.3", "libdbus-1-3"),
    Library("libfontconfig.so.1", "libfontconfig1"),
    Library("libfreetype.so.6", "libfreetype6"),
)
# Qt names libxcb-cursor whichever of these is missing.
X11 = (
    Library("libX11-xcb.so.1", "libx11-xcb1"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4"),
    Library("libxcb-image.so.0", "libxcb-image0"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Library("libxcb-randr.so.0", "libxcb-randr0"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0"),
    Library("libxcb-shape.so.0", "libxcb-shape0"),
    Library("libxcb-shm.so.0", "libxcb-shm0"),
    Library("libxcb-sync.so.1", "libxcb-sync1"),
    Library("libxcb-util.so.1", "libxcb-util1"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
)
WAYLAND = (
    Library("libwayland-client.so.0", "libwayland-client0"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0"),
)


def missing(libraries: Iterable[Library]) -> tuple[Library, ...]:
    """Those of the libraries that this machine cannot load, found out by loading them."""
    return tuple(library for library in libraries if not _loads(library.soname))


def libraries_for_window() -> tuple[Library, ...]:
    """The libraries that Qt loads for a window on the screen that this session has."""
    if not sys.platform.startswith("linux"):
        return ()
    if os.environ.get("QT_QPA_PLATFORM"):
        return OFFSCREEN
    if os.environ.get("WAYLAND_DISPLAY") and not os.environ.get("DISPLAY"):
        return OFFSCREEN + WAYLAND
    return OFFSCREEN + X11


def has_screen() -> bool:
    """Whether a window can be shown: Qt ends the whole process where it cannot."""
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("QT_QPA_PLATFORM") or os.environ.get("WAYLAND_DISPLAY"):
        return True
    return bool(os.environ.get("DISPLAY")) and _x_server_answers()


def packages_of(libraries: Iterable[Library]) -> tuple[str, ...]:
    """The Debian packages that bring the libraries, each once."""
    return tuple(dict.fromkeys(library.package for library in libraries))


def install_command(packages: Iterable[str]) -> str:
    """The line that a person copies into a terminal to install the packages."""
    return "sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def advice(libraries: Iterable[Library]) -> str:
    """How to get the libraries on this machine, in one sentence."""
    wanted = tuple(libraries)
    if shutil.which("apt-get"):
        return "Install them with: " + install_command(packages_of(wanted))
    names = ", ".join(library.soname for library in wanted)
    return f"Install the packages of your system that hold {names}."


def memory() -> int:
    """How many bytes of memory this machine has; 0 where it does not say."""
    if sys.platform == "win32":
        return _memory_of_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):  # the name is not known there
        return 0


def _memory_of_windows() -> int:
    kilobytes = ctypes.c_ulonglong(0)
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there on Windows alone
    found = kernel.GetPhysicallyInstalledSystemMemory(ctypes.byref(kilobytes))
    return kilobytes.value * 1024 if found else 0


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _x_server_answers() -> bool:
    """Asks the X server itself: DISPLAY often outlives it, as after a lost remote session."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # not known before the libraries are there
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = xcb.xcb_connection_has_error(connection) != 0
    xcb.xcb_disconnect(connection)
    return not refused
