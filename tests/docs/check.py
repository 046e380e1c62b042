#!/usr/bin/env python3
"""Compiles the complete programs in README.md and docs/**/*.md (cpp blocks that begin with #include), builds and runs those
of README.md. A block that begins with a comment "// examples/FILE" must be in that file, whatever its indentation.
Links between the pages of the project must lead to existing files and headings.

usage: check.py COMPILER
"""
import pathlib
import re
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent.parent
readme = root / "README.md"
pages = [readme, root / "CHANGELOG.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]
flags = ["-std=c++20", "-Wall", "-Wextra", f"-I{root}/include"]
problems = []
counts = {"compile": 0, "run": 0}


def anchors(page):
    """The anchors that GitHub makes of the headings of a page."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def stripped(text):
    """The text without the indentation of its lines."""
    return "\n".join(line.strip() for line in text.splitlines())


def compiled(program, *options):
    """The output of the compiler for a program; empty if there is no error or warning."""
    done = subprocess.run([sys.argv[1], *flags, *options, "-xc++", "-"], input=program, capture_output=True, text=True)
    return done.stderr or ("" if done.returncode == 0 else "it fails")


def check(where, program, folder, run):
    counts["run" if run else "compile"] += 1
    if said := compiled(program, *(["-O2", "-o", f"{folder}/program"] if run else ["-fsyntax-only"])):
        problems.append(f"{where}: the program does not compile cleanly\n{said}")
    elif run:
        done = subprocess.run([f"{folder}/program"], capture_output=True, text=True, timeout=60)
        if done.returncode != 0 or not done.stdout or done.stderr:
            problems.append(f"{where}: the program ends with status {done.returncode}\n{done.stdout}{done.stderr}")


with tempfile.TemporaryDirectory() as folder:
    for page in pages:
        text = page.read_text(encoding="utf-8")
        name = page.relative_to(root)
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
        for link, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)", prose):
            target = page.parent / link if link else page
            if not target.exists():
                problems.append(f"{name}: links to {link}, which does not exist")
            elif anchor and target.suffix == ".md" and anchor not in anchors(target):
                problems.append(f"{name}: links to {link}#{anchor}, which is no heading")
        for block in re.finditer(r"```cpp\n(#include.*?)```", text, re.DOTALL):
            line = text[: block.start()].count("\n") + 1
            check(f"{name}:{line}", block[1], folder, page == readme)
        for file, block in re.findall(r"```\w+\n(?://|#) (examples/\S+)\n(.*?)```", text, re.DOTALL):
            if stripped(block) not in stripped((root / file).read_text(encoding="utf-8")):
                problems.append(f"{name}: a block says that it is from {file}, where it is not")
if not all(counts.values()):
    problems.append(f"programs found: {counts}: expected some of each kind")
print("\n".join(problems) or f"{counts['compile']} programs compile, {counts['run']} run, every link leads to a file and a heading")
sys.exit(1 if problems else 0)
