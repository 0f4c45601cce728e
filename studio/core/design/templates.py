"""The choice of templates: which there are, which fits the data, and a project made of one."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from studio.core.design.aims import aims_of
from studio.core.design.dataset import DatasetSpec
from studio.core.design.features import InputKind
from studio.core.design.fixes import apply_fix
from studio.core.design.named_templates import NAMED, TEXTBOOK
from studio.core.design.project import Project
from studio.core.design.question_templates import QUESTIONS
from studio.core.design.template import FAMILIES as FAMILIES
from studio.core.design.template import Template as Template
from studio.core.problems import Fix, Place, refuse
from studio.core.words import tr

LARGEST_DENSE_SIDE = 32
TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {template.key: template for template in (*QUESTIONS, *TEXTBOOK, *NAMED)}
)
_INPUT_WORDS: Mapping[InputKind, str] = MappingProxyType(
    {
        "table": "values of a row",
        "image": "a picture",
        "sound": "a sound",
        "text": "a text",
        "series": "a window of a series",
        "video": "a clip",
    }
)
_TARGET_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "classes": "one column of categories",
        "numbers": "columns of numbers",
        "sequences": "a column of texts",
        "masks": "a column of masks",
        "images": "the pictures themselves",
    }
)


def template_for(dataset: DatasetSpec) -> str:
    """The key of the template that fits the data; StudioError where none does."""
    task = dataset.task()
    if dataset.summary is None or task is None:
        raise refuse(
            tr("The data have no target that can be learnt."),
            tr("Choose a column of numbers or of categories as target."),
            place=Place("field", "target"),
            code="no-target",
        )
    usual = "classify-rows" if task == "classes" else "predict-number"
    inputs = dataset.model_inputs()
    if len(inputs) > 1:
        are_alike = {(one.kind, one.shape) for one in inputs} == {("image", inputs[0].shape)}
        is_pair = are_alike and len(inputs) == len(TEMPLATES["same-or-different"].takes or ())
        return "same-or-different" if is_pair and task == "classes" else usual
    if dataset.kind == "images" and task == "classes":
        is_small = max(dataset.summary.sample_shape[1:]) <= LARGEST_DENSE_SIDE
        return "classify-images" if is_small else "recognize-images"
    if dataset.kind == "table" and task == "numbers" and not is_rebuilt(dataset):
        is_rating = any(feature.kind == "identifier" for feature in dataset.features())
        return "recommend" if is_rating else usual
    purpose = dataset.series.purpose if dataset.series else None
    return next(
        (
            one.key
            for one in QUESTIONS
            if (one.kind, one.task, one.purpose) == (dataset.kind, task, purpose)
            and one.rebuilds == is_rebuilt(dataset)
        ),
        usual,
    )


def is_rebuilt(dataset: DatasetSpec) -> bool:
    """True where the model is to give again what it takes."""
    targets = dataset.targets()
    return bool(targets) and all(column.role == "both" for column in targets)


def project_from_template(key: str, dataset: DatasetSpec) -> Project:
    """A project of these data with the template's network and settings."""
    template = TEMPLATES.get(key)
    if template is None:
        raise refuse(
            tr("There is no template called {key}.", key=key),
            tr("Choose one of: {keys}.", keys=", ".join(TEMPLATES)),
            code="unknown-template",
        )
    dataset = _prepared(template, dataset)
    _check_fit(template, dataset)
    return _answering_all(Project(dataset, template.draw(dataset), template.training))


def fits(template: Template, dataset: DatasetSpec) -> bool:
    """True where a template can be drawn for the data as they are."""
    dataset = _prepared(template, dataset)
    return not dataset.is_empty and _takes(template, dataset) and _answers(template, dataset)


def _answering_all(project: Project) -> Project:
    """With an Output for every further target of the data."""
    answered = {aim.output.name for aim in aims_of(project.graph, project.dataset)}
    for one in project.dataset.model_outputs():
        if one.name not in answered and len(one.shape) == 1:
            project = apply_fix(project, Fix("add_output", "", {"target": one.name}))
    return project


def _prepared(template: Template, dataset: DatasetSpec) -> DatasetSpec:
    """The series used for what the template does, where it can be, and the data as it asks."""
    if template.prepare is not None:
        dataset = template.prepare(dataset)
    if template.purpose is None or dataset.series is None:
        return dataset
    return replace(dataset, series=replace(dataset.series, purpose=template.purpose))


def _takes(template: Template, dataset: DatasetSpec) -> bool:
    if template.takes is None:
        return True
    kinds = sorted(one.kind for one in dataset.model_inputs())
    return dataset.kind == template.kind and kinds == sorted(template.takes)


def _answers(template: Template, dataset: DatasetSpec) -> bool:
    is_same = template.takes is None or template.rebuilds == is_rebuilt(dataset)
    return dataset.task() == template.task and is_same


def _check_fit(template: Template, dataset: DatasetSpec) -> None:
    if not _takes(template, dataset):
        raise refuse(
            tr(
                "The template {title} is for another kind of data. It takes: {wanted}.",
                title=tr(template.title),
                wanted=", ".join(tr(_INPUT_WORDS[kind]) for kind in template.takes or ()),
            ),
            tr("Leave the template out: the one that fits is taken."),
            code="template-does-not-fit",
        )
    if not _answers(template, dataset):
        names = ", ".join(column.name for column in dataset.targets()) or tr("none")
        raise refuse(
            tr(
                "The template {title} expects {wanted} as target; the target is: {names}.",
                title=tr(template.title),
                wanted=_target_words(template),
                names=names,
            ),
            tr("Choose another target, or leave the template out."),
            place=Place("field", "target"),
            code="template-does-not-fit",
        )


def _target_words(template: Template) -> str:
    words = tr(_TARGET_WORDS[template.task])
    if not template.rebuilds:
        return words
    return tr("{wanted}, which are input and target at once,", wanted=words)
