"""Pretrained networks over texts: read from folders, fed their own tokens, frozen or trained on."""

import json
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from studio import jobs
from studio.core.backbone import backbone_of
from studio.core.design import edits
from studio.core.design.fixes import apply_fix
from studio.core.design.graph import Edge
from studio.core.design.learning import PLAIN
from studio.core.design.memory_check import need_of
from studio.core.design.shape_flow import shape_flow
from studio.core.design.shaping import Step
from studio.core.design.sharing import with_learning
from studio.core.problems import StudioError
from studio.core.run.control import RunControl
from studio.engine.backbone_folder import read_backbone
from studio.engine.backbones import TextBackbone
from tests.backbones import READERS, known, saved

NODE = "text_backbone_1"
GOOD, BAD = "the pump runs well", "the oil pump failed!"


def rows_in(folder, count=24):
    """A table of texts of two kinds."""
    lines = [f"{GOOD} {'a ' * (n % 3)},good\n{BAD} {'b ' * (n % 3)},bad\n" for n in range(count)]
    path = folder / "texts.csv"
    path.write_text("text,state\n" + "".join(lines), "utf-8")
    return path


def project_of(tmp_path, architecture="bert", **params):
    """Texts, the network frozen, and a Linear."""
    folder = saved(tmp_path / architecture, architecture)
    project = jobs.new_project(data=str(rows_in(tmp_path)))
    dataset = project.dataset.with_column("text", kind="text", role="input")
    project = replace(project, dataset=dataset.with_column("state", kind="category", role="target"))
    graph, names = project.graph, [node.id for node in project.graph]
    start = next(n for n in names if n.startswith("input"))
    end = next(n for n in names if n.startswith("output"))
    graph = edits.remove(graph, [n for n in names if n not in (start, end)])
    given = {"backbone": jobs.read_backbone(str(folder)), **params}
    graph, network = edits.add_node(graph, "text_backbone", (0, 0), given)
    graph, linear = edits.add_node(graph, "linear", (0, 0), {"out_features": 2})
    for source, target in ((start, network), (network, linear), (linear, end)):
        graph = edits.connect(graph, Edge(source, target))
    training = replace(project.training, epochs=2, batch_size=8, device="cpu")
    return replace(project, graph=graph, training=training)


def fed(project):
    """The project with the tokenizer that its network asks for."""
    problem = next(p for p in jobs.examine(project).problems if p.code == "other-tokens")
    assert problem.is_error
    assert problem.place.key == NODE
    return apply_fix(project, problem.fix)


def trained(project, folder, resume=None):
    ended = list(jobs.train(project, folder, RunControl(), resume))[-1]
    assert ended.outcome == "completed", ended.problem
    return ended


def best_of(folder):
    return load_file(next(folder.glob("*/best.safetensors")))


@pytest.mark.parametrize("architecture", READERS)
def test_the_layer_gives_what_the_library_gives(tmp_path, architecture):
    import transformers

    saved(tmp_path, architecture)
    again = transformers.AutoModel.from_pretrained(tmp_path, local_files_only=True).eval()
    padding = known(architecture).padding
    tokens = torch.randint(5, 18, (3, 9))
    tokens[1, 5:] = tokens[2, 1:] = padding
    mask = (tokens != padding).long()
    wanted = again(input_ids=tokens, attention_mask=mask).last_hidden_state
    text = read_backbone(str(tmp_path)).as_text()
    given = {}
    for gives in ("tokens", "first", "mean"):
        layer = TextBackbone(text, gives).eval()
        layer.network.load_state_dict(again.state_dict(), strict=False)
        given[gives] = layer(tokens)
    is_said = mask.bool()
    torch.testing.assert_close(given["tokens"][is_said], wanted[is_said])
    torch.testing.assert_close(given["first"], wanted[:, 0])
    means = [rows[said].mean(dim=0) for rows, said in zip(wanted, is_said, strict=True)]
    torch.testing.assert_close(given["mean"], torch.stack(means))


@pytest.mark.parametrize("architecture", READERS)
def test_how_much_padding_follows_changes_nothing(architecture):
    layer = TextBackbone(known(architecture).as_text(), "mean").eval()
    text = torch.randint(5, 18, (2, 4))
    padded = torch.nn.functional.pad(text, (0, 9), value=known(architecture).padding)
    torch.testing.assert_close(layer(padded), layer(text))
    assert torch.isfinite(layer(torch.full((2, 5), known(architecture).padding))).all()


def test_the_tokenizer_of_the_network_is_a_fix_away(tmp_path):
    project = fed(project_of(tmp_path))
    text, network = project.dataset.text, known("bert")
    assert (text.tokenizer, text.vocabulary) == ("file", network.vocabulary)
    assert text.length <= network.length
    report = jobs.examine(project)
    assert not [p for p in report.problems if p.place.key == NODE]
    assert report.nodes[NODE].signal.shape == (network.features,)
    assert report.nodes[NODE].weights == network.weights
    longer = replace(project, dataset=replace(project.dataset, text=replace(text, length=30)))
    problem = next(p for p in jobs.examine(longer).problems if p.code == "text-too-long")
    assert apply_fix(longer, problem.fix).dataset.text.length == network.length


def test_two_networks_that_split_texts_otherwise_are_told_apart(tmp_path):
    project = fed(project_of(tmp_path))
    text = replace(project.dataset.text, length=10)
    project = replace(project, dataset=replace(project.dataset, text=text))
    other = jobs.read_backbone(str(saved(tmp_path / "mpnet", "mpnet")))
    project = replace(project, graph=edits.set_param(project.graph, NODE, "backbone", other))
    assert fed(project).dataset.text.folder == str(tmp_path / "mpnet")


def test_a_frozen_network_stays_and_answers_without_its_folder(tmp_path):
    project = fed(project_of(tmp_path))
    trained(project, tmp_path / "runs")
    of_file = load_file(tmp_path / "bert" / "model.safetensors")
    best, inside = best_of(tmp_path / "runs"), f"{NODE}.network."
    kept = {name.removeprefix(inside): one for name, one in best.items() if inside in name}
    weights = {name: one for name, one in of_file.items() if not name.startswith("pooler.")}
    assert set(weights) <= set(kept)
    assert all(torch.equal(kept[name], one) for name, one in weights.items())
    (tmp_path / "bert").rename(tmp_path / "elsewhere")
    count, _problems = jobs.predict(
        tmp_path / "runs", str(tmp_path / "texts.csv"), tmp_path / "answers.csv"
    )
    assert count == 48


@pytest.mark.parametrize("architecture", ["albert", "roberta"])
def test_a_network_that_is_trained_on_moves(tmp_path, architecture):
    project = fed(project_of(tmp_path, architecture, gives="first"))
    project = replace(project, graph=with_learning(project.graph, NODE, PLAIN))
    trained(project, tmp_path / "runs")
    of_file = load_file(tmp_path / architecture / "model.safetensors")
    best, inside = best_of(tmp_path / "runs"), f"{NODE}.network."
    moved = {n for n, one in of_file.items() if inside + n in best}
    moved = {n for n in moved if not torch.equal(best[inside + n], of_file[n])}
    assert any("word_embeddings" in name for name in moved)
    assert any("query" in name for name in moved)


def test_words_cannot_be_left_out_of_texts_in_its_tokens(tmp_path):
    project = fed(project_of(tmp_path))
    dataset = replace(project.dataset, augmentation=(Step("drop_words"),))
    codes = [p.code for p in jobs.examine(replace(project, dataset=dataset)).problems if p.is_error]
    assert codes == ["step-does-not-fit"]


def test_a_text_to_be_told_needs_tokens_of_its_own(tmp_path):
    project = fed(project_of(tmp_path))
    dataset = project.dataset.with_column("state", kind="text", role="target")
    told = replace(project, dataset=dataset)
    problem = next(p for p in jobs.examine(told).problems if p.code == "told-by-file")
    assert apply_fix(told, problem.fix).dataset.text.tokenizer == "word"


def test_a_text_without_room_is_said(tmp_path):
    project = fed(project_of(tmp_path))
    short = replace(project.dataset, text=replace(project.dataset.text, length=2))
    problem = next(p for p in jobs.examine(replace(project, dataset=short)).problems if p.is_error)
    assert problem.code == "no-room-for-text"
    assert apply_fix(project, problem.fix).dataset.text.length == 32


def test_a_changed_tokenizer_is_said_by_the_check(tmp_path):
    project = fed(project_of(tmp_path))
    assert not [p for p in jobs.check(project).problems if "backbone" in p.code]
    path = tmp_path / "bert" / "tokenizer.json"
    path.write_text(path.read_text("utf-8").replace("pump", "tank"), "utf-8")
    found = jobs.check(project).problems
    assert [p.code for p in found if p.place.key == NODE] == ["backbone-changed"]
    assert [p.code for p in found if p.place.kind == "data"] == ["tokenizer-changed"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"is_decoder": True}, "is_decoder is on"),
        ({"add_cross_attention": True}, "add_cross_attention is on"),
        ({"pad_token_id": None}, "pad_token_id is None"),
        ({"pad_token_id": 40}, "pad_token_id is 40"),
        ({"vocab_size": 0}, "vocab_size is 0"),
        ({"vocab_size": 10**9}, "vocab_size is 1000000000"),
        ({"max_position_embeddings": 2}, "places for 2 tokens"),
        ({"num_attention_heads": 3}, "config.json"),
        ({"hidden_act": "program"}, "config.json"),
        ({"num_hidden_layers": 10**6}, "num_hidden_layers is 1000000"),
        ({"auto_map": {"AutoModel": "mine.Net"}}, "auto_map asks for program code"),
        ({"model_type": "gpt2"}, "model_type is gpt2"),
    ],
)
def test_a_strange_configuration_is_refused(tmp_path, settings, words):
    config = saved(tmp_path, "bert") / "config.json"
    given = {**json.loads(config.read_text("utf-8")), **settings}
    config.write_text(json.dumps(given), "utf-8")
    with pytest.raises(StudioError) as caught:
        jobs.read_backbone(str(tmp_path))
    assert caught.value.problem.code == "strange-backbone"
    assert words in caught.value.problem.message


def test_a_folder_without_a_tokenizer_or_with_that_of_another_is_refused(tmp_path):
    folder = saved(tmp_path / "bert", "bert")
    (folder / "tokenizer.json").unlink()
    with pytest.raises(StudioError, match="no tokenizer"):
        jobs.read_backbone(str(folder))
    (folder / "vocab.txt").write_text(
        "\n".join(("[PAD]", "[UNK]", "[CLS]", "[SEP]", *(f"w{n}" for n in range(50)))), "utf-8"
    )
    with pytest.raises(StudioError, match="has 54 tokens"):
        jobs.read_backbone(str(folder))


def test_weights_that_are_pickled_are_refused(tmp_path):
    folder = saved(tmp_path / "bert", "bert")
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(StudioError) as caught:
        jobs.read_backbone(str(folder))
    assert caught.value.problem.code == "no-backbone-weights"


def test_the_text_of_an_older_project_is_still_known():
    newer = json.loads(known("resnet").as_text())
    for name in ("trained_height", "trained_width", "tokenizer", "depth", "heads", "inner"):
        del newer[name]
    assert backbone_of(json.dumps(newer)) == known("resnet")
    del newer["features"]
    assert backbone_of(json.dumps(newer)) is None


def test_what_it_keeps_while_it_learns_is_part_of_the_memory(tmp_path):
    project = fed(project_of(tmp_path))
    learning = with_learning(project.graph, NODE, PLAIN)
    frozen, learnt = (need(graph, project.dataset) for graph in (project.graph, learning))
    assert learnt.of(NODE, 8) - frozen.of(NODE, 8) == 3 * 4 * known("bert").weights
    deep = replace(known("bert"), depth=12).as_text()
    learning = edits.set_param(learning, NODE, "backbone", deep)
    deeper = need(learning, project.dataset)
    length = project.dataset.text.length
    of_pairs = 4 * length**2 * known("bert").heads  # of one layer's attention alone
    assert deeper.samples[NODE] - learnt.samples[NODE] > 11 * of_pairs
    of_frozen = need(edits.set_param(project.graph, NODE, "backbone", deep), project.dataset)
    assert of_frozen.samples[NODE] == frozen.samples[NODE]


def need(graph, dataset):
    flow = shape_flow(graph, dataset)
    return need_of(graph, flow.signals, flow.weights, flow.calls)
