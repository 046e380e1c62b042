"""Checks the built site: every link leads to a file and a place in it, nothing comes from the network, every public name is there."""
import re
import urllib.parse
from html.parser import HTMLParser


class Page(HTMLParser):
    """The links of a page, the places that can be linked to, and what it loads."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.links, self.places, self.loaded = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if values.get("id"):
            self.places.add(values["id"])
        if tag == "a":
            if values.get("name"):
                self.places.add(values["name"])
            if values.get("href"):
                self.links.append(values["href"])
        if tag in {"img", "script", "iframe", "source"} and values.get("src"):
            self.loaded.append(values["src"])
        if tag == "link" and values.get("href") and values.get("rel") not in {"canonical", "prev", "next"}:
            self.loaded.append(values["href"])


def problems(folder, counts):
    """Yields a sentence for each problem, and counts pages and links."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.html"))}
    counts.update(pages=len(pages), links=0, outside=0)
    for path, page in pages.items():
        name = path.relative_to(folder)
        if name.as_posix() == "404.html":
            continue
        for link in page.links + page.loaded:
            if re.match(r"(https?:)?//", link):
                if link in page.loaded:
                    yield f"{name}: loads {link} from the network"
                counts["outside"] += 1
                continue
            if re.match(r"(mailto|data|javascript):", link):
                continue
            counts["links"] += 1
            target, _, place = link.partition("#")
            target = urllib.parse.unquote(target.partition("?")[0])
            file = (path.parent / target).resolve() if target else path
            if not file.is_file():
                yield f"{name}: links to {link}, which is not in the site"
            elif "=" in place:  # what the playground shows
                continue
            elif place and file.suffix == ".html" and file in pages and urllib.parse.unquote(place) not in pages[file].places:
                yield f"{name}: links to {link}, which has no such place"
    for path in folder.rglob("*.css"):
        for link in re.findall(r"url\([\"']?(https?:[^)\"']*)", path.read_text(encoding="utf-8")):
            yield f"{path.relative_to(folder)}: loads {link} from the network"
