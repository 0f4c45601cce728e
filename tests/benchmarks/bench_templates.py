"""The textbook systems on real data: what each template reaches beside what was to be reached.

    python tests/benchmarks/bench_templates.py [NAME ...] [--epochs N]

Prints one line for each: data, network, epochs, seconds, score on the test part, reference.
Data lie in ../shared/data; sounds and their words are unpacked into a folder that is deleted.
"""

import argparse
import csv
import gzip
import json
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from studio import jobs
from studio.core.design import picture_networks as pictures
from studio.core.design import sequence_networks as sequences
from studio.core.design.dataset import DatasetSpec
from studio.core.design.graph import Graph
from studio.core.design.project import Project
from studio.core.design.shaping import SeriesSpec, SplitSpec, Step
from studio.core.design.templates import project_from_template
from studio.core.design.training import TrainingSpec
from studio.core.run.control import RunControl
from studio.core.run.events import EpochDone, RunEnded
from studio.core.run.results import Evaluation

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
Opened = Callable[[Path], DatasetSpec]
Drawn = Callable[[DatasetSpec], Graph]


@dataclass(frozen=True)
class Case:
    """One system: its data, its network, how it is trained and what it is held against."""

    name: str
    opened: Opened
    draw: Drawn | str
    training: TrainingSpec | None
    metric: str
    reference: str
    more: Callable[[Evaluation, Project], str] = lambda _found, _project: ""


def data(path: str, change: Callable[[DatasetSpec], DatasetSpec] = lambda spec: spec) -> Opened:
    """A set as it is opened, changed as a person would by clicks."""
    return lambda _folder: change(jobs.open_data(str(DATA / path)))


def without_leaks(spec: DatasetSpec) -> DatasetSpec:
    """ai4i without the columns that give the failure away."""
    for name in ("TWF", "HDF", "PWF", "OSF", "RNF"):
        spec = spec.with_column(name, role="ignore")
    return spec


def spoken(target: str, split: str) -> Opened:
    """The spoken digits with their words, dealt by the official parts or by speaker."""

    def opened(folder: Path) -> DatasetSpec:
        with zipfile.ZipFile(DATA / "free-spoken-digits" / "recordings.zip") as archive:
            archive.extractall(folder)
        table = folder / "words.csv"
        with table.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["sound", "digit", "word", "speaker", "part"])
            for path in sorted(folder.rglob("*.wav")):
                digit, speaker, number = path.stem.split("_")
                part = "test" if int(number) < 5 else "training"
                where = path.relative_to(folder)
                writer.writerow([where, digit, DIGITS[int(digit)], speaker, part])
        spec = jobs.open_data(str(table))
        for name in ("digit", "word", "speaker", "part"):
            spec = spec.with_column(name, role="ignore")
        kind = "text" if target == "word" else "category"
        spec = spec.with_column(target, role="target", kind=kind)  # type: ignore[arg-type]
        text = replace(spec.text, tokenizer="character", length=8, vocabulary=32)
        method = "group" if split == "speaker" else "column"
        dealt = SplitSpec(method=method, column=split)  # type: ignore[arg-type]
        return replace(spec, text=text, split=dealt)

    return opened


def garments_in_noise(count: int) -> Opened:
    """Garments of fashion-mnist in strong noise, with the pixels that are garment as masks."""

    def opened(folder: Path) -> DatasetSpec:
        with gzip.open(DATA / "fashion-mnist" / "train-images-idx3-ubyte.gz") as file:
            block = np.frombuffer(file.read(16 + count * 784)[16:], np.uint8)
        clean = block.reshape(count, 28, 28)
        noise = np.random.default_rng(0).normal(0.0, 80.0, clean.shape)
        noisy = np.clip(0.6 * clean + 60.0 + noise, 0, 255).astype(np.uint8)
        sides = {"images": noisy, "masks": np.where(clean > 60, 255, 0).astype(np.uint8)}
        for name, pictures_there in sides.items():
            (folder / "set" / name).mkdir(parents=True)
            for number, picture in enumerate(pictures_there):
                Image.fromarray(picture).save(folder / "set" / name / f"{number}.png")
        return jobs.open_data(str(folder / "set"))

    return opened


def english(count: int) -> Opened:
    """English sentences alone, to be written on."""

    def opened(folder: Path) -> DatasetSpec:
        with gzip.open(DATA / "translation-tatoeba-fra-eng" / "fra.txt.gz", "rt") as file:
            known = dict.fromkeys(line.split("\t")[0] for line in file)
        chosen = [text for text in known if 6 <= len(text.split()) <= 12]
        chosen = chosen[:: max(1, len(chosen) // count)][:count]
        table = folder / "sentences.csv"
        with table.open("w", newline="") as file:
            csv.writer(file).writerows([["sentence"], *([text] for text in chosen)])
        return jobs.open_data(str(table))

    return opened


def sentences(length: int, words: int) -> Callable[[DatasetSpec], DatasetSpec]:
    """How long texts are and how many words are known."""
    return lambda spec: replace(spec, text=replace(spec.text, length=length, vocabulary=words))


def byte_pairs(length: int, words: int) -> Callable[[DatasetSpec], DatasetSpec]:
    """Texts in pieces of words."""
    return lambda spec: replace(
        spec,
        text=replace(spec.text, tokenizer="byte_pair", length=length, vocabulary=words),
    )


def windowed(window: int, horizon: int = 1) -> Callable[[DatasetSpec], DatasetSpec]:
    """A series seen through so long a window."""

    def change(spec: DatasetSpec) -> DatasetSpec:
        series = spec.series or SeriesSpec()
        return replace(spec, series=replace(series, window=window, horizon=horizon))

    return change


def rebuilt(window: int, stride: int) -> Callable[[DatasetSpec], DatasetSpec]:
    """A series of which windows are to be given again; the first sixth is learnt from."""

    def change(spec: DatasetSpec) -> DatasetSpec:
        series = replace(
            spec.series or SeriesSpec(), purpose="rebuild", window=window, stride=stride
        )
        return replace(spec, series=series, split=replace(spec.split, validation=0.05, test=0.8))

    return change


def augmented(*steps: Step) -> Callable[[DatasetSpec], DatasetSpec]:
    """Pictures that are varied while training."""
    return lambda spec: replace(spec, augmentation=steps)


def twenty(found: Evaluation, _project: Project) -> str:
    """Twenty of the sentences, as they should be and as they were written."""
    pairs = list(zip(found.true_texts, found.answer_texts, strict=True))
    step = max(1, len(pairs) // 20)
    return "\n".join(f"    {wanted}   |   {said}" for wanted, said in pairs[::step][:20])


def flagged(found: Evaluation, project: Project) -> str:
    """Which labelled windows of the machine stand out, and how often there was a false alarm."""
    table = pd.read_csv(DATA / "nab" / "machine_temperature_system_failure.csv")
    table = table.assign(timestamp=pd.to_datetime(table["timestamp"])).sort_values("timestamp")
    times = table["timestamp"].to_numpy()
    windows = _labelled()
    last = times[np.asarray(found.rows) - 1]
    gaps = np.asarray(found.distances)
    limit = np.quantile(gaps, 0.5) + 6 * (np.quantile(gaps, 0.75) - np.quantile(gaps, 0.25))
    alarms = last[gaps > limit]
    seen = [any((alarms >= a) & (alarms <= b + np.timedelta64(4, "h"))) for a, b in windows]
    inside = np.zeros(len(alarms), bool)
    for a, b in windows:
        inside |= (alarms >= a) & (alarms <= b + np.timedelta64(4, "h"))
    days = sorted({str(time)[:10] for time in alarms[~inside]})
    return (
        f"    windows found {sum(seen)} of {len(seen)} {seen}; days with a false alarm {len(days)}"
        f" of {len({str(time)[:10] for time in last})}"
    )


def _labelled() -> list[tuple[np.datetime64, np.datetime64]]:
    facts = json.loads((DATA / "nab" / "labels.json").read_text())
    windows = facts["machine_temperature_system_failure"]["windows"]
    return [(np.datetime64(first), np.datetime64(last)) for first, last in windows]


FAST = TrainingSpec(schedule="one_cycle", learning_rate=0.01, batch_size=128, epochs=10)
CASES = (
    Case("dense", data("fashion-mnist"), "classify-images", None, "accuracy", "at least 0.87"),
    Case(
        "residual",
        data("fashion-mnist", augmented(Step("flip_horizontal"))),
        pictures.residual(filters=(16, 32, 64)),
        replace(FAST, optimizer="adamw", optimizer_params={"weight_decay": 0.05}),
        "accuracy",
        "at least 0.92 in 10 epochs",
    ),
    Case(
        "ballscrew",
        data("ballscrew-surface"),
        pictures.classic,
        TrainingSpec(epochs=8, batch_size=32, learning_rate=0.0003),
        "accuracy",
        "0.82 (texture features, by group)",
    ),
    Case(
        "signs",
        data("sign-language-digits"),
        pictures.classic,
        TrainingSpec(epochs=8, batch_size=32, learning_rate=0.0005),
        "accuracy",
        "none",
    ),
    Case(
        "speech",
        spoken("digit", "part"),
        sequences.speech_commands,
        TrainingSpec(epochs=20, batch_size=32, learning_rate=0.002, schedule="one_cycle"),
        "accuracy",
        "at least 0.95 (official split)",
    ),
    Case(
        "speakers",
        spoken("digit", "speaker"),
        sequences.speech_commands,
        TrainingSpec(epochs=20, batch_size=32, learning_rate=0.002, schedule="one_cycle"),
        "accuracy",
        "0.709 (cepstra, one speaker left out)",
    ),
    Case(
        "letters",
        spoken("word", "part"),
        sequences.speech_to_text,
        TrainingSpec(
            epochs=30,
            batch_size=32,
            learning_rate=0.004,
            schedule="one_cycle",
            loss="ctc",
            clip=5.0,
        ),
        "token_error",
        "none (character error rate)",
        twenty,
    ),
    Case(
        "translation",
        data("translation-tatoeba-fra-eng", sentences(14, 8000)),
        sequences.translation_memory,
        TrainingSpec(epochs=3, batch_size=128, learning_rate=0.002, schedule="one_cycle", clip=1.0),
        "bleu",
        "none",
        twenty,
    ),
    Case(
        "transformer",
        data("translation-tatoeba-fra-eng", sentences(14, 8000)),
        sequences.translation_transformer,
        TrainingSpec(
            epochs=3, batch_size=128, learning_rate=0.0015, schedule="one_cycle", clip=1.0
        ),
        "bleu",
        "none",
        twenty,
    ),
    Case(
        "spam",
        data("sms-spam", byte_pairs(160, 2000)),
        "classify-texts",
        TrainingSpec(
            epochs=15,
            batch_size=32,
            learning_rate=0.002,
            schedule="one_cycle",
            optimizer="adamw",
            optimizer_params={"weight_decay": 0.05},
        ),
        "f1",
        "at least 0.95",
    ),
    Case(
        "spam memory",
        data("sms-spam", byte_pairs(64, 2000)),
        sequences.text_memory,
        TrainingSpec(epochs=8, batch_size=32, learning_rate=0.002, patience=3, clip=1.0),
        "f1",
        "at least 0.95",
    ),
    Case(
        "spam attention",
        data("sms-spam", byte_pairs(64, 2000)),
        sequences.text_attention,
        TrainingSpec(epochs=10, batch_size=32, learning_rate=0.001, patience=3),
        "f1",
        "at least 0.95",
    ),
    Case(
        "sentiment",
        data("sentiment-sentences"),
        sequences.text_attention,
        TrainingSpec(epochs=15, batch_size=32, learning_rate=0.001, patience=4),
        "accuracy",
        "0.838 (TF-IDF)",
    ),
    Case(
        "vit",
        data("fashion-mnist", augmented(Step("flip_horizontal"))),
        "vit-tiny",
        replace(FAST, optimizer="adamw", learning_rate=0.002, clip=1.0),
        "accuracy",
        "none (a network for large pictures)",
    ),
    Case(
        "unet",
        garments_in_noise(2000),
        "masks-unet",
        None,
        "mean_iou",
        "none (garments in noise)",
    ),
    Case("gpt", english(20_000), "write-text", None, "token_accuracy", "none", twenty),
    Case("taxi", data("nab/nyc_taxi.csv"), "forecast", None, "rmse", "1675 (last value)"),
    Case(
        "taxi convolution",
        data("nab/nyc_taxi.csv", windowed(64)),
        sequences.forecast_convolution,
        TrainingSpec(epochs=15, batch_size=64, learning_rate=0.003, schedule="one_cycle"),
        "rmse",
        "1675 (last value)",
    ),
    Case(
        "machine",
        data("nab/machine_temperature_system_failure.csv", rebuilt(96, 6)),
        "flag-anomalies",
        None,
        "rmse",
        "4 windows",
        flagged,
    ),
    Case(
        "failure",
        data("ai4i-2020", without_leaks),
        sequences.readings,
        TrainingSpec(
            epochs=120, batch_size=64, learning_rate=0.005, schedule="one_cycle", optimizer="adamw"
        ),
        "f1",
        "at least 0.70 (boosting 0.756)",
    ),
    Case(
        "ratings",
        data("movietweetings-100k/ratings.csv.gz"),
        sequences.ratings,
        TrainingSpec(
            optimizer_params={"weight_decay": 0.0002},
            epochs=20,
            batch_size=256,
            learning_rate=0.002,
            patience=2,
        ),
        "rmse",
        "1.879 (the mean)",
    ),
)


def main(names: list[str], epochs: int) -> None:
    """Prints the table."""
    print(f"{'template':18}{'epochs':>7}{'seconds':>9}  {'score':26}reference")
    for case in CASES:
        if not names or case.name in names:
            with tempfile.TemporaryDirectory() as folder:
                print(line_of(case, Path(folder), epochs), flush=True)


def line_of(case: Case, folder: Path, epochs: int) -> str:
    """One line of the table, and what more there is to say."""
    project = project_of(case, folder)
    if epochs:
        project = jobs.with_overrides(project, epochs=epochs)
    runs, done, began = folder / "show.runs", 0, time.perf_counter()
    ended = RunEnded("failed")
    for event in jobs.train(project, runs, RunControl()):
        done += isinstance(event, EpochDone)
        ended = event if isinstance(event, RunEnded) else ended
    seconds = time.perf_counter() - began
    if ended.problem is not None:
        return f"{case.name:18} {ended.problem}"
    found = jobs.evaluate(runs)
    score = f"{case.metric} {found.figures.get(case.metric, float('nan')):.4f}"
    line = f"{case.name:18}{done:>7}{seconds:>9.0f}  {score:26}{case.reference}"
    more = case.more(found, project)
    return f"{line}\n{more}" if more else line


def project_of(case: Case, folder: Path) -> Project:
    """Its project, by the name of a template or a drawing."""
    spec = case.opened(folder)
    if isinstance(case.draw, str):
        project = project_from_template(case.draw, spec)
        return replace(project, training=case.training) if case.training else project
    return Project(spec, case.draw(spec), case.training or TrainingSpec())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--epochs", type=int, default=0)
    given = parser.parse_args()
    main(given.names, given.epochs)
