#!/usr/bin/env python3
"""Compiles and runs the complete programs in README.md and docs/**/*.md (cpp blocks that begin with #include). A program without
main is only compiled, and one that needs a library that is not installed is left out. A block that begins with a comment
"// examples/FILE" must be in that file, whatever its indentation. Links between the pages of the project must lead to existing
files and headings.

usage: check.py COMPILER [PAGE...]     without pages: all of them
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent.parent
readme = root / "README.md"
pages = [pathlib.Path(p).resolve() for p in sys.argv[2:]]
pages = pages or [readme, root / "CHANGELOG.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
flags = ["-std=c++20", "-Wall", "-Wextra", f"-I{root}/include"]


def anchors(page):
    """The anchors that GitHub makes of the headings of a page."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def stripped(text):
    """The text without the indentation of its lines."""
    return "\n".join(line.strip() for line in text.splitlines())


def check_text(page):
    """Yields what is wrong with the links and the quotations of a page."""
    text = page.read_text(encoding="utf-8")
    name = page.relative_to(root)
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    for link, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)", prose):
        target = page.parent / link if link else page
        if not target.exists():
            yield f"{name}: links to {link}, which does not exist"
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            yield f"{name}: links to {link}#{anchor}, which is no heading"
    for file, block in re.findall(r"```\w+\n(?://|#) (examples/\S+)\n(.*?)```", text, re.DOTALL):
        if stripped(block) not in stripped((root / file).read_text(encoding="utf-8")):
            yield f"{name}: a block says that it is from {file}, where it is not"


def programs(page):
    """(place, text) of each program of a page."""
    text = page.read_text(encoding="utf-8")
    for block in re.finditer(r"```cpp\n(#include.*?)```", text, re.DOTALL):
        line = text[: block.start()].count("\n") + 1
        yield f"{page.relative_to(root)}:{line}", block[1]


def precompiled(folder):
    """The flag with which g++ finds gradus/gradus.hpp compiled, once for all programs that begin with it; elsewhere it has no effect."""
    (folder / "gradus").mkdir()
    header = folder / "all.hpp"
    header.write_text("#include <gradus/gradus.hpp>\n", encoding="utf-8")
    subprocess.run([sys.argv[1], *flags, "-O0", "-xc++-header", header, "-o", folder / "gradus/gradus.hpp.gch"], check=True)
    return f"-I{folder}"


def tried(where, program, compiled):
    """What is wrong with a program, as a sentence, or None; and whether it ran. `compiled` is the flag of precompiled()."""
    runs = re.search(r"\bint main\(", program)
    with tempfile.TemporaryDirectory() as folder:
        how = ["-O2"] if where.startswith("README") else ["-O0", compiled]
        how += ["-o", "program"] if runs else ["-fsyntax-only"]
        done = subprocess.run([sys.argv[1], *how, *flags, "-xc++", "-", "-lpthread"], input=program, capture_output=True, text=True, cwd=folder)
        if absent := re.search(r"fatal error: '?((?!gradus/)[\w./]+)'?(?:: No such file| file not found)", done.stderr):
            print(f"{where}: left out, because {absent[1]} is not installed", file=sys.stderr)
            return None, False
        if done.returncode != 0 or done.stderr:
            return f"{where}: the program does not compile cleanly\n{done.stderr}", False
        if not runs:
            return None, False
        done = subprocess.run(["./program"], capture_output=True, text=True, timeout=120, cwd=folder)
        takes_arguments = "int main()" not in program  # without them it may refuse to do anything
        if done.returncode < 0 or (done.returncode != 0 or done.stderr) and not takes_arguments:
            return f"{where}: the program ends with status {done.returncode}\n{done.stdout}{done.stderr}", True
        if where.startswith("README") and not done.stdout:
            return f"{where}: the program prints nothing", True
        return None, True


problems = [problem for page in pages for problem in check_text(page)]
found = [program for page in pages for program in programs(page)]
with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    compiled = precompiled(pathlib.Path(folder))
    results = list(pool.map(lambda p: tried(*p, compiled), found))
problems += [problem for problem, _ in results if problem]
ran = sum(run for _, run in results)
if not found:
    problems.append("no programs found")
print("\n".join(problems) or f"{len(found)} programs, of which {ran} ran, every link leads to a file and a heading")
sys.exit(1 if problems else 0)
