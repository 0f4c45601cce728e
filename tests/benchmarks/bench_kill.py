"""Kills a process at random moments while it saves a project or writes checkpoints, many times.

Run: python tests/benchmarks/bench_kill.py [ROUNDS]. Prints how often the old or the new
version opened, which must be always.
"""

import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

SAVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from studio.core.design.storage import write_project
from tests.builders import chain, table
projects = [chain(table(numbers=n), "linear") for n in (300, 310)]
print("ready", flush=True)
while True:
    for project in projects:
        write_project(project, Path(sys.argv[1]))
"""
LONGEST_SAVE, LONGEST_TRAINING = 0.15, 2.5


def main(rounds: int) -> int:
    """Both stories; the exit status is 1 where any round lost a file."""
    chance = random.Random(0)
    lost = _saves(rounds, chance) + _checkpoints(rounds, chance)
    return 1 if lost else 0


def _saves(rounds: int, chance: random.Random) -> int:
    from studio.core.design.storage import read_project, write_project
    from tests.builders import chain, table

    projects = [chain(table(numbers=n), "linear") for n in (300, 310)]
    kept = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.studio"
        write_project(projects[0], path)
        for _ in range(rounds):
            _kill_after(
                chance.uniform(0, LONGEST_SAVE), [sys.executable, "-c", SAVER, str(path), str(ROOT)]
            )
            kept += read_project(path) in projects
    sys.stdout.write(f"project opened after kill -9 while saving: {kept} of {rounds}\n")
    return rounds - kept


def _checkpoints(rounds: int, chance: random.Random) -> int:
    """Kills a training, reads every file of weights it left, goes on with it, kills again."""
    from safetensors import safe_open

    from studio import jobs
    from studio.core.run.archive import Archive

    kept = files = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.studio"
        project = jobs.with_overrides(jobs.new_project("classify-rows"), epochs=100_000)
        jobs.save_project(project, path)
        runs = jobs.runs_folder_of(path)
        for _ in range(rounds):
            resumable = [record for record in Archive(runs).records() if record.is_resumable]
            resume = ["--resume"] if resumable else []
            _kill_after(
                chance.uniform(0, LONGEST_TRAINING),
                [sys.executable, "-m", "studio", "train", str(path), "--json", *resume],
            )
            broken = 0
            for file in runs.rglob("*.safetensors"):
                if file.name.startswith("."):
                    continue
                files += 1
                with safe_open(file, framework="pt") as opened:
                    broken += not all(opened.get_tensor(key) is not None for key in opened.keys())  # noqa: SIM118 - not a dict
            jobs.runs(runs)
            kept += not broken
    sys.stdout.write(
        f"weights and archive opened after kill -9 in training: {kept} of {rounds} "
        f"({files} files read)\n"
    )
    return rounds - kept


def _kill_after(seconds: float, command: Sequence[str]) -> None:
    """Ends the process with SIGKILL so long after its first line."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    ) as p:
        assert p.stdout is not None
        p.stdout.readline()
        reader = threading.Thread(target=p.stdout.read)
        reader.start()
        reader.join(seconds)
        p.send_signal(signal.SIGKILL)
        reader.join()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
