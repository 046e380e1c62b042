"""The headers of gradus and the doc blocks in them, read for tools/generate and tools/site.

A doc block is a run of lines that begin with ///. It has one sentence, a formula (indented lines), more text, and lines with
labels (`Domain: ...`); CONTRIBUTING.md has their order.
"""
import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
INCLUDE = ROOT / "include"
GENERATED = {"gradus.hpp", "schedules.hpp"}  # umbrellas, which tools/generate writes

HELPER_FOLDERS = {"part", "shape"}
CATALOGUED_FOLDERS = {"schedule", "rule", "feedback", "training"}
LABELS = ("Domain", "Units", "State", "Traffic", "Init", "Cost", "Errors", "Source", "Differs", "Example")
ROWS = LABELS[:-1]  # those that are rows of a table; the example is a block of code


def headers():
    """Every header of the library that is not generated, sorted, as a path relative to include/gradus."""
    found = set((INCLUDE / "gradus").rglob("*.hpp")) - {INCLUDE / "gradus" / name for name in GENERATED}
    return sorted((p.relative_to(INCLUDE / "gradus") for p in found), key=str)


def text_of(header):
    return (INCLUDE / "gradus" / header).read_text(encoding="utf-8")


def says(header, words):
    first = text_of(header).splitlines()[:5]
    return any(line.startswith("// " + words) for line in first)


@dataclass
class Entry:
    """The contents of the doc block of one public type or function."""

    name: str
    header: Path
    summary: str = ""
    formula: list = field(default_factory=list)
    text: str = ""
    labels: dict = field(default_factory=dict)
    fields: list = field(default_factory=list)

    @property
    def folder(self):
        return self.header.parent.as_posix()


def plain(name):
    return name.replace("_", "").lower()


def without_templates(code):
    """The code without its `template <...>` parts."""
    while match := re.search(r"\btemplate\s*<", code):
        depth, end = 1, match.end()
        while depth and end < len(code):
            depth += {"<": 1, ">": -1}.get(code[end], 0)
            end += 1
        code = code[: match.start()] + code[end:]
    return code


def declared_name(lines, stem):
    """The name that a declaration introduces: a type, or a function called like the file."""
    code = ""
    for line in lines[:12]:
        code += line.split("//")[0] + "\n"
        if "{" in line or ";" in line:
            break
    code = without_templates(re.sub(r"\[\[.*?\]\]", "", code))
    if match := re.search(r"^\s*(?:struct|class)\s+(\w+)", code, re.MULTILINE):
        return match[1]
    match = re.search(rf"\b({stem})\s*\(", code)
    return match[1] if match else None


def parse_block(entry, block):
    """Splits a doc block: first sentence, indented formula lines, other text, labelled lines."""
    label, words = None, []
    first = re.compile(rf"({'|'.join(LABELS)}):(?:\s+|$)(.*)")
    later = re.compile(rf"(?<=[.;] )({'|'.join(LABELS)}):\s+")
    fenced = False
    for line in block:
        if match := first.match(line):
            label = match[1]
            line = match[2]
            entry.labels[label] = ""
        if label is None:
            if line.startswith("```"):
                fenced = not fenced
            elif fenced or re.match(r"\s{2,}\S", line):
                entry.formula.append(line.rstrip())
            else:
                words.append(line.strip())
            continue
        parts = later.split(line.strip())
        for i, part in enumerate(parts):
            if i % 2:
                label = part
                entry.labels[label] = ""
            else:
                entry.labels[label] = f"{entry.labels[label]} {part}".strip()
    prose = " ".join(w for w in words if w)
    sentence = re.match(r"(.*?[.!?])(?:\s+(?=[A-Z`(\[])|$)", prose)
    entry.summary = sentence[1] if sentence else prose
    entry.text = prose[len(entry.summary) :].strip()
    if entry.formula:
        indent = min(len(f) - len(f.lstrip()) for f in entry.formula)
        entry.formula = [f[indent:] for f in entry.formula]


def fields_of(lines):
    """The data members of the struct that begins at the first line, with their defaults, in order."""
    found = []
    member = re.compile(r"  (?! |static|using)[\w:<>.,\s]+?\s(\w+)(?:\[\w+\])?(?: = (.+?))?;")
    for line in lines:
        if re.match(r"\};| private:|  (constexpr|template|struct)\b", line):
            break
        if match := member.fullmatch(line.split("//")[0].rstrip()):
            found.append(f"{match[1]} = {match[2]}" if match[2] else match[1])
    return found


def entries(header):
    """The documented public names of a header that belong in the catalogue."""
    found, block = [], []
    lines = text_of(header).splitlines()
    for i, line in enumerate(lines):
        if line.startswith("///"):
            block.append(re.sub(r"^/// ?", "", line))
            continue
        if block:
            if name := declared_name(lines[i:], header.stem):
                entry = Entry(name, header)
                parse_block(entry, block)
                entry.fields = fields_of(lines[i:]) if name[0].isupper() else []  # a function has none
                found.append(entry)
            block = []
    # The blocks that have labels; if there are none, the block of the type that the file is named after.
    labelled = [e for e in found if e.labels]
    return labelled or [e for e in found if plain(e.name) == plain(header.stem)]


def is_helper(header):
    """Whether a header holds code that others of its room share."""
    return header.parent.name in HELPER_FOLDERS or says(header, "helper header")


def catalogued():
    return [h for h in headers() if h.parts[0] in CATALOGUED_FOLDERS and not is_helper(h)]


def cell(text):
    """Text for a cell of a Markdown table, where bars and angle brackets must be escaped."""
    pieces = re.split(r"(`[^`]*`)", text)
    for i in range(0, len(pieces), 2):
        pieces[i] = pieces[i].replace("<", "&lt;")
    return "".join(pieces).replace("|", "\\|")


def anchor(name):
    return re.sub(r"[^\w-]", "", name.lower())
