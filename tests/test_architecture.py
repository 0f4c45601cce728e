"""The house of CONTRIBUTING.md as tests: who may import whom, how long things grow, which doors."""

import pytest

from studio.core.catalogue import LAYERS
from tests import fences
from tests.fences import Module, Room

MODULES = fences.modules_of_studio()

CORE = "studio.core"
WORDS = "studio.core.words"
PROBLEMS = "studio.core.problems"
BACKBONE = "studio.core.backbone"
GROUND = "studio.core.*"  # the files of core/ itself
CATALOGUE = "studio.core.catalogue"
DESIGN = "studio.core.design"
ARRAYS = "studio.data.arrays"
# The files of ui/ itself; main_window and app stand above them and are taken out below.
UI_ROOT = "studio.ui.*"
UI_SERVICES = (CORE, "studio.jobs", "studio.look", "studio.assets")
PLOTS = frozenset({"PySide6", "pyqtgraph", "numpy"})
QT = frozenset({"PySide6", "shiboken6"})

TABLE = {
    "studio.__main__": Room(
        late=("studio.cli", "studio.ui.app", "studio.machine", "studio.core.words")
    ),
    "studio": Room(),
    "studio.assets": Room(),
    "studio.machine": Room(),
    "studio.core": Room((GROUND,)),
    "studio.core.words": Room(),
    "studio.core.problems": Room((WORDS,)),
    "studio.core.shapes": Room((WORDS, PROBLEMS)),
    "studio.core.params": Room((WORDS, PROBLEMS, BACKBONE)),
    "studio.core.backbone": Room(),
    "studio.core.catalogue": Room((GROUND,)),
    "studio.core.design": Room((GROUND, CATALOGUE)),
    "studio.core.run": Room((GROUND, CATALOGUE, DESIGN)),
    "studio.data": Room(
        (CORE,),
        frozenset(
            {"numpy", "pandas", "pyarrow", "openpyxl", "sqlalchemy", "PIL", "soundfile"}
            | {"av", "tokenizers", "sklearn", "psutil"}
        ),
    ),
    "studio.data.arrays": Room((CORE,), frozenset({"numpy"})),
    "studio.engine": Room(
        (CORE, ARRAYS),
        frozenset({"torch", "numpy", "sklearn", "safetensors", "psutil", "sacrebleu"}),
        late=("torchmetrics", "transformers", "huggingface_hub"),
    ),
    "studio.export": Room(
        (CORE, ARRAYS, "studio.engine"),
        frozenset({"torch", "numpy"}),
        late=("onnx", "onnxruntime", "safetensors"),
    ),
    # Programs that leave the house and know nothing of it.
    "studio.export.handed": Room(
        (), frozenset({"numpy"}), late=("torch", "onnxruntime", "PIL", "soundfile", "tokenizers")
    ),
    "studio.export.handed.serve": Room(("predict",)),
    "studio.jobs": Room(
        (CORE, "studio.data_jobs", "studio.code_jobs"),
        late=("studio.data", "studio.engine", "studio.export", "studio.doctor"),
    ),
    "studio.data_jobs": Room((CORE,), late=("studio.data", "studio.engine")),
    "studio.look": Room((CORE,), late=("studio.data", "studio.engine", "studio.data_jobs")),
    "studio.code_jobs": Room((CORE,), late=("studio.export",)),
    "studio.code_commands": Room((CORE, "studio.jobs", "studio.terminal")),
    "studio.cli": Room(
        (
            CORE,
            "studio.arguments",
            "studio.code_commands",
            "studio.jobs",
            "studio.machine",
            "studio.terminal",
            "studio.terminal_data",
            "studio.progress",
        )
    ),
    "studio.arguments": Room(("studio", CORE)),
    "studio.doctor": Room((CORE, "studio.machine"), late=("psutil",)),
    "studio.terminal": Room((CORE, "studio.text_table")),
    "studio.terminal_data": Room((CORE, "studio.terminal")),
    "studio.text_table": Room(()),
    "studio.progress": Room((CORE, "studio.terminal"), late=("rich",)),
    "studio.ui": Room((*UI_SERVICES, UI_ROOT), QT | {"platformdirs"}),
    "studio.ui.canvas": Room((CORE, UI_ROOT), QT),
    "studio.ui.panels": Room((CORE, UI_ROOT), QT),
    "studio.ui.panels.curves": Room((CORE, UI_ROOT), PLOTS),
    "studio.ui.panels.plots": Room((CORE, UI_ROOT), PLOTS),
    "studio.ui.dialogs": Room((CORE, UI_ROOT), QT),
    "studio.ui.pages": Room(
        (*UI_SERVICES, UI_ROOT, "studio.ui.canvas", "studio.ui.panels", "studio.ui.dialogs"), QT
    ),
    "studio.ui.main_window": Room((*UI_SERVICES, "studio.ui"), QT),
    "studio.ui.app": Room((*UI_SERVICES, "studio.ui", "studio.machine"), QT | {"platformdirs"}),
}
# Nobody in ui/ may reach up to these; only app may reach for the window.
TOP_OF_UI = {"studio.ui.main_window": {"studio.ui.app"}, "studio.ui.app": set()}

CATCHES_ALL = ("studio.jobs", "studio.ui.background", "studio.ui.crash", "studio.ui.run_thread")
# The process apart in which somebody's own code runs, which may raise anything.
CATCHES_ALL += ("studio.export.reading.child", "studio.export.reading.finding")
CALLERS = {
    # Once, and looking again; and a few steps of which nothing is kept.
    "backward": ("studio.engine.trainer", "studio.engine.stepping", "studio.engine.preflight"),
    "processEvents": (),
    "setNumThreads": (),
}
WRITERS = (
    "studio.core.design.storage",
    # What the two sides of a proof hand to each other, in a folder that is thrown away.
    "studio.export.fresh",
    "studio.export.proof",
    "studio.export.reading.modest",  # one word to the system itself
    "studio.export.handed",  # programs of their own, without the house's doors
)
COLOURS = ("studio.ui.theme",)
NAMES_LAYERS = (
    "studio.core.catalogue",
    "studio.core.design.templates",
    "studio.core.design.template_networks",
    "studio.core.design.picture_networks",
    "studio.core.design.ready_blocks",
    "studio.core.design.sequence_networks",
    # The functions that a formula may hold: they are named as in mathematics.
    "studio.core.expression",
    "studio.engine.expression",
    "studio.export.formula_source",
    # What torch calls its functions, and the arguments of its layers.
    "studio.export.reading",
)
# Keys that are also words with other meanings, what torch calls the bends inside its own
# recurrent and transformer layers, and the two ends that every network has.
EVERYDAY = {"input", "output", "linear", "bilinear", "add", "multiply", "embedding", "pad"}
EVERYDAY |= {"mean", "distance", "tanh", "relu", "gelu"}


def _named(module):
    return fences.named_layers(module, set(LAYERS) - EVERYDAY, NAMES_LAYERS)


IMPORTS = "imports as the table allows"
DOCSTRINGS = "public things have a docstring"
CATCHING = "few places catch everything"
WRITING = "files are written whole"
RULES = {
    IMPORTS: lambda m: fences.forbidden_imports(m, TABLE, MODULES),
    "imports are absolute": fences.relative_imports,
    "files and functions stay short": fences.too_long,
    "names say something": fences.vague_name,
    DOCSTRINGS: fences.missing_docstrings,
    CATCHING: lambda m: fences.broad_excepts(m, CATCHES_ALL),
    "some methods have one caller": lambda m: fences.calls_outside(m, CALLERS),
    WRITING: lambda m: fences.plain_writes(m, WRITERS),
    "the theme alone names colours": lambda m: fences.named_colours(m, COLOURS),
    "the catalogue alone names layers": _named,
}


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_house_keeps_its_rules(rule):
    said = fences.complaints(MODULES.values(), RULES[rule])
    assert not said, f"\n{said}"


def test_no_module_imports_itself_in_a_circle():
    assert fences.circle_of(MODULES) == []


def test_nobody_reaches_up_to_the_window():
    reaching = [
        f"{module.name}:{found.line} imports {found.target}"
        for module in MODULES.values()
        for found in fences.imports_of(module, MODULES)
        if found.target in TOP_OF_UI
        and module.name not in {found.target, "studio.__main__"} | TOP_OF_UI[found.target]
    ]
    assert reaching == []


# Each rule must be able to fail: a fence without a test is a drawing of a fence.

BROKEN = [
    ("studio.core.problems", "import torch", IMPORTS),
    (
        "studio.core.shapes",
        "from studio.core.catalogue import LAYERS",
        IMPORTS,
    ),
    (
        "studio.core.catalogue.linear",
        "import studio.core.design.graph",
        IMPORTS,
    ),
    ("studio.core.design.graph", "def f():\n import pandas", IMPORTS),
    ("studio.data.tables", "import studio.engine.build", IMPORTS),
    ("studio.data.arrays", "import pandas", IMPORTS),
    ("studio.engine.build", "from studio.data import tables", IMPORTS),
    ("studio.jobs", "import studio.engine.trainer", IMPORTS),
    ("studio.jobs", "import studio.ui.theme", IMPORTS),
    ("studio.cli", "import rich", IMPORTS),
    ("studio.cli", "def f():\n import studio.data.tables", IMPORTS),
    ("studio.ui.document", "import torch", IMPORTS),
    ("studio.ui.document", "import studio.ui.panels.log", IMPORTS),
    ("studio.ui.canvas.scene", "import studio.ui.panels.log", IMPORTS),
    ("studio.ui.canvas.scene", "import pyqtgraph", IMPORTS),
    ("studio.ui.panels.log", "import studio.jobs", IMPORTS),
    ("studio.ui.panels.log", "import studio.ui.pages.data", IMPORTS),
    ("studio.ui.panels.log", "import studio.engine.trainer", IMPORTS),
    (
        "studio.ui.panels.log",
        "if TYPE_CHECKING:\n import torch",
        IMPORTS,
    ),
    ("elsewhere", "import os", IMPORTS),
    ("studio.core.params", "from . import words", "imports are absolute"),
    ("studio.core.params", "x = 1\n" * 401, "files and functions stay short"),
    ("studio.core.params", "def f():\n" + " x = 1\n" * 60, "files and functions stay short"),
    ("studio.core.utils", "", "names say something"),
    ("studio.core.params", "x = 1", DOCSTRINGS),
    ("studio.core.params", "'''Doc.'''\ndef f(): ...", DOCSTRINGS),
    (
        "studio.core.params",
        "'''Doc.'''\nclass _A:\n def f(self): ...\nclass B: ...",
        DOCSTRINGS,
    ),
    ("studio.data.tables", "try: f()\nexcept Exception: ...", CATCHING),
    (
        "studio.data.tables",
        "try: f()\nexcept (OSError, Exception): ...",
        CATCHING,
    ),
    ("studio.data.tables", "try: f()\nexcept: ...", CATCHING),
    ("studio.engine.build", "loss.backward()", "some methods have one caller"),
    ("studio.ui.document", "app.processEvents()", "some methods have one caller"),
    ("studio.ui.document", "path.write_text('x')", WRITING),
    ("studio.ui.document", "open('x', mode='wb')", WRITING),
    ("studio.ui.document", "path.open('a')", WRITING),
    ("studio.ui.document", "x = 'color: #FF00aa;'", "the theme alone names colours"),
]


@pytest.mark.parametrize(("name", "source", "rule"), BROKEN)
def test_a_broken_rule_is_found(name, source, rule):
    assert list(RULES[rule](Module.made_of(name, source)))


def test_a_layer_named_elsewhere_is_found():
    module = Module.made_of("studio.ui.document", "if key == 'conv2d': ...")
    assert list(fences.named_layers(module, {"conv2d"}, NAMES_LAYERS))
    assert not list(fences.named_layers(module, {"conv2d"}, ["studio.ui.document"]))


@pytest.mark.parametrize(
    ("name", "source", "rule"),
    [
        ("studio.jobs", "def f():\n import studio.engine.trainer", IMPORTS),
        ("studio.progress", "def f():\n import rich.progress", IMPORTS),
        ("studio.ui.document", "from studio.ui import commands", IMPORTS),
        ("studio.ui.panels.curves", "import pyqtgraph", IMPORTS),
        ("studio.core.params", "'''Doc.'''\ndef _f(): ...", DOCSTRINGS),
        ("studio.data.tables", "try: f()\nexcept OSError: ...", CATCHING),
        ("studio.data.tables", "open('w')", WRITING),
        ("studio.ui.document", "'''Not #FF00AA.'''", "the theme alone names colours"),
    ],
)
def test_what_is_allowed_is_not_found(name, source, rule):
    assert not list(RULES[rule](Module.made_of(name, source)))


def test_a_circle_is_found():
    ring = {
        "studio.a": "from studio.b import thing",
        "studio.b": "import studio.c",
        "studio.c": "from studio import a",
    }
    modules = {name: Module.made_of(name, source) for name, source in ring.items()}
    assert set(fences.circle_of(modules)) == set(ring)


def test_a_late_import_makes_no_circle():
    modules = {
        "studio.a": Module.made_of("studio.a", "import studio.b"),
        "studio.b": Module.made_of("studio.b", "def f():\n    import studio.a"),
    }
    assert fences.circle_of(modules) == []
