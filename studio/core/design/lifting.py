"""Problems of the network that is trained, told of the nodes that are drawn."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from studio.core.design.blocks import contents
from studio.core.design.effective import Effective
from studio.core.design.ends_check import LEFT_OUT
from studio.core.design.graph import Graph
from studio.core.problems import Fix, Place, Problem
from studio.core.words import tr

CANNOT_REPEAT = "cannot-repeat"


def lifted(problems: Iterable[Problem], network: Effective) -> tuple[Problem, ...]:
    """The same Problems at drawn nodes.

    What is wrong with the first repetition is not said again of the others; what is wrong
    with a later one alone is said with its number, and once.
    """
    said: set[tuple[str, str]] = set()
    found: list[Problem] = []
    given = sorted(problems, key=lambda p: network.origin(p.place.key).repetition)
    for problem in given:
        if problem.place.kind == "node":
            origin = network.origin(problem.place.key)
            if origin.repetition > 1 and (origin.node, problem.code) in said:
                continue
            said.add((origin.node, problem.code))
        found.append(lifted_problem(problem, network))
    return tuple(found)


def without_muted(
    problems: Iterable[Problem], drawn: Graph, network: Effective
) -> tuple[Problem, ...]:
    """Less what is only said of nodes because all that they feed is muted: that is meant so."""
    feeding = drawn.ancestors(network.muted)
    return tuple(p for p in problems if p.code != LEFT_OUT or p.place.key not in feeding)


def lifted_problem(problem: Problem, network: Effective) -> Problem:
    """The same Problem at the node that is drawn; one of a later copy says of which."""
    fix = problem.fix if problem.fix and not _is_of_copies(problem.fix, network) else None
    if problem.place.kind != "node" or problem.place.key not in network.copies:
        return problem if fix is problem.fix else replace(problem, fix=fix)
    origin = network.origin(problem.place.key)
    message = tr(
        "In repetition {number}: {message}", number=origin.repetition, message=problem.message
    )
    return replace(problem, message=message, place=Place("node", origin.node), fix=fix)


def hindered_problems(drawn: Graph, network: Effective) -> Iterator[Problem]:
    """One Problem for each block that should be repeated and cannot be."""
    for block_id, why in network.hindered.items():
        yield Problem(
            why,
            tr("Change what is in the block, or repeat it once."),
            place=Place("node", contents(drawn, block_id)[0]),
            code=CANNOT_REPEAT,
        )


def _is_of_copies(fix: Fix, network: Effective) -> bool:
    """True where an edit would be made at a node that is not drawn."""
    return any(isinstance(v, str) and v in network.copies for v in fix.arguments.values())
