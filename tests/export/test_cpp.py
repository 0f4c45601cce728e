"""An exported model answers under LibTorch's C++, where there is no Python."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.export import material
from tests.export.test_export import export, own_answers

SOURCE = r"""
#include <torch/script.h>
#include <fstream>
#include <iostream>
#include <iterator>

static std::vector<char> contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int main(int, char** given) {
  const std::string folder = given[1];
  torch::NoGradGuard no_gradients;
  std::unordered_map<std::string, std::string> files{{"card.json", ""}};
  auto model = torch::jit::load(folder + "/model.pt", torch::kCPU, files);
  auto raw = contents(folder + "/rows.bin"), wanted = contents(folder + "/answers.bin");
  auto rows = torch::from_blob(raw.data(), {std::stol(given[2]), std::stol(given[3])});
  auto got = model.forward({rows}).toTensor().contiguous();
  auto answers = torch::from_blob(wanted.data(), got.sizes());
  std::cout << (got - answers).abs().max().item<float>() << " "
            << (files["card.json"].find("\"schema\": 1") != std::string::npos) << std::endl;
}
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler here")
def test_a_cpp_program_loads_the_file_and_agrees(tmp_path):
    ready = material.ready(*material.two_inputs(), tmp_path / "run-1")
    assert export(ready, tmp_path / "model.pt").problem is None
    (rows,) = ready.arrays.taken(np.arange(50))
    (tmp_path / "rows.bin").write_bytes(rows.tobytes())
    (tmp_path / "answers.bin").write_bytes(own_answers(ready, (rows,)).tobytes())
    said = subprocess.run(
        [_program(tmp_path), str(tmp_path), *map(str, rows.shape)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert float(said[0]) <= 1e-6
    assert said[1] == "1"


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
