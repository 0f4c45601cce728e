"""Answers rows with the model in this folder: python predict.py ROWS ANSWERS.csv.

ROWS is a CSV file with the columns that card.json names, a folder of pictures or sounds, or a
JSON file of inputs as they stand in samples/samples.json. A column of pictures or sounds holds
the names of files. It needs numpy, and ONNX Runtime or torch; Studio is not needed.
"""

import argparse
import base64
import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
EACH = 256  # rows that are answered at a time
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "?"})
PARTS = ("year", "month", "day", "hour", "minute")
Row = dict[str, Any]
Block = np.ndarray[Any, Any]
Model = Callable[[list[Block]], list[Block]]


def main(argv: Sequence[str] | None = None) -> int:
    """Writes one line for each row; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", type=Path)
    parser.add_argument("answers", type=Path)
    options = parser.parse_args(argv)
    try:
        count = answer_file(HERE, options.rows, options.answers)
    except (ValueError, OSError) as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    sys.stdout.write(f"{count} answers written to {options.answers}\n")
    return 0


def answer_file(bundle: Path, source: Path, target: Path) -> int:
    """Answers all rows of a file or folder; gives how many. ValueError says what does not fit."""
    card = read_card(bundle)
    names, blocks = rows_of(card, source)
    model = load(bundle)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["row", *head_of(card)])
        for start in range(0, len(names), EACH):
            said = model([block[start : start + EACH] for block in blocks])
            for name, cells in zip(names[start:], lines_of(card, said), strict=False):
                writer.writerow([name, *cells])
    return len(names)


def read_card(bundle: Path) -> Row:
    """What the model says about itself."""
    card: Row = json.loads((bundle / "card.json").read_text(encoding="utf-8"))
    return card


def load(bundle: Path) -> Model:
    """The model: by ONNX Runtime where that is installed, else by torch."""
    if (bundle / "model.onnx").is_file():
        try:
            return _by_onnx(bundle / "model.onnx")
        except ImportError:
            pass
    return _by_torch(bundle / "model.pt")


def rows_of(card: Row, source: Path) -> tuple[list[str], list[Block]]:
    """The name of each row, and the rows of each input as the model takes them."""
    if source.is_dir():
        files = sorted(path for path in source.rglob("*") if path.is_file())
        given = [{_file_column(card): str(path)} for path in files]
        return [str(path.relative_to(source)) for path in files], _blocks(card, given, source)
    if source.suffix.lower() == ".json":
        samples = json.loads(source.read_text(encoding="utf-8"))
        return [str(n + 1) for n in range(len(samples))], blocks_of_samples(card, samples)
    text = source.read_text(encoding="utf-8-sig")
    mark = max(",;\t", key=text.partition("\n")[0].count)
    given = list(csv.DictReader(text.splitlines(), delimiter=mark))
    blocks = _blocks(card, given, source.parent)
    count = len(blocks[0])
    return [str(n + 1 + len(given) - count) for n in range(count)], blocks


def blocks_of_samples(card: Row, samples: Sequence[Row]) -> list[Block]:
    """The inputs of samples as they stand on the card."""
    inputs = card["inputs"]
    given = [sample["input"] for sample in samples]
    if len(inputs) == 1:
        return [_checked(inputs[0], [_from_plain(one, inputs[0]["dtype"]) for one in given])]
    return [
        _checked(part, [_from_plain(one[part["name"]], part["dtype"]) for one in given])
        for part in inputs
    ]


def _checked(part: Row, rows: list[Block]) -> Block:
    """The rows together, of the shape that the card says; letters there stand for any size."""
    block = np.stack(rows)
    pairs = zip(part["shape"], block.shape, strict=False)
    fits = all(isinstance(wanted, str) or wanted == size for wanted, size in pairs)
    if block.ndim != len(part["shape"]) or not fits:
        found = list(block.shape)
        raise ValueError(f"{part['name']} has the shape {found}. Expected {part['shape']}.")
    return block


def head_of(card: Row) -> list[str]:
    """The columns of the answers."""
    found: list[str] = []
    for part in card["outputs"]:
        if part["kind"] == "numbers":
            found += [column["name"] for column in part["columns"]]
        elif part["kind"] == "classes":
            found += [_answer(card, part), *part["labels"]]
        else:
            found += [_answer(card, part)] + (["tokens"] if part["kind"] == "sequences" else [])
    return found


def lines_of(card: Row, said: Sequence[Block]) -> list[list[str]]:
    """The cells of each row's answers."""
    columns = [_cells(part, block) for part, block in zip(card["outputs"], said, strict=True)]
    return [[cell for cells in row for cell in cells] for row in zip(*columns, strict=True)]


def _cells(part: Row, block: Block) -> list[list[str]]:
    if part["kind"] == "classes":
        best = block.argmax(axis=1)
        return [
            [part["labels"][place], *_numbers(row)] for place, row in zip(best, block, strict=True)
        ]
    if part["kind"] == "sequences":
        return [_text(part, row) for row in tokens_of(part, block.argmax(axis=-1))]
    if part["kind"] == "masks":
        return [[" ".join(map(str, row.argmax(axis=0).ravel()))] for row in block]
    return [_numbers(row) if row.ndim == 1 else [" ".join(_numbers(row.ravel()))] for row in block]


def _numbers(row: Iterable[Any]) -> list[str]:
    return [f"{float(value):.9g}" for value in row]


def tokens_of(part: Row, best: Block) -> list[list[int]]:
    """The token numbers of each text; of frames each token once, and blanks left out."""
    rows: list[list[int]] = best.tolist()
    if part["decoding"] != "ctc":
        return rows
    blank, length = part["blank"], part["length"]
    told = [
        [one for one, before in zip(row, [blank, *row], strict=False) if one not in (blank, before)]
        for row in rows
    ]
    return [row[:length] + [blank] * (length - len(row)) for row in told]


def _text(part: Row, numbers: list[int]) -> list[str]:
    end = numbers.index(part["end"]) if part["end"] in numbers else len(numbers)
    words = _tokenizer(part).decode(numbers[:end], skip_special_tokens=True).strip()
    return [words, " ".join(map(str, numbers))]


def _answer(card: Row, part: Row) -> str:
    return str(part["name"]) if len(card["outputs"]) > 1 else "answer"


def _blocks(card: Row, given: list[Row], folder: Path) -> list[Block]:
    if not given:
        raise ValueError("There are no rows. Expected one line for each row below the names.")
    makers = {"table": _table, "series": _series, "text": _texts, "image": _images}
    blocks = []
    for part in card["inputs"]:
        make = makers.get(part["kind"], _sounds)
        if part["kind"] == "video":
            raise ValueError("Clips are taken from a JSON file, as in samples/samples.json.")
        blocks.append(make(part, given, folder))
    return blocks


def _table(part: Row, given: list[Row], _folder: Path) -> Block:
    return np.array([[_value(one, row) for one in part["columns"]] for row in given], np.float32)


def _series(part: Row, given: list[Row], folder: Path) -> Block:
    """A window for each row that has enough rows before it."""
    rows, steps = _table(part, given, folder), part["shape"][1]
    if len(rows) < steps:
        raise ValueError(f"Expected at least {steps} rows, one after the other.")
    return np.stack([rows[at : at + steps] for at in range(len(rows) - steps + 1)])


def _value(column: Row, row: Row) -> float:
    name = column.get("date", column["name"])
    if name not in row:
        raise ValueError(f"The column {name} is missing. Expected a column of that name.")
    text = (row[name] or "").strip()
    choices = column.get("categories", column.get("identifiers"))
    if choices is not None:
        return float(choices.index(text)) if text in choices else -1.0
    if text.lower() in MISSING:
        return float("nan")
    try:
        return _part(column["part"], text) if "date" in column else float(text)
    except ValueError:
        raise ValueError(f"{text} in the column {name} is no number.") from None


def _part(part: str, text: str) -> float:
    moment = datetime.fromisoformat(text)
    return float(getattr(moment, part) if part in PARTS else moment.weekday())


def _texts(part: Row, given: list[Row], _folder: Path) -> Block:
    """Token numbers, padded and cut at the front; those of a pretrained network as it wants."""
    length, found = part["shape"][1], _tokenizer(part)
    if found.padding:
        texts = [row.get(part["name"], next(iter(row.values()))) or "" for row in given]
        return np.array([found.encode(text).ids for text in texts], np.int64)
    block = np.zeros((len(given), length), np.int64)
    for place, row in zip(block, given, strict=True):
        text = row.get(part["name"], next(iter(row.values()))) or ""
        ids = found.encode(text, add_special_tokens=False).ids[-length:]
        place[length - len(ids) :] = ids
    return block


def _tokenizer(part: Row) -> Any:  # noqa: ANN401 - of a library without types
    import tokenizers

    found = tokenizers.Tokenizer.from_str(part["tokenizer"])
    found.encode_special_tokens = True  # a text that says [PAD] means these five characters
    if found.padding and found.padding["direction"] == "left":
        found.no_padding()
        found.no_truncation()
    return found


def _images(part: Row, given: list[Row], folder: Path) -> Block:
    from PIL import Image

    size = (part["trained_on"]["width"], part["trained_on"]["height"])
    mode = "L" if part["colours"] == "grey" else "RGB"
    found = []
    for path in _files(part, given, folder):
        with Image.open(path) as picture:
            pixels = np.asarray(picture.convert(mode).resize(size, Image.Resampling.BILINEAR))
        found.append(pixels[None] if pixels.ndim == 2 else np.moveaxis(pixels, 2, 0))  # noqa: PLR2004 - grey
    return np.stack(found)


def _sounds(part: Row, given: list[Row], folder: Path) -> Block:
    import soundfile

    samples = part["trained_on"]["samples"]
    block = np.zeros((len(given), samples), np.float32)
    for place, path in zip(block, _files(part, given, folder), strict=True):
        sound, rate = soundfile.read(path, dtype="float32", always_2d=True)
        if rate != part["rate"]:
            raise ValueError(f"{path} has {rate} samples a second. Expected {part['rate']}.")
        mono = sound.mean(axis=1)[:samples]
        place[: len(mono)] = mono
    return block


def _files(part: Row, given: list[Row], folder: Path) -> list[Path]:
    return [folder / str(row.get(part["name"], next(iter(row.values())))) for row in given]


def _file_column(card: Row) -> str:
    return str(card["inputs"][0]["name"])


def _from_plain(value: Any, dtype: str) -> Block:  # noqa: ANN401 - what JSON holds
    if isinstance(value, dict):
        raw = np.frombuffer(base64.b64decode(value["base64"]), value["dtype"])
        return raw.reshape(value["shape"]).astype(dtype)
    known = np.array(value, dtype=object)
    known[known == None] = np.nan  # noqa: E711 - each cell
    return known.astype(dtype)


def _by_onnx(path: Path) -> Model:
    import onnxruntime  # type: ignore[import-untyped]
    from onnxruntime.capi.onnxruntime_pybind11_state import (  # type: ignore[import-untyped]
        Fail,
        InvalidArgument,
        RuntimeException,
    )

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [one.name for one in session.get_inputs()]
    size = session.get_inputs()[0].shape[0]

    def answers(blocks: list[Block]) -> list[Block]:
        try:
            return list(session.run(None, dict(zip(names, blocks, strict=True))))
        except (Fail, InvalidArgument, RuntimeException) as reason:
            raise ValueError(f"The rows do not fit the model: {reason}") from None

    return _in_batches(answers, size) if isinstance(size, int) else answers


def _in_batches(ask: Model, size: int) -> Model:
    """For a model that takes so many rows and no others: the last batch is filled up."""

    def answers(blocks: list[Block]) -> list[Block]:
        count = len(blocks[0])
        places = np.arange(-(-count // size) * size) % count
        batches = [places[at : at + size] for at in range(0, len(places), size)]
        parts = [ask([block[batch] for block in blocks]) for batch in batches]
        return [np.concatenate(column)[:count] for column in zip(*parts, strict=True)]

    return answers


def _by_torch(path: Path) -> Model:
    import torch

    model = torch.jit.load(str(path), map_location="cpu")  # type: ignore[no-untyped-call]

    def answers(blocks: list[Block]) -> list[Block]:
        with torch.inference_mode():
            said = model(*(torch.from_numpy(np.ascontiguousarray(block)) for block in blocks))
        return [one.numpy() for one in (said if isinstance(said, tuple) else (said,))]

    return answers


if __name__ == "__main__":
    sys.exit(main())
