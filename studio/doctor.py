"""What a person reports when something does not work: versions, devices, what is missing here."""

import platform
import shutil
import sys
from importlib import metadata
from pathlib import Path

from studio import __version__, machine
from studio.core.run.results import DeviceInfo

PACKAGES = (
    "torch",
    "PySide6-Essentials",
    "pyqtgraph",
    "numpy",
    "pandas",
    "pyarrow",
    "openpyxl",
    "SQLAlchemy",
    "soundfile",
    "av",
    "tokenizers",
    "pillow",
    "scikit-learn",
    "torchmetrics",
    "safetensors",
    "platformdirs",
    "psutil",
    "rich",
)


def facts(devices: tuple[DeviceInfo, ...]) -> dict[str, object]:
    """The facts as plain values, the same for a person and for `--json`."""
    import psutil

    missing = machine.missing(machine.libraries_for_window())
    return {
        "studio": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor_cores": psutil.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "memory_free_gb": round(psutil.virtual_memory().available / 2**30, 1),
        "disk_free_gb": round(shutil.disk_usage(Path.home()).free / 2**30, 1),
        "packages": {name: _version(name) for name in PACKAGES},
        "devices": {
            device.key: device.title if device.is_available else device.reason for device in devices
        },
        "has_screen": machine.has_screen(),
        "missing_libraries": [library.soname for library in missing],
        "how_to_install": machine.advice(missing) if missing else "",
        "program": sys.prefix,
    }


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"
