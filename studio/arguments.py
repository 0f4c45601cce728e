"""What the command line understands: commands, options and the words that explain them."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from studio import __version__
from studio.core.catalogue.formats import BATCH, FORMATS, OPSET
from studio.core.params import Value
from studio.core.words import tr

Command: TypeAlias = Callable[[argparse.Namespace], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse has no public name
_WHICH_RUN = tr("which run; the best finished one if unsaid")


def parser_of(functions: Mapping[str, Command], readings: Sequence[str]) -> argparse.ArgumentParser:
    """The parser; `functions` are called by the name of their command."""
    parser = argparse.ArgumentParser(
        prog="studio",
        description=tr("Build, train and ship neural networks without code."),
        epilog=tr("Without a command the window opens: studio [PATH ...]"),
    )
    parser.add_argument("--version", action="version", version=f"studio {__version__}")
    commands = parser.add_subparsers(dest="name", required=True, metavar="COMMAND")
    _add_looking(commands, functions, readings)
    _add_training(commands, functions)
    _add_using(commands, functions)
    _command(commands, functions, "doctor", tr("versions, devices, and what is missing here"))
    return parser


def _add_looking(
    commands: Commands, functions: Mapping[str, Command], readings: Sequence[str]
) -> None:
    look = _command(commands, functions, "look", tr("what the program reads in a file or folder"))
    look.add_argument("data", metavar="DATA")
    _reading(look, readings)
    look.add_argument(
        "--rows", type=_count, default=5, metavar="N", help=tr("how many rows to show; 5 if unsaid")
    )

    new = _command(
        commands, functions, "new", tr("writes a project that is ready to train"), has_json=False
    )
    new.add_argument("--template", metavar="KEY", help=tr("one of: studio templates"))
    new.add_argument(
        "--data",
        metavar="PATH",
        help=tr("a table, a folder or zip of pictures, sounds or clips, the address of a database"),
    )
    _reading(new, readings)
    new.add_argument(
        "--target",
        metavar="COLUMN",
        action="append",
        help=tr("the column to tell; again for each further one"),
    )
    new.add_argument(
        "--rebuild",
        metavar="COLUMN",
        action="append",
        help=tr("a column that is input and target: it is given again; again for each further one"),
    )
    new.add_argument("--force", action="store_true", help=tr("replace an existing file"))
    _output(new, "FILE.studio")

    _add_code(commands, functions)
    _command(commands, functions, "templates", tr("the templates that can be chosen"))
    _command(commands, functions, "layers", tr("the catalogue of layers"))


def _add_code(commands: Commands, functions: Mapping[str, Command]) -> None:
    code = _command(
        commands, functions, "code", tr("the network of a project as plain PyTorch"), has_json=False
    )
    _project(code)
    code.add_argument("-o", "--output", metavar="MODEL.py", help=tr("a file; printed if unsaid"))
    code.add_argument("--force", action="store_true", help=tr("replace an existing file"))

    given = _command(commands, functions, "import", tr("a project of the network in some code"))
    given.add_argument(
        "file", metavar="FILE", help=tr("a Python file, or a program of torch.export (.pt2)")
    )
    given.add_argument("--data", metavar="PATH", help=tr("the data that the network is for"))
    given.add_argument("--target", metavar="COLUMN", action="append", help=tr("the column to tell"))
    given.add_argument("--network", metavar="NAME", default="", help=tr("which one, of several"))
    given.add_argument(
        "--trust",
        action="store_true",
        help=tr("run a file that Studio did not write; it can do all that you can do"),
    )
    given.add_argument("--force", action="store_true", help=tr("replace an existing file"))
    _output(given, "FILE.studio")


def _add_training(commands: Commands, functions: Mapping[str, Command]) -> None:
    _project(_command(commands, functions, "check", tr("every problem, shape and count")))

    train = _command(commands, functions, "train", tr("one run"))
    _project(train)
    train.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "mps"), help=tr("where to compute")
    )
    train.add_argument("--epochs", type=_count, metavar="N", help=tr("passes over the data"))
    train.add_argument(
        "--seed", type=_seed, metavar="N", help=tr("the same seed gives the same run")
    )
    train.add_argument(
        "--folds",
        type=_count,
        metavar="K",
        help=tr("cross-validation: a run for each of K folds, and the mean of their figures"),
    )
    train.add_argument(
        "--resume",
        nargs="?",
        const="",
        metavar="RUN",
        help=tr("goes on with a run; the last one where none is named"),
    )

    _project(_command(commands, functions, "runs", tr("past runs with their figures")))


def _add_using(commands: Commands, functions: Mapping[str, Command]) -> None:
    evaluate = _command(commands, functions, "evaluate", tr("the figures of a trained model"))
    _project(evaluate)
    evaluate.add_argument("--run", metavar="RUN", help=_WHICH_RUN)
    evaluate.add_argument(
        "--part",
        choices=("test", "validation", "training"),
        default="test",
        help=tr("which part of the project's own data; test if unsaid"),
    )
    evaluate.add_argument("--data", metavar="PATH", help=tr("other data, all rows of them"))

    predict = _command(
        commands, functions, "predict", tr("one answer for each row"), has_json=False
    )
    predict.add_argument("source", metavar="SOURCE", help=tr("a project, or an exported bundle"))
    predict.add_argument("--data", required=True, metavar="PATH", help=tr("the rows to answer"))
    predict.add_argument("--run", metavar="RUN", help=_WHICH_RUN)
    _output(predict, "OUT.csv")

    export = _command(commands, functions, "export", tr("a model that needs no Studio"))
    _project(export)
    export.add_argument("--format", choices=tuple(FORMATS), default="torchscript")
    export.add_argument("--run", metavar="RUN", help=_WHICH_RUN)
    of_onnx = {param.key: param for param in FORMATS["onnx"].params}
    for key in (OPSET, BATCH):
        export.add_argument(f"--{key}", type=int, metavar="N", help=tr(of_onnx[key].help))
    _output(export, "PATH")


def _command(
    commands: Commands,
    functions: Mapping[str, Command],
    name: str,
    words: str,
    *,
    has_json: bool = True,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(command=functions[name])
    if has_json:
        parser.add_argument("--json", action="store_true", help=tr("JSON, one object a line"))
    return parser


def _project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", metavar="FILE.studio")


def _reading(parser: argparse.ArgumentParser, readings: Sequence[str]) -> None:
    parser.add_argument(
        "--as",
        dest="read_as",
        choices=tuple(readings),
        help=tr("read the rows of a table as plain rows, or as a time series"),
    )
    parser.add_argument("--query", metavar="SQL", help=tr("what to ask a database for"))
    parser.add_argument(
        "--set",
        action="append",
        type=_setting,
        metavar="KEY=VALUE",
        help=tr("an import setting, such as sheet=Data or header=false; see: studio look"),
    )


def _setting(text: str) -> tuple[str, Value]:
    key, mark, value = text.partition("=")
    if not mark or not key:
        raise argparse.ArgumentTypeError(tr("expected KEY=VALUE"))
    if value.lower() in ("true", "false"):
        return key, value.lower() == "true"
    whole = _whole(value)
    return key, value if whole is None else whole


def _output(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("-o", "--output", required=True, metavar=name)


def _count(text: str) -> int:
    value = _whole(text)
    if value is None or value < 1:
        raise argparse.ArgumentTypeError(tr("expected a whole number of 1 or more"))
    return value


def _seed(text: str) -> int:
    value = _whole(text)
    if value is None or not 0 <= value < 2**31:
        raise argparse.ArgumentTypeError(tr("expected a whole number from 0 to 2147483647"))
    return value


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
