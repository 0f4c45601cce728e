"""StepEffect: what one repair changes: rows, histograms before and after, some of the cells."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from studio.core.design.previews import Cell
from studio.core.design.profile import BeforeAfter, ColumnChange, Spread
from studio.core.words import tr
from studio.ui.controls import label, put_away
from studio.ui.panels.column_words import count_of
from studio.ui.panels.facts import Facts
from studio.ui.panels.histogram import bar_rects, paint_bars
from studio.ui.panels.profile_words import spread_bars
from studio.ui.panels.table_model import shown as shown_cell
from studio.ui.theme import SPACE_1, SPACE_2, SPACE_3, Theme, font

MOST_COLUMNS, MOST_CELLS, MOST_VALUES = 3, 4, 4
PAIR_HEIGHT, CAPTION, FOOT = 84, 16, 16
LONGEST_CELL = 18
_NOTHING = 1


class StepEffect(QWidget):
    """Shown below the steps while one of them is open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("recipe.effect")
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, SPACE_1, 0, SPACE_1)
        self._rows.setSpacing(SPACE_2)
        self.words = label("", size="small", wraps=True)
        self._rows.addWidget(self.words)
        self._parts: list[QWidget] = []
        self.hide()

    def show_waiting(self) -> None:
        """The effect is being found."""
        self._clear()
        self.words.setText(tr("Looking at what it changes…"))
        self.show()

    def show_effect(self, effect: BeforeAfter) -> None:
        """What the step changes."""
        self._clear()
        self.words.setText(effect_words(effect))
        for change in effect.columns[:MOST_COLUMNS]:
            self._add_change(change)
        rest = len(effect.columns) - MOST_COLUMNS
        if rest > 0:
            self._add(label(tr("and {count} more columns", count=rest), size="small", tone="soft"))
        self.show()

    def show_trouble(self, words: str) -> None:
        """Why its effect cannot be shown; nothing at all for no words."""
        self._clear()
        self.words.setText(words)
        self.setVisible(bool(words))

    def _add_change(self, change: ColumnChange) -> None:
        self._add(label(change.name, size="small", is_strong=True))
        if change.before is not None and change.after is not None and change.before.bars:
            self._add(_Pair(change.before, change.after))
        facts = [*_value_facts(change), *_cell_facts(change)]
        if facts:
            made = Facts()
            made.show_facts(facts)
            self._add(made)

    def _add(self, part: QWidget) -> None:
        self._parts.append(part)
        self._rows.addWidget(part)

    def _clear(self) -> None:
        for part in self._parts:
            put_away(part)
        self._parts.clear()


class _Pair(QWidget):
    """Two histograms side by side, before and after, each with the ends of its range."""

    def __init__(self, before: Spread, after: Spread) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._bars = (spread_bars(before), spread_bars(after))
        self._font = font("smallest", is_tabular=True)
        self.setAccessibleName(tr("Before and after"))
        was, now = (tr("{low} to {high}", low=b.ends[0], high=b.ends[1]) for b in self._bars)
        self.setAccessibleDescription(tr("before: {was}; after: {now}", was=was, now=now))
        Theme.current().changed.connect(self.update)

    @override
    def sizeHint(self) -> QSize:
        return QSize(220, PAIR_HEIGHT)

    @override
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = Theme.current(), QPainter(self)
        painter.setFont(self._font)
        width = (self.width() - SPACE_3) / 2
        for place, (bars, title) in enumerate(
            zip(self._bars, (tr("before"), tr("after")), strict=True)
        ):
            left = place * (width + SPACE_3)
            area = QRectF(left, CAPTION, width, self.height() - CAPTION - FOOT)
            painter.fillRect(area, theme.color("sunken"))
            token = "accent" if place else "edge"
            paint_bars(painter, bar_rects(bars, area.adjusted(0, 2, 0, 0)), theme.color(token))
            painter.setPen(theme.color("text_soft"))
            painter.drawText(QRectF(left, 0, width, CAPTION), title)
            words = tr("{low} to {high}", low=bars.ends[0], high=bars.ends[1])
            painter.drawText(QRectF(left, area.bottom() + 1, width, FOOT), words)


def effect_words(effect: BeforeAfter) -> str:
    """The rows and the columns that change, in a sentence or two."""
    parts = []
    gone = effect.rows_before - effect.rows_after
    if gone:
        some = ", ".join(str(number) for number in effect.left_out[:MOST_CELLS])
        parts.append(
            tr(
                "{gone} of {rows} {rows|row|rows} {gone|is|are} left out, such as row {some}.",
                gone=count_of(gone),
                rows=count_of(effect.rows_before),
                some=some,
            )
            if some
            else tr(
                "{gone} of {rows} {rows|row|rows} {gone|is|are} left out.",
                gone=count_of(gone),
                rows=count_of(effect.rows_before),
            )
        )
    if effect.added:
        parts.append(tr("New columns: {names}.", names=", ".join(effect.added)))
    changed = sum(change.changed for change in effect.columns)
    if changed:
        parts.append(
            tr("{count} {count|value becomes|values become} others.", count=count_of(changed))
        )
    said = " ".join(parts) or tr("It changes nothing in these data.")
    if effect.sampled:
        rows = count_of(effect.sampled)
        said = tr(
            "{effect} Seen in {rows} {rows|row|rows} drawn at random.", effect=said, rows=rows
        )
    return said


def _value_facts(change: ColumnChange) -> list[tuple[str, str]]:
    facts = []
    if change.missing_before != change.missing_after:
        words = (count_of(change.missing_before), count_of(change.missing_after))
        facts.append((tr("Missing"), tr("{before} → {after}", before=words[0], after=words[1])))
    if not change.cells and change.frequent_after != change.frequent_before:
        before = dict(change.frequent_before)  # the most frequent: who is not in it was rarer
        known = [(name, count) for name, count in change.frequent_after if name in before]
        for name, count in known[:MOST_VALUES]:
            was, now = count_of(before[name]), count_of(count)
            facts.append((_short(name), tr("{before} → {after}", before=was, after=now)))
    return facts


def _cell_facts(change: ColumnChange) -> list[tuple[str, str]]:
    return [
        (
            tr("Row {number}", number=count_of(number)),
            tr("{before} → {after}", before=_short(before), after=_short(after)),
        )
        for number, (before, after) in zip(
            change.cell_rows[:MOST_CELLS], change.cells[:MOST_CELLS], strict=False
        )
    ]


def _short(cell: Cell) -> str:
    text = shown_cell(round(cell, 4) if isinstance(cell, float) else cell)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - _NOTHING] + "…"
