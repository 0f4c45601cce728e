"""Import settings as Params: how the bytes of each source of data are read.

Those of tables and of files stand in the catalogue.
"""

from studio.core.catalogue.reading_files import READING_FILES
from studio.core.catalogue.reading_tables import READING
from studio.core.design.dataset import DatasetSpec
from studio.core.params import Param, Value, Values, choice

_IDX = (
    Param(
        "labels",
        "Names of the classes",
        "text",
        "",
        "One for each number in the files, in their order, with commas between them. "
        "Empty keeps the numbers.",
    ),
)


def import_params(dataset: DatasetSpec, tables: tuple[str, ...] = ()) -> tuple[Param, ...]:
    """The params of the source that reads the dataset; `tables` are the sheets of its file."""
    match dataset.source:
        case "table" | "sql":
            params = READING.get(str(dataset.settings.get("format", "text")), ())
            return tuple(_with_names(param, dataset, tables) for param in params)
        case "files":
            return READING_FILES.get(_kind_of(dataset), ())
        case "idx":
            return _IDX
    return ()


def _with_names(param: Param, dataset: DatasetSpec, tables: tuple[str, ...]) -> Param:
    """Sheets and tables are chosen by their names where the file told them."""
    if param.key not in ("sheet", "table") or not tables:
        return param
    in_use = str(dataset.settings.get(param.key, ""))
    names = tables if in_use in tables else (in_use, *tables)
    choices = {name: name for name in names}
    return choice(param.key, param.label, in_use, choices, help=param.help)


def shown_settings(dataset: DatasetSpec) -> dict[str, Value]:
    """The settings in use as their fields show them; of files also what was found."""
    if dataset.source != "files":
        return dict(dataset.settings)
    shape = dataset.summary.sample_shape[-3:] if dataset.summary else ()
    found = dict(zip(("channels", "height", "width"), shape, strict=False))
    in_use = {**found, **dataset.settings, "kind": _kind_of(dataset)}
    return {key: str(value) if key == "channels" else value for key, value in in_use.items()}


def _kind_of(dataset: DatasetSpec) -> str:
    """What was taken of the files."""
    kind = dataset.summary.kind if dataset.summary else "table"
    return {"images": "image", "sound": "sound", "video": "video"}.get(kind, "")


def with_setting(settings: Values, key: str, value: Value) -> dict[str, Value]:
    """The settings with one changed, in the type that the source reads."""
    kept = int(str(value)) if key == "channels" else value
    return {**settings, key: kept}
