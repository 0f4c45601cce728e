"""Writing: an answer token by token, each chosen with those before it in view.

A network with an Input that takes what was written so far is trained on the right tokens, each
one place later (teacher forcing: Williams and Zipser 1989). When it answers, it takes its own.
"""

import operator

import torch
from torch import Tensor, fx, nn
from typing_extensions import override

from studio.engine.objectives import PADDING

START, END = 2, 3
SHORTNESS = 0.6  # how beams of unlike length are made comparable (Wu et al. 2016)
NEVER = -1e9


def shifted(targets: Tensor) -> Tensor:
    """Tokens [N, T] one place later, behind the token that begins every text."""
    begun = torch.full_like(targets[:, :1], START)
    return torch.cat([begun, targets[:, :-1]], dim=1)


class Writer(nn.Module):
    """Prepared inputs to the probabilities [N, T, V] of each token, written one after another.

    `network` takes `written` inputs of the answer so far last. What does not depend on them is
    worked out once. With one beam the likeliest token follows each time (greedy); with more,
    so many beginnings are kept at once and the likeliest text wins: it is told for certain,
    with 1 for each of its tokens. After the end come padding tokens.

    Where it `is_prompted`, the last of the inputs are beginnings [N, P] that are given, padded
    at the front; the text goes on from there, and a row of padding alone begins with nothing.
    With `stops_early` it stops when all rows have ended, which only some formats can carry.
    """

    def __init__(
        self,
        network: fx.GraphModule,
        written: int,
        length: int,
        *,
        beams: int = 1,
        is_prompted: bool = False,
    ) -> None:
        super().__init__()
        self.reader, self.speaker, self.voice = split(network, written)
        self.written = written
        self.length = length
        self.beams = beams
        self.is_prompted = is_prompted
        self.stops_early = True
        # TorchScript knows no names of the file that a class stands in.
        self.padding, self.start, self.end = PADDING, START, END
        self.never, self.shortness = NEVER, SHORTNESS

    @override
    def forward(self, inputs: list[Tensor]) -> Tensor:
        if self.is_prompted:
            given = self._left_aligned(inputs[-1])
            kept: list[Tensor] = self.reader(inputs[:-1])
        else:
            rows = inputs[0].shape[0]
            given = torch.zeros([rows, self.length], dtype=torch.int64, device=inputs[0].device)
            kept = self.reader(inputs)
        if self.beams > 1:
            return self._searched(kept, given)
        return self._greedy(kept, given)

    def _left_aligned(self, prompts: Tensor) -> Tensor:
        """Beginnings padded at the end instead of at the front, [N, length]."""
        known = (prompts != self.padding).to(torch.int64).sum(dim=1, keepdim=True)
        places = torch.arange(self.length, device=prompts.device).unsqueeze(0)
        sources = (places + prompts.shape[1] - known).clamp(0, prompts.shape[1] - 1)
        found = prompts.gather(1, sources)
        return torch.where(places < known, found, torch.zeros_like(found))

    def _greedy(self, kept: list[Tensor], given: Tensor) -> Tensor:
        chosen = torch.zeros_like(given)
        is_done = chosen[:, 0] > 0
        places = torch.arange(self.length, device=given.device)
        found: list[Tensor] = []
        for step in range(self.length):
            likely = self._likely(kept, chosen, step, given[:, step], is_done)
            token = likely.argmax(dim=-1)
            chosen = torch.where(places == step, token.unsqueeze(1), chosen)
            is_done = is_done | (token == self.end)
            found.append(likely.exp())
            if self.stops_early and bool(is_done.all()):
                break
        nothing = torch.zeros_like(found[0])
        nothing[:, self.padding] = 1.0
        for _ in range(self.length - len(found)):
            found.append(nothing)
        return torch.stack(found, dim=1)

    def _searched(self, kept: list[Tensor], given: Tensor) -> Tensor:
        rows, beams = given.shape[0], self.beams
        wide: list[Tensor] = []
        for one in kept:
            wide.append(one.repeat_interleave(beams, dim=0))
        given = given.repeat_interleave(beams, dim=0)
        chosen, size = torch.zeros_like(given), 1
        places = torch.arange(self.length, device=given.device)
        first = torch.arange(rows, device=given.device).unsqueeze(1) * beams
        numbers = torch.arange(beams, device=given.device).unsqueeze(0)
        # At first all beams of a row are alike: only one of them may go on.
        totals = torch.where(first + numbers == first, 0.0, self.never)
        is_done = totals > 0.0
        for step in range(self.length):
            likely = self._likely(wide, chosen, step, given[:, step], is_done.reshape(-1))
            size = likely.shape[-1]
            sums = totals.unsqueeze(-1) + likely.reshape(rows, beams, size)
            totals, picks = sums.reshape(rows, beams * size).topk(beams, dim=1)
            parents = torch.div(picks, size, rounding_mode="floor")
            token = picks - parents * size
            chosen = chosen.index_select(0, (first + parents).reshape(-1))
            chosen = torch.where(places == step, token.reshape(-1, 1), chosen)
            is_done = is_done.gather(1, parents) | (token == self.end)
            if self.stops_early and bool(is_done.all()):
                break
        texts = chosen.reshape(rows, beams, self.length)
        lengths = (texts != self.padding).to(torch.float32).sum(dim=-1).clamp(min=1.0)
        best = (totals / lengths.pow(self.shortness)).argmax(dim=1)
        winner = texts[torch.arange(rows, device=given.device), best]
        return torch.nn.functional.one_hot(winner, size).to(totals.dtype)

    def _likely(
        self, kept: list[Tensor], chosen: Tensor, step: int, given: Tensor, is_done: Tensor
    ) -> Tensor:
        """The logarithm of how likely each token [N, V] is at a step, after those chosen.

        A given one is certain, and after the end comes padding.
        """
        begun = torch.cat([torch.full_like(chosen[:, :1], self.start), chosen[:, :-1]], dim=1)
        scores: Tensor = self.voice(self.speaker(kept, begun)[:, step])
        numbers = torch.arange(scores.shape[-1], device=scores.device).unsqueeze(0)
        forced = torch.where(is_done, torch.full_like(given, self.padding), given).unsqueeze(1)
        is_forced = (is_done | (given != self.padding)).unsqueeze(1)
        is_free = (numbers != self.padding) & (numbers != self.start)
        # Not by where(), which ONNX Runtime does not know for yes and no.
        allowed = (is_forced & (numbers == forced)) | (~is_forced & is_free)
        return torch.log_softmax(
            torch.where(allowed, scores, torch.full_like(scores, self.never)), -1
        )


def split(
    network: fx.GraphModule, written: int
) -> tuple[fx.GraphModule, fx.GraphModule, nn.Sequential]:
    """The network in three: what the answer so far does not touch, what it does, the last steps.

    The first takes the list of the other inputs and gives a list of tensors, whose first axis
    are the rows; the second takes that list and the answer so far. The third are the layers at
    the end that look at each place alone: for the next token they are needed at one place.
    """
    places = [node for node in network.graph.nodes if node.op == "placeholder"]
    told = dict.fromkeys(places[len(places) - written :])
    for node in network.graph.nodes:
        if any(source in told for source in node.all_input_nodes):
            told[node] = None
    needed = dict.fromkeys(
        source for node in told for source in node.all_input_nodes if source not in told
    )
    before = [node for node in network.graph.nodes if node not in told and node.op != "output"]
    alone = _looking_at_one_place(network, told)
    reader = _reader(before, places[: len(places) - written], list(needed))
    speaker = _speaker(list(told), places[len(places) - written :], list(needed), alone)
    voice = nn.Sequential(*(network.get_submodule(str(node.target)) for node in alone))
    return (
        fx.GraphModule(network, reader, "Reader"),
        fx.GraphModule(network, speaker, "Speaker"),
        voice,
    )


def _looking_at_one_place(network: fx.GraphModule, told: dict[fx.Node, None]) -> list[fx.Node]:
    """The layers at the end of the network that treat each place alike and alone, in order."""
    found: list[fx.Node] = []
    node = list(told)[-1].all_input_nodes[0]
    while node in told and node.op == "call_module" and len(node.users) == 1:
        part = network.get_submodule(str(node.target))
        if not isinstance(part, nn.Linear | nn.Dropout | nn.ReLU | nn.GELU | nn.Tanh):
            break
        found.append(node)
        node = node.all_input_nodes[0]
    return found[::-1]


def _reader(nodes: list[fx.Node], inputs: list[fx.Node], needed: list[fx.Node]) -> fx.Graph:
    drawn, known = fx.Graph(), {}
    given = drawn.placeholder("inputs", type_expr=list[Tensor])
    for place, node in enumerate(inputs):
        known[node] = drawn.call_function(operator.getitem, (given, place))
    for node in nodes:
        if node not in known:
            known[node] = drawn.node_copy(node, known.__getitem__)
    drawn.output([known[node] for node in needed] if needed else given)
    return drawn


def _speaker(
    nodes: list[fx.Node], written: list[fx.Node], needed: list[fx.Node], alone: list[fx.Node]
) -> fx.Graph:
    drawn, known = fx.Graph(), {}
    kept = drawn.placeholder("kept", type_expr=list[Tensor])
    begun = drawn.placeholder("begun")
    for place, node in enumerate(needed):
        known[node] = drawn.call_function(operator.getitem, (kept, place))
    known |= dict.fromkeys(written, begun)
    for node in nodes:
        if node not in known and node not in alone and node.op != "output":
            known[node] = drawn.node_copy(node, known.__getitem__)
    last = alone[0].all_input_nodes[0] if alone else nodes[-1].all_input_nodes[0]
    drawn.output(known[last])
    return drawn
