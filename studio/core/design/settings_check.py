"""Import settings that a person wrote down must be among those that the data have."""

from collections.abc import Iterable

from studio.core.catalogue.reading_files import READING_FILES
from studio.core.catalogue.reading_tables import READING
from studio.core.design.dataset import DatasetSpec
from studio.core.params import Param, Values, checked
from studio.core.problems import Place, Problem
from studio.core.words import tr

_FREE = ("delimiter", "encoding")  # any is read, also such as no menu offers


def settings_problems(spec: DatasetSpec, given: Values) -> tuple[Problem, ...]:
    """What is wrong with `given`, with which `spec` was opened; none where nothing is known."""
    known = {param.key: param for param in _params(spec)}
    if not known:
        return ()
    wanted = {
        key: _as_written(known.get(key), value)
        for key, value in given.items()
        if key not in _FREE and (key in known or key not in spec.settings)
    }
    asked = tuple(known[key] for key in wanted if key in known)
    return checked(asked, wanted, Place("field", "settings"), tr("the import settings"))[1]


def _params(spec: DatasetSpec) -> Iterable[Param]:
    if spec.source in ("table", "tables"):
        return READING.get(str(spec.settings.get("format")), ())
    kinds = [column.kind for column in spec.columns if column.kind in READING_FILES]
    return READING_FILES[kinds[0]] if spec.source == "files" and kinds else ()


def _as_written(param: Param | None, value: object) -> object:
    """Texts and choices as text: ``missing=-999`` means the text."""
    is_text = param is not None and param.kind in ("text", "choice")
    return str(value) if is_text and not isinstance(value, bool) else value
