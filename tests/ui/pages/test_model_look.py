"""Data inside the layers: pictures on the cards follow sample, edits, switch and runs."""

import pytest
from PySide6.QtCore import QSizeF

from studio import jobs
from studio.core.design import edits
from studio.core.run.glimpse import Glimpse, Glimpses, Plane
from studio.ui.canvas import glimpse_layer
from studio.ui.context import Context
from studio.ui.glimpse_painting import pixmap_of
from studio.ui.pages.model_look import Look
from studio.ui.pages.model_stage import CanvasStage
from studio.ui.panels.glimpse_view import GlimpseView

GLIMPSES = [
    Glimpse("picture", (1, 2, 2), (Plane(2, 2, bytes((0, 90, 180, 255))),), high=1.0, mean=0.5),
    Glimpse("picture", (3, 1, 2), (Plane(1, 2, bytes((255, 0, 0, 0, 0, 255))),)),
    Glimpse("maps", (5, 2, 2), tuple(Plane(2, 2, bytes((0, 9, 200, 255))) for _ in range(5))),
    Glimpse("heat", (2, 3), (Plane(2, 3, bytes(range(6))),)),
    Glimpse("curve", (4, 2), lines=((0.0, 1.0, -1.0), (1.0, 1.0, 1.0))),
    Glimpse("bars", (3,), lines=((1.0, -2.0, 0.0),)),
    Glimpse("bars", (1,), lines=((3.14,),)),
    Glimpse("words", (3,), words=("a", "small", "text")),
    Glimpse("classes", (2,), lines=((0.9, 0.1),), words=("good", "scratched")),
]


@pytest.fixture
def stage(studio: Context, qtbot) -> CanvasStage:
    studio.settings.set_value("look", True)
    studio.document.open_project(jobs.new_project("classify-images"), None)
    made = CanvasStage(studio)
    qtbot.addWidget(made)
    made.resize(900, 600)
    return made


@pytest.fixture
def seen(stage: CanvasStage, qtbot) -> CanvasStage:
    with qtbot.waitSignal(stage.look.changed, timeout=60_000):
        stage.show()
    return stage


def heights(stage: CanvasStage) -> dict[str, float]:
    items = stage.canvas.picture.node_items
    return {node_id: item.card.height() for node_id, item in items.items()}


def found(stage: CanvasStage) -> Glimpses:
    assert stage.look.found is not None
    return stage.look.found


def test_cards_grow_by_a_picture_once_somebody_sees_them(stage: CanvasStage, qtbot) -> None:
    before = heights(stage)
    assert stage.look.found is None
    with qtbot.waitSignal(stage.look.changed, timeout=60_000):
        stage.show()
    assert set(found(stage).nodes) == set(before)
    assert all(now > before[node_id] for node_id, now in heights(stage).items())
    assert stage.look_control.words.text() == f"Row {found(stage).row} · not trained"


def test_the_next_sample_and_any_other(seen: CanvasStage, qtbot) -> None:
    first = found(seen)
    with qtbot.waitSignal(seen.look.changed, timeout=60_000):
        seen.look_control.next.click()
    assert found(seen).place == 1
    assert found(seen).nodes["input_1"] != first.nodes["input_1"]
    with qtbot.waitSignal(seen.look.changed, timeout=60_000):
        seen.look_control.previous.click()
    assert found(seen).nodes == first.nodes
    with qtbot.waitSignal(seen.look.changed, timeout=60_000):
        seen.look_control.any.click()
    assert found(seen).place != 0


def test_pictures_follow_edits_and_undo(seen: CanvasStage, studio: Context, qtbot) -> None:
    first = found(seen).nodes
    with qtbot.waitSignal(seen.look.changed, timeout=60_000):
        studio.document.apply_to_graph(
            lambda graph: edits.set_param(graph, "linear_1", "out_features", 7), "Narrow"
        )
    assert found(seen).nodes["relu_1"].shape == (7,)
    with qtbot.waitSignal(seen.look.changed, timeout=60_000):
        studio.document.undo_stack.undo()
    assert found(seen).nodes == first


def test_moving_a_card_asks_for_nothing(seen: CanvasStage, studio: Context, qtbot) -> None:
    with qtbot.assertNotEmitted(seen.look.changed, wait=400):
        studio.document.apply_to_graph(lambda graph: edits.move(graph, {"relu_1": (0, 0)}), "Move")


def test_switched_off_the_cards_are_as_small_as_before(seen: CanvasStage, studio: Context) -> None:
    grown = heights(seen)
    seen.look_control.eye.click()
    assert studio.settings.value("look") is False
    assert seen.look.found is None
    assert all(now < grown[node_id] for node_id, now in heights(seen).items())
    assert seen.look_control.next.isHidden()
    assert not seen.look_control.eye.isHidden()


def test_what_is_laid_out_with_pictures_does_not_overlap(
    seen: CanvasStage, studio: Context
) -> None:
    seen.canvas.arrange()
    seen.canvas.picture.stop_moving()
    cards = [item.card.translated(item.pos()) for item in seen.canvas.picture.node_items.values()]
    for place, card in enumerate(cards):
        assert not any(card.intersects(other) for other in cards[place + 1 :])


@pytest.mark.parametrize("apart", [60.0, 100.0, 120.0])
def test_on_a_layout_made_by_hand_no_card_comes_to_lie_on_another(
    seen: CanvasStage, studio: Context, apart: float
) -> None:
    """Four in a column, as close as a person put them; they stay there."""
    order = studio.document.project.graph.order()
    places = {i: (200.0 * (n // 4), apart * (n % 4)) for n, i in enumerate(order)}
    studio.document.apply_to_graph(lambda graph: edits.move(graph, places), "Move")
    items = seen.canvas.picture.node_items
    seen.canvas.picture.stop_moving()
    assert {i: (item.x(), item.y()) for i, item in items.items()} == places
    cards = [item.card.translated(item.pos()) for item in items.values()]
    assert not [1 for one in cards for other in cards if one is not other and one.intersects(other)]
    has_pictures = any(item.picture_height for item in items.values())
    assert has_pictures  # the last of each column has room in any case
    seen.canvas.arrange()
    seen.canvas.picture.stop_moving()
    assert {item.picture_height for item in items.values()} == {edits.PICTURE_HEIGHT}


def test_the_room_for_pictures_is_sought_only_where_something_moved(
    seen: CanvasStage, studio: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    search = glimpse_layer.strips_of
    monkeypatch.setattr(glimpse_layer, "strips_of", lambda *one: asked.append(one) or search(*one))
    first = next(iter(studio.document.project.graph.nodes))
    studio.document.apply_to_graph(lambda graph: edits.rename(graph, first, "Front"), "Rename")
    assert not asked
    studio.document.apply_to_graph(lambda graph: edits.move(graph, {first: (0.0, -400.0)}), "Move")
    assert len(asked) == 1


def test_without_data_there_is_nothing_to_look_at(studio: Context, qtbot) -> None:
    look = Look(studio)
    look.show(True)
    assert not look.can_look
    assert look.found is None


@pytest.mark.parametrize("glimpse", GLIMPSES, ids=lambda one: one.kind)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_kind_is_painted(dressed, glimpse: Glimpse, scheme: str) -> None:
    dressed.choose(scheme)
    image = pixmap_of(glimpse, QSizeF(116, 44)).toImage()
    colors = {image.pixel(x, y) for x in range(0, 232, 3) for y in range(0, 88, 3)}
    assert len(colors) > 2


LONG = ("the", "mixer", "does", "exactly", "what", "it", "should", ".") * 4


@pytest.mark.parametrize("words", [("short",), LONG[:8], LONG, ("w" * 300,)])
def test_a_text_on_a_card_is_not_cut_at_its_top(dressed, words: tuple[str, ...]) -> None:
    """Above and below the words some of the ground is seen, however long they are."""
    image = pixmap_of(Glimpse("words", (len(words),), words=words), QSizeF(116.0, 44.0)).toImage()
    ground = image.pixel(10, 3)
    for line in (*range(3, 7), *range(image.height() - 6, image.height() - 3)):
        assert {image.pixel(x, line) for x in range(10, image.width() - 10)} == {ground}
    rows = range(image.height())
    assert {image.pixel(x, y) for y in rows for x in range(10, image.width() - 10)} != {ground}


def test_the_selected_layer_is_shown_large_with_its_figures(dressed, qtbot) -> None:
    view = GlimpseView()
    qtbot.addWidget(view)
    view.show_glimpse(GLIMPSES[0])
    assert not view.isHidden()
    assert view.drawing.accessibleName() == "Values from 0.000 to 1.000"
    view.show_glimpse(GLIMPSES[-1])
    assert view.drawing.accessibleName() == "good 90 %, scratched 10 %"
    view.show_glimpse(None)
    assert view.isHidden()
