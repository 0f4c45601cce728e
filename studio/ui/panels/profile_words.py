"""What a profile of a column says, as names and figures."""

from collections.abc import Iterator

from studio.core.design.profile import QUANTILES, ColumnProfile, Spread
from studio.core.words import tr
from studio.ui.panels.column_words import count_of, figure, share_of
from studio.ui.panels.histogram import Bars
from studio.ui.time_scale import moment_words

_LEAST, _FIFTH, _QUARTER, _HALF, _THREE_QUARTERS, _NEARLY_ALL, _MOST = range(len(QUANTILES))
RARE_SHOWN, LONGEST_NAME = 6, 14

Fact = tuple[str, str]


def profile_facts(profile: ColumnProfile) -> list[Fact]:
    """Quantiles, outliers, how it goes with the target; what only the whole column can say."""
    facts: list[Fact] = []
    for spread in profile.spreads:
        facts += _spread_facts(spread, profile, is_only=len(profile.spreads) == 1)
    for relation in profile.relations:
        value = f"{relation.value:.3f}"
        facts.append((tr("Goes with {target}", target=_short(relation.target)), value))
        if relation.rank is not None:
            facts.append((tr("… by rank"), f"{relation.rank:.3f}"))
    if profile.once:
        facts.append((tr("Occur once"), count_of(profile.once)))
    if profile.broken:
        facts.append((tr("Could not be read"), count_of(profile.broken)))
    return facts


def profile_remark(profile: ColumnProfile) -> str:
    """From how many rows the figures are, rare tokens, and by which measure a relation is told."""
    parts = []
    if profile.rare:
        parts.append(tr("Rare: {words}.", words=", ".join(profile.rare[:RARE_SHOWN])))
    measures = dict.fromkeys(relation.label for relation in profile.relations)
    if measures:
        words = "; ".join(measures)
        parts.append(tr("Goes with the target by: {measure}.", measure=words))
    if profile.sampled:
        parts.append(
            tr(
                "From {sampled} of {rows} {rows|row|rows}.",
                sampled=count_of(profile.sampled),
                rows=count_of(profile.rows),
            )
        )
    return " ".join(parts)


def spread_bars(spread: Spread) -> Bars:
    """The histogram of a spread."""
    show = moment_words if spread.trait == "time" else figure
    labels = tuple(
        tr("{low} to {high}", low=show(low), high=show(high))
        for low, high in zip(spread.edges, spread.edges[1:], strict=False)
    )
    ends = (show(spread.edges[0]), show(spread.edges[-1])) if spread.edges else ("", "")
    return Bars(spread.bars, labels, is_touching=True, ends=ends)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _spread_facts(spread: Spread, profile: ColumnProfile, *, is_only: bool) -> Iterator[Fact]:
    show = moment_words if spread.trait == "time" else figure
    if not is_only and spread.quantiles:
        yield (
            spread.label,
            tr(
                "{low} … {middle} … {high}",
                low=show(spread.quantiles[_LEAST]),
                middle=show(spread.quantiles[_HALF]),
                high=show(spread.quantiles[_MOST]),
            ),
        )
        return
    if spread.quantiles:
        q = spread.quantiles
        yield tr("Median"), show(q[_HALF])
        yield (
            tr("Middle half"),
            tr("{low} to {high}", low=show(q[_QUARTER]), high=show(q[_THREE_QUARTERS])),
        )
        yield (
            tr("9 of 10"),
            tr("{low} to {high}", low=show(q[_FIFTH]), high=show(q[_NEARLY_ALL])),
        )
    if spread.limits is not None:
        known = max(1, (profile.sampled or profile.rows) - profile.missing)
        yield (
            tr("Outliers"),
            tr(
                "{count}  ({share})",
                count=count_of(spread.outliers),
                share=share_of(spread.outliers, known),
            )
            if spread.outliers
            else tr("none"),
        )
