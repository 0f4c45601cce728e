"""What the ends of a network say on their cards."""

from dataclasses import replace

from studio import jobs
from studio.core.design.inputs import inputs_of
from studio.ui.canvas.end_words import end_words


def test_an_identifier_says_how_many_are_known_and_not_its_name_twice():
    project = jobs.new_project("recommend")
    words = end_words(project.graph, project.dataset)
    said = [words[node.id] for node in inputs_of(project.graph)]
    assert len(said) == 2
    assert all(one.endswith(" known") for one in said)


def test_nothing_is_said_without_data():
    project = jobs.new_project("recommend")
    assert not end_words(project.graph, replace(project.dataset, summary=None))
