"""Copies the pages of the project into a folder from which mkdocs builds the site, and adapts them: every link leads to a page of
the site, or to a copy of a source file; the catalogue becomes a gallery of the schedules and pages of rules and stages."""
import html
import os
import posixpath
import re
from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

from doc_blocks import ROOT

LINK = re.compile(r"(\]\()((?![a-z]+:)[^)\s]+)(\))")
CODE = re.compile(r"(^```.*?^```|`[^`\n]*`)", re.MULTILINE | re.DOTALL)

# Where a page of the project is in the site, if it is not at its place in docs/.
MOVED = {"README.md": "index.md", "docs/README.md": "all-pages.md", "CHANGELOG.md": "changelog.md",
         "CONTRIBUTING.md": "contributing.md", "docs/catalogue.md": "catalogue/index.md",
         "docs/headline/README.md": "headline/index.md"}

SOURCE_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="stylesheet" href="{up}source.css"></head>
<body><p><a href="{up}../index.html">gradus</a> / {title}</p>{body}</body></html>
"""


def sections():
    """The sections of docs/README.md: title, and the titles and files of its pages."""
    text = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        pages = re.findall(r"^- \[(.*?)\]\((.*?)\)", body, re.MULTILINE)
        yield title.strip(), [(name, posixpath.normpath(posixpath.join("docs", link))) for name, link in pages]


class Site:
    """The pages of the site, by their names in it."""

    def __init__(self):
        self.pages = {}  # name in the site: text
        self.anchors = {}  # entry of the catalogue: the page that has it
        self.sources = set()  # files of the project that pages link to
        self.files = {}  # name in the site: file to copy

    def place(self, path):
        """Where a file of the project is in the site; path is relative to the root of the project."""
        if path in MOVED:
            return MOVED[path]
        if path.startswith("docs/") and (ROOT / path).is_file():
            return path[len("docs/"):]
        target = ROOT / path
        if path in ("docs/coming-from", "docs/design"):
            first = next(page for title, pages in sections() for _, page in pages if page.startswith(path))
            return self.place(first)
        if not target.exists():
            return None
        self.sources.add(path)
        return f"source/{path}/index.html" if target.is_dir() else f"source/{path}.html"

    def linked(self, text, origin, page):
        """The text of a file of the project, with its links adapted for a page of the site."""

        def link(match):
            target, _, anchor = match[2].partition("#")
            path = posixpath.normpath(posixpath.join(posixpath.dirname(origin), target)) if target else origin
            place = self.place(path)
            if path == "docs/catalogue.md" and anchor in self.anchors:
                place = self.anchors[anchor]
                anchor = "" if place.startswith("gallery/") else anchor
            if place is None:
                return match[0]  # the check of links in the built site reports it
            relative = posixpath.relpath(place, posixpath.dirname(page) or ".")
            if place == page and anchor:
                relative = ""
            return match[1] + relative + (f"#{anchor}" if anchor else "") + match[3]

        pieces = CODE.split(text)
        return "".join(piece if number % 2 else LINK.sub(link, piece) for number, piece in enumerate(pieces))

    def relative(self, path, page):
        """The link from a page to a file of the project."""
        return posixpath.relpath(self.place(path), posixpath.dirname(page) or ".")

    def add(self, origin):
        """A page of the project, at its place."""
        page = self.place(origin)
        text = (ROOT / origin).read_text(encoding="utf-8")
        head = "---\nhide:\n  - navigation\n---\n" if page == "index.md" else ""
        self.pages[page] = head + self.linked(text, origin, page)

    def write(self, folder):
        for name, text in self.pages.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for name, origin in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(Path(origin).read_bytes())
        self.write_sources(folder / "source")

    def write_sources(self, folder):
        """The source files that pages link to, as HTML, and the folders as lists."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "source.css").write_text(source_css(), encoding="utf-8")
        files = {p for p in self.sources if (ROOT / p).is_file()}
        for path in sorted(self.sources - files):
            inside = sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / path).rglob("*")
                            if p.is_file() and p.suffix in {".hpp", ".cpp", ".inl", ".md", ".py", ".txt", ".h", ".c"})
            files |= set(inside)
            items = "".join(f'<li><a href="{posixpath.relpath(p, path)}.html">{posixpath.relpath(p, path)}</a></li>' for p in inside)
            target = folder / path / "index.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            up = "../" * (path.count("/") + 1)
            target.write_text(SOURCE_PAGE.format(title=html.escape(path), up=up, body=f"<ul>{items}</ul>"), encoding="utf-8")
        formatter = HtmlFormatter(cssclass="code")
        for path in sorted(files):
            text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
            try:
                lexer = get_lexer_for_filename("x.cpp" if path.endswith((".inl", ".hpp", ".cppm")) else path)
            except ClassNotFound:
                lexer = TextLexer()
            body = highlight(text, lexer, formatter)
            up = "../" * path.count("/")
            target = folder / f"{path}.html"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(SOURCE_PAGE.format(title=html.escape(path), up=up, body=body), encoding="utf-8")


def source_css():
    light = HtmlFormatter(style="default").get_style_defs(".code")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".code")
    return f"""body {{ font: 15px system-ui, sans-serif; margin: 1rem; color: #1f2328; background: #fff; }}
a {{ color: #0b62b0; }} pre {{ line-height: 1.4; margin: 0; font-size: 13px; }} .code {{ overflow-x: auto; }}
{light}
.code {{ background: none; }}
@media (prefers-color-scheme: dark) {{
body {{ color: #e6edf3; background: #0d1117; }} a {{ color: #5aa9f5; }}
{dark}
.code {{ background: none; }}
}}
"""
