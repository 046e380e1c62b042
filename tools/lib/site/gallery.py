"""The pictures of the schedules: a program, made of the examples in the doc blocks, in which gradus draws them itself."""
import hashlib
import json
import os
import subprocess
from pathlib import Path

from doc_blocks import INCLUDE, ROOT, catalogued, entries
from progress import run

STEPS = 1000
# The schedules of the picture in README.md, row by row, each with the name of its shape.
OVERVIEW = {"Cosine": "falls", "Linear": "falls", "StepDecay": "falls", "Exponential": "falls",
            "InverseSqrt": "falls", "Rex": "falls", "CosineRestarts": "repeats", "Cyclical": "repeats",
            "Warmup": "rises, then falls", "OneCycle": "rises, then falls", "warmup_stable_decay": "rises, then falls",
            "Points": "rises, then falls"}

PROGRAM = r"""
#include <gradus/plot/plot.hpp>
#include <gradus/plot/svg.hpp>
#include <gradus/schedules.hpp>
#include <gradus/text/to_string.hpp>

#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

using namespace gradus;

static io::Chart overview{"", {"step"}, {"rate"}, std::vector<io::Panel>(OVERVIEW_SIZE), 4, 190, 84};

// The rate at every step, without most of the points on straight lines: a jump stays upright in every width.
static io::Series curve(const std::function<double(step_t)>& rate) {
  io::Series every = io::course("", rate, STEPS, STEPS), r{"", {}, false, true, true};
  for (std::size_t i = 0; i < every.points.size(); ++i) {
    const auto y = [&](std::size_t k) { return every.points[k].y; };
    if (i % 8 == 0 || i + 1 == every.points.size() || std::abs(y(i - 1) - 2 * y(i) + y(i + 1)) > 1e-4)
      r.points.push_back(every.points[i]);
  }
  return r;
}

static void write(const std::string& name, const io::Chart& chart) {
  const std::string text = io::svg(chart);
  std::FILE* file = std::fopen(name.c_str(), "wb");
  if (!file || std::fwrite(text.data(), 1, text.size(), file) != text.size() || std::fclose(file)) {
    std::perror(name.c_str());
    std::exit(1);
  }
}

template <class S>
static void draw(const std::string& name, const S& schedule, int at, const std::string& shape) {
  const auto rate = [&](step_t t) { return static_cast<double>(schedule(t)); };
  io::Chart chart{"", {"step"}, {}, {{"", {curve(rate)}}}};
  chart.y.low = 0;
  chart.height = 220;
  write(name + ".svg", chart);
  chart.x.title = "";
  chart.width = 190, chart.height = 84;
  chart.panels[0].series[0].strong = false;
  write(name + "-small.svg", chart);
  if (at >= 0) {
    chart.panels[0].series[0].name = shape;
    overview.panels[static_cast<std::size_t>(at)] = {name, chart.panels[0].series};
  }
  std::string text;
  if constexpr (io::Known<S>) text = io::to_string(schedule);
  std::printf("%s\t%s\n", name.c_str(), text.c_str());
}

int main() {
CALLS
  overview.y.low = 0;
  write("overview.svg", overview);
}
"""


def examples():
    """The entries of the catalogue that are schedules, each with the expression of its example."""
    every = [e for header in catalogued() if header.parts[0] == "schedule" for e in entries(header)]
    return [(e.name, e.labels["Example"]) for e in every]


def program():
    place = {name: at for at, name in enumerate(OVERVIEW)}
    calls = "\n".join(f'  draw("{name}", {code}, {place.get(name, -1)}, "{OVERVIEW.get(name, "")}");' for name, code in examples())
    return (PROGRAM.replace("CALLS", calls).replace("OVERVIEW_SIZE", str(len(OVERVIEW)))
            .replace("STEPS", str(STEPS)))


def digest_of(*texts):
    """A digest of texts and of all headers, by which a later run knows that nothing has changed."""
    digest = hashlib.sha256("\0".join(texts).encode())
    for header in sorted(INCLUDE.rglob("*.[hi]*")):
        digest.update(header.read_bytes())
    return digest.hexdigest()


def pictures(folder):
    """Draws the pictures into `folder`, unless they are there already, and returns the schedules as text, by name."""
    code = program()
    digest = digest_of(code)
    known = folder / "known.json"
    if known.is_file():
        before = json.loads(known.read_text(encoding="utf-8"))
        if before["digest"] == digest:
            return before["texts"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gallery.cpp").write_text(code, encoding="utf-8")
    compiler = os.environ.get("CXX", "g++")
    run("tools/site: compile the pictures", [*compiler.split(), "-std=c++20", "-O0", "-Wall", "-Wextra", f"-I{INCLUDE}", "gallery.cpp",
                                             "-o", "gallery"], cwd=folder)
    lines = subprocess.run(["./gallery"], cwd=folder, check=True, capture_output=True, text=True).stdout.splitlines()
    texts = dict(line.split("\t") for line in lines)
    known.write_text(json.dumps({"digest": digest, "texts": texts}), encoding="utf-8")
    return texts
