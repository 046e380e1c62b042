"""The pages of the catalogue in the site: a gallery of the schedules, and a page each of rules, stages and the rest."""
import re
import urllib.parse

import gallery
import reference
from doc_blocks import ROOT, ROWS, anchor, catalogued, cell, entries

PAGES = (  # page, title, folders, first sentence
    ("rules", "Rules", {"rule"}, "A rule says which step an optimizer takes, given the rate and the gradients."),
    ("matrices", "Rules for matrices", {"rule/matrix"}, "These rules look at a matrix as a whole, not at each parameter by itself."),
    ("stages", "Stages and combinators", {"rule/combine", "rule/stage"},
     "A stage changes the gradients before a rule or the step after it; a combinator makes a rule of rules and stages."),
    ("around", "Around an optimizer", {"training"}, "What a training loop needs besides the step."),
    ("feedback", "Feedback", {"feedback"}, "A metric goes in, and a factor on the rate comes out."),
)


def by_name(chosen):
    return sorted(chosen, key=lambda e: e.name.lower())


def expressions():
    """The expressions in the list of all rules that the tests use."""
    text = (ROOT / "tests/support/every_rule.hpp").read_text(encoding="utf-8")
    return [re.sub(r"\s+", " ", m[1]) for m in re.finditer(r"^\s+f\((.*?)(?:, 0x[\w']+)?\);", text, re.MULTILINE | re.DOTALL)]


def place(site):
    """Tells the site where the entries are, before any page is written."""
    for header in catalogued():
        for e in entries(header):
            page = next((f"catalogue/{page}.md" for page, _, folders, _ in PAGES if e.folder in folders), None)
            if page is None and e.folder not in {"schedule", "schedule/combine"}:
                raise SystemExit(f"tools/site: no page of the catalogue has {e.folder}/; add it to tools/lib/site/catalogue.py")
            site.anchors[anchor(e.name)] = page or f"gallery/{anchor(e.name)}.md"
    titles = {"schedules": "gallery/index.md", "the-ones-to-know-first": "catalogue/index.md",
              **{anchor(title.replace(" ", "-")): f"catalogue/{page}.md" for page, title, _, _ in PAGES}}
    site.anchors.update(titles)


def table(entry, known, page, header_link):
    rows = [f"| Fields | `{', '.join(entry.fields)}` |"] if entry.fields else []
    rows += [f"| {k} | {reference.linked(cell(entry.labels[k]), known, page)} |" for k in ROWS if k in entry.labels]
    return ["| | |", "|---|---|", *rows, f"| Header | [`gradus/{entry.header.as_posix()}`]({header_link}) |", ""]


def body(entry, site, page, known, publics):
    """Formula, text, table and members of an entry."""
    out = []
    if entry.formula:
        out += ["```", *entry.formula, "```", ""]
    if entry.text:
        out += [reference.linked(cell(entry.text), known, page), ""]
    out += table(entry, known, page, site.relative(f"include/gradus/{entry.header.as_posix()}", page))
    if public := publics.get(entry.name):
        if public.kind in {"class", "struct"}:
            usual = reference.USUAL | {f.partition(" = ")[0] for f in entry.fields}
            documented = entry.folder.split("/")[0] in {"schedule", "rule"}
            out += reference.members(public, known, page, usual, documented)
    return out


def of_rule(entry, written):
    """The expression with a rule or stage from the tests, as a line of a program."""
    for expression in written:
        if re.search(rf"\b{entry.name}[<{{]", expression, re.IGNORECASE):
            return ["```cpp", f"Optimizer opt{{schedule, {expression}, params}};", "```", ""]
    return []


def write(site, pictures, texts, known, publics, snippets, first, playground):
    """Adds the pages; returns their navigation."""
    every = [e for header in catalogued() for e in entries(header)]
    schedules = by_name(e for e in every if e.folder == "schedule")
    combined = by_name(e for e in every if e.folder == "schedule/combine")
    write_gallery(site, schedules, combined, first)
    for e in schedules + combined:
        page = f"gallery/{anchor(e.name)}.md"
        out = [f"# {e.name}", "", reference.linked(cell(e.summary), known, page), "",
               f"![The rate of {e.name} over {gallery.STEPS:,} steps]({e.name}.svg)", "", "```cpp", e.labels["Example"], "```", ""]
        if text := texts.get(e.name):
            out += [f"As text: `{text}`"]
            if playground:
                out[-1] += f" ([try it](../playground/index.html#{urllib.parse.urlencode({'s': text})}))"
            out += [""]
        site.pages[page] = "\n".join(out + body(e, site, page, known, publics)) + "\n"
        for name in (f"{e.name}.svg", f"{e.name}-small.svg"):
            site.files[f"gallery/{name}"] = pictures / name
    written = expressions()
    for name, title, folders, sentence in PAGES:
        page = f"catalogue/{name}.md"
        chosen = by_name(e for e in every if e.folder in folders)
        out = [f"# {title}", "", sentence + " The ones to know first are in bold.", "", "| Name | What it is |", "|---|---|"]
        for e in chosen:
            link = f"[{e.name}](#{anchor(e.name)})"
            out.append(f"| {f'**{link}**' if e.name in first else link} | {cell(e.summary)} |")
        out.append("")
        for e in chosen:
            out += [f"## {e.name} {{ #{anchor(e.name)} }}", "", reference.linked(cell(e.summary), known, page), ""]
            code = of_rule(e, written) if e.folder.startswith("rule") else []
            if not code and e.name in publics:
                code = reference.example(publics[e.name], e, site, page, snippets)
            out += code + body(e, site, page, known, publics)
        site.pages[page] = "\n".join(out) + "\n"
    known_first = [e for name in first for e in every if e.name == name]
    out = ["# Catalogue", "", "Everything that gradus computes: the [gallery of schedules](../gallery/index.md) with their pictures "
           f"({len(schedules)}, and {len(combined)} that change or join others), "
           + ", ".join(f"[{title.lower()}]({name}.md) ({sum(e.folder in folders for e in every)})" for name, title, folders, _ in PAGES)
           + ".", "", "## The ones to know first", "", "| Name | What it is |", "|---|---|"]
    for e in known_first:
        target = site.anchors[anchor(e.name)]
        relative = f"../{target}" if target.startswith("gallery/") else f"{target.split('/')[1]}#{anchor(e.name)}"
        out.append(f"| [{e.name}]({relative}) | {cell(e.summary)} |")
    site.pages["catalogue/index.md"] = "\n".join(out) + "\n"
    return [{"Gallery": ["gallery/index.md", *({e.name: f"gallery/{anchor(e.name)}.md"} for e in schedules),
                         {"Schedules of schedules": [{e.name: f"gallery/{anchor(e.name)}.md"} for e in combined]}]},
            {"Catalogue": "catalogue/index.md"}, *({title: f"catalogue/{name}.md"} for name, title, _, _ in PAGES)]


def write_gallery(site, schedules, combined, first):
    def cards(chosen):
        out = ['<div class="gallery">']
        for e in chosen:
            mark = '<span class="first" title="one to know first">★</span>' if e.name in first else ""
            out.append(f'<a class="card" href="{anchor(e.name)}.html"><img src="{e.name}-small.svg" alt="" loading="lazy">'
                       f"<b>{e.name}{mark}</b><span>{html_of(e.summary)}</span></a>")
        return [*out, "</div>", ""]

    site.pages["gallery/index.md"] = "\n".join([
        "# Gallery", "", f"The first {gallery.STEPS:,} steps of every schedule, drawn by gradus, with the settings on its page. "
        "★ marks the ones to know first.", "", *cards(schedules), "## Schedules of schedules", "",
        "These change a schedule, or join several.", "", *cards(combined)]) + "\n"


def html_of(text):
    """Text with code in backticks as HTML."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", text)
