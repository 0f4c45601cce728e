"""Offers at the start what an earlier process left behind, and tells of broken preferences."""

import time
from collections.abc import Callable

from studio.core.words import tr
from studio.ui.context import Context
from studio.ui.navigation import Answer
from studio.ui.recovery import Leftover, throw_away

MOST_OFFERED = 2


def offer_leftovers(context: Context) -> None:
    """One notice for each, the newest last and so nearest to the page."""
    if context.settings.trouble:
        context.navigation.say(context.settings.trouble, "attention", key="preferences")
    for leftover in reversed(context.files.leftovers()[:MOST_OFFERED]):
        _offer(context, leftover)


def _offer(context: Context, leftover: Leftover) -> None:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(leftover.kept))
    context.navigation.say(
        tr(
            "Studio ended without saving {name}. A copy of {when} is there.",
            name=leftover.name,
            when=when,
        ),
        "attention",
        (
            Answer(tr("Recover"), _recovering(context, leftover), is_default=True),
            Answer(tr("Throw away"), lambda: throw_away(leftover)),
            Answer(tr("Later"), _later),
        ),
        key=f"leftover {leftover.folder.name}",
    )


def _recovering(context: Context, leftover: Leftover) -> Callable[[], object]:
    def recover() -> None:
        if context.files.recover(leftover):
            context.navigation.go_to("model")

    return lambda: context.opening.when_free(recover)


def _later() -> None:
    """It is offered again at the next start."""
