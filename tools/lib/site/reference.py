"""The reference: every public type and function, from the headers. Doxygen says what exists and where; the text and the declarations
are those of the headers."""
import posixpath
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from doc_blocks import INCLUDE, ROOT, ROWS, Entry, anchor, cell, parse_block
from progress import run

DOXYFILE = """
INPUT = {include}
FILE_PATTERNS = *.hpp
RECURSIVE = YES
STRIP_FROM_PATH = {include}
GENERATE_HTML = NO
GENERATE_LATEX = NO
GENERATE_XML = YES
XML_PROGRAMLISTING = NO
EXTRACT_ALL = YES
EXCLUDE_SYMBOLS = *detail*
HAVE_DOT = NO
MACRO_EXPANSION = YES
EXPAND_ONLY_PREDEF = YES
PREDEFINED = GRADUS_ABI=abi GRADUS_KERNEL= GRADUS_SCALAR=
QUIET = YES
WARNINGS = NO
"""

# What every schedule or rule has, which concept/schedule.hpp and concept/rule.hpp explain.
USUAL = {"operator()", "operator==", "check", "check_as", "prepare", "slots", "name", "fields", "at", "not_negative"}
INSIDE = ("math", "error", "config", "simd", "concept", "exec", "memory", "optimizer")  # rooms for those who extend gradus
TITLES = {"": "Optimizer, groups and update", "step": "A step's options and result", "storage": "Numbers in fewer bytes",
          "schedule": "What schedules share", "rule": "What rules share", "feedback": "Feedback", "training": "Around an optimizer",
          "survey": "Before a training", "text": "Schedules and rules as text", "plot": "Pictures", "save": "Saving and loading",
          "tune": "Range tests and search", "adapt": "Other libraries and languages", "config": "Versions and errors",
          "error": "Errors", "concept": "Concepts", "math": "Functions with the same bits", "simd": "Lanes", "exec": "Executors and sweeps",
          "memory": "Spans and state", "optimizer": "The phases of a step"}


@dataclass
class Member:
    name: str
    line: int
    kind: str


@dataclass
class Public:
    """A public name of a namespace."""

    name: str
    space: str  # the namespaces between gradus and the name: "", "io::" ...
    kind: str  # class, struct, concept, function, enum, variable, typedef
    header: str
    lines: list = field(default_factory=list)  # of its declarations; a function has one for each overload
    members: list = field(default_factory=list)

    @property
    def room(self):
        return posixpath.dirname(self.header).split("/")[0]

    @property
    def full(self):
        return self.space + self.name


class Source:
    """A header, from which declarations and doc blocks are read by line."""

    known = {}

    def __init__(self, header):
        self.lines = (INCLUDE / "gradus" / header).read_text(encoding="utf-8").splitlines()

    @classmethod
    def of(cls, header):
        if header not in cls.known:
            cls.known[header] = cls(header)
        return cls.known[header]

    def first(self, line):
        """The index of the first line of the declaration that has this line (counted from 1)."""
        at = line - 1
        while at > 0:
            above = self.lines[at - 1].strip()
            if not above or above.startswith(("//", "#")) or above.endswith((";", "}", "{", ":")):
                break
            at -= 1
        return at

    def doc(self, at):
        """The doc block that ends directly above index `at`, without its slashes."""
        end = at
        while at > 0 and self.lines[at - 1].strip().startswith("///"):
            at -= 1
        return [re.sub(r"^\s*/// ?", "", line) for line in self.lines[at:end]]

    def remark(self, at):
        """The plain comment above index `at`."""
        return self.lines[at - 1].strip() if at > 0 and re.match(r"\s*//(?!/)", self.lines[at - 1]) else ""

    def in_detail(self, line):
        """Whether a line is in a namespace `detail`."""
        inside = False
        for text in self.lines[:line]:
            if re.search(r"namespace [\w:]*detail \{", text):
                inside = True
            elif re.match(r"\}.*// namespace .*detail$", text):
                inside = False
        return inside

    def declaration(self, line):
        """The declaration that has this line, without the body of a function or a class."""
        at = self.first(line)
        text = "\n".join(self.lines[at : at + 40])
        head = re.sub(r"\[\[nodiscard\]\] |GRADUS_\w+ ", "", text)
        enum = re.match(r"\s*(?:template[^;{]*)?enum\b", head)
        depth, parens, end = 0, 0, len(head)
        closed = False
        for i, c in enumerate(head):
            if head.startswith("//", i) and depth == 0 and parens == 0:
                end = min(end, i) if closed else end
            if c in "([":
                parens += 1
            elif c in ")]":
                parens -= 1
                closed = closed or parens == 0
            elif c == "{" and parens == 0:
                if not enum and not re.search(r"=\s*$", head[:i]) and (closed or not re.search(r"[\w>]\s*$", head[:i])
                                                                       or re.search(r"\b(struct|class|union)\b", head[:i])):
                    end = i
                    break
                depth += 1
            elif c == "}" and parens == 0:
                depth -= 1
            elif c == ";" and parens == 0 and depth == 0:
                end = i + 1
                break
            elif c == ":" and parens == 0 and closed and head[i - 1] == " " and head[i + 1] == " ":
                end = i  # the initialisers of a constructor, or the bases of a class
                break
            elif c == ":" and parens == 0 and head[i : i + 2] == ": " and re.search(r"\)\s*(noexcept)?\s*$", head[:i]):
                end = i
                break
        text = head[:end].rstrip()
        indent = len(text) - len(text.lstrip())
        text = "\n".join(line[indent:] if line[:indent].isspace() else line for line in text.splitlines())
        return text if text.endswith((";", "}")) else text + ";"


def index(work):
    """The public names, from Doxygen."""
    work.mkdir(parents=True, exist_ok=True)
    (work / "Doxyfile").write_text(DOXYFILE.format(include=INCLUDE), encoding="utf-8")
    run("tools/site: read the headers", ["doxygen", "Doxyfile"], cwd=work)
    found, types = {}, set()

    def located(node):
        where = node.find("location")
        file = where.get("file").removeprefix("gradus/")
        return file, int(where.get("line"))

    def put(space, name, kind, node):
        header, line = located(node)
        if "<" in name or header.startswith("/") or name.startswith("operator") or Source.of(header).in_detail(line):
            return None
        key = (space, name)
        if key not in found:
            found[key] = Public(name, space, kind, header)
        if found[key].header == header and line not in found[key].lines:
            found[key].lines.append(line)
        return found[key]

    def space_of(name):
        return name.removeprefix("gradus").removeprefix("::").removeprefix("abi").removeprefix("::")

    spaces = []
    for path in sorted((work / "xml").glob("*.xml")):
        if path.name.startswith(("index", "dir_")) or path.name.endswith(("_8hpp.xml", "_8cppm.xml")):
            continue
        for compound in ElementTree.parse(path).getroot().iter("compounddef"):
            name, kind = compound.findtext("compoundname"), compound.get("kind")
            if not re.match(r"gradus(::|$)", name):
                continue
            if kind == "namespace":
                spaces.append((space_of(name), compound))
                continue
            if kind not in {"class", "struct", "union", "concept"}:
                continue
            space, _, own = space_of(name).rpartition("::")
            if "<" in name or (space and space[0].isupper()) or re.search(r"::[A-Z]\w*::", name):
                continue
            public = put(space + "::" if space else "", own, kind, compound)
            if public is None:
                continue
            types.add((public.space, own))
            for member in compound.iter("memberdef"):
                if member.get("prot") == "public" and member.get("kind") != "friend":
                    public.members.append(Member(member.findtext("name"), located(member)[1], member.get("kind")))
    for space, compound in spaces:
        space = space + "::" if space else ""
        for member in compound.iter("memberdef"):
            name = member.findtext("name")
            if (space, name) in types:  # a deduction guide
                continue
            put(space, name, member.get("kind"), member)
    return sorted(found.values(), key=lambda p: (p.name.lower(), p.space))


def entry_of(public):
    """The doc block of a public name; of the first overload that has one."""
    source = Source.of(public.header)
    entry = Entry(public.full, Path(public.header))
    for line in sorted(public.lines):
        if block := source.doc(source.first(line)):
            parse_block(entry, block)
            break
    return entry


def groups(public, usual=frozenset()):
    """The members in groups: each a doc block and the declarations below it, up to a blank line or another doc block."""
    source = Source.of(public.header)
    out, seen, last = [], set(), None
    for member in sorted(public.members, key=lambda m: m.line):
        at = source.first(member.line)
        if member.name in usual or at in seen or member.kind not in {"function", "variable", "typedef", "enum"}:
            continue
        seen.add(at)
        doc = " ".join(source.doc(at))
        declaration = source.declaration(member.line)
        start = at
        while start > 0 and source.lines[start - 1].strip() and not source.lines[start - 1].strip().startswith("//"):
            start -= 1
        head = start
        doc_here = bool(doc)
        if "The sentences for arguments" in source.remark(start) or "Not for users" in " ".join(source.doc(start)):
            continue
        if "Not for users" in doc or "detail::" in re.sub(r"detail::Rounded", "", declaration.split("(")[-1]):
            continue
        if re.search(r"^\s*static constexpr const char\* (name|fields)", declaration):
            continue
        if doc_here or last != head or not out:
            out.append((doc, [declaration]))
        else:
            out[-1][1].append(declaration)
        last = head
    return out


class Snippets:
    """Where public names are used, in code that is compiled: programs in the pages, examples, tests, and at last the headers."""

    def __init__(self):
        self.texts = []  # (file, lines)
        for page in sorted((ROOT / "docs/guide").glob("*.md")):
            for block in re.finditer(r"```cpp\n(#include.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
                self.texts.append((page.relative_to(ROOT).as_posix(), block[1].splitlines()))
        for paths in ((ROOT / "examples").glob("*.cpp"), (ROOT / "examples").glob("*/*.?pp"), (ROOT / "tests").rglob("*.cpp"),
                      INCLUDE.rglob("*.hpp")):
            for path in sorted(paths):
                if "compile_fail" not in path.parts and path.name not in {"gradus.hpp", "schedules.hpp"}:
                    self.texts.append((path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8").splitlines()))
        self.where = {}  # word: its places, as numbers of text and line
        for number, (_, lines) in enumerate(self.texts):
            for at, line in enumerate(lines):
                for word in set(re.findall(r"[A-Za-z_]\w*", line.split("//")[0])):
                    self.where.setdefault(word, []).append((number, at))

    def find(self, public):
        """(file, code) of the first good use, or None."""
        if public.kind == "function":
            used = re.compile(rf"(?<![\w\"/.>]){re.escape(public.name)}(?:<[^;()]*>)?\(")
        else:
            used = re.compile(rf"(?<![\w.\"/>]){re.escape(public.name)}(?![\w\"/.])(?!\s*=[^=])")
        own = [f"tests/{Path(public.header).with_suffix('.cpp')}", f"include/gradus/{public.header}"]
        places = self.where.get(public.name, [])
        # The test of the header is a better example than another test.
        places = sorted(places, key=lambda p: (self.texts[p[0]][0].startswith(("tests/", "include/")) and self.texts[p[0]][0] != own[0],
                                               self.texts[p[0]][0].startswith("include/")))
        for number, at in places:
            file, lines = self.texts[number]
            line = lines[at].split("//")[0]
            if file == own[1] or not used.search(line) or re.match(r"\s*(#|using |struct |class |enum |concept )", line):
                continue
            if re.match(r"\s*TEST_CASE", line):
                continue
            return file, statement(lines, at)
        return None


def statement(lines, at):
    """The lines of the statement or declaration that has line `at`, six at most, without their indentation."""
    ends = re.compile(r"[;{}]\s*(//.*)?$|^\s*$|^\s*(//|#)")
    end = at + 1
    while end < len(lines) and end < at + 5 and not re.search(r"[;{}]\s*(//.*)?$", lines[end - 1]):
        end += 1
    start = at
    while start > 0 and start > at - 4 and not ends.search(lines[start - 1]):
        start -= 1
    part = lines[start:end]
    indent = min(len(x) - len(x.lstrip()) for x in part if x.strip())
    return "\n".join(x[indent:] for x in part)


def described(public, entry, site, page, snippets, known, level="##"):
    """A public name as Markdown."""
    source = Source.of(public.header)
    out = [f"{level} {public.full} {{ #{anchor(public.full)} }}", ""]
    if entry.summary:
        out += [linked(cell(entry.summary), known, page), ""]
    if entry.formula:
        out += ["```", *entry.formula, "```", ""]
    if entry.text:
        out += [linked(cell(entry.text), known, page), ""]
    declarations = list(dict.fromkeys(source.declaration(line) for line in sorted(public.lines)))
    declarations = [d for d in declarations if "detail::" not in d] or declarations
    out += ["```cpp", *declarations, "```", ""]
    out += table_of(entry, known, page)
    out += members(public, known, page)
    out += example(public, entry, site, page, snippets)
    path = f"include/gradus/{public.header}"
    out += [f"`#include <gradus/{public.header}>` ([source]({site.relative(path, page)}))", ""]
    return out


def table_of(entry, known, page):
    rows = [(k, entry.labels[k]) for k in ROWS if k in entry.labels]
    if not rows:
        return []
    return ["| | |", "|---|---|", *[f"| {k} | {linked(cell(v), known, page)} |" for k, v in rows], ""]


def members(public, known, page, usual=frozenset(), documented=False):
    """The members as Markdown; with `documented` only those that have a doc block."""
    out = []
    for doc, declarations in groups(public, usual):
        if documented and not doc:
            continue
        out += ["```cpp", *declarations, "```", ""]
        if doc:
            out += [linked(cell(doc), known, page), ""]
    return ["**Members**", "", *out] if out else []


def example(public, entry, site, page, snippets):
    if code := entry.labels.get("Example"):
        return ["**Example**", "", "```cpp", code, "```", ""]
    if found := snippets.find(public):
        file, code = found
        return ["**Example**", "", "```cpp", code, "```", "", f"From [{posixpath.basename(file)}]({site.relative(file, page)}).", ""]
    return []


def linked(text, known, page):
    """The text with links from the names in backticks to where they are explained."""

    def link(match):
        place = known.get(match[1].removeprefix("gradus::"))
        if place is None:
            return match[0]
        relative = posixpath.relpath(place[0], posixpath.dirname(page)) if place[0] != page else ""
        return f"[`{match[1]}`]({relative}{'#' + place[1] if place[1] else ''})"

    return re.sub(r"`([\w:]+)`", link, text)
