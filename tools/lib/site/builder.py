"""Builds the site: pictures, reference and pages go into build-site/docs, from which mkdocs makes the site."""
import json
import shutil
import subprocess
import sys
import time
import webbrowser
from pathlib import Path

import browser
import catalogue
import check
import gallery
import pages
import reference
from doc_blocks import ROOT, anchor, cell
from progress import run

WORK = ROOT / "build-site"
OWN = Path(__file__).resolve().parent
THEME = Path("/usr/share/mkdocs/themes/material")
PLAYGROUND = ROOT / "tools/playground"
NOT_THERE = 77  # its exit status if its compiler is not installed


def picture():
    gallery.pictures(WORK / "pictures")
    shutil.copy(WORK / "pictures/overview.svg", ROOT / "docs/schedules.svg")


def first_to_know():
    """The names that the catalogue marks as the ones to know first."""
    text = (ROOT / "docs/catalogue.md").read_text(encoding="utf-8")
    part = text.partition("## The ones to know first")[2].partition("\n## ")[0]
    return [line.split("[")[1].split("]")[0] for line in part.splitlines() if line.startswith("| [")]


def places(publics, site):
    """Where each public name is explained: page and anchor."""
    known = {}
    for public in publics:
        page = site.anchors.get(anchor(public.name)) if not public.space else None
        if page and page.startswith(("gallery/", "catalogue/")):
            known[public.full] = (page, "" if page.startswith("gallery/") else anchor(public.name))
        else:
            known[public.full] = (f"reference/{public.room or 'root'}.md", anchor(public.full))
    return known


def write_reference(publics, site, known, snippets):
    """The pages of the reference; returns their navigation."""
    rooms = {}
    for public in publics:
        if known[public.full][0].startswith("reference/"):
            rooms.setdefault(public.room, []).append(public)
    order = [room for room in reference.TITLES if room in rooms]
    order += sorted(set(rooms) - set(order))
    every = {public.full: reference.entry_of(public) for public in publics}
    for room in order:
        page, title = f"reference/{room or 'root'}.md", reference.TITLES.get(room, room)
        out = [f"# {title}", ""]
        shown = sorted(rooms[room], key=lambda p: (p.kind == "concept", p.full.lower()))
        if room == "":
            shown.sort(key=lambda p: ["Optimizer", "Groups", "GroupList", "update", "start"].index(p.name)
                       if p.name in ("Optimizer", "Groups", "GroupList", "update", "start") else 9)
        out += ["| Name | What it is |", "|---|---|"]
        out += [f"| [`{p.full}`](#{anchor(p.full)}) | {cell(every[p.full].summary)} |" for p in shown] + [""]
        for public in shown:
            out += reference.described(public, every[public.full], site, page, snippets, known)
        site.pages[page] = "\n".join(out) + "\n"
    out = ["# Reference", "", f"The {len(publics)} public types and functions. Namespace `gradus` is left out; `io::` is for files, texts and "
           "pictures, `tune::` for searches. Names in a namespace `detail` are not public. "
           "[What may change in a version](../versions.md).", "", "| Name | What it is | Kind |", "|---|---|---|"]
    for public in publics:
        page, place = known[public.full]
        relative = page.removeprefix("reference/") if page.startswith("reference/") else f"../{page}"
        out.append(f"| [`{public.full}`]({relative}{'#' + place if place else ''}) | {cell(every[public.full].summary)} | {public.kind} |")
    site.pages["reference/index.md"] = "\n".join(out) + "\n"
    entry = lambda room: {reference.TITLES.get(room, room): f"reference/{room or 'root'}.md"}
    return ["reference/index.md", *(entry(r) for r in order if r not in reference.INSIDE),
            {"For rules of your own, and inside": [entry(r) for r in order if r in reference.INSIDE]}]


def navigation(site, inserted, reference_pages, playground):
    """The navigation: the sections of docs/README.md with the generated pages."""
    nav = [{"Home": "index.md"}]
    for title, listed in pages.sections():
        entries = []
        for name, origin in listed:
            if origin == "docs/catalogue.md":
                entries += inserted
            else:
                entries.append({name: site.place(origin)})
        if title == "The project":
            nav.append({"Reference": reference_pages})
            entries.append({"All pages": "all-pages.md"})
        nav.append({title: entries})
    if playground:
        nav.insert(1, {"Playground": "playground/index.html"})
    return nav


def configuration(nav):
    """mkdocs.yml; JSON is YAML, except for the two names of Python functions."""
    settings = {
        "site_name": "gradus",
        "site_description": "Learning-rate schedules and optimizer rules for C++20",
        "docs_dir": str(WORK / "docs"), "site_dir": str(WORK / "site"),
        "use_directory_urls": False,
        "theme": {"name": "material", "custom_dir": str(OWN / "theme"), "font": False, "language": "en",
                  "icon": {"logo": "fontawesome/solid/stairs"} if (THEME / ".icons/fontawesome/solid/stairs.svg").is_file() else {},
                  "features": ["navigation.tabs", "navigation.tabs.sticky", "navigation.indexes", "navigation.top", "navigation.tracking",
                               "search.highlight", "search.suggest", "toc.follow"],
                  "palette": [
                      {"media": "(prefers-color-scheme: light)", "scheme": "default", "primary": "custom", "accent": "custom",
                       "toggle": {"icon": "material/weather-night", "name": "Dark"}},
                      {"media": "(prefers-color-scheme: dark)", "scheme": "slate", "primary": "custom", "accent": "custom",
                       "toggle": {"icon": "material/weather-sunny", "name": "Light"}}]},
        "extra_css": ["extra.css"],
        "plugins": [{"search": {"lang": "en"}}],
        "extra": {"generator": False},
        "nav": nav,
    }
    extensions = """markdown_extensions:
  - attr_list
  - md_in_html
  - sane_lists
  - tables
  - toc:
      permalink: true
      slugify: !!python/name:pymdownx.slugs.gfm
  - pymdownx.superfences
  - pymdownx.highlight:
      use_pygments: true
      guess_lang: false
"""
    return "".join(f"{key}: {json.dumps(value)}\n" for key, value in settings.items()) + extensions


def offline(folder):
    """Lets the search work from the file system, where a browser neither fetches files nor starts workers from them: offline.js
    loads the index and the worker as scripts."""
    index = (folder / "search/search_index.json").read_text(encoding="utf-8")
    (folder / "search/search_index.js").write_text(f"window.__searchIndex = {index};\n", encoding="utf-8")
    worker = next((folder / "assets/javascripts/workers").glob("search.*.js")).read_text(encoding="utf-8")
    (folder / "search/worker.js").write_text(f"window.__searchWorker = {json.dumps(worker)};\n", encoding="utf-8")
    for path in folder.rglob("*.map"):  # for debugging the theme
        path.unlink()
    (folder / "search/search_index.json").unlink()
    (folder / "sitemap.xml.gz").unlink(missing_ok=True)
    (folder / "sitemap.xml").unlink(missing_ok=True)


def build_playground(folder):
    """Builds the playground, unless it is there already. Returns whether it is there."""
    if not PLAYGROUND.is_file():
        return False
    sources = sorted((ROOT / "examples/playground").rglob("*"))
    digest = gallery.digest_of(PLAYGROUND.read_text(encoding="utf-8"), *(p.read_text(encoding="utf-8") for p in sources if p.is_file()))
    known = folder / "known"
    if known.is_file() and known.read_text(encoding="utf-8") == digest:
        return True
    shutil.rmtree(folder, ignore_errors=True)
    try:
        run("tools/site: build the playground", [sys.executable, PLAYGROUND, "--out", folder, "--home", "../index.html"])
    except subprocess.CalledProcessError as error:
        if error.returncode != NOT_THERE:
            raise
        print("tools/site: the site has no playground, because its compiler is not installed", file=sys.stderr)
        return False
    known.write_text(digest, encoding="utf-8")
    return True


def build(out, checked, opened, shots):
    began = time.monotonic()
    pictures = WORK / "pictures"
    texts = gallery.pictures(pictures)
    publics = reference.index(WORK / "doxygen")
    site = pages.Site()
    catalogue.place(site)
    known = places(publics, site)
    snippets = reference.Snippets()
    playground = build_playground(WORK / "playground")

    for path in ["README.md", "CHANGELOG.md", "CONTRIBUTING.md",
                 *(p.relative_to(ROOT).as_posix() for p in sorted((ROOT / "docs").rglob("*.md")) if p.name != "catalogue.md")]:
        site.add(path)
    for path in sorted((ROOT / "docs").rglob("*")):
        if path.suffix in {".svg", ".csv", ".png"}:
            name = site.place(path.relative_to(ROOT).as_posix())
            site.files[name] = path
    inserted = catalogue.write(site, pictures, texts, known, {p.full: p for p in publics}, snippets, first_to_know(), playground)
    reference_pages = write_reference(publics, site, known, snippets)
    site.files["extra.css"] = OWN / "extra.css"
    site.files["search/offline.js"] = OWN / "offline.js"

    shutil.rmtree(WORK / "docs", ignore_errors=True)
    site.write(WORK / "docs")
    if playground:
        shutil.copytree(WORK / "playground", WORK / "docs/playground", ignore=shutil.ignore_patterns("known"))
    (WORK / "mkdocs.yml").write_text(configuration(navigation(site, inserted, reference_pages, playground)), encoding="utf-8")
    run("tools/site: write the pages", ["mkdocs", "build", "--quiet", "--clean", "--config-file", WORK / "mkdocs.yml"])
    offline(WORK / "site")
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(WORK / "site", out)

    size = sum(p.stat().st_size for p in out.rglob("*") if p.is_file())
    print(f"tools/site: {len(site.pages)} pages and {len(publics)} public names in {out}, {size / 1e6:.1f} MB, "
          f"{time.monotonic() - began:.0f} s")
    if opened:
        webbrowser.open((out / "index.html").as_uri())
    if shots:
        browser.shoot(out, shots)
    if checked:
        counts, found = {}, {}
        wrong = list(check.problems(out, counts))
        wrong += [f"reference: {p.full} has no place" for p in publics if f'id="{known[p.full][1]}"' not in
                  (out / known[p.full][0]).with_suffix(".html").read_text(encoding="utf-8") and known[p.full][1]]
        if shutil.which("chromium"):
            wrong += browser.problems(out, found)
        print("\n".join(wrong) or f"tools/site: {counts['links']} links in {counts['pages']} pages lead to a place in the site, nothing is "
              f"loaded from the network, and {f'the search finds {found}' if found else 'the search was not tried without Chromium'}")
        return 1 if wrong else 0
    return 0
