"""Drawn: the steps of code become a graph, with a Problem for each that is not known.

What is not known leaves its place open, and what comes after it is drawn all the same, as far
as it was seen which sizes come out there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from studio.core.catalogue.custom import EXPRESSION
from studio.core.catalogue.ends import INPUT, OUTPUT
from studio.core.catalogue.entry import Signal
from studio.core.design.arrange import arranged
from studio.core.design.graph import Node
from studio.core.params import Value
from studio.core.problems import Problem
from studio.core.words import tr
from studio.export.reading.attending import TOLD_OF_PADDING
from studio.export.reading.cutting import Cuts, cuts_of, is_cutting
from studio.export.reading.layers import Found, Setting, layer_for, signal_of
from studio.export.reading.operations import layers_of
from studio.export.reading.recurrent import Recurrent, joined, part_of, recurrent
from studio.export.reading.sheet import UNKNOWN, Got, Sheet
from studio.export.reading.steps import Step, Taken, Unknown, Walk, Wanted, names_in

KEPT = "as it was"  # the kind of a step whose node is known: it takes None at an open port
_GIVING_TWO = ("MultiheadAttention", "_with_indices")  # the second of which no layer gives
_JOINING = ("cat", "concat", "concatenate")


@dataclass(frozen=True, slots=True)
class Padding:
    """A mask that says where numbers of words are none: it stands for those numbers."""

    tokens: Got


Given: TypeAlias = Got | Recurrent | Cuts | Padding | tuple[object, ...]
# Says whether a layer that was found does what the step did; by its values, where it was seen.
Check: TypeAlias = Callable[[Step, Found, Wanted, Setting], bool]


@dataclass(frozen=True, slots=True)
class Known:
    """What was drawn before: for each input its Input, for each step its node, and the Outputs."""

    inputs: Mapping[str, Node] = field(default_factory=dict)
    steps: Mapping[str, Node] = field(default_factory=dict)
    ends: Sequence[Node] = ()


def drawn(
    walk: Walk,
    signals: Mapping[str, Signal],
    *,
    check: Check = lambda *_: True,
    known: Known | None = None,
) -> Sheet:
    """The graph of a walk; `signals` are those of its inputs, as far as they are known.

    `known` holds what stood there before: nodes that are the same keep their ids and names.
    """
    known = known or Known()
    first = _Walker(signals, check, known, {})
    first.go(walk)
    if all(len(forms) < 2 for forms in first.forms.values()):  # noqa: PLR2004 - all and the last
        return first.sheet
    again = _Walker(signals, check, known, first.forms)
    again.go(walk)
    return again.sheet


class _Walker:
    """Goes along the steps once."""

    def __init__(
        self,
        signals: Mapping[str, Signal],
        check: Check,
        known: Known,
        forms: Mapping[str, set[str]],
    ) -> None:
        self.sheet = Sheet()
        self.forms: dict[str, set[str]] = {}
        self._signals, self._check, self._known = signals, check, known
        self._known_forms = forms
        self._got: dict[str, Given] = {}
        self._made: dict[tuple[str, str], Got] = {}

    def go(self, walk: Walk) -> None:
        for name in walk.inputs:
            self._got[name] = Got(self._input(name), self._signals.get(name))
        for step in walk.steps:
            self._take(step)
        for place, name in enumerate(walk.outputs):
            self._end(name, place)
        if not walk.outputs:
            words, hint = tr("The network gives nothing back."), tr("End its forward with return.")
            self.sheet.problems.append(Problem(words, hint, code=UNKNOWN))
        graph = self.sheet.graph
        self.sheet.graph = replace(graph, positions=arranged(graph))

    def _input(self, name: str) -> str:
        return self.sheet.put(self._known.inputs.get(name), INPUT.key, name)

    def _end(self, name: str, place: int) -> None:
        ends = self._known.ends
        added = self.sheet.put(ends[place] if place < len(ends) else None, OUTPUT.key)
        try:
            self.sheet.wire(added, [self._place_of(name)])
        except Unknown as reason:
            self._tell(Step(name, name, words=name), str(reason))

    def _take(self, step: Step) -> None:
        try:
            found = self._virtual(step)
            self._got[step.name] = self._drawn(step) if found is None else found
            self.sheet.known += 1
        except Unknown as reason:
            self._got[step.name] = Got(None, _seen(step), self._tell(step, str(reason)))

    def _tell(self, step: Step, reason: str) -> int:
        """What hangs on the unknown, and is unknown too, is one open place with it."""
        taken = [self._got.get(name) for name in names_in(step.takes)]
        missing = [one.missing for one in taken if isinstance(one, Got)]
        before = next((number for number in missing if number is not None), None)
        return self.sheet.tell(step, reason, before)

    def _virtual(self, step: Step) -> Given | None:
        """What takes something out of a tuple, which is no layer of its own."""
        found = recurrent(step)
        if found is not None:
            return found
        whole = self._whole(step.takes[0]) if step.takes else None
        if step.kind == "getitem" and isinstance(whole, Cuts) and isinstance(step.takes[1], int):
            return self._drawn(whole.part(step, step.takes[1]))
        if step.kind in ("getitem", "select", "squeeze") and isinstance(whole, tuple | Recurrent):
            index = _index_of(step)
            if isinstance(whole, Recurrent):
                return part_of(whole, index)
            part = whole[index] if isinstance(index, int) else None
            return part if isinstance(part, Got | tuple) else None
        if step.kind in _JOINING and step.takes and isinstance(step.takes[0], list | tuple):
            return joined([self._whole(one) for one in step.takes[0]])
        if step.kind == "eq" and isinstance(whole, Got) and 0 in step.takes[1:]:
            return Padding(whole) if whole.signal and whole.signal.categories else None
        if is_cutting(step) and isinstance(whole, Got) and whole.signal is not None:
            return cuts_of(step, whole.signal.shape)
        return None

    def _whole(self, value: object) -> object:
        return self._got.get(value.name) if isinstance(value, Taken) else None

    def _drawn(self, step: Step) -> Got | tuple[object, ...]:
        """Places the layers that a step stands for; the last one gives what it gives."""
        self._settle(step.takes)
        if step.kind == KEPT:
            return self._as_it_was(step, self._known.steps[step.name])
        shapes = {
            name: got.signal.shape
            for name, got in self._got.items()
            if isinstance(got, Got) and got.signal is not None
        }
        chain = layers_of(step, shapes)
        if not chain:
            return self._place_of(_first_taken(step))
        before, got = self.sheet.graph, None
        try:
            for number, wanted in enumerate(chain):
                sources = [
                    got if name == "" else self._source(name, wanted) for name in wanted.sources
                ]
                is_last = number == len(chain) - 1
                got = self._placed(step, wanted, sources, is_last=is_last, is_alone=len(chain) == 1)
        except Unknown:
            self.sheet.graph = before
            raise
        assert got is not None, "a chain that is not empty ends with a layer"
        return (got, None) if step.kind.endswith(_GIVING_TWO) else got

    def _as_it_was(self, step: Step, node: Node) -> Got:
        """The node of before, with what goes into it now."""
        sources = [
            self._place_of(one.name) if isinstance(one, Taken) else None for one in step.takes
        ]
        added = self.sheet.put(node, node.layer)
        self.sheet.wire(added, sources)
        self.sheet.nodes.setdefault(step.name, []).append(added)
        try:
            said = signal_of(node.layer, node.params, _setting(sources))
        except Unknown:
            said = None
        return Got(added, said)

    def _settle(self, values: Iterable[object]) -> None:
        """What was taken of a recurrent layer becomes a node once something is made of it."""
        for value in values:
            if isinstance(value, list | tuple):
                self._settle(value)
            elif isinstance(value, Taken) and isinstance(self._got.get(value.name), Recurrent):
                self._got[value.name] = self._place_of(value.name)

    def _source(self, name: str | None, wanted: Wanted) -> Got | None:
        if name is None:
            return None
        got = self._got.get(name)
        if isinstance(got, Padding) and wanted.kind in TOLD_OF_PADDING:
            return got.tokens
        return self._place_of(name)

    def _place_of(self, name: str) -> Got:
        got = self._got.get(name)
        if isinstance(got, Got):
            return got
        if isinstance(got, Recurrent):
            return self._of_recurrent(got)
        if isinstance(got, Padding):
            raise Unknown(tr("It takes a mask as numbers."))
        raise Unknown(tr("It takes several things at once."))

    def _of_recurrent(self, got: Recurrent) -> Got:
        name, form = got.step.name, got.form
        wanted = got.wanted()
        self.forms.setdefault(name, set()).add(form)
        if (name, form) not in self._made:
            both = len(self._known_forms.get(name, ())) > 1
            if form == "last" and both and not got.is_both_ways:
                made = self._last_of(got)
            else:
                sources = [self._source(one, wanted) for one in wanted.sources]
                made = self._placed(got.step, wanted, sources, is_last=True, is_alone=True)
            self._made[name, form] = made
        return self._made[name, form]

    def _last_of(self, got: Recurrent) -> Got:
        """The last of all steps, where all of them are wanted too."""
        steps = self._of_recurrent(replace(got, form="sequence"))
        assert steps.signal is not None
        count = steps.signal.shape[0]
        cut = {"axis": 1, "start": count - 1, "stop": count, "step": 1}
        last = Wanted("Slice", cut, ("",), rather={"start": -1})
        made = self._joined_on(got.step, last, steps)
        return self._joined_on(got.step, Wanted("Squeeze", {"axis": 1}, ("",)), made)

    def _joined_on(self, step: Step, wanted: Wanted, got: Got) -> Got:
        return self._placed(step, wanted, [got], is_last=False, is_alone=False)

    def _placed(
        self,
        step: Step,
        wanted: Wanted,
        sources: list[Got | None],
        *,
        is_last: bool,
        is_alone: bool,
    ) -> Got:
        was = self._known.steps.get(step.name) if is_last else None
        place = _setting(sources)
        found = self._found(step, wanted, place, was)
        if is_alone and not self._check(step, found, wanted, place):
            raise Unknown(tr("What comes closest gives other numbers."))
        if is_last and step.gives is not None and found.signal.shape != step.gives:
            raise Unknown(tr("What comes closest gives other sizes."))
        added = self.sheet.added(step, found, was, names_it=is_alone)
        if is_alone:
            self.sheet.share(step, added)
        self.sheet.wire(added, sources)
        self.sheet.nodes.setdefault(step.name, []).append(added)
        return Got(added, found.signal)

    def _found(self, step: Step, wanted: Wanted, place: Setting, was: Node | None) -> Found:
        if wanted.text:
            return _formula(wanted.text, place)
        refusal: Problem | None = None
        first, before = ("", {}) if was is None else (was.layer, was.params)
        for one in _ways(wanted, place.inputs):
            found = layer_for(one, place, first, before)
            if isinstance(found, Found):
                return found
            refusal = refusal or found
        if refusal is not None and refusal.message:
            raise Unknown(refusal.message.strip())
        raise Unknown(tr("{name} with these settings is no layer here.", name=step.kind))


def _seen(step: Step) -> Signal | None:
    return Signal(step.gives) if step.gives else None


def _first_taken(step: Step) -> str:
    found = next((one.name for one in step.takes if isinstance(one, Taken)), None)
    if found is None:
        raise Unknown(tr("It takes something that is not worked out from the input."))
    return found


def _index_of(step: Step) -> object:
    """Which part is taken: of x[1], of the exported select(x, 0, 1), of squeeze(x, 0)."""
    if step.kind == "getitem":
        return step.takes[1]
    axis = step.takes[1] if len(step.takes) > 1 else step.settings.get("dim", 0)
    if step.kind == "squeeze":
        return 0 if axis == 0 else None
    index = step.takes[2]
    return index if axis == 0 else (slice(None), index) if axis == 1 else None


def _setting(sources: list[Got | None]) -> Setting:
    """What comes in, and at which ports; Unknown where that cannot be said of one of them."""
    given = {port: one.signal for port, one in enumerate(sources) if one is not None}
    inputs = tuple(signal for signal in given.values() if signal is not None)
    if len(inputs) != len(given):
        raise Unknown(tr("What goes into it is not known."))
    ports = tuple(given)
    return Setting(inputs, () if ports == tuple(range(len(ports))) else ports)


def _formula(text: str, place: Setting) -> Found:
    if any(signal.categories for signal in place.inputs):
        raise Unknown(tr("A Formula takes numbers, and no numbers of words or categories."))
    values: dict[str, Value] = {EXPRESSION.params[0].key: text}
    shape = EXPRESSION.shape(place.call(values))
    if isinstance(shape, Problem):
        raise Unknown(shape.message)
    return Found(EXPRESSION.key, values, Signal(shape))


def _ways(wanted: Wanted, inputs: tuple[Signal, ...]) -> Iterable[Wanted]:
    """The same with axes counted from the other end; torch knows both."""
    yield wanted
    rank = len(inputs[0].shape) + 1
    for key in ("dim", "axis", "start_dim", "end_dim"):
        value = wanted.settings.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            other = value + rank if value < 0 else value - rank
            yield replace(wanted, settings={**wanted.settings, key: other})
