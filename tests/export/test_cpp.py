"""An exported model answers under LibTorch's C++, where there is no Python."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.engine.kinds import everything
from tests.export import material
from tests.export.test_export import export, own_answers

SOURCE = r"""
#include <torch/script.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>

static std::vector<char> contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

static torch::Tensor loaded(const std::string& path, const std::string& kind,
                            const std::string& shape) {
  static std::vector<std::vector<char>> kept;
  kept.push_back(contents(path));
  std::vector<int64_t> sizes;
  std::stringstream parts(shape);
  for (std::string part; std::getline(parts, part, 'x');) sizes.push_back(std::stol(part));
  const auto type = kind == "uint8" ? torch::kByte : kind == "int64" ? torch::kLong : torch::kFloat;
  return torch::from_blob(kept.back().data(), sizes, type);
}

int main(int count, char** given) {
  const std::string folder = given[1];
  torch::NoGradGuard no_gradients;
  std::unordered_map<std::string, std::string> files{{"card.json", ""}};
  auto model = torch::jit::load(folder + "/model.pt", torch::kCPU, files);
  std::vector<torch::jit::IValue> inputs;
  for (int place = 0; 2 * place + 3 < count; ++place)
    inputs.push_back(loaded(folder + "/input_" + std::to_string(place) + ".bin",
                            given[2 * place + 2], given[2 * place + 3]));
  auto wanted = contents(folder + "/answers.bin");
  auto got = model.forward(inputs).toTensor().contiguous();
  auto answers = torch::from_blob(wanted.data(), got.sizes());
  std::cout << (got - answers).abs().max().item<float>() << " "
            << (files["card.json"].find("\"schema\": 1") != std::string::npos) << std::endl;
}
"""


@pytest.mark.slow
@pytest.mark.timeout(400)  # the compiler takes a minute, and more where others work
@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler here")
def test_a_cpp_program_loads_the_file_and_agrees(tmp_path):
    """Once with a table alone, once with a table row, a picture and a text together."""
    program = _program(tmp_path)
    branched = material.two_inputs()
    several = everything()
    for number, (project, arrays, fitted) in enumerate(
        [(*branched, None), (several.project, several.arrays, several.fitted)]
    ):
        folder = tmp_path / f"{number}"
        ready = material.ready(project, arrays, folder / "run-1", fitted)
        assert export(ready, folder / "model.pt").problem is None
        difference, has_card = _said(program, folder, ready)
        assert float(difference) <= 1e-6
        assert has_card == "1"


def _said(program: str, folder: Path, ready: material.Ready) -> list[str]:
    rows = ready.arrays.taken(np.arange(50))
    (folder / "answers.bin").write_bytes(own_answers(ready, rows).tobytes())
    given = []
    for place, raw in enumerate(rows):
        (folder / f"input_{place}.bin").write_bytes(raw.tobytes())
        given += [str(raw.dtype), "x".join(map(str, raw.shape))]
    return subprocess.run(
        [program, str(folder), *given], check=True, capture_output=True, text=True
    ).stdout.split()


def _program(folder: Path) -> str:
    (folder / "check.cpp").write_text(SOURCE)
    home = Path(torch.__file__).parent
    includes = [f"-I{home}/include", f"-I{home}/include/torch/csrc/api/include"]
    libraries = [f"-L{home}/lib", f"-Wl,-rpath,{home}/lib", "-ltorch", "-ltorch_cpu", "-lc10"]
    subprocess.run(
        [
            "g++",
            "-std=c++20",
            "-w",
            str(folder / "check.cpp"),
            *includes,
            *libraries,
            "-o",
            str(folder / "check"),
        ],
        check=True,
    )
    return str(folder / "check")
